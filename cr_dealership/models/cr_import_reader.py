import collections
import contextlib
import itertools
import json
import os
import time
from typing import NamedTuple

from odoo import api, fields, models

from ..const_import import REASON_MARK
from ..tools import cleaning, import_rows, workbook
from ..tools.errors import RuleError
from ..tools.row_cleaner import RowCleaner

SIZE_LIMIT = 200 * 1024 * 1024
# So many rows are cleaned and committed at once.
CHUNK_ROWS = 2000

_SHEETS_TRIED = 5
_HEAD_ROWS = 60
_EXAMPLES = 3
_EXAMPLE_LENGTH = 40
# A header that no profile knows has at least so many names.
_HEADER_MIN_CELLS = 3


class Match(NamedTuple):
    """How one profile reads the header of one sheet."""

    profile: models.BaseModel
    sheet: str
    line: int
    header: list
    mapping: dict
    kept: list
    is_known: bool

    def get_rank(self):
        """Return what the best match has most of."""
        missing = import_rows.missing_columns(self.profile.kind, self.mapping)
        return self.is_known, -len(missing), len(self.mapping), -self.profile.sequence


class Chunk(NamedTuple):
    """Some lines of a file on their way to the stage.

    ``known`` is {number: digest of its row when it was last loaded}; ``last_line`` is
    None for what comes after the end of the file.
    """

    rows: list
    known: dict
    skipped: int
    size: int
    last_line: int | None


