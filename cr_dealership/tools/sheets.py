"""Files of other systems as streams of rows (VEH-12, VEH-13).

What a file is, its content tells: systems name HTML and tab-separated text ".xls" as
they please. Rows come from iterators, so memory does not grow with the file.
"""

import contextlib
import csv
import io
import itertools
import os
import re
import statistics
import struct
import tempfile
import warnings
import zipfile
import zlib
from xml.parsers import expat

import xlrd
from openpyxl.reader import excel
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from .errors import RuleError
from .sheet_parser import SheetParser, TextsParser

SIZE_LIMIT = 100 * 1024 * 1024

_HEAD_SIZE = 64 * 1024
_BLOCK_SIZE = 64 * 1024
_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(
    rb"\s*(?:<(?:!doctype|html|head|body|table|meta|\?xml)|\{\\rtf)", re.I
)
# A sheet unpacks to about ten times its size; what goes far beyond is an attack.
_UNPACKED_LIMIT = 2 * 1024 * 1024 * 1024
_SHARED_STRINGS_LIMIT = 256 * 1024 * 1024
_RATIO_LIMIT = 500
_RATIO_FROM = 50 * 1024 * 1024
_DAMAGE = (
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    UnicodeError,
    ValueError,
    struct.error,
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    NotImplementedError,
    OverflowError,
)

_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\s*$", re.I)
_PROTECTED = re.compile(r'="(.*)"', re.S)
_CELL_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"]
)


class Table:
    """A file that holds rows, of whatever kind; close it, or use it with ``with``."""

    def __init__(self, sheets, encoding=None):
        self.sheets = sheets
        self.encoding = encoding
        self._to_close = []

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the file; rows can't be read afterwards (VEH-12)."""
        while self._to_close:
            self._to_close.pop().close()

    def rows(self, sheet=None, start=0):
        """Yield ``(line, values)`` of a sheet, lines counted from 1 (VEH-12).

        Dates come as date or datetime, empty cells as None, formulas as their value;
        empty cells at the end of a row are left out.

        :param str sheet: its name, None for the first
        :param int start: so many lines are left out
        :raises RuleError: ``file_sheet_unknown``, ``file_damaged``
        """
        if sheet is None:
            sheet = self.sheets[0] if self.sheets else None
        if sheet not in self.sheets:
            raise RuleError("file_sheet_unknown", sheet=sheet)
        line = start
        try:
            for line, values in self._read(sheet, start):
                yield line, _tidy_row(values)
        except RuleError:
            raise
        except (csv.Error, *_DAMAGE) as error:
            raise RuleError("file_damaged", line=line + 1) from error

    def _read(self, sheet, start):
        """Yield ``(line, raw values)``; each kind of file has its own way."""
        raise NotImplementedError


class _XlsxTable(Table):
    """An XLSX file: openpyxl reads the styles; texts and sheets are read here.

    openpyxl builds an object for each text and cell, and parses a sheet once more if
    it does not tell its size; reading would be the slowest part of an import.
    """

    def __init__(self, reader):
        self._book = reader.wb
        self._archive = reader.archive
        self._texts = self._read_texts(reader.package.find(SHARED_STRINGS))
        found = [
            (sheet.name, rel.target, sheet.state)
            for sheet, rel in reader.parser.find_sheets()
            if "worksheet" in rel.Type and rel.target in reader.valid_files
        ]
        visible = [sheet for sheet in found if sheet[2] == "visible"]
        self._paths = {name: path for name, path, _state in visible or found}
        super().__init__(list(self._paths))
        self._to_close.append(reader.archive)

    def _read_texts(self, part):
        """Return the texts that cells share; a file may do without."""
        if part is None:
            return []
        with self._archive.open(part.PartName[1:]) as source:
            return TextsParser().collect(source)

    def _read(self, sheet, start):
        parser = SheetParser(self._book, self._texts, start)
        with self._archive.open(self._paths[sheet]) as source:
            for block in iter(lambda: source.read(_BLOCK_SIZE), b""):
                yield from parser.feed(block)
        yield from parser.feed(b"", is_last=True)


