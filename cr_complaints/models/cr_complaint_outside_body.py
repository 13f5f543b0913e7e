from odoo import fields, models


class CrComplaintOutsideBody(models.Model):
    """An authority or hotline that hands complaints on, with its own deadline.

    Days and documents are dated data of the store's experience; nothing here claims to
    be the law of today.
    """

    _name = "cr.complaint.outside.body"
    _description = "Outside body"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    answer_days = fields.Integer(
        string="Wants an answer within (working days)", required=True, aggregator=None
    )
    valid_from = fields.Date(string="As known on", required=True)
    documents = fields.Text(
        string="Documents it asks for", translate=True, help="One a line."
    )
    is_assumed = fields.Boolean(string="Assumed")

    _days_sane = models.Constraint(
        "CHECK (answer_days >= 0)", "Days to answer are not negative."
    )
