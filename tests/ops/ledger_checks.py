"""What must hold of the ledger when all writers are done."""

import hashlib
from collections import Counter, defaultdict
from datetime import date

from odoo.tools import SQL

from ledger_oracle import Posted

_EPOCH = date(2000, 1, 1)
# Each gives the rows that must not be there.
LAWS = {
    "accounts whose balance is not the sum of their entries": """
        SELECT a.id FROM cr_points_account a
          LEFT JOIN cr_points_entry e ON e.account_id = a.id
         GROUP BY a.id HAVING a.balance != COALESCE(SUM(e.points), 0)""",
    "accounts whose balance is not their points less what is owed": """
        SELECT a.id FROM cr_points_account a
          LEFT JOIN cr_points_lot l ON l.account_id = a.id
         GROUP BY a.id HAVING a.balance + a.arrears != COALESCE(SUM(l.open_points), 0)
        """,
    "points of an entry that are neither left nor used": """
        SELECT l.id FROM cr_points_lot l JOIN cr_points_entry e ON e.id = l.entry_id
          LEFT JOIN cr_points_use u ON u.lot_id = l.id
         GROUP BY l.id, e.id
        HAVING l.points != e.points
            OR l.open_points != l.points - COALESCE(SUM(u.points), 0)
            OR l.open_points NOT BETWEEN 0 AND l.points""",
    "accounts below zero that owe nothing": """
        SELECT id FROM cr_points_account WHERE balance < 0 AND arrears != -balance""",
    "accounts that owe and have points left": """
        SELECT id FROM cr_points_account
         WHERE arrears < 0 OR arrears > 0 AND open_points != 0""",
    "causes posted twice": """
        SELECT key FROM cr_points_entry GROUP BY key HAVING COUNT(*) > 1""",
    "orders that earn twice": """
        SELECT e.origin_id FROM cr_points_entry e
         WHERE e.kind = 'order' AND NOT EXISTS (
               SELECT FROM cr_points_entry undo
                WHERE undo.kind = 'reverse' AND undo.reverses_id = e.id)
         GROUP BY e.origin_id HAVING COUNT(*) > 1""",
    "entries taken back twice": """
        SELECT reverses_id FROM cr_points_entry WHERE kind = 'reverse'
         GROUP BY reverses_id HAVING COUNT(*) > 1""",
    "redemptions that gave back more than they took": """
        SELECT e.id FROM cr_points_entry e JOIN cr_points_use u ON u.spent_id = e.id
         WHERE e.kind = 'redeem' GROUP BY e.id
        HAVING SUM(u.points) < 0 OR SUM(u.points) > -e.points""",
    "numbers of entries with a gap": """
        SELECT account_id FROM cr_points_entry GROUP BY account_id
        HAVING COUNT(*) != MAX(sequence) OR MIN(sequence) != 1""",
}
_ENTRIES = """
SELECT e.id, e.xmin::text::bigint, e.sequence, e.key, e.day, e.points, e.balance,
       account.partner_id
  FROM cr_points_entry e JOIN cr_points_account account ON account.id = e.account_id
 WHERE account.program_id = %s ORDER BY e.account_id, e.sequence
"""
_CHAIN = """
SELECT account_id, sequence, day, kind, points, qualifying, material, balance,
       available_on, expires_on, reverses_id, taken_lot_id, company_id, origin_model,
       origin_id, key, basis, hash
  FROM cr_points_entry ORDER BY account_id, sequence
"""


def check_laws(env):
    """Return (law, number of rows against it)."""
    return [(law, len(env.execute_query(SQL(query)))) for law, query in LAWS.items()]


def check_chain(env):
    """Return how many entries do not carry the hash that is due, hashed here anew."""
    wrong, account, before = 0, None, ""
    for row in env.execute_query(SQL(_CHAIN)):
        due = hashlib.sha256((before + _describe(row)).encode()).hexdigest()
        if row[0] != account:
            due = hashlib.sha256(_describe(row).encode()).hexdigest()
        account, before = row[0], row[-1]
        wrong += before != due
    return wrong


def _describe(row):
    """Return what an entry says, as the chain of the ledger has it."""
    *numbers, origin_model, origin_id, key, basis, _hash = row
    parts = [_days(value) if isinstance(value, date) else value for value in numbers]
    parts += [origin_model or "", origin_id, f"'{key}'", basis or ""]
    return "|".join(str(0 if part is None else part) for part in parts)


def _days(day):
    return (day - _EPOCH).days


def check_witnessed(env, logs):
    """Return how many entries differ from what their writers saw committed."""
    now = dict(env.execute_query(SQL("SELECT id, hash FROM cr_points_entry")))
    seen = {}
    for log in logs:
        seen.update(log.entries)
    return sum(now.get(entry) != known for entry, known in seen.items())