class _XlsTable(Table):
    def __init__(self, book):
        super().__init__(book.sheet_names())
        self._book = book

    def _read(self, sheet, start):
        rows = self._book.sheet_by_name(sheet)
        for index in range(start, rows.nrows):
            yield index + 1, [self._value(cell) for cell in rows.row(index)]

    def _value(self, cell):
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate_as_datetime(cell.value, self._book.datemode)
            except (ValueError, OverflowError):
                return cell.value
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            return int(cell.value) if cell.value.is_integer() else cell.value
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        return cell.value if cell.ctype == xlrd.XL_CELL_TEXT else None


class _View(io.RawIOBase):
    """A stream read from its start, leaving alone who else reads it."""

    def __init__(self, stream):
        super().__init__()
        self._stream = stream
        self._position = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self._stream.seek(self._position)
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)


def _decode(stream, encoding, errors="strict", newline=None):
    buffered = io.BufferedReader(_View(stream), _HEAD_SIZE)
    return io.TextIOWrapper(buffered, encoding, errors, newline)


class _TextTable(Table):
    def __init__(self, stream, encoding, errors, name):
        super().__init__([name], encoding)
        self._stream = stream
        self._errors = errors
        self._delimiter = _find_delimiter(list(itertools.islice(self._lines(), 40)))

    def _lines(self):
        with _decode(self._stream, self.encoding, self._errors, newline="") as text:
            yield from text

    def _read(self, sheet, start):
        reader = csv.reader(self._lines(), delimiter=self._delimiter)
        for line, values in enumerate(reader, 1):
            if line > start:
                yield line, [_plain_text(value) for value in values]


def open_table(source, filename="", limit=SIZE_LIMIT):
    """Return the :class:`Table` of a file: XLSX, XLS, CSV or text (VEH-12, VEH-13).

    :param source: path, bytes, or binary stream
    :param str filename: names the one sheet of a text file
    :param int limit: greatest size in bytes
    :rtype: Table
    :raises RuleError: ``file_empty``, ``file_too_large``, ``file_encrypted``,
        ``file_not_table``, ``file_damaged``
    """
    stream, own = _as_stream(source, limit)
    try:
        table = _open_stream(stream, filename or _name_of(source), limit)
    except RuleError:
        _close_all(own)
        raise
    except _DAMAGE as error:
        _close_all(own)
        raise RuleError("file_damaged") from error
    table._to_close[:0] = own
    return table


def _as_stream(source, limit):
    """Return (seekable binary stream, what we must close)."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return io.BytesIO(source), []
    if isinstance(source, (str, os.PathLike)):
        stream = open(source, "rb")
        return stream, [stream]
    if source.seekable():
        return source, []
    spool = tempfile.TemporaryFile()
    for block in iter(lambda: source.read(1 << 20), b""):
        spool.write(block)
        if spool.tell() > limit:
            break
    return spool, [spool]


def _close_all(streams):
    for stream in streams:
        stream.close()


def _name_of(source):
    name = source if isinstance(source, (str, os.PathLike)) else None
    name = name or getattr(source, "name", "")
    return (
        os.path.basename(os.fspath(name))
        if isinstance(name, (str, os.PathLike))
        else ""
    )


def _open_stream(stream, name, limit):
    size = stream.seek(0, os.SEEK_END)
    if size > limit:
        raise RuleError("file_too_large", size=size, limit=limit)
    stream.seek(0)
    head = stream.read(_HEAD_SIZE)
    stream.seek(0)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise RuleError("file_empty")
    if head.startswith(_ZIP_MAGIC):
        return _open_xlsx(stream, limit)
    if head.startswith(_OLE_MAGIC):
        return _open_xls(stream)
    return _open_text(stream, head, name)


def _open_xlsx(stream, limit):
    with zipfile.ZipFile(stream) as archive:
        _check_archive(archive, limit)
    stream.seek(0)
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that no row needs.
        warnings.simplefilter("ignore")
        reader = excel.ExcelReader(stream, read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        # Some systems write faulty styles; without them dates come as serial numbers.
        with contextlib.suppress(*_DAMAGE):
            apply_stylesheet(reader.archive, reader.wb)
        table = _XlsxTable(reader)
    if not table.sheets:
        raise RuleError("file_empty")
    return table


def _check_archive(archive, limit):
    """Refuse what is no workbook, is locked, or would unpack to no end."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise RuleError("file_encrypted")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise RuleError("file_not_table")
    unpacked = sum(member.file_size for member in members)
    if unpacked > _UNPACKED_LIMIT or any(map(_is_bomb, members)):
        raise RuleError("file_too_large", size=unpacked, limit=limit)
    if any(_has_doctype(archive, name) for name in names):
        raise RuleError("file_not_table")


