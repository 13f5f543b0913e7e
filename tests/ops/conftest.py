"""Databases of their own for every trial, and scripts that Odoo runs in them."""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scripts"
BENCH = HERE.parent / "bench"
sys.path.append(str(BENCH))
# For the scripts, which fill their databases as the measurements do.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(BENCH), os.environ.get("PYTHONPATH")))
)

import databases  # noqa: E402

CARS, ORDERS, PENDING = 4_000, 8_000, 4_000
OPEN_JOB = "ir_cron_cr_callback_open"
# One call of a job works for ten seconds at least.
_CALLS = 10
_PENDING = "SELECT COUNT(*) FROM cr_service_order WHERE callback_pending"


class Scratch:
    """Makes databases that go away together."""

    def __init__(self):
        self.names = []

    def name(self, word):
        """Return the name of a database that will be dropped."""
        name = f"cr_ops_{word}_{os.getpid()}"
        self.names.append(name)
        return name

    def make(self, word):
        """Make a database in which the addons are installed."""
        name = self.name(word)
        databases.copy_template(name)
        return name

    def make_base(self, word):
        """Make a database in which only what the addons depend on is installed."""
        return self.copy(databases.BASE_TEMPLATE, word)

    def copy(self, source, word):
        """Make a copy of a database."""
        name = self.name(word)
        databases.copy(source, name)
        return name

    def drop(self):
        """Drop all of them."""
        for name in self.names:
            databases.drop(name)


@pytest.fixture(scope="session")
def scratch():
    """Make databases that go away at the end."""
    made = Scratch()
    yield made
    made.drop()


@pytest.fixture(scope="session")
def group(scratch):
    """Return a database of two stores with orders that wait for the nightly run.

    It is only ever copied.
    """
    name = scratch.make("group")
    databases.run_script(name, SCRIPTS / "make_group.py", CARS, ORDERS, PENDING)
    return name


@pytest.fixture(scope="session")
def opened(scratch, group):
    """Return a copy of the group after an undisturbed nightly run."""
    name = scratch.copy(group, "opened")
    open_callbacks(name)
    return name


def open_callbacks(name):
    """Fire the nightly run until nothing is pending, as the server does in its time."""
    for _call in range(_CALLS):
        output = databases.run_script(name, SCRIPTS / "fire_cron.py", OPEN_JOB)
        assert output.strip() == "done"
        if databases.query(name, _PENDING) == [(0,)]:
            return
    raise AssertionError("events are still pending")
