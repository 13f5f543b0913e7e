"""Header, footer and digest of imported rows; rows as a workbook (VEH-12, RPT-15)."""

import collections
import datetime
import hashlib
import itertools
import os
import re
from typing import NamedTuple

import xlsxwriter

from .cleaning import fold, fold_text
from .errors import RuleError
from .sheets import SIZE_LIMIT, Table, open_table

__all__ = [
    "SIZE_LIMIT",
    "HeaderMatch",
    "Table",
    "find_header",
    "is_footer",
    "normalise_header",
    "open_table",
    "row_digest",
    "write_table",
]

HEADER_SEARCH_ROWS = 30
_BRACKETED = re.compile(r"[(\[【（].*?[)\]】）]")
_HEADER_JUNK = re.compile(r"[\s()\[\]【】（）{}<>《》*＊:：_\-—/\\、.。·\"'“”]+")
_FOOTER = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|汇\s*总|本页|grand total|sub\s?total|total)",
    re.I,
)
_SIGNATURE = re.compile(r"(?:制表|打印|导出|审核|备注|说明|第\s*\d+\s*页)")
_FOOTER_MAX_CELLS = 8
_SIGNATURE_MAX_CELLS = 3

_SHEET_ROWS = 1_048_000
_TEXT_MAX = 32_767
_EXACT_INTEGER = 10**10
_WIDTH_SAMPLE = 100
_WIDTH_MIN, _WIDTH_MAX = 6, 50


# === HEADER AND FOOTER === #


class HeaderMatch(NamedTuple):
    """Where the header stands and which column holds which field.

    ``line`` counts from 1; ``columns`` are the names as written; ``mapping`` is
    {field: column index}; ``unknown`` are named columns without a field; ``missing``
    are fields without a column.
    """

    line: int
    columns: list
    mapping: dict
    unknown: list
    missing: list


def normalise_header(name):
    """Return a column name without case, blanks, brackets, full width (VEH-12).

    :param name: any cell of a header row
    :rtype: str
    """
    return _HEADER_JUNK.sub("", fold(fold_text(name))).lower()


def _bare_header(name):
    """Return the normalised name without what stands in brackets: 成交价(元)."""
    return normalise_header(_BRACKETED.sub("", fold(fold_text(name))))


def find_header(rows, aliases):
    """Return the header among the first 30 rows: the one with most names (VEH-12).

    :param rows: iterable of ``(line, values)`` as :meth:`Table.rows` yields
    :param dict aliases: field -> names that its column may have, the best one first
    :rtype: HeaderMatch
    :raises RuleError: ``file_no_header`` when no row has any of the names
    """
    ranks = _alias_ranks(aliases)
    best_line, best_values, best_mapping = 0, (), {}
    for line, values in itertools.islice(rows, HEADER_SEARCH_ROWS):
        mapping = _map_columns(values, ranks)
        if len(mapping) > len(best_mapping):
            best_line, best_values, best_mapping = line, values, mapping
    if not best_mapping:
        raise RuleError("file_no_header")
    columns = [fold_text(value) for value in best_values]
    taken = set(best_mapping.values())
    unknown = [
        index for index, name in enumerate(columns) if name and index not in taken
    ]
    mapping = {field: best_mapping[field] for field in aliases if field in best_mapping}
    missing = [field for field in aliases if field not in best_mapping]
    return HeaderMatch(best_line, columns, mapping, unknown, missing)


def _alias_ranks(aliases):
    """Return {normalised name: [(rank, field number, field)]}."""
    ranks = collections.defaultdict(list)
    for number, (field, names) in enumerate(aliases.items()):
        for rank, name in enumerate(names):
            ranks[normalise_header(name)].append((rank, number, field))
    return ranks


def _map_columns(values, ranks):
    """Return {field: column}: exact names before bare ones, better names first."""
    candidates = []
    for column, value in enumerate(values):
        if not isinstance(value, str):
            continue
        exact, bare = normalise_header(value), _bare_header(value)
        for rank, number, field in ranks.get(exact, ()):
            candidates.append((0, rank, number, column, field))
        if bare != exact:
            for rank, number, field in ranks.get(bare, ()):
                candidates.append((1, rank, number, column, field))
    mapping, taken = {}, set()
    for *_rank, column, field in sorted(candidates):
        if field not in mapping and column not in taken:
            mapping[field] = column
            taken.add(column)
    return mapping