def _has_doctype(archive, name):
    """Say whether a part begins with a document type; only attacks have one."""
    if not name.startswith("xl/") or not name.endswith(".xml"):
        return False
    with archive.open(name) as part:
        return b"<!DOCTYPE" in part.read(1024)


def _is_bomb(member):
    """Say whether a part would fill the memory, or is packed beyond all measure."""
    if member.filename.lower().endswith("sharedstrings.xml"):
        return member.file_size > _SHARED_STRINGS_LIMIT
    ratio = member.file_size / max(member.compress_size, 1)
    return member.file_size > _RATIO_FROM and ratio > _RATIO_LIMIT


def _open_xls(stream):
    content = stream.read()
    if _ENCRYPTED_STREAM in content:
        raise RuleError("file_encrypted")
    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), on_demand=True
        )
    except xlrd.XLRDError as error:
        reason = str(error).lower()
        if "encrypted" in reason or "password" in reason:
            raise RuleError("file_encrypted") from error
        if "can't find workbook" in reason or "unsupported format" in reason:
            raise RuleError("file_not_table") from error
        raise
    return _XlsTable(book)


def _open_text(stream, head, name):
    encoding, errors = _find_encoding(stream, head)
    return _TextTable(stream, encoding, errors, name or "1")


def _find_encoding(stream, head):
    """Return (encoding, how to treat errors) of a text, or refuse what is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "strict"
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) or head.startswith(b"%PDF"):
        raise RuleError("file_not_table")
    if any(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a" for byte in set(head)):
        raise RuleError("file_not_table")
    for encoding in ("utf-8-sig", "gb18030"):
        if not _count_bad(stream, encoding, stop=True):
            return encoding, "strict"
    # A system that cuts names to a number of bytes leaves half a character here and
    # there; a file that is no text is bad all over.
    bad, length = _count_bad(stream, "gb18030", stop=False)
    if bad > length / 1000 + 1:
        raise RuleError("file_not_table")
    return "gb18030", "replace"


def _count_bad(stream, encoding, stop):
    """Return (undecodable, all) characters of a stream, or None when all is good."""
    bad = length = 0
    with _decode(stream, encoding, "strict" if stop else "replace") as text:
        try:
            for block in iter(lambda: text.read(1 << 20), ""):
                bad += block.count("\ufffd")
                length += len(block)
        except UnicodeDecodeError:
            return 1, 1
    return None if stop else (bad, length)


def _find_delimiter(lines):
    """Return the delimiter that splits most lines into most cells."""
    if lines and (match := _SEP_LINE.match(lines[0])):
        return match[1]
    best, delimiter = 1, ","
    for candidate in _DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=candidate) if row]
        typical = statistics.median(counts) if counts else 0
        if typical > best:
            best, delimiter = typical, candidate
    return delimiter


def _plain_text(value):
    """Return a text cell, without the ="…" that keeps Excel from changing numbers."""
    if value[:2] == '="' and (match := _PROTECTED.fullmatch(value)):
        return match[1]
    return value or None


def _tidy_row(values):
    last = len(values)
    while last and (values[last - 1] is None or values[last - 1] == ""):
        last -= 1
    return tuple(
        None if value.__class__ is str and value in _CELL_ERRORS else value
        for value in values[:last]
    )
