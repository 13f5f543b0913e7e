import io
import json
import re

from markupsafe import escape
from psycopg2 import sql
from psycopg2.extras import Json

from odoo import api, fields, models


class CrImportWriter(models.AbstractModel):
    """Writes many records of a plain model with one statement each (architecture §5).

    It does what the ORM would: author and date, defaults of fields that other addons
    added, stored computed fields, the trace of a change in the chatter.
    """

    _name = "cr.import.writer"
    _description = "Set-based writer of the import"

    # === INSERT === #

    @api.model
    def _insert(self, model_name, vals_list):
        """Insert records that all have the same fields.

        :param list[dict] vals_list: column -> value
        :return: ids of the records, in the order of `vals_list`
        """
        if not vals_list:
            return []
        model = self.env[model_name]
        common = {**self._get_defaults(model, vals_list[0]), **self._prepare_log(model)}
        self.env.cr.execute(
            # The inner SELECT is asked once, not for every row.
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass))"
            " FROM generate_series(1, %s)",
            (model._table, len(vals_list)),
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        fixed = tuple(common.values())
        self._copy(
            model._table,
            ("id", *vals_list[0], *common),
            (
                (rid, *vals.values(), *fixed)
                for rid, vals in zip(ids, vals_list, strict=True)
            ),
        )
        return ids

    @api.model
    def _copy(self, table, columns, rows):
        """Copy rows into a table: several times faster than inserting them.

        :param rows: tuples in the order of the columns; Json comes as text
        """
        lines = "\n".join(map(_to_line, rows))
        if lines:
            self.env.cr.copy_from(
                io.StringIO(lines), table, sep=_SEPARATOR, null=_NULL, columns=columns
            )

    @api.model
    def _get_defaults(self, model, given):
        """Return the columns that the ORM would fill by default, as column values."""
        names = [
            name
            for name, field in model._fields.items()
            if field.store and field.column_type and name not in given and field.default
        ]
        record = model.browse()
        return {
            name: _plain(model._fields[name].convert_to_column_insert(value, record))
            for name, value in model.default_get(names).items()
            if name in names
        }

    @api.model
    def _recompute(self, records, given):
        """Have stored fields computed that the statement did not fill."""
        for name, field in records._fields.items():
            if field.store and field.compute and name not in given:
                self.env.add_to_compute(field, records)

    # === UPDATE === #

    @api.model
    def _update(self, model_name, vals_by_id):
        """Update records that all get the same fields; caches are emptied.

        :param dict vals_by_id: id -> {column: value}
        """
        if not vals_by_id:
            return
        model = self.env[model_name]
        names = list(next(iter(vals_by_id.values())))
        casts = [sql.SQL(model._fields[name].column_type[1]) for name in names]
        author = self._prepare_log(model, is_new=False)
        query = sql.SQL(
            "UPDATE {} t SET {} FROM (VALUES %s) AS v(id, {}) WHERE t.id = v.id"
        ).format(
            sql.Identifier(model._table),
            sql.SQL(", ").join(
                [
                    *(
                        sql.SQL("{0} = v.{0}::{1}").format(sql.Identifier(name), cast)
                        for name, cast in zip(names, casts, strict=True)
                    ),
                    *(
                        sql.SQL("{} = {}").format(
                            sql.Identifier(name), sql.Literal(value)
                        )
                        for name, value in author.items()
                    ),
                ]
            ),
            self._join(names),
        )
        self.env.cr.execute_values(
            query,
            [(rid, *vals.values()) for rid, vals in vals_by_id.items()],
            page_size=len(vals_by_id),
        )
        records = model.browse(vals_by_id)
        records.invalidate_recordset(names, flush=False)
        # What was just told must not be worked out from the rest.
        with self.env.protecting([model._fields[name] for name in names], records):
            records.modified(names)

    @api.model
    def _prepare_log(self, model, is_new=True):
        """Return who wrote a record and when, as the ORM notes it."""
        if not model._log_access:
            return {}
        now, author = fields.Datetime.now(), self.env.uid
        values = {"write_uid": author, "write_date": now}
        if is_new:
            values.update(create_uid=author, create_date=now)
        return values

    @api.model
    def _join(self, names):
        return sql.SQL(", ").join(map(sql.Identifier, names))

    # === TRACE === #

    @api.model
    def _trace(self, model_name, changes, reasons):
        """Write into the chatter of records what an import changed.

        Old and new values stand as tracked values, which a reader sees only of fields
        that he may see.

        :param dict changes: id -> {field: (old, new)}, relations as ids
        :param dict reasons: id -> sentence that tells where the change comes from
        """
        if not changes:
            return
        records = self.env[model_name].browse(changes)
        message_ids = self._log(records, reasons)
        described = records.fields_get(
            {name for new in changes.values() for name in new}
        )
        tracked = [
            {
                **self._prepare_tracking(record, name, described[name], old, new),
                "mail_message_id": message_ids[record.id],
            }
            for record in records
            for name, (old, new) in changes[record.id].items()
        ]
        columns = dict.fromkeys(name for values in tracked for name in values)
        self._insert(
            "mail.tracking.value", [{**columns, **values} for values in tracked]
        )

    @api.model
    def _log(self, records, reasons):
        """Write a note for every record: the first as ever, the others like it.

        :return: {id of the record: id of its message}
        """
        first, others = records[0], records[1:]
        message = first._message_log_batch(reasons)
        message.flush_recordset()
        found = {first.id: message.id}
        if not others:
            return found
        own, told = str(escape(reasons[first.id])), str(message.body)
        alike = [
            name
            for name, field in message._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", "res_id", "body")
        ]
        query = sql.SQL(
            "INSERT INTO mail_message (res_id, body, {0}) SELECT v.res_id, v.body, {1}"
            " FROM mail_message t, (VALUES %s) AS v(res_id, body) WHERE t.id = {2}"
            " RETURNING res_id, id"
        ).format(
            self._join(alike),
            sql.SQL(", ").join(sql.Identifier("t", name) for name in alike),
            sql.Literal(message.id),
        )
        rows = [
            (record.id, told.replace(own, str(escape(reasons[record.id]))))
            for record in others
        ]
        found.update(
            self.env.cr.execute_values(query, rows, page_size=len(rows), fetch=True)
        )
        return found

    @api.model
    def _prepare_tracking(self, record, name, description, old, new):
        """Return the values of a tracked change, as columns hold them."""
        if description["type"] == "many2one":
            comodel = self.env[description["relation"]]
            old, new = comodel.browse(old or None), comodel.browse(new or None)
        tracking_model = self.env["mail.tracking.value"]
        values = tracking_model._create_tracking_values(
            old or False, new or False, name, description, record
        )
        return {
            key: tracking_model._fields[key].convert_to_column(value, tracking_model)
            for key, value in values.items()
        }


