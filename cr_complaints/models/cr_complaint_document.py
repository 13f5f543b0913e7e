from odoo import fields, models


class CrComplaintDocument(models.Model):
    """A document that an outside body asks for."""

    _name = "cr.complaint.document"
    _description = "Document for an outside body"
    _order = "id"

    outside_id = fields.Many2one(
        "cr.complaint.outside", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    handed_in_on = fields.Date()
