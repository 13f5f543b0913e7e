from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_event import RESULT_KINDS


class CrEventResult(models.Model):
    """What a guest brought up at an event, and who follows it up (EVT-14, EVT-24).

    A new intention, a need, a suggestion, or a signed order (EVT-16).
    """

    _name = "cr.event.result"
    _description = "Result of an event"
    _inherit = ["mail.thread"]
    _order = "state desc, due_on, id"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    invitation_id = fields.Many2one(
        "cr.event.invitation",
        string="Guest",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('event_id', '=', event_id)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    kind = fields.Selection(RESULT_KINDS, required=True, default="need")
    name = fields.Char(string="What it is about", required=True)
    model_id = fields.Many2one("fleet.vehicle.model", string="Model of interest")
    signed_on = fields.Date()
    user_id = fields.Many2one("res.users", string="Followed up by", tracking=True)
    due_on = fields.Date(
        string="By", compute="_compute_due_on", store=True, readonly=False
    )
    state = fields.Selection(
        [("open", "To follow up"), ("done", "Settled")],
        required=True,
        default="open",
        tracking=True,
    )
    outcome = fields.Char(string="What came of it")
    callback_id = fields.Many2one(
        "cr.callback", string="Call", readonly=True, ondelete="set null", copy=False
    )

    _due_index = models.Index("(company_id, due_on) WHERE state = 'open'")
    _settled_told = models.Constraint(
        "CHECK (state != 'done' OR kind = 'order' OR outcome IS NOT NULL)",
        "Say what came of it before it is settled.",
    )

    # === COMPUTE === #

    @api.depends("invitation_id")
    def _compute_partner_id(self):
        for result in self:
            result.partner_id = result.invitation_id.partner_id or result.partner_id

    @api.depends("event_id.cr_day", "event_id.event_type_id")
    def _compute_due_on(self):
        for result in self:
            event = result.event_id
            days = event.event_type_id.cr_followup_days or 7
            result.due_on = event.cr_day and fields.Date.add(event.cr_day, days=days)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Settle signed orders at once: they are counted, nobody follows them up."""
        full = [
            {**vals, "state": "done"} if vals.get("kind") == "order" else vals
            for vals in vals_list
        ]
        return super().create(full)

    # === ACTIONS === #

    def action_done(self):
        """Settle what was followed up."""
        silent = self.filtered(lambda one: not one.outcome and one.kind != "order")
        if silent:
            raise UserError(
                self.env._("Say first what came of “%s”.", silent[0].name)
            )
        self.write({"state": "done"})

    def action_make_call(self):
        """Put a call to the customer on the list of calls (EVT-24)."""
        for result in self:
            if not result.partner_id:
                raise UserError(
                    self.env._("“%s” names no customer to call.", result.name)
                )
            if result.callback_id:
                continue
            today = result.company_id._cr_today()
            due_on = max(result.due_on or today, today)
            result.callback_id = self.env["cr.callback"].create(
                {
                    "company_id": result.company_id.id,
                    "kind": "event",
                    "partner_id": result.partner_id.id,
                    "vehicle_id": result.partner_id.cr_main_vehicle_id.id,
                    "note": f"{result.event_id.name}: {result.name}",
                    "anchor_on": result.event_id.cr_day,
                    "earliest_on": today,
                    "due_on": due_on,
                    "expires_on": fields.Date.add(due_on, days=7),
                    "origin_model": result._name,
                    "origin_id": result.id,
                }
            )
