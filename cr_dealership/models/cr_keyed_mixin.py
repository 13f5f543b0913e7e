import json
from datetime import date, datetime

from odoo import api, fields, models
from odoo.tools import SQL


class CrKeyedMixin(models.AbstractModel):
    """Rows named by what caused them: what is there already is not made twice.

    The host declares `key` and its unique index.
    """

    _name = "cr.keyed.mixin"
    _description = "Rows with a key of what caused them"

    key = fields.Char(
        readonly=True, copy=False, help="What caused it; the same thing makes one row."
    )
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(
        string="Record", model_field="origin_model", readonly=True
    )

    def action_open_origin(self):
        """Open the record that the row is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "views": [(False, "form")],
        }

    @api.model
    def _insert_new(self, vals_list, extra=None, joined=None):
        """Insert the rows whose key is not there yet, in one statement.

        Goes past the ORM: whoever calls has checked the rights and gives the values
        of all columns, the computed ones too.

        :param list vals_list: {column: value}; keys missing in some rows are NULL there
        :param dict extra: {column: SQL expression over the values, named `row`}
        :param SQL joined: what to join to the values for these expressions
        :return: the new records, in the order of the values
        """
        if not vals_list:
            return self.browse()
        self.flush_model()
        names = sorted(set().union(*vals_list))
        columns = {
            **{name: SQL("%s", SQL.identifier("row", name)) for name in names},
            **(extra or {}),
            "create_uid": SQL("%s", self.env.uid),
            "write_uid": SQL("%s", self.env.uid),
            "create_date": SQL("NOW() AT TIME ZONE 'UTC'"),
            "write_date": SQL("NOW() AT TIME ZONE 'UTC'"),
        }
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO %(table)s (%(names)s)
                   SELECT %(values)s FROM (
                          SELECT * FROM ROWS FROM (
                                 jsonb_to_recordset(%(rows)s) AS (%(types)s)
                          ) WITH ORDINALITY) AS row %(joined)s
                    ORDER BY row.ordinality
                   ON CONFLICT DO NOTHING RETURNING id""",
                table=SQL.identifier(self._table),
                names=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(columns.values()),
                rows=self._rows_to_json(vals_list),
                joined=joined or SQL(),
                types=SQL(", ").join(map(self._column_sql, names)),
            )
        )
        # What is pending was written above; lists of rows are no longer complete.
        self.invalidate_model(flush=False)
        return self.browse(row_id for [row_id] in rows)

    @api.model
    def _column_sql(self, name):
        """Return a column with its type, as a list of columns wants it."""
        column_type = self._fields[name].column_type[0]
        return SQL("%s %s", SQL.identifier(name), SQL.identifier(column_type))

    @api.model
    def _rows_to_json(self, vals_list):
        """Return rows as PostgreSQL reads them; False of the ORM is NULL."""
        return json.dumps(
            [
                {name: self._to_plain(name, value) for name, value in vals.items()}
                for vals in vals_list
            ]
        )

    @api.model
    def _to_plain(self, name, value):
        if value is False and self._fields[name].type != "boolean":
            return None
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        if isinstance(value, date):
            return fields.Date.to_string(value)
        return value
