from odoo import api, fields, models


class CrAccessLog(models.Model):
    """Who read a masked number in full or took data out of the system (SEC-03, SEC-04).

    Append-only: the database refuses to change or delete a row.
    """

    _name = "cr.access.log"
    _description = "Access log"
    _inherit = ["cr.append.only.mixin"]
    _order = "id desc"
    _rec_name = "at"

    at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("unmask", "ID number shown"),
            ("export", "Data exported"),
            ("dial", "Telephone number dialled"),
        ],
        string="What",
        required=True,
    )
    model = fields.Char(string="Kind of record", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="model", export_string_translation=True
    )
    record_count = fields.Integer(string="Records", default=1)
    detail = fields.Char()

    @api.model
    def _log(self, kind, model, res_id=False, count=1, detail=False):
        """Record that the current user saw or took data.

        :param str kind: "unmask", "export" or "dial"
        :param str model: technical name of the model the data belongs to
        :param int res_id: the one record concerned, if it is one
        :param int count: how many records were taken
        :param str detail: which fields or numbers, never the values themselves
        """
        # sudo: nobody may write the log; it is written for whoever is logged.
        self.sudo().create(
            {
                "user_id": self.env.uid,
                "kind": kind,
                "model": model,
                "res_id": res_id,
                "record_count": count,
                "detail": detail,
            }
        )

    def action_open_record(self):
        """Open the record that was looked at."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
