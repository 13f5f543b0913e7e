"""Rows of a file made ready to be staged, in a process of their own (VEH-12).

Cleaning is pure computing, so another core can do it while this process reads the next
rows and waits for the database. What a row becomes does not depend on who cleans it.
"""

import json
import os
import pickle
import signal
import subprocess
import sys

from . import cleaning, import_rows

# The package without what its other modules need: a third of the memory, and nothing of
# Odoo.
_START = (
    "import sys, types; tools = types.ModuleType('tools');"
    " tools.__path__ = sys.argv[1:]; sys.modules['tools'] = tools;"
    " from tools.row_cleaner import serve; serve()"
)
_FOLDER = os.path.dirname(os.path.abspath(__file__))


# === CLEANING === #


def clean_rows(plan, rows):
    """Add to rows what their cells mean, and their state (VEH-12).

    :param dict plan: "kind", "fields" as (name, column), "kept" columns, "header",
        "today", "names" as {field: (known keys, note for an unknown name)}
    :param list[dict] rows: with "values", the cells, which are taken out
    :return: the same rows; "data" and "raw" as JSON text
    :rtype: list[dict]
    """
    for row in rows:
        _clean(plan, row)
    return rows


def to_json(value):
    """Return a document as text, None for an empty one (VEH-12).

    PostgreSQL has no place for a zero character.
    """
    if not value:
        return None
    return json.dumps(value, ensure_ascii=False).replace("\\u0000", "")


def _clean(plan, row):
    cells = row.pop("values")
    clean = import_rows.clean_row(
        plan["kind"],
        {name: cells[index] for name, index in plan["fields"]},
        plan["today"],
    )
    notes = clean.notes + _note_names(plan["names"], clean.values)
    is_doubtful = any(note[0] in import_rows.DOUBTS for note in notes)
    if plan["kept"]:
        clean.values["extra"] = {
            plan["header"][index]: cleaning.fold_text(cells[index])
            for index in plan["kept"]
        }
    row.update(
        vin=clean.values.get("vin") or clean.values.get("plate"),
        state="refused" if clean.reasons else "ready",
        is_doubtful=is_doubtful,
        data=to_json(clean.values),
        raw=to_json(_get_raw(plan, cells, clean, is_doubtful)),
        notes=notes,
        reason=clean.reasons[0][0] if clean.reasons else None,
        reasons=clean.reasons,
    )


def _note_names(names, values):
    """Return notes for the names of a row that are not known."""
    return [
        [note, field, values[field]]
        for field, (keys, note) in names.items()
        if values.get(field) and import_rows.name_key(values[field]) not in keys
    ]


def _get_raw(plan, cells, clean, is_doubtful):
    """Return the cells of a row that may go back to whoever handed it in.

    The others stand in the file.
    """
    if clean.reasons or is_doubtful or "vin" not in clean.values:
        return [_as_json(value) for value in cells[: len(plan["header"])]]
    return None


def _as_json(value):
    """Return a cell as JSON can hold it: what is no plain number becomes text."""
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, float) and abs(value) < 1e15:
        return value
    return cleaning.fold_text(value)


# === THE PROCESS === #


class RowCleaner:
    """Cleans rows in another process, one portion at a time; use it with ``with``.

    The process starts with the first portion that has more behind it. If it can't, or
    dies, the rows are cleaned here.
    """

    def __init__(self, plan):
        self._plan = plan
        self._process = None
        self._is_lost = False
        self._rows, self._is_away = [], False

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._end()

    def submit(self, rows, has_more):
        """Have rows cleaned; they are collected before the next ones (VEH-12).

        :param list[dict] rows: as for :func:`clean_rows`
        :param bool has_more: it is worth while to start a process
        """
        self._rows, self._is_away = rows, False
        if rows and not self._is_lost and (has_more or self._process):
            try:
                self._send(rows)
                self._is_away = True
            except OSError:
                self._give_up()

    def collect(self):
        """Return the rows that were submitted last, cleaned (VEH-12).

        :rtype: list[dict]
        """
        rows, self._rows = self._rows, []
        if self._is_away:
            try:
                return pickle.load(self._process.stdout)
            except (EOFError, OSError, pickle.UnpicklingError):
                self._give_up()
        return clean_rows(self._plan, rows)

    def _send(self, rows):
        if not self._process:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, _FOLDER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            pickle.dump(self._plan, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        pickle.dump(rows, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def _give_up(self):
        self._is_lost = True
        self._end()

    def _end(self):
        if self._process:
            # It may be in the middle of rows that nobody wants any more.
            self._process.kill()
            # What was not sent yet can't be sent by closing either.
            self._process.stdin.raw.close()
            self._process.stdout.close()
            self._process.wait()
            self._process = None


def serve():
    """Clean what comes in on standard input until it ends (VEH-12).

    First comes the plan, then portions of rows, each answered on standard output. The
    input also ends when whoever started the process has died.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    try:
        plan = pickle.load(source)
        while True:
            rows = clean_rows(plan, pickle.load(source))
            pickle.dump(rows, target, pickle.HIGHEST_PROTOCOL)
            target.flush()
    except (EOFError, BrokenPipeError):
        # Nobody is there any more; Python must not try to tell him at its end.
        os._exit(0)
