"""Have many writers post to one points ledger, and hold it against the rules.

    ledger.py [--operations 100000] [--writers 8] [--seed 2026]

with CR_DATABASE (a scratch copy) and ODOO_RC set. The seed decides what each writer
does and in which order it does so; it does not decide in which order the writers come
to the database, so two runs of a seed may end differently for members who run short.
Three things are therefore held against the ledger: sums that do not depend on who came
first (members with plenty), an oracle that is told nothing but the order in which the
causes came to an account (everybody), and laws that hold whatever came. In the end one
row is changed behind the ledger's back, and its own proof must notice. Exit code 1 on
any difference.
"""

import argparse
import logging
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import odoo.sql_db
import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ledger_checks import (
    Probes,
    check_chain,
    check_laws,
    check_witnessed,
    compare_accounts,
    read_entries,
)
from ledger_oracle import Oracle, get_calm_ends
from ledger_plan import make_plan
from ledger_store import make_store
from ledger_writer import work_through

_SHOWN = 50
_TRIGGER = "TRIGGER cr_points_entry_append_only"


def write(store, plan, writers):
    """Let the writers work round by round, each in a process; return their logs."""
    # As Odoo's own server does before it forks: no connection is shared.
    odoo.sql_db.close_all()
    logs = []
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max_workers=writers, mp_context=context) as pool:
        for works in plan.rounds:
            done = [pool.submit(work_through, store, own) for own in works]
            logs += [one.result() for one in done]
            print(f"round {len(logs) // writers} of {len(plan.rounds)}", flush=True)
    return logs


def expire_rest(env, plan):
    """Let expire what is due on the last day."""
    day = plan.rounds[-1][0][0].day
    while env["cr.points.account"]._expire(day):
        env.cr.commit()
    return day


def check(env, store, plan, logs):
    """Return (what, number of faults), and the faults in words."""
    day = expire_rest(env, plan)
    entries, names = read_entries(env, store)
    oracle = Oracle(plan, names)
    probes = Probes(oracle, logs)
    for member in range(plan.members):
        oracle.play(member, entries[member], probes.at[member])
    late = [
        f"member {member}: {key} holds until {lot.expires_on} only"
        for member, account in oracle.accounts.items()
        for key, lot in account.lots.items()
        if lot.left and lot.expires_on and lot.expires_on < day
    ]
    found = {
        "entries that move something else than the oracle says": oracle.faults,
        "accounts and points that stand otherwise": compare_accounts(
            env, store, oracle, entries
        ),
        "refused or left out without a reason": probes.get_faults(),
        "causes that posted nothing in the end": find_missing(oracle, probes),
        "points that should have expired": late,
        "members with plenty whose end is not the plan's": [
            f"member {member} has {oracle.accounts[member].balance}, not {balance}"
            for member, balance in get_calm_ends(plan).items()
            if oracle.accounts[member].balance != balance
        ],
    }
    lines = [(what, len(faults)) for what, faults in found.items()]
    lines += check_laws(env)
    lines += [
        ("entries without the hash that is due", check_chain(env)),
        ("entries changed since they were committed", check_witnessed(env, logs)),
        ("drift found while the others wrote", sum(sum(log.drifts) for log in logs)),
        ("drift found by the nightly proof", env["cr.points.audit"]._prove().drift),
    ]
    return lines, sum(found.values(), []), describe(plan, entries, oracle, probes, logs)


def find_missing(oracle, probes):
    """Return the causes that somebody handed in and that nowhere stand."""
    refused = {
        line.key
        for outcome, work, _at in probes.outcomes
        for line in work.lines
        if outcome == "refused" and work.kind == "spend"
    }
    posted = {key for account in oracle.accounts.values() for key in account.posted}
    return sorted(
        set(oracle.awards).difference(posted)
        | set(oracle.spends).difference(posted, refused)
    )


def describe(plan, entries, oracle, probes, logs):
    """Return the figures of the run."""
    kinds = Counter(
        entry.key.partition(":")[0] for own in entries.values() for entry in own
    )
    replays = sum(work.is_replay for _writer, work in plan.all_work())
    owed = sum(one.has_owed for one in oracle.accounts.values())
    return [
        *(
            (f"handed in: {kind}", count)
            for kind, count in sorted(plan.count().items())
        ),
        ("of them replays of another call's cause", replays),
        *((f"entries: {kind}", count) for kind, count in sorted(kinds.items())),
        ("entries", sum(kinds.values())),
        *sorted(probes.count().items()),
        ("members", plan.members),
        ("of them owed points at some time", owed),
        ("calls started over after a conflict", sum(log.repeats for log in logs)),
        ("calls started over five times or more", sum(log.unlucky for log in logs)),
        ("proofs while the others wrote", sum(len(log.drifts) for log in logs)),
    ]


def tamper(env, seed):
    """Change one row as only the database's master can, and back; return the proofs.

    :return: (kinds of fault found after the change, drift after it was undone)
    """
    [[last]] = env.execute_query(SQL("SELECT MAX(id) FROM cr_points_entry"))
    entry = random.Random(seed).randrange(1, last + 1)
    audits = []
    for change in (-1, 1):
        env.cr.execute(f"ALTER TABLE cr_points_entry DISABLE {_TRIGGER}")
        env.cr.execute(
            "UPDATE cr_points_entry SET day = day + %s WHERE id ="
            " (SELECT MIN(id) FROM cr_points_entry WHERE id >= %s)",
            [change, entry],
        )
        env.cr.execute(f"ALTER TABLE cr_points_entry ENABLE {_TRIGGER}")
        env.cr.commit()
        audits.append(env["cr.points.audit"]._prove())
    return audits[0].fault_ids.mapped("kind"), audits[1].drift


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--operations", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args(arguments)
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=warn"])
    logging.getLogger("odoo.service.server").setLevel(logging.ERROR)
    # Conflicts are what this is about; each is counted.
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    print(f"seed {options.seed}", flush=True)
    try:
        lines, faults, described = run(os.environ["CR_DATABASE"], options)
    except Exception:
        print(get_command(options), flush=True)
        raise
    return report(options, lines, faults, described)


def run(name, options):
    """Do everything in a database; return what to report."""
    plan = make_plan(options.operations, options.writers, options.seed)
    registry = Registry(name)
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        store = make_store(env, plan, name)
    begun = time.perf_counter()
    logs = write(store, plan, options.writers)
    seconds = time.perf_counter() - begun
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        lines, faults, described = check(env, store, plan, logs)
        noticed, drift = tamper(env, options.seed)
    lines += [
        ("changed rows that the chain did not notice", int(noticed != ["chain"])),
        ("drift after the change was undone", drift),
    ]
    described += [
        ("seconds of writing", round(seconds)),
        ("calls a second", round(sum(plan.count().values()) / seconds)),
        ("found in the row changed by hand", ", ".join(noticed) or "nothing"),
    ]
    return lines, faults, described


def get_command(options):
    """Return how the same work is done again."""
    return (
        f"The same again: docker/native/ledger --operations {options.operations}"
        f" --writers {options.writers} --seed {options.seed}"
    )


def report(options, lines, faults, described):
    """Print figures and faults; return the exit code."""
    for what, value in described:
        print(f"{what:60} {value!s:>12}")
    for fault in faults[:_SHOWN]:
        print("fault:", fault)
    for what, count in lines:
        print(f"{what:60} {count:12}{'  <-- differs' if count else ''}")
    is_wrong = any(count for _what, count in lines)
    if is_wrong:
        print(get_command(options))
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
