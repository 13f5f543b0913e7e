from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_import import RUNNING_STATES
from ..tools import import_rows

_RECENT_SHOWN = 5


class CrImportStartMixin(models.AbstractModel):
    """What the import page shows before a file is chosen, and the way back to it."""

    _name = "cr.import.start.mixin"
    _description = "Beginning of an import"

    @api.model
    def get_start(self):
        """Return what the user's post may import, and what is still under way.

        :return: {"kinds": [{kind, label, needed}], "recent": [{id, name, …}]}
        :rtype: dict
        """
        kinds = self.env["cr.import.profile"]._get_allowed_kinds()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "kinds": [
                {
                    "kind": kind,
                    "label": labels[kind],
                    "needed": self._get_needed_labels(kind),
                }
                for kind in kinds
            ],
            # Who may import nothing may not see imports either.
            "recent": self._get_recent() if kinds else [],
        }

    @api.model
    def _get_needed_labels(self, kind):
        """Return the labels of the columns that a file of this kind must have."""
        labels = self.env["cr.import.profile"]._get_labels(kind)
        return [
            " / ".join(labels[name] for name in group)
            for group in import_rows.missing_columns(kind, ())
        ]

    @api.model
    def _get_recent(self):
        """Return the last imports that the user may see, the newest first."""
        states = dict(self._fields["state"]._description_selection(self.env))
        batches = self.search([("state", "!=", "cancelled")], limit=_RECENT_SHOWN)
        return [
            {
                "id": batch.id,
                "name": batch.name,
                "state": batch.state,
                "state_label": states[batch.state],
                "is_running": batch.state in RUNNING_STATES,
                "on": fields.Datetime.to_string(batch.create_date),
                "total": batch.total_count,
                "refused": batch.refused_count,
            }
            for batch in batches
        ]

    def action_choose_columns(self):
        """Go back to the columns, before any row has been recorded."""
        self.ensure_one()
        self._check_may("checked", "failed")
        if self.new_count or self.changed_count:
            raise UserError(
                self.env._(
                    "“%(file)s” has already recorded rows; its columns stay as they"
                    " are. Let it go on, then hand the file in again.",
                    file=self.name,
                )
            )
        # Users have no right to write imports; what they may is checked above.
        batch = self.sudo()
        batch._forget_rows()
        batch.write({"state": "draft", "error": False})
        return self.get_page()

    def _forget_rows(self):
        """Drop what was read, in one step: a file may have 100,000 rows."""
        self.env.cr.execute("DELETE FROM cr_import_row WHERE batch_id = %s", (self.id,))
        self.env["cr.import.row"].invalidate_model()
        counts = [name for name in self._fields if name.endswith("_count")]
        begun = ("stage_seconds", "load_seconds", "staged_line", "loaded_line")
        self.write({**dict.fromkeys([*counts, *begun], 0), "loaded_vin": False})
