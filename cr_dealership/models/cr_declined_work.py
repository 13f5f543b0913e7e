from odoo import api, fields, models


class CrDeclinedWork(models.Model):
    """Work that was offered and refused; the next call and visit ask again."""

    _name = "cr.declined.work"
    _description = "Declined work"
    _order = "declined_on desc, id desc"

    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        required=True,
        index=True,
        ondelete="cascade",
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, index=True, string="Car"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, string="Store"
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    name = fields.Char(string="Job", required=True)
    safety = fields.Selection(
        [("safety", "Safety"), ("soon", "Soon"), ("comfort", "Comfort")],
        string="Urgency",
        required=True,
        default="soon",
    )
    amount = fields.Monetary(string="Price then")
    currency_id = fields.Many2one(related="order_id.currency_id")
    declined_on = fields.Date(
        compute="_compute_declined_on",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    reason = fields.Char()
    ask_again_on = fields.Date()
    state = fields.Selection(
        [("open", "Open"), ("done", "Done since"), ("dropped", "No longer needed")],
        required=True,
        default="open",
    )
    closed_on = fields.Date(readonly=True, help="Since when it is no longer open.")

    _open_index = models.Index("(vehicle_id) WHERE state = 'open'")

    # === COMPUTE === #

    @api.depends("order_id")
    def _compute_declined_on(self):
        """Work is refused on the day the car leaves, or today while it is here."""
        today = fields.Date.context_today(self)
        for work in self:
            work.declined_on = work.declined_on or work.order_id.out_on or today

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refused work speaks for the car staying away (RCL-15)."""
        works = super().create([self._stamp_closed(vals) for vals in vals_list])
        works.vehicle_id._mark_churn()
        return works

    def write(self, vals):
        """Note since when work is closed; the score of the car follows."""
        result = super().write(self._stamp_closed(vals))
        self.vehicle_id._mark_churn()
        return result

    def unlink(self):
        """The score of the cars follows."""
        vehicles = self.vehicle_id
        result = super().unlink()
        vehicles._mark_churn()
        return result

    @api.model
    def _stamp_closed(self, vals):
        """Return the values with the day on which the work is closed, or none."""
        if "state" not in vals:
            return vals
        today = fields.Date.context_today(self)
        return {**vals, "closed_on": False if vals["state"] == "open" else today}

    # === ACTIONS === #

    def action_done(self):
        """The work was done meanwhile, here or elsewhere."""
        self.state = "done"

    def action_drop(self):
        """Nobody asks for the work again."""
        self.state = "dropped"

    def action_reopen(self):
        """Ask for the work again at the next contact."""
        self.state = "open"
