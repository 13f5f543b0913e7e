"""What a database holds, in a form in which two databases can be compared.

Numbers of records and moments of writing differ from run to run. So a row counts by
what it says, and a link by what the linked row says.
"""

import json
from collections import Counter

import databases

_COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
     ORDER BY c.table_name, c.ordinal_position
"""
_LINKS = """
    SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text
      FROM pg_constraint k
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     WHERE k.contype = 'f'
"""
# A visit has its times from the file; all other moments are those of the clock.
_TOLD_MOMENTS = ("in_at", "out_at")
_LOGGED = ("create_uid", "create_date", "write_uid", "write_date")


class Content:
    """Reads what the tables of a database say.

    :param dict references: {(table, column): table} of links that are no foreign key
    :param ignore: names of columns that tell of the run, not of its result
    """

    def __init__(self, name, references=(), ignore=()):
        self.name = name
        self.columns = {}
        for table, column, kind in databases.query(name, _COLUMNS):
            self.columns.setdefault(table, {})[column] = kind
        self.links = {
            (table, column): target
            for table, column, target in databases.query(name, _LINKS)
        }
        self.links.update(references)
        self.ignore = {*_LOGGED, *ignore}
        self._labels = {}

    def read(self, table):
        """Return how often each row stands in a table: `Counter` of texts."""
        rows = databases.query(self.name, f'SELECT to_jsonb(t) FROM "{table}" t')
        return Counter(
            json.dumps(
                {**self._tell(table, row), **self._tell_links(table, row)},
                ensure_ascii=False,
                sort_keys=True,
            )
            for (row,) in rows
        )

    def _is_told(self, table, column):
        kind = self.columns[table][column]
        if column == "id" or column in self.ignore:
            return False
        return column in _TOLD_MOMENTS or not kind.startswith("timestamp")

    def _tell(self, table, row):
        """Return what a row says by itself."""
        return {
            column: value
            for column, value in row.items()
            if (table, column) not in self.links and self._is_told(table, column)
        }

    def _tell_links(self, table, row):
        """Return what the rows say to which a row links."""
        return {
            column: self._label(self.links[table, column], value)
            for column, value in row.items()
            if (table, column) in self.links and column not in self.ignore
        }

    def _label(self, table, record_id):
        if record_id is None:
            return None
        if table not in self._labels:
            statement = f'SELECT id, to_jsonb(t) FROM "{table}" t'
            rows = databases.query(self.name, statement)
            self._labels[table] = {
                id_: json.dumps(self._tell(table, row), sort_keys=True)
                for id_, row in rows
            }
        return self._labels[table].get(record_id, f"missing {record_id}")