def is_footer(values):
    """Say whether a row below the header holds no data: empty, total, signature.

    Requirement VEH-12.

    :param values: the row
    :rtype: bool
    """
    filled = [value for value in values if _is_filled(value)]
    if not filled:
        return True
    if not isinstance(filled[0], str) or len(filled) > _FOOTER_MAX_CELLS:
        return False
    first = fold(filled[0])
    if _FOOTER.match(first):
        return True
    return len(filled) <= _SIGNATURE_MAX_CELLS and bool(_SIGNATURE.match(first))


def _is_filled(value):
    return bool(value.strip()) if isinstance(value, str) else value is not None


def row_digest(values):
    """Return a digest of a raw row: equal for the same row of the same file (VEH-12).

    5 and 5.0 are the same, an empty cell and an empty text too; the same row as XLSX
    and as CSV may differ.

    :param values: the row
    :return: 32 hexadecimal digits
    :rtype: str
    """
    cells = [
        (
            ""
            if value is None
            else (
                str(int(value))
                if value.__class__ is float and value.is_integer()
                else str(value)
            )
        )
        for value in values
    ]
    while cells and not cells[-1]:
        cells.pop()
    text = "\x1f".join(cells)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


# === WRITING === #


def write_table(target, header, rows, title=None):
    """Write rows as an XLSX workbook and return how many (VEH-12, RPT-15).

    Text stays text: no formula, no link, no number of a phone or VIN in it; whole
    numbers of eleven digits and more become text too.

    :param target: path or binary stream
    :param list header: names of the columns
    :param rows: iterable of rows; it is read once, row by row
    :param str title: row above the header, and the name of the sheet
    :rtype: int
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    target = os.fspath(target) if isinstance(target, os.PathLike) else target
    book = xlsxwriter.Workbook(target, options)
    formats = {
        "bold": book.add_format({"bold": True}),
        datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    rows, count = iter(rows), 0
    while True:
        written = _write_sheet(book, formats, header, rows, title)
        count += written
        if written < _SHEET_ROWS:
            break
    book.close()
    return count


def _write_sheet(book, formats, header, rows, title):
    """Write one sheet, as many rows as it takes, and return how many."""
    number = len(book.worksheets()) + 1
    name = re.sub(r"[\[\]:*?/\\']", " ", title or "")[:28].strip()
    sheet = book.add_worksheet(f"{name} {number}" if number > 1 and name else name)
    sample = list(itertools.islice(rows, _WIDTH_SAMPLE))
    for column, width in enumerate(_widths([header, *sample])):
        sheet.set_column(column, column, width)
    line = 0
    if title:
        sheet.write_string(line, 0, title, formats["bold"])
        line += 1
    for column, label in enumerate(header):
        sheet.write_string(line, column, fold_text(label), formats["bold"])
    sheet.freeze_panes(line + 1, 0)
    first = line + 1
    remaining = itertools.islice(rows, _SHEET_ROWS - len(sample))
    for line, values in enumerate(itertools.chain(sample, remaining), first):
        for column, value in enumerate(values):
            _write_cell(sheet, line, column, value, formats)
    return line - first + 1


def _widths(rows):
    """Return the width of each column in characters; a Chinese one counts twice."""
    widths = [
        max(
            sum(2 if char > "⺀" else 1 for char in fold_text(value))
            for value in column
        )
        for column in itertools.zip_longest(*rows)
    ]
    return [min(max(width + 2, _WIDTH_MIN), _WIDTH_MAX) for width in widths]


def _write_cell(sheet, line, column, value, formats):
    if value is None or value == "":
        return
    kind = value.__class__
    if kind in formats:
        sheet.write_datetime(line, column, value, formats[kind])
    elif kind is bool:
        sheet.write_boolean(line, column, value)
    elif kind is str or not _is_plain_number(value):
        sheet.write_string(line, column, _cell_text(value))
    else:
        sheet.write_number(line, column, value)


def _is_plain_number(value):
    try:
        return abs(value) < _EXACT_INTEGER
    except TypeError:
        return False


def _cell_text(value):
    # Text stands as it came; fold_text only takes the ".0" off a long number.
    text = value if isinstance(value, str) else fold_text(value)
    return text[:_TEXT_MAX]
