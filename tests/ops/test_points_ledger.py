"""Eight writers at one points ledger: whoever is first, the rules hold."""

import argparse
import os
import re
import subprocess
import sys
from datetime import timedelta

import databases
from conftest import HERE
from ledger import report
from ledger_oracle import Account, get_calm_ends
from ledger_plan import START, make_plan, order_points

_OPERATIONS, _WRITERS, _SEED = "3000", "8", "7"
_DAY = timedelta(days=1)


def get_figure(result, name):
    """Return a figure of the printed table."""
    return int(re.search(rf"^{name} +(\d+)$", result.stdout, re.MULTILINE)[1])


def test_eight_writers_lose_and_double_no_point(scratch):
    name = scratch.make("ledger")
    result = subprocess.run(
        [
            *(sys.executable, HERE / "ledger.py", "--operations", _OPERATIONS),
            *("--writers", _WRITERS, "--seed", _SEED),
        ],
        env={
            **os.environ,
            "CR_DATABASE": name,
            "ODOO_RC": str(databases.write_rc(name)),
        },
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    for figure, least in (
        ("of them replays of another call's cause", 500),
        ("nothing: award", 200),
        ("refused: spend", 50),
        ("entries: expire", 50),
        ("entries: reverse", 100),
        ("of them owed points at some time", 1),
        ("calls started over after a conflict", 1),
    ):
        assert get_figure(result, figure) >= least, (figure, result.stdout)


def test_a_seed_gives_every_writer_the_same_work():
    assert make_plan(500, 8, 1) == make_plan(500, 8, 1) != make_plan(500, 8, 2)
    assert get_calm_ends(make_plan(500, 8, 1)) == get_calm_ends(make_plan(500, 8, 1))


def test_a_difference_names_its_seed(capsys):
    options = argparse.Namespace(operations=10, writers=2, seed=99)
    assert report(options, [("a law", 1)], ["what differs"], []) == 1
    printed = capsys.readouterr().out
    assert "--seed 99" in printed and "what differs" in printed
    assert report(options, [("a law", 0)], [], []) == 0


def test_the_oracle_spends_what_expires_first_and_pays_what_is_owed():
    account = Account(0)
    account.add_lot("never", 50, START, None)
    account.add_lot("soon", 50, START, START + 5 * _DAY)
    account.add_lot("waits", 50, START + _DAY, START + 2 * _DAY)
    assert account.get_available(START) == 100
    ready = [key for key, lot in account.lots.items() if lot.is_ready(START)]
    account.used["gift"] = account.take(60, ready)
    assert account.used["gift"] == {"soon": 50, "never": 10}
    account.give_back("gift", 30)
    assert account.used["gift"] == {"soon": 30, "never": 0}
    account.owed["undone"] = 200
    account.pay()
    assert (account.get_open(), account.get_arrears()) == (0, 80)


def test_the_oracle_rounds_labour_to_the_nearest_half_up():
    assert order_points((199, 99)) == 1
    assert order_points((100, 100)) == 2
    assert order_points((100, 299)) == 2
    assert order_points(None) == 0
