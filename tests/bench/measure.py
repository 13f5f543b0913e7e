"""Time, queries and memory of a piece of work; the lines of the table they go into."""

import contextlib
import re
import threading
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

HEADER = ("Work", "Measured", "Beside plain SQL", "Beside Odoo's way", "Target", "")

# Looking at the processes that the measured one started.
_WATCH_SECONDS = 0.2


@dataclass
class Line:
    """One line of the table.

    `is_met` tells whether the target was reached; None when there is no target.
    """

    work: str
    measured: str = ""
    floor: str = ""
    odoo: str = ""
    target: str = ""
    is_met: bool | None = None

    def cells(self):
        """Return the texts of the line's cells."""
        verdict = {True: "ok", False: "SHORT", None: ""}[self.is_met]
        return (
            *(self.work, self.measured, self.floor, self.odoo, self.target),
            verdict,
        )


class Meter:
    """Seconds that passed inside a `with`, and the queries a cursor made in them."""

    def __init__(self, cursor=None):
        self.cursor = cursor
        self.seconds = self.queries = 0

    def __enter__(self):
        self._queries = self.cursor.sql_log_count if self.cursor else 0
        self._begun = time.perf_counter()
        return self

    def __exit__(self, *_exc):
        self.seconds = time.perf_counter() - self._begun
        if self.cursor:
            self.queries = self.cursor.sql_log_count - self._queries


class Memory:
    """By how many megabytes the process grew at most inside a `with`.

    A process that it starts meanwhile counts with all that it ever had.
    """

    megabytes = 0

    def __enter__(self):
        # 5 sets the greatest size so far back to the present one.
        Path("/proc/self/clear_refs").write_text("5")
        self._before = _read_peak("self")
        self._peaks, self._is_over = {}, threading.Event()
        self._watch = threading.Thread(target=self._watch_children, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_exc):
        self._is_over.set()
        self._watch.join()
        grown = _read_peak("self") - self._before + sum(self._peaks.values())
        self.megabytes = grown / 1024

    def _watch_children(self):
        while not self._is_over.wait(_WATCH_SECONDS):
            for path in Path("/proc/self/task").glob("*/children"):
                for child in path.read_text().split():
                    with contextlib.suppress(OSError, TypeError):
                        self._peaks[child] = _read_peak(child)


def _read_peak(process):
    """Return the greatest size of a process in kB; TypeError if it has ended."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])


def times(value, other):
    """Return how many times as large one figure is as another, as text."""
    if not other:
        return "–"
    ratio = value / other
    return f"{ratio:.1f}×" if ratio < 10 else f"{ratio:.0f}×"


def _width(text):
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def format_table(lines):
    """Return the lines as one table of aligned columns."""
    rows = [HEADER, *(line.cells() for line in lines)]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(HEADER))]
    texts = [
        "  ".join(
            cell + " " * (width - _width(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
    texts.insert(1, "  ".join("-" * width for width in widths).rstrip())
    return "\n".join(texts)
