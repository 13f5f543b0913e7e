"""Measure the addon at the sizes of a store and of a group of stores.

    make bench                          everything, a quarter of an hour on two cores
    make bench ARGS="callbacks story"   only these parts
    make bench ARGS="--list"            which parts there are
    make bench ARGS="care --vehicles 20000"  with so many cars, the rest in proportion
    CR_BENCH_SCALE=0.01 make bench      a hundredth of the sizes, to try the parts

Every work stands beside its floor (the same rows by plain SQL) and beside Odoo's own
way, measured in the same run. It is no test: nothing fails for being slow.
"""

import argparse
import importlib
import multiprocessing
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

import databases
from measure import Line, format_table
from stage import GROUP_VEHICLES, make_group, make_sizes

# The order matters: the first part that needs a database gets it untouched.
PARTS = {
    "callbacks": "nightly callback run with 100,000 pending orders",
    "sharing": "sharing out the 100,000 cards among the agents",
    "kanban": "My calls today, beside a kanban of Odoo of the same length",
    "story": "story of a ten-year customer",
    "care": "nightly care run, 2 % of 1,000,000 cars due",
    "complaints": "recording 500 complaints, ladders of 100,000 open ones",
    "club": "points of 70,000 work orders, tiers of 500,000 members",
    "import": "import of 70,000 work orders, twice",
    "install": "installing into a database with 100,000 partners",
    "interviews": "index of 200,000 interviews by advisor and month",
}


class Bench:
    """Makes the databases that the parts need, and runs each part in a process."""

    def __init__(self, source, scale):
        self.source = source
        self.sizes = make_sizes(scale)
        self.scale = scale
        self.names = {"empty": source}

    def run(self, part):
        """Return the lines of a part; a part that breaks says so in its line."""
        module = importlib.import_module(f"part_{part}")
        try:
            for need in module.NEEDS:
                self._prepare(need)
            say(f"{part}: {PARTS[part]}")
            return _apart(module.run, self.names, {**self.sizes, "scale": self.scale})
        except Exception as error:
            traceback.print_exc()
            return [Line(f"{PARTS[part]}: broke", repr(error)[:60], is_met=False)]

    def _prepare(self, need):
        if need in self.names:
            return
        size = self.sizes[need]
        say(f"filling {need}: {size.vehicles:,} cars, {size.orders:,} orders")
        self.names[need] = f"{self.source}_{need}"
        _apart(make_group, self.source, self.names[need], size)

    def clean_up(self):
        """Drop the databases that were made."""
        for name in self.names.values():
            if name != self.source:
                databases.drop(name)


def _apart(function, *arguments):
    """Call a function in a fresh process: one part's memory is none of the next's."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def say(text):
    """Tell on the error channel how far it is, with the time."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def main():
    """Run the chosen parts and print their table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--list", action="store_true", help="list the parts and end")
    parser.add_argument(
        "--vehicles", type=int, metavar="N", help=f"of {GROUP_VEHICLES:,} cars so many"
    )
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(f"{name:10} {text}" for name, text in PARTS.items()))
        return
    unknown = set(arguments.parts).difference(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; see --list")
    scale = float(os.environ.get("CR_BENCH_SCALE", "1"))
    if arguments.vehicles:
        scale = arguments.vehicles / GROUP_VEHICLES
    bench = Bench(os.environ["CR_DATABASE"], scale)
    lines = []
    begun, load = time.monotonic(), os.getloadavg()[0]
    try:
        for part in PARTS:
            if part in arguments.parts or not arguments.parts:
                lines += bench.run(part)
    finally:
        bench.clean_up()
    print(format_table(lines))
    print(
        "\nPlain SQL: the same rows, by insert, into tables with the same indexes."
        " Odoo's way was measured on a sample and scaled."
        f"\n{os.cpu_count()} cores, load {load:.1f} before and"
        f" {os.getloadavg()[0]:.1f} at the end,"
        f" {(time.monotonic() - begun) / 60:.0f} minutes, sizes × {scale:g}"
    )


if __name__ == "__main__":
    main()