class CrImportReader(models.AbstractModel):
    """Reads a file: finds its header and columns, then cleans and stages its rows."""

    _name = "cr.import.reader"
    _description = "Reader of imported files"

    @contextlib.contextmanager
    def _open(self, batch):
        """Give the table of a batch's file; what is wrong with it comes in words."""
        # Whoever may see the import may read its file; a job has no rights of its own.
        attachment = batch.attachment_id.sudo()
        path = attachment.store_fname and attachment._full_path(attachment.store_fname)
        # From the disk, if it lies there: the content may be 200 MB.
        source = path if path and os.path.isfile(path) else attachment.raw or b""
        with workbook.open_table(source, attachment.name, SIZE_LIMIT) as table:
            yield table

    @api.model
    def _read_lines(self, batch, lines):
        """Return {line: cells} of some lines of the file."""
        if not lines:
            return {}
        with self._open(batch) as table:
            rows = table.rows(batch.sheet, start=min(lines) - 1)
            found = itertools.takewhile(lambda row: row[0] <= max(lines), rows)
            return {line: values for line, values in found if line in lines}

    # === ANALYSIS === #

    @api.model
    def _analyse(self, batch, profiles, sheet=None):
        """Find the sheet, header and profile that fit best, and note them.

        :param profiles: those that may read the file
        :param str sheet: the only sheet to look at, None for the first few
        :return: whether a person confirmed a header of this shape before
        :rtype: bool
        """
        matches, heads = [], {}
        with self._open(batch) as table:
            sheets = [sheet] if sheet else table.sheets[:_SHEETS_TRIED]
            for name in sheets:
                heads[name] = list(itertools.islice(table.rows(name), _HEAD_ROWS))
                for profile in profiles:
                    matches.append(self._match(profile, name, heads[name]))
            all_sheets = table.sheets
        matches = [match for match in matches if match]
        if not matches:
            raise RuleError("file_no_header" if any(heads.values()) else "file_empty")
        best = max(matches, key=Match.get_rank)
        batch.write(
            {
                "profile_id": best.profile.id,
                "kind": best.profile.kind,
                "sheet": best.sheet,
                "sheets": all_sheets,
                "header_line": best.line,
                "header": best.header,
                "mapping": best.mapping,
                "kept_columns": best.kept,
                "examples": self._get_examples(best, heads[best.sheet]),
            }
        )
        return best.is_known

    @api.model
    def _match(self, profile, sheet, head):
        """Return how a profile reads the first rows of a sheet, None if it can't."""
        try:
            found = workbook.find_header(iter(head), profile._get_aliases())
        except RuleError:
            found = self._guess_header(head)
        if not found:
            return None
        # Our own column comes back with a corrected file; it says nothing.
        mapping = {
            field: index
            for field, index in found.mapping.items()
            if not found.columns[index].startswith(REASON_MARK)
        }
        recalled = profile._recall(found.columns) or {}
        return Match(
            profile,
            sheet,
            found.line,
            found.columns,
            recalled.get("mapping") or mapping,
            recalled.get("kept") or [],
            bool(recalled),
        )

    @api.model
    def _guess_header(self, head):
        """Return the row with most names as a header whose names no profile knows."""
        texts = [
            (sum(isinstance(value, str) and bool(value) for value in values), -line)
            for line, values in head[: workbook.HEADER_SEARCH_ROWS]
        ]
        most, line = max(texts, default=(0, 0))
        if most < _HEADER_MIN_CELLS:
            return None
        values = next(values for number, values in head if number == -line)
        columns = [cleaning.fold_text(value) for value in values]
        return workbook.HeaderMatch(-line, columns, {}, list(range(len(columns))), [])

    @api.model
    def _get_examples(self, match, head):
        """Return a few different values of each column, for the person who maps."""
        examples = [[] for __ in match.header]
        for line, values in head:
            if line <= match.line or workbook.is_footer(values):
                continue
            for found, value in zip(examples, values, strict=False):
                text = cleaning.fold_text(value)[:_EXAMPLE_LENGTH]
                if text and text not in found and len(found) < _EXAMPLES:
                    found.append(text)
        return examples

    # === STAGING === #

    @api.model
    def _stage(self, batch, until):
        """Clean and stage rows from where the last run stopped; commits as it goes.

        :param float until: monotonic time at which to stop
        :return: False when another worker has the import
        """
        plan = self._make_plan(batch)
        with self._open(batch) as table, RowCleaner(plan) as cleaner:
            start = max(batch.header_line, batch.staged_line)
            rows = table.rows(batch.sheet, start=start)
            chunks = self._read_ahead(batch, plan, rows, cleaner)
            while True:
                began = time.monotonic()
                chunk = next(chunks)
                if not batch._lock("staging", start):
                    return False
                self._stage_chunk(batch, chunk)
                batch.stage_seconds += time.monotonic() - began
                if not chunk.last_line:
                    batch._finish_staging()
                start = batch.staged_line
                batch._commit_step(chunk.size)
                if not chunk.last_line or time.monotonic() >= until:
                    return True

    @api.model
    def _read_ahead(self, batch, plan, rows, cleaner):
        """Yield the chunks of a file; while one is staged, the next is cleaned.

        :rtype: Iterator[Chunk]
        """
        ahead = None
        while ahead is None or ahead.last_line:
            lines = list(itertools.islice(rows, CHUNK_ROWS))
            chunk, changed = self._pick_chunk(batch, plan, lines)
            ready = ahead and self._take_cleaned(ahead, cleaner)
            cleaner.submit(changed, has_more=len(lines) == CHUNK_ROWS)
            if ready:
                yield ready
            ahead = chunk
        yield self._take_cleaned(ahead, cleaner)

    @api.model
    def _pick_chunk(self, batch, plan, lines):
        """Return some lines as a chunk, and its rows that are not known as they are."""
        rows, skipped = self._pick_rows(plan, lines)
        known = self._get_known_digests(batch, [row["number"] for row in rows])
        changed = []
        for row in rows:
            if known.get(row["number"]) == row["digest"]:
                row["state"] = "unchanged"
            else:
                changed.append(row)
        last_line = lines[-1][0] if lines else None
        return Chunk(rows, known, skipped, len(lines), last_line), changed

    @api.model
    def _take_cleaned(self, chunk, cleaner):
        """Return a chunk with its rows cleaned."""
        cleaned = iter(cleaner.collect())
        return chunk._replace(
            rows=[row if "state" in row else next(cleaned) for row in chunk.rows]
        )

    @api.model
    def _make_plan(self, batch):
        """Return what stays the same for all rows of a file."""
        mapping = batch.mapping or {}
        kept = batch.kept_columns or []
        fields_read = [
            (name, mapping[name])
            for name in import_rows.TARGET_NAMES[batch.kind]
            if name in mapping
        ]
        rules = json.dumps([import_rows.RULES_VERSION, fields_read, kept])
        return {
            "kind": batch.kind,
            "fields": fields_read,
            "kept": kept,
            "number": mapping["number"],
            "rules": rules,
            "header": tuple(batch.header),
            "today": fields.Date.context_today(batch),
            "names": self.env["cr.import.names"]._get_known_names(),
        }

    @api.model
    def _stage_chunk(self, batch, chunk):
        """Stage some rows of the file: queries don't depend on how many they are."""
        rows = chunk.rows
        replaced = self._supersede_staged(batch, self._supersede_earlier(rows))
        staged = [row for row in rows if "data" in row]
        self.env["cr.import.row"]._copy_in(batch, staged)
        states = collections.Counter(row["state"] for row in rows)
        batch._add_counts(
            total=len(rows),
            skipped=chunk.skipped,
            unchanged=states["unchanged"],
            refused=states["refused"],
            superseded=states["superseded"] + replaced,
            ready=states["ready"] - replaced,
            known=sum(row["number"] in chunk.known for row in staged),
        )
        if chunk.last_line:
            batch.staged_line = chunk.last_line

    @api.model
    def _pick_rows(self, plan, chunk):
        """Return the rows that hold data, each with its number and digest, and how
        many titles, totals and repeated headers were left out.
        """
        rows, skipped = [], 0
        index_of_number = plan["number"]
        read = [index for __, index in plan["fields"]] + plan["kept"]
        width = max(read) + 1
        for line, values in chunk:
            if workbook.is_footer(values) or self._is_header(plan["header"], values):
                skipped += bool(values)
                continue
            cells = values + (None,) * (width - len(values))
            digest = workbook.row_digest(
                [plan["rules"], *(cells[index] for index in read)]
            )
            number = cleaning.fold_text(cells[index_of_number]).replace("\0", "")
            rows.append(
                {"line": line, "values": cells, "number": number, "digest": digest}
            )
        return rows, skipped

    @api.model
    def _is_header(self, header, values):
        """Say whether a row repeats the header, as printed lists do on every page."""
        return values[:1] == header[:1] and values == header[: len(values)]

    @api.model
    def _get_known_digests(self, batch, numbers):
        """Return {number: digest of the row it last came from}; empty if forced."""
        # One by one along the unique index, whatever the database thinks of the table.
        self.env.cr.execute(
            """
            SELECT k.number, CASE WHEN %s THEN NULL ELSE k.digest END
              FROM unnest(%s::varchar[]) AS told(number)
        CROSS JOIN LATERAL (
                   SELECT number, digest FROM cr_import_key
                    WHERE company_id = %s AND system = %s AND kind = %s
                      AND number = told.number LIMIT 1) AS k
            """,
            (
                batch.is_forced,
                numbers,
                batch.company_id.id,
                batch.profile_id.system,
                batch.kind,
            ),
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _supersede_earlier(self, rows):
        """Let the last of several rows with the same number win.

        :return: {number: the row that holds}, refused rows left out
        """
        last_by_number = {}
        for row in rows:
            if row["state"] == "refused":
                continue
            earlier = last_by_number.get(row["number"])
            last_by_number[row["number"]] = row
            if earlier:
                earlier["state"] = "superseded"
                earlier.setdefault("notes", []).append(
                    ["duplicate_key_in_file", "number", ""]
                )
        return last_by_number

    @api.model
    def _supersede_staged(self, batch, last_by_number):
        """Mark rows of earlier chunks as replaced and return how many they were."""
        self.env.cr.execute(
            """
            UPDATE cr_import_row
               SET state = 'superseded',
                   notes = COALESCE(notes, '[]') ||
                           '[["duplicate_key_in_file", "number", ""]]'
             WHERE batch_id = %s AND number = ANY(%s) AND state = 'ready'
            """,
            (batch.id, list(last_by_number)),
        )
        return self.env.cr.rowcount
