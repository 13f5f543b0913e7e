from odoo import fields, models

from ..const_event import LANES


class MailActivity(models.Model):
    """A task of an event's preparation, with its lane (EVT-06)."""

    _inherit = "mail.activity"

    cr_lane = fields.Selection(
        LANES, string="Department in charge", readonly=True
    )
    cr_template_id = fields.Many2one(
        "mail.activity.plan.template",
        string="Step of the preparation",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
