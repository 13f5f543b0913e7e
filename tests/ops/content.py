"""What a database holds, in a form in which two databases can be compared.

Numbers of records and moments of writing differ from run to run. So a row counts by
what it says, and a link by what the linked row says.
"""

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
        self.ignore = {"id", *_LOGGED, *ignore}
        self._labels = {}

    def read(self, table):
        """Return how often each row stands in a table.

        :return: `Counter` of (what the row says, what the rows say that it links to)
        """
        links = [
            (column, self.links[table, column])
            for column in self.columns[table]
            if (table, column) in self.links and column not in self.ignore
        ]
        columns = "".join(f', "{column}"' for column, _target in links)
        rows = databases.query(
            self.name,
            f'SELECT (to_jsonb(t) - %s)::text{columns} FROM "{table}" t',
            self._get_untold(table),
        )
        targets = [target for _column, target in links]
        return Counter(
            (told, *map(self._label, targets, record_ids))
            for told, *record_ids in rows
        )

    def _get_untold(self, table):
        """Return the columns that say nothing by themselves."""
        return [
            column
            for column, kind in self.columns[table].items()
            if column in self.ignore
            or (table, column) in self.links
            or kind.startswith("timestamp")
            and column not in _TOLD_MOMENTS
        ]

    def _label(self, table, record_id):
        """Return what stands for a linked row: a digest of what it says."""
        if record_id is None:
            return None
        if table not in self._labels:
            self._labels[table] = dict(
                databases.query(
                    self.name,
                    f'SELECT id, md5((to_jsonb(t) - %s)::text) FROM "{table}" t',
                    self._get_untold(table),
                )
            )
        return self._labels[table].get(record_id, "missing")
