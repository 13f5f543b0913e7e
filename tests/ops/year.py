"""Play a year of the care plans over a store and hold it against the requirements.

    year.py [--cars 2000] [--seed 2028] [--days 366] [--again 1]

with CR_DATABASE (a scratch copy) and ODOO_RC set. With --again 5 only the jobs of every
fifth day run twice. Exit code 1 on any difference.
"""

import argparse
import logging
import os
import sys
import time
import warnings
from datetime import timedelta

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from year_books import Books
from year_checks import check, describe
from year_clock import Clock, stop_database_clock
from year_days import Days
from year_oracle import Oracle
from year_store import START, make_store

_SHOWN = 50


def play(env, clock, options):
    """Fill the store and play its days; return them."""
    books = Books(env, make_store(options.cars, options.seed), Oracle)
    clock.set(START - timedelta(days=1), 12)
    books.fill()
    env.cr.commit()
    days = Days(books, clock, options.seed, options.again)
    for number in range(options.days):
        day = START + timedelta(days=number)
        days.play(day)
        if day.day == 1:
            print(f"{day}  faults so far: {len(days.faults)}", flush=True)
    return days


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--cars", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2028)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--again", type=int, default=1)
    options = parser.parse_args(arguments)
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=warn"])
    logging.getLogger("odoo.service.server").setLevel(logging.ERROR)
    # The lunar calendar has renamed its functions.
    warnings.simplefilter("ignore", DeprecationWarning)
    name = os.environ["CR_DATABASE"]
    stop_database_clock(name)
    begun = time.perf_counter()
    with (
        Registry(name).cursor() as cursor,
        Clock(cursor, START) as clock,
    ):
        env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        days = play(env, clock, options)
        lines = check(days)
        described = describe(days)
    described.append(("seconds", round(time.perf_counter() - begun)))
    described.append(("of them on the processor", round(time.process_time())))
    for what, value in described:
        print(f"{what:52} {value!s:>20}")
    for fault in days.faults[:_SHOWN]:
        print("fault:", fault)
    for what, count in [("faults of a day", len(days.faults)), *lines]:
        print(f"{what:52} {count:20}{'  <-- differs' if count else ''}")
    return int(bool(days.faults or any(count for _what, count in lines)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
