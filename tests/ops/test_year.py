"""A small store through the whole year: every case and step on its day."""

import os
import re
import subprocess
import sys
from datetime import date

import pytest

import databases
from conftest import HERE
from year_rules import inspection_due, next_birthday
from year_store import Person, add_months, make_store

_CARS, _SEED = "30", "5"


def play(scratch, word, *arguments):
    """Return the process that played a year in a database of its own."""
    name = scratch.make(f"year_{word}")
    return subprocess.run(
        [sys.executable, HERE / "year.py", "--cars", _CARS, *arguments],
        env={
            **os.environ,
            "CR_DATABASE": name,
            "ODOO_RC": str(databases.write_rc(name)),
        },
        capture_output=True,
        text=True,
    )


def get_figure(result, name):
    """Return a figure of the printed table."""
    return re.search(rf"^{name} +(\S+)$", result.stdout, re.MULTILINE)[1]


def test_a_year_of_a_store_goes_as_the_requirements_say(scratch):
    result = play(scratch, "whole", "--seed", _SEED, "--again", "6")
    assert result.returncode == 0, result.stdout + result.stderr
    assert int(get_figure(result, "cases")) > 200
    assert int(get_figure(result, "contacts by sms")) > 100
    assert int(get_figure(result, "held back: cap")) > 0
    assert int(get_figure(result, "runs of jobs held against a second one")) > 100


def test_a_seed_replays_exactly(scratch):
    digests = [
        get_figure(
            play(scratch, word, "--seed", seed, "--days", "20", "--again", "9"),
            "digest of the year",
        )
        for word, seed in (("one", "5"), ("again", "5"), ("other", "6"))
    ]
    assert digests[0] == digests[1] != digests[2]


def test_a_store_is_the_same_for_the_same_seed():
    assert make_store(50, 1) == make_store(50, 1) != make_store(50, 2)


@pytest.mark.parametrize(
    ("born_on", "is_lunar", "today", "expected"),
    [
        (date(1996, 2, 29), False, date(2024, 2, 28), date(2024, 2, 29)),
        (date(1996, 2, 29), False, date(2025, 2, 1), date(2025, 2, 28)),
        (date(1980, 3, 1), False, date(2024, 2, 29), date(2024, 3, 1)),
        # The first day of a lunar year is the Spring Festival.
        (date(1980, 2, 16), True, date(2024, 1, 1), date(2024, 2, 10)),
    ],
)
def test_the_oracle_knows_birthdays(born_on, is_lunar, today, expected):
    person = Person(1, "somebody", None, born_on, is_lunar)
    assert next_birthday(person, today) == expected


def test_the_oracle_knows_months_and_inspections():
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    registered_on, today = date(2022, 3, 5), date(2024, 1, 1)
    assert inspection_due(registered_on, None, today) == date(2024, 3, 31)
    passed_on = date(2023, 12, 31)
    assert inspection_due(registered_on, passed_on, today) == date(2026, 3, 31)
