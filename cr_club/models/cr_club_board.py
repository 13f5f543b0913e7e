from datetime import timedelta

from odoo import api, fields, models

from ..const import BOARD_PLACES


class CrClubBoard(models.Model):
    """A display board in the shop, what hangs there and when it is renewed (CLB-28)."""

    _name = "cr.club.board"
    _description = "Display board"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_on, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    place = fields.Selection(BOARD_PLACES, required=True, default="sales")
    user_id = fields.Many2one(
        "res.users",
        string="Looked after by",
        default=lambda self: self.env.user,
        index="btree_not_null",
        tracking=True,
    )
    event_ids = fields.Many2many("event.event", string="Events shown")
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    content = fields.Text(string="What hangs there", tracking=True)
    renewed_on = fields.Date(
        required=True,
        default=lambda self: self.env.company._cr_today(),
        tracking=True,
    )
    renew_days = fields.Integer(
        string="Renewed every (days)", required=True, default=30, help="Assumed."
    )
    due_on = fields.Date(
        string="To be renewed on", compute="_compute_due_on", store=True
    )

    _days_positive = models.Constraint(
        "CHECK (renew_days > 0)", "A board is renewed every day at most."
    )
    _due_index = models.Index("(company_id, due_on) WHERE active")

    @api.depends("renewed_on", "renew_days")
    def _compute_due_on(self):
        for board in self:
            board.due_on = board.renewed_on and board.renewed_on + timedelta(
                days=board.renew_days
            )

    def action_renewed(self):
        """The board was renewed today."""
        for board in self:
            board.renewed_on = board.company_id._cr_today()