# Two characters that no text holds: a line in which they stand for nothing else, and
# which holds nothing to escape, is written as it is.
_SEPARATOR, _NULL = "\x1f", "\x1e"
_SPECIAL = re.compile("[\\\\\n\r\0]")
_COPY_ESCAPES = str.maketrans(
    {
        "\\": "\\\\",
        "\n": "\\n",
        "\r": "\\r",
        "\0": None,
        _SEPARATOR: f"\\{_SEPARATOR}",
        _NULL: f"\\{_NULL}",
    }
)


def _to_line(row):
    """Return a row as COPY reads it."""
    cells = [
        value
        if value.__class__ is str
        else _NULL
        if value is None
        else ("t" if value else "f")
        if value.__class__ is bool
        else str(value)
        for value in row
    ]
    line = _SEPARATOR.join(cells)
    is_plain = (
        line.count(_SEPARATOR) == len(cells) - 1
        and line.count(_NULL) == row.count(None)
        and not _SPECIAL.search(line)
    )
    return line if is_plain else _SEPARATOR.join(map(_escape, row, cells))


def _escape(value, cell):
    """Return the text of a value with what COPY would take for its own escaped."""
    return cell if value is None else cell.translate(_COPY_ESCAPES)


def _plain(value):
    """Return a column value without the wrapper that Json has for INSERT."""
    return json.dumps(value.adapted) if isinstance(value, Json) else value
