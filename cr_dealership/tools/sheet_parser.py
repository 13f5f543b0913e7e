"""Cells and texts of an XLSX file, read without an object for each (VEH-12, VEH-13)."""

import datetime
import re
from xml.parsers import expat

import openpyxl
import openpyxl.utils.datetime

from .errors import RuleError

# Before 1 March 1900 Excel counts a day that never was.
_FIRST_DAYS = 61

_BLOCK_SIZE = 64 * 1024

# A row as nearly all programs write it: only numbers and numbers of shared texts. It is
# read several times faster than by the parser of XML, which gets all other rows.
_PLAIN_ROW = re.compile(r'\s*<row(?: r="(\d+)")?(?:(?! r=)[^<>])*>')
_PLAIN_CELL = re.compile(
    r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="([a-z]+)")?(?:/>|><v>([^<&]*)</v></c>)'
)
_ROW_END = b"</row>"
_ROW_LIMIT = 1024 * 1024


class TextsParser:
    """Reads the texts that the cells of a workbook share, in their order.

    A text may come in runs of different looks; how it is pronounced is left out.
    """

    def __init__(self):
        self._texts, self._parts = [], []
        self._is_text = self._is_phonetic = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start_element
        parser.EndElementHandler = self._end_element
        parser.CharacterDataHandler = self._add_text
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def collect(self, source):
        """Return all texts (VEH-12).

        :param source: binary stream of XML
        :rtype: list[str]
        :raises RuleError: ``file_not_table`` for a document type
        """
        for block in iter(lambda: source.read(_BLOCK_SIZE), b""):
            self._parser.Parse(block, False)
        self._parser.Parse(b"", True)
        return self._texts

    def _start_element(self, tag, _attributes):
        tag = tag.rpartition(":")[2]
        if tag == "t":
            self._is_text = not self._is_phonetic
        elif tag == "rPh":
            self._is_phonetic = True

    def _end_element(self, tag):
        tag = tag.rpartition(":")[2]
        if tag == "t":
            self._is_text = False
        elif tag == "si":
            # An underscore that begins what looks like an escape is escaped itself.
            self._texts.append("".join(self._parts).replace("_x005F_", "_"))
            self._parts.clear()
        elif tag == "rPh":
            self._is_phonetic = False

    def _add_text(self, text):
        if self._is_text:
            self._parts.append(text)


def _refuse_doctype(*_declaration):
    # No system writes a document type; its entities are only an attack.
    raise RuleError("file_not_table")


class SheetParser:
    """Turns the XML of a sheet, block by block, into its rows.

    ``book`` is openpyxl's workbook, ``texts`` its shared strings; ``start`` lines are
    left out.
    """

    def __init__(self, book, texts, start):
        self._texts = texts
        self._epoch = book.epoch
        self._date_styles = {str(style) for style in book._date_formats}
        self._start = start
        self._columns = {}
        self._rest, self._is_plain = b"", True
        self._rows, self._line, self._values = [], 0, []
        self._attributes, self._content, self._text = {}, None, []
        self._is_phonetic = False
        self._starts, self._ends = {}, {}
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start_root
        parser.EndElementHandler = self._end_element
        parser.CharacterDataHandler = self._add_text
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, block, is_last=False):
        """Return ``[(line, values)]`` of the rows that end in a block (VEH-12).

        :param bytes block: XML
        :param bool is_last: the sheet ends here
        :rtype: list
        :raises RuleError: ``file_not_table`` for a document type
        """
        self._rows = []
        *pieces, self._rest = (self._rest + block).split(_ROW_END)
        for piece in pieces:
            if not self._is_plain or not self._read_plain(piece):
                self._parse(piece + _ROW_END)
        if is_last or len(self._rest) > _ROW_LIMIT:
            rest, self._rest = self._rest, b""
            self._parse(rest, is_last)
        return self._rows

    def _parse(self, piece, is_last=False):
        # In a comment or the like, what looks like a row is none.
        self._is_plain = self._is_plain and b"<!" not in piece
        self._parser.Parse(piece, is_last)

    def _read_plain(self, piece):
        """Add a row that has nothing unusual; return whether it has not."""
        text = piece.decode() if piece.isascii() else ""
        row = _PLAIN_ROW.match(text)
        cells = _PLAIN_CELL.findall(text) if row else ()
        # Nothing may be left over: a cell has four tags, an empty one a single one.
        if not row or text.count("<") != 1 + 4 * len(cells) - 3 * text.count("/>"):
            return False
        self._start_row({"r": row[1]})
        for letters, style, kind, content in cells:
            self._add_value(letters, style, kind or "n", content)
        self._end_row()
        return True

    def _start_root(self, tag, _attributes):
        # Some systems write every tag with a prefix; the root tells which.
        prefix = tag.rpartition(":")[0]
        prefix += ":" if prefix else ""
        self._starts = {
            prefix + "row": self._start_row,
            prefix + "c": self._start_cell,
            prefix + "v": self._start_text,
            prefix + "t": self._start_text,
            prefix + "rPh": self._start_phonetic,
        }
        self._ends = {
            prefix + "row": self._end_row,
            prefix + "c": self._end_cell,
            prefix + "v": self._end_text,
            prefix + "t": self._end_text,
            prefix + "rPh": self._end_phonetic,
        }
        self._parser.StartElementHandler = self._start_element

    def _start_element(self, tag, attributes):
        if handler := self._starts.get(tag):
            handler(attributes)

    def _end_element(self, tag):
        if handler := self._ends.get(tag):
            handler()

    def _add_text(self, text):
        self._text.append(text)

    def _start_row(self, attributes):
        self._line = int(attributes.get("r") or self._line + 1)
        self._values = []

    def _end_row(self):
        if self._line > self._start:
            self._rows.append((self._line, self._values))

    def _start_cell(self, attributes):
        self._attributes = attributes
        self._content = None

    def _start_text(self, _attributes):
        self._text.clear()

    def _end_text(self):
        if not self._is_phonetic:
            text = "".join(self._text)
            self._content = text if self._content is None else self._content + text

    def _start_phonetic(self, _attributes):
        self._is_phonetic = True

    def _end_phonetic(self):
        self._is_phonetic = False

    def _end_cell(self):
        get = self._attributes.get
        letters = get("r", "").rstrip("0123456789")
        self._add_value(letters, get("s"), get("t", "n"), self._content)

    def _add_value(self, letters, style, kind, content):
        values = self._values
        if letters:
            column = self._columns.get(letters)
            if column is None:
                column = openpyxl.utils.column_index_from_string(letters) - 1
                self._columns[letters] = column
            if column > len(values):
                values.extend([None] * (column - len(values)))
        values.append(self._value(kind, style, content) if content else None)

    def _value(self, kind, style, text):
        if kind == "s":
            return self._texts[int(text)]
        if kind == "n":
            return self._number(text, style)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return openpyxl.utils.datetime.from_ISO8601(text)
        return text if kind in ("str", "inlineStr") else None

    def _number(self, text, style):
        number = int(text) if text.isdigit() else float(text)
        if style in self._date_styles:
            return self._date(number)
        if number.__class__ is float and number.is_integer() and abs(number) < 1e15:
            return int(number)
        return number

    def _date(self, number):
        try:
            if number < _FIRST_DAYS:
                # Times of day, and the days that Excel counts wrongly.
                return openpyxl.utils.datetime.from_excel(number, self._epoch)
            return self._epoch + datetime.timedelta(seconds=round(number * 86400))
        except (OverflowError, ValueError):
            return number
