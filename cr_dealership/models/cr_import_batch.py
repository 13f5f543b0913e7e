import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_import import IMPORT_KINDS, IMPORT_STATES, RUNNING_STATES
from ..tools import import_rows


class CrImportBatch(models.Model):
    """A file on its way to become records: read, checked, loaded, told (VEH-12).

    Nobody has the right to write imports: the actions check what a person may and
    then act with raised rights. The work itself is done by the job, see the mixin.
    """

    _name = "cr.import.batch"
    _description = "Import"
    _inherit = [
        "cr.import.page.mixin",
        "cr.import.start.mixin",
        "cr.import.work.mixin",
    ]
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(IMPORT_KINDS)
    profile_id = fields.Many2one("cr.import.profile", index=True, ondelete="restrict")
    attachment_id = fields.Many2one("ir.attachment", readonly=True)
    checksum = fields.Char(
        readonly=True, index="btree_not_null", export_string_translation=False
    )
    # --- what the file's columns are ---
    sheet = fields.Char(readonly=True)
    sheets = fields.Json(export_string_translation=False)
    header_line = fields.Integer(readonly=True, aggregator=None)
    header = fields.Json(export_string_translation=False)
    mapping = fields.Json(export_string_translation=False)
    kept_columns = fields.Json(export_string_translation=False)
    examples = fields.Json(export_string_translation=False)
    # What another import of the same file must agree in to have the same result.
    rules_digest = fields.Char(readonly=True, export_string_translation=False)
    # --- where it stands ---
    state = fields.Selection(
        IMPORT_STATES, required=True, default="draft", readonly=True, index=True
    )
    stopped_state = fields.Char(readonly=True, export_string_translation=False)
    error = fields.Char(string="Why it stopped", readonly=True)
    is_forced = fields.Boolean(
        string="Every row looked at",
        readonly=True,
        help="Also rows that have not changed since they were last imported.",
    )
    repeated_id = fields.Many2one(
        "cr.import.batch",
        string="Same file as",
        readonly=True,
        index="btree_not_null",
    )
    queued_at = fields.Datetime(string="Ready to load since", readonly=True)
    worked_at = fields.Datetime(readonly=True, export_string_translation=False)
    finished_at = fields.Datetime(readonly=True)
    staged_line = fields.Integer(readonly=True, aggregator=None)
    # The last row that was loaded, in the order of loading.
    loaded_vin = fields.Char(readonly=True, export_string_translation=False)
    loaded_line = fields.Integer(readonly=True, aggregator=None)
    stage_seconds = fields.Float(string="Seconds of reading", readonly=True)
    load_seconds = fields.Float(string="Seconds of loading", readonly=True)
    rows_per_second = fields.Integer(
        compute="_compute_rows_per_second", aggregator=None
    )
    # --- counts; rows = ready + refused + replaced + new + changed + unchanged ---
    total_count = fields.Integer(string="Rows", readonly=True)
    skipped_count = fields.Integer(string="Titles and totals", readonly=True)
    ready_count = fields.Integer(string="Ready", readonly=True)
    known_count = fields.Integer(string="Known numbers", readonly=True)
    doubtful_count = fields.Integer(string="To look at", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    superseded_count = fields.Integer(string="Replaced in the file", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    unknown_staff = fields.Json(export_string_translation=False)

    _running_index = models.Index(
        "(company_id, queued_at) WHERE state IN ('staging', 'loading')"
    )

    @api.depends("total_count", "ready_count", "stage_seconds", "load_seconds")
    def _compute_rows_per_second(self):
        for batch in self:
            seconds = batch.stage_seconds + batch.load_seconds
            done = batch.total_count - batch.ready_count
            batch.rows_per_second = done / seconds if seconds else 0

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loaded(self):
        for batch in self:
            if batch.state in ("done", *RUNNING_STATES):
                raise UserError(
                    self.env._(
                        "“%(file)s” can't be deleted: it tells where records come"
                        " from. Only an import that was cancelled can be deleted.",
                        file=batch.name,
                    )
                )

    # === WHO MAY === #

    def _check_may(self, *states):
        """Refuse whose post does not bring this kind of file, and untimely steps.

        :param states: those in which the step makes sense
        """
        self.check_access("read")
        for batch in self:
            kinds = self.env["cr.import.profile"]._get_allowed_kinds()
            if not kinds or batch.kind and batch.kind not in kinds:
                raise UserError(
                    self.env._(
                        "“%(file)s” is for another post to import. Hand it to the CR"
                        " head, who may import every kind of file.",
                        file=batch.name,
                    )
                )
            if batch.state not in states:
                raise UserError(
                    self.env._(
                        "“%(file)s” has moved on meanwhile: %(state)s. Open it again"
                        " to see where it stands.",
                        file=batch.name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[batch.state],
                    )
                )

    # === ACTIONS === #

    def action_stage(self, mapping=None, kept=None, remember=True):
        """Confirm which column holds what, and start reading the file.

        :param dict mapping: field -> index of its column; None for what was found
        :param list kept: indexes of columns that are kept though they have no field
        :param bool remember: whether the profile learns it for the next file
        """
        self.ensure_one()
        self._check_may("draft")
        # Users have no right to write imports or, some of them, profiles; what they
        # may is checked above.
        batch = self.sudo()
        if mapping is not None:
            batch.mapping = self._clean_mapping(mapping)
            used = set(batch.mapping.values())
            batch.kept_columns = sorted(
                {int(index) for index in kept or []} & set(range(len(batch.header)))
                - used
            )
        self._check_columns()
        if remember:
            batch.profile_id._learn(
                batch.header, batch.mapping, batch.kept_columns or []
            )
        batch._start_staging()
        return True

    def action_load(self):
        """Load the rows that are ready; the page may be left meanwhile."""
        self.ensure_one()
        self._check_may("checked")
        # Users have no right to write imports; what they may is checked above.
        self.sudo().write({"state": "loading", "queued_at": fields.Datetime.now()})
        self._trigger_job()
        return True

    def action_cancel(self):
        """Give imports up before their rows are loaded."""
        self._check_may("draft", "staging", "checked", "failed")
        for batch in self:
            if batch.new_count or batch.changed_count:
                raise UserError(
                    self.env._(
                        "“%(file)s” has already recorded rows and can't be cancelled."
                        " Let it go on, then correct the records.",
                        file=batch.name,
                    )
                )
        # Users have no right to write imports; what they may is checked above.
        self.sudo().state = "cancelled"
        return True

    def action_retry(self):
        """Go on where the import stopped."""
        self.ensure_one()
        self._check_may("failed")
        # Users have no right to write imports; what they may is checked above.
        self.sudo().write({"state": self.stopped_state, "error": False})
        self._trigger_job()
        return True

    def action_read_again(self):
        """Look at every row of a file that was imported before."""
        self.ensure_one()
        self._check_may("done")
        if not self.repeated_id:
            raise UserError(
                self.env._(
                    "“%(file)s” was read row by row. Hand the file in again to import"
                    " it once more.",
                    file=self.name,
                )
            )
        # Users have no right to write imports; what they may is checked above.
        batch = self.sudo()
        batch._forget_rows()
        batch.write({"is_forced": True, "repeated_id": False, "finished_at": False})
        batch._start_staging()
        return True

    def action_open(self):
        """Open the import on its page."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "cr_import",
            "name": self.name,
            "params": {"batch_id": self.id},
        }

    # === COLUMNS === #

    def _clean_mapping(self, mapping):
        """Return the mapping with only fields and columns that there are."""
        self.ensure_one()
        columns, clean = range(len(self.header)), {}
        for field in import_rows.TARGET_NAMES[self.kind]:
            index = mapping.get(field)
            if isinstance(index, int) and index in columns:
                if index not in clean.values():
                    clean[field] = index
        return clean

    def _check_columns(self):
        """Refuse a file that lacks a column without which no row can be recorded."""
        self.ensure_one()
        missing = self._get_missing_labels()
        if missing:
            raise UserError(
                self.env._(
                    "“%(file)s” has no column for: %(columns)s. Every row needs them;"
                    " choose the columns that hold them, or export the file with them.",
                    file=self.name,
                    columns=", ".join(missing),
                )
            )

    def _get_missing_labels(self):
        """Return the labels of needed fields that have no column yet."""
        self.ensure_one()
        labels = self.env["cr.import.profile"]._get_labels(self.kind)
        groups = import_rows.missing_columns(self.kind, self.mapping or {})
        return [" / ".join(labels[name] for name in group) for group in groups]

    # === BEGIN AND END === #

    def _start_staging(self):
        """Let the job read the file, unless exactly this file was imported before."""
        self.ensure_one()
        rules = [
            import_rows.RULES_VERSION,
            self.kind,
            self.profile_id.system,
            self.sheet,
            sorted(self.mapping.items()),
            self.kept_columns or [],
        ]
        self.rules_digest = hashlib.sha256(json.dumps(rules).encode()).hexdigest()
        earlier = not self.is_forced and self._find_same_import()
        if earlier:
            self._repeat(earlier)
        else:
            self.write({"state": "staging", "staged_line": self.header_line})
            self._trigger_job()

    def _find_same_import(self):
        """Return the last finished import of the very same file, read the same way.

        What a later file has changed since is newer than this one and must stay.
        """
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("checksum", "=", self.checksum),
                ("rules_digest", "=", self.rules_digest),
                ("state", "=", "done"),
            ],
            limit=1,
        )

    def _repeat(self, earlier):
        """Tell what became of the same file before; nothing is read or recorded."""
        first = earlier.repeated_id or earlier
        self.env["cr.import.row"]._copy_refused(first, self)
        rest = first.total_count - first.refused_count - first.superseded_count
        self.write(
            {
                "state": "done",
                "repeated_id": first.id,
                "finished_at": fields.Datetime.now(),
                "total_count": first.total_count,
                "skipped_count": first.skipped_count,
                "refused_count": first.refused_count,
                "superseded_count": first.superseded_count,
                "unchanged_count": rest,
            }
        )

    def _add_counts(self, **counts):
        """Add to the counts: `_add_counts(new=3)` adds to `new_count`."""
        self.ensure_one()
        self.write(
            {
                f"{name}_count": self[f"{name}_count"] + number
                for name, number in counts.items()
                if number
            }
        )

    def _finish_staging(self):
        """Hand the import to the person who checks it."""
        self.ensure_one()
        # Or the database goes on thinking that there are no rows to load.
        # Of columns that are looked for: the documents would cost most of the time.
        self.env.cr.execute(
            "ANALYZE cr_import_row (batch_id, line, number, vin, state)"
        )
        doubtful = self.env["cr.import.row"].search_count(
            [
                ("batch_id", "=", self.id),
                ("state", "=", "ready"),
                ("is_doubtful", "=", True),
            ]
        )
        self.write({"state": "checked", "doubtful_count": doubtful})
        if not self.ready_count:
            self._finish()

    def _finish(self):
        """Close the import; what became of its rows stands in its counts."""
        self.write({"state": "done", "finished_at": fields.Datetime.now()})