# === BESIDE THE ORACLE === #


class Probes:
    """Holds what posted nothing against the oracle, at the entry that it saw."""

    def __init__(self, oracle, logs):
        self.oracle = oracle
        self.answers = defaultdict(dict)
        self.at = defaultdict(lambda: defaultdict(list))
        self.outcomes = [one for log in logs for one in log.outcomes]
        for number, (_outcome, work, sequences) in enumerate(self.outcomes):
            self._ask(number, work, sequences)

    def _ask(self, number, work, sequences):
        asked = defaultdict(list)
        for line in work.lines:
            asked[getattr(line, "spend", line).member].append(line)
        ask = getattr(self, f"_ask_{work.kind}", None)
        for member, lines in asked.items() if ask else ():
            self.at[member][sequences.get(member, 0)].append(
                lambda account, lines=lines, ask=ask: self.answers[number].update(
                    {account.member: ask(account, work, lines)}
                )
            )

    def _ask_award(self, account, _work, lines):
        is_known = all(line.key in account.posted for line in lines)
        return {"nothing": is_known, "refused": False}

    def _ask_take_back(self, account, _work, lines):
        entries = [account.posted[line.key].id for line in lines]
        is_known = all(f"reverse:{entry}" in account.posted for entry in entries)
        return {"nothing": is_known, "refused": False}

    def _ask_spend(self, account, work, lines):
        fresh = [line for line in lines if line.key not in account.posted]
        short = sum(line.points for line in fresh) > account.get_available(work.day)
        return {"nothing": not fresh, "refused": short}

    def _ask_give_back(self, account, _work, lines):
        taken = account.get_taken(lines[0].spend.key)
        fresh = [line for line in lines if line.key not in account.posted]
        asked = sum(line.points or 0 for line in fresh)
        is_spent = lines[0].spend.key in account.posted
        is_empty = all(line.points is None for line in fresh) and not taken
        return {
            "nothing": not fresh or not is_spent or is_empty,
            "refused": is_spent and asked > taken,
        }

    def get_faults(self):
        """Return what was refused or left out without a reason."""
        faults = []
        for number, (outcome, work, sequences) in enumerate(self.outcomes):
            answers = [one[outcome] for one in self.answers[number].values()]
            # One who has not enough is why all others get nothing.
            decide = any if outcome == "refused" else all
            if answers and not decide(answers):
                faults.append(f"{outcome} without a reason, at {sequences}: {work}")
        return faults

    def count(self):
        """Return how often nothing was posted, and why."""
        return Counter(f"{kind}: {work.kind}" for kind, work, _at in self.outcomes)


def read_entries(env, store):
    """Return {member: entries}, and the keys of entries, lots and orders by id."""
    members = {partner: number for number, partner in enumerate(store.partners)}
    entries = defaultdict(list)
    for *values, partner in env.execute_query(SQL(_ENTRIES, store.program)):
        entries[members[partner]].append(Posted(*values))
    keys = {entry.id: entry.key for own in entries.values() for entry in own}
    lots = env.execute_query(SQL("SELECT id, entry_id FROM cr_points_lot"))
    names = {
        "entries": keys,
        "lots": {lot: keys[entry] for lot, entry in lots},
        "orders": {order: number for number, order in enumerate(store.orders)},
    }
    return entries, names


def compare_accounts(env, store, oracle, entries):
    """Return the accounts and points that stand otherwise than the oracle says."""
    partners = env["res.partner"].browse(store.partners)
    program = env["cr.club.program"].browse(store.program)
    domain = [("program_id", "=", program.id), ("partner_id", "in", partners.ids)]
    accounts = env["cr.points.account"].search(domain)
    found = {account.partner_id.id: account for account in accounts}
    lots = dict(
        env.execute_query(
            SQL(
                "SELECT entry.key, lot.open_points FROM cr_points_lot lot"
                "  JOIN cr_points_entry entry ON entry.id = lot.entry_id"
            )
        )
    )
    faults = []
    for member, partner in enumerate(store.partners):
        due, is_ = oracle.accounts[member], found.get(partner, accounts.browse())
        said = due.balance, due.get_open(), due.get_arrears(), len(entries[member])
        told = is_.balance, is_.open_points, is_.arrears, is_.last_sequence
        if said != told:
            faults.append(f"member {member} has {told}, not {said}")
        faults += [
            f"member {member}: {lots.get(key)} left of {key}, not {lot.left}"
            for key, lot in due.lots.items()
            if lots.get(key) != lot.left
        ]
    return faults
