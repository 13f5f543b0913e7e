import json

from odoo import api, fields, models

from ..const_import import FIELD_LABELS, NOTES, REASONS, ROW_REASONS, ROW_STATES
from ..tools import identity, import_rows
from ..tools.row_cleaner import to_json

# After so many days a row that was recorded has nothing left to tell.
_KEEP_DAYS = 30
_GC_ROWS = 50_000

KIND_MODELS = {
    import_rows.DELIVERY: "cr.vehicle",
    import_rows.ORDER: "cr.service.order",
    import_rows.POLICY: "cr.insurance.policy",
}


class CrImportRow(models.Model):
    """One row of a file on its way: what it said, how we understood it, what became
    of it.

    Rows are copied in by the reader and updated by the loader in sets; the ORM only
    shows them. Refused rows stay, the others go after a month.
    """

    _name = "cr.import.row"
    _description = "Imported row"
    _order = "batch_id desc, line"
    _rec_name = "number"
    _log_access = False

    batch_id = fields.Many2one(
        "cr.import.batch", string="Import", required=True, ondelete="cascade"
    )
    line = fields.Integer(required=True, aggregator=None)
    number = fields.Char()
    vin = fields.Char(string="VIN")
    digest = fields.Char(export_string_translation=False)
    state = fields.Selection(ROW_STATES, required=True, default="ready")
    is_doubtful = fields.Boolean(string="To look at")
    data = fields.Json(string="As understood", export_string_translation=False)
    raw = fields.Json(string="As written", export_string_translation=False)
    reason = fields.Selection(ROW_REASONS)
    notes = fields.Json(export_string_translation=False)
    reasons = fields.Json(export_string_translation=False)
    res_id = fields.Integer(string="Record ID", aggregator=None)
    customer_name = fields.Char(string="Customer", compute="_compute_texts")
    plate = fields.Char(compute="_compute_texts")
    note_text = fields.Char(string="What was tidied up", compute="_compute_texts")
    reason_text = fields.Char(string="Why it is refused", compute="_compute_texts")
    record_ref = fields.Reference(
        selection="_selection_record_ref",
        string="Record",
        compute="_compute_record_ref",
    )

    _batch_line_index = models.Index("(batch_id, line)")
    _ready_number_index = models.Index("(batch_id, number) WHERE state = 'ready'")
    # What the loader takes next: rows of one car come together, so that its facts are
    # worked out once.
    _ready_index = models.Index("(batch_id, vin, line) WHERE state = 'ready'")

    @api.depends("data", "notes", "reasons")
    def _compute_texts(self):
        for row in self:
            data = row.data or {}
            row.customer_name = data.get("name")
            row.plate = data.get("plate")
            row.note_text = " · ".join(self._get_note_texts(row.notes))
            row.reason_text = " ".join(self._get_reason_texts(row.reasons))

    @api.depends("res_id", "batch_id.kind")
    def _compute_record_ref(self):
        for row in self:
            model = KIND_MODELS.get(row.batch_id.kind)
            row.record_ref = f"{model},{row.res_id}" if model and row.res_id else False

    @api.model
    def _selection_record_ref(self):
        return [
            (model, self.env[model]._description) for model in KIND_MODELS.values()
        ]

    # === WORDS === #

    @api.model
    def _get_note_texts(self, notes):
        """Return what was tidied up or doubted, a sentence for each note."""
        return [
            self.env._(
                "%(field)s: %(note)s",
                field=self._get_field_label(field),
                note=self._fill(NOTES.get(code), field, value) or code,
            )
            for code, field, value in notes or []
        ]

    @api.model
    def _get_reason_texts(self, reasons):
        """Return why the row is refused, a sentence for each reason."""
        return [
            self.env._(
                "%(field)s: %(note)s",
                field=self._get_field_label(field),
                note=self._fill(REASONS.get(code), field, value) or code,
            )
            for code, field, value in reasons or []
        ]

    @api.model
    def _get_field_label(self, field):
        label = FIELD_LABELS.get(field)
        return self.env._(label) if label else field

    @api.model
    def _fill(self, template, field, value):
        """Return a sentence with the cell in it; ID numbers are shown masked."""
        if template is None:
            return None
        if field == "id_number":
            value = identity.mask_id_number(value)
        # A lazy text takes no values when it is translated.
        text = self.env._(template)
        return text % {"value": value}

    # === ACTIONS === #

    def action_open_record(self):
        """Open the record that the row became."""
        self.ensure_one()
        return self.record_ref.get_formview_action() if self.record_ref else False

    # === COPYING IN === #

    @api.model
    def _copy_in(self, batch, rows):
        """Put cleaned rows into the stage.

        :param batch: the import they belong to
        :param list[dict] rows: values of this model; the two big documents as JSON text
        """
        columns = ("line", "number", "vin", "digest", "state", "is_doubtful", "reason")
        told, documents = ("data", "raw"), ("notes", "reasons")
        self.env["cr.import.writer"]._copy(
            self._table,
            ("batch_id", *columns, *told, *documents),
            (
                (
                    batch.id,
                    *(row.get(name) for name in columns),
                    *(row.get(name) for name in told),
                    *(to_json(row.get(name)) for name in documents),
                )
                for row in rows
            ),
        )

    @api.model
    def _copy_refused(self, source, target):
        """Copy the refused rows of an import to another one of the same file."""
        self.env.cr.execute(
            """
            INSERT INTO cr_import_row (batch_id, line, number, vin, digest, state,
                                       is_doubtful, reason, data, raw, notes, reasons)
            SELECT %s, line, number, vin, digest, state,
                   is_doubtful, reason, data, raw, notes, reasons
              FROM cr_import_row WHERE batch_id = %s AND state = 'refused'
            """,
            (target.id, source.id),
        )

    # === ON THE WAY === #

    @api.model
    def _take_ready(self, batch, limit):
        """Return the next rows to load; those of one car come together.

        They are looked for behind the last one, for the index still holds the rows
        that were ready before.
        """
        self.env.cr.execute(
            """
            SELECT id, line, number, digest, data, notes, is_doubtful, vin
              FROM cr_import_row
             WHERE batch_id = %s AND state = 'ready' AND (vin, line) > (%s, %s)
             ORDER BY vin, line LIMIT %s
            """,
            (batch.id, batch.loaded_vin or "", batch.loaded_line, limit),
        )
        found = self.env.cr.fetchall()
        if found:
            batch.write({"loaded_vin": found[-1][-1], "loaded_line": found[-1][1]})
        return [import_rows.StagedRow(batch.kind, *row[:-1]) for row in found]

    @api.model
    def _store_outcomes(self, rows):
        """Note what became of rows that were loaded."""
        self.env.cr.execute(
            "UPDATE cr_import_row r SET state = v.state, res_id = v.res_id"
            " FROM json_to_recordset(%s) AS v(id integer, state varchar,"
            " res_id integer) WHERE r.id = v.id",
            [
                json.dumps(
                    [
                        {"id": row.id, "state": row.state, "res_id": row.record_id}
                        for row in rows
                    ]
                )
            ],
        )
        told = [row for row in rows if row.is_told]
        if told:
            self.env.cr.execute_values(
                """
                UPDATE cr_import_row r
                   SET is_doubtful = v.is_doubtful, notes = v.notes::jsonb,
                       reasons = v.reasons::jsonb, reason = v.reasons::jsonb->0->>0
                  FROM (VALUES %s) AS v(id, is_doubtful, notes, reasons)
                 WHERE r.id = v.id
                """,
                [
                    (
                        row.id,
                        row.is_doubtful,
                        to_json(row.notes),
                        to_json(row.reasons),
                    )
                    for row in told
                ],
                page_size=len(told),
            )

    # === CLEANING UP === #

    @api.autovacuum
    def _gc_rows(self):
        """Delete rows whose import is over for a month; refused ones stay."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=_KEEP_DAYS)
        self.env.cr.execute(
            """
            DELETE FROM cr_import_row WHERE id IN (
                SELECT r.id FROM cr_import_row r
                JOIN cr_import_batch b ON b.id = r.batch_id
                WHERE b.state = 'cancelled'
                   OR b.state = 'done' AND r.state != 'refused' AND b.finished_at < %s
                LIMIT %s
            )""",
            (limit, _GC_ROWS),
        )
        done = self.env.cr.rowcount
        return done, done == _GC_ROWS
