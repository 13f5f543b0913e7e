"""One of the writers: does its work on a connection of its own, each call committed."""

import random
import time
from dataclasses import dataclass, field

import psycopg2
from psycopg2 import errorcodes

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import SQL

# Odoo starts a call over on the same errors, up to four times and after seconds; here
# nobody waits long, so that there are conflicts.
_AGAIN = (
    errorcodes.LOCK_NOT_AVAILABLE,
    errorcodes.SERIALIZATION_FAILURE,
    errorcodes.DEADLOCK_DETECTED,
)
_TRIES = 200
_OFTEN = 5
_LONGEST_WAIT = 0.3


@dataclass
class Log:
    """What came of a writer's work in a round.

    `entries` are {entry id: its hash when it was committed}, `outcomes` what posted
    nothing, as (outcome, work, {member: number of the account's last entry}).
    """

    entries: dict = field(default_factory=dict)
    outcomes: list = field(default_factory=list)
    drifts: list = field(default_factory=list)
    repeats: int = 0
    unlucky: int = 0


def work_through(store, works):
    """Do the work of one writer in one round.

    :param Store store: the ids of the plan
    :param list works: what to do, in this order
    :rtype: Log
    """
    writer = Writer(store)
    for work in works:
        writer.do(work)
    return writer.log


class Writer:
    """Turns the words of a plan into calls of the ledger."""

    def __init__(self, store):
        self.store, self.log = store, Log()
        self.registry = Registry(store.database)

    def do(self, work):
        """Do one piece of work in a transaction that may start over."""
        for turn in range(_TRIES):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    outcome = self._call(env, work)
                break
            except psycopg2.OperationalError as error:
                if error.pgcode not in _AGAIN:
                    raise
                time.sleep(random.random() * min(_LONGEST_WAIT, 0.005 * 2**turn))
        else:
            raise RuntimeError(f"{work} did not come through in {_TRIES} tries")
        self.log.repeats += turn
        self.log.unlucky += turn >= _OFTEN
        if isinstance(outcome, dict):
            self.log.entries.update(outcome)
        elif outcome:
            self.log.outcomes.append(outcome)

    def _call(self, env, work):
        """Return {entry: hash} of what was posted, or the outcome without any."""
        method = getattr(self, f"_do_{work.kind}")
        try:
            entries = method(env, work)
        except UserError:
            return "refused", work, self._read_sequences(env, work)
        if entries is None:
            return None
        if not entries:
            return "nothing", work, self._read_sequences(env, work)
        return dict(
            env.execute_query(
                SQL("SELECT id, hash FROM cr_points_entry WHERE id = ANY(%s)", entries)
            )
        )

    def _read_sequences(self, env, work):
        """Return up to which entry the members' accounts were looked at."""
        lines = [getattr(line, "spend", line) for line in work.lines]
        places = {self.store.partners[line.member]: line.member for line in lines}
        rows = env.execute_query(
            SQL(
                "SELECT partner_id, last_sequence FROM cr_points_account"
                " WHERE program_id = %s AND partner_id = ANY(%s)",
                self.store.program,
                list(places),
            )
        )
        return {places[partner]: sequence for partner, sequence in rows}

    # === KINDS OF WORK === #

    def _do_award(self, env, work):
        program = env["cr.club.program"].browse(self.store.program)
        return (
            env["cr.points.account"]
            ._award(
                [
                    {
                        "program": program,
                        "partner": self._partner(env, line),
                        "kind": "event",
                        "points": line.points,
                        "key": line.key,
                        "day": line.day,
                        "available_on": line.available_on,
                        "expires_on": line.expires_on,
                    }
                    for line in work.lines
                ]
            )
            .ids
        )

    def _do_spend(self, env, work):
        accounts = env["cr.points.account"]
        program = env["cr.club.program"].browse(self.store.program)
        partners = env["res.partner"].union(
            *(self._partner(env, line) for line in work.lines)
        )
        known = accounts._ensure_accounts(partners, program)
        values = [
            {
                "account": accounts.browse(known[self._partner(env, line).id]),
                "points": line.points,
                "key": line.key,
            }
            for line in work.lines
        ]
        return accounts._spend(values, day=work.day).ids

    def _do_take_back(self, env, work):
        entries = self._find(env, [line.key for line in work.lines])
        return env["cr.points.account"]._take_back(entries, day=work.day).ids

    def _do_give_back(self, env, work):
        values = []
        for line in work.lines:
            entry = self._find(env, [line.spend.key])
            if entry:
                part = {"points": line.points} if line.points else {}
                values.append({"entry": entry, "key": line.key, **part})
        return env["cr.points.account"]._give_back(values, day=work.day).ids

    def _do_order(self, env, work):
        ids = [self.store.orders[order.number] for order in work.lines]
        orders = env["cr.service.order"].browse(ids)
        return env["cr.points.account"]._post_orders(orders, today=work.day).ids

    def _do_change(self, env, work):
        [order] = work.lines
        version = order.versions[work.version]
        material, labour = version or order.versions[0]
        env.cr.execute(
            SQL(
                "UPDATE cr_service_order SET state = %s, amount_material = %s / 100.0,"
                " amount_labour = %s / 100.0, amount_total = %s / 100.0 WHERE id = %s",
                "settled" if version else "cancelled",
                material,
                labour,
                material + labour,
                self.store.orders[order.number],
            )
        )
        return self._do_order(env, work)

    def _do_expire(self, env, work):
        # How many go is no matter of one account; the end is looked at instead.
        env["cr.points.account"]._expire(work.day, work.limit)

    def _do_prove(self, env, _work):
        audit = env["cr.points.audit"]._prove()
        self.log.drifts.append(audit.drift)

    def _partner(self, env, line):
        return env["res.partner"].browse(self.store.partners[line.member])

    def _find(self, env, keys):
        return env["cr.points.entry"].search([("key", "in", keys)])
