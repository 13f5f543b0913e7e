from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const_care import (
    ANSWERS,
    CANCEL_REASONS,
    CASE_STATES,
    LIVE_CASE_STATES,
    OPEN_TASK_STATES,
    SUBJECTS,
)

# What a person may write himself; the rest is chatter and what happened.
_FREE_FIELDS = {"note", "told_topic_ids", "message_follower_ids", "message_ids"}


class CrCareCase(models.Model):
    """Something that falls due for a customer, from the first step until it is won.

    Opened by the nightly run of its plan, once per plan, subject and day N. Ended in
    the transaction of what ended it: a visit, a policy, a resale.
    """

    _name = "cr.care.case"
    _description = "Care case"
    _inherit = [
        "mail.thread",
        "cr.care.case.booking.mixin",
        "cr.care.case.call.mixin",
        "cr.care.case.follow.mixin",
        "cr.care.case.words.mixin",
        "cr.care.case.topic.mixin",
    ]
    _order = "priority, anchor_on, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", string="Store", required=True)
    plan_id = fields.Many2one(
        "cr.care.plan", required=True, index=True, ondelete="restrict"
    )
    version_id = fields.Many2one(
        "cr.care.plan.version", required=True, index=True, ondelete="restrict"
    )
    subject = fields.Selection(SUBJECTS, string="About", required=True)
    campaign_id = fields.Many2one(
        "cr.care.campaign", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", ondelete="restrict"
    )
    plate = fields.Char(related="vehicle_id.plate")
    model_id = fields.Many2one(related="vehicle_id.model_id", string="Model")
    phone = fields.Char(related="partner_id.mobile", string="Telephone")
    checklist = fields.Text(related="plan_id.checklist")
    priority = fields.Integer(aggregator=None)
    # --- when ---
    anchor_on = fields.Date(string="Day N", required=True)
    first_anchor_on = fields.Date(
        string="First day N", required=True, help="Before the date was moved."
    )
    opened_on = fields.Date(required=True)
    expires_on = fields.Date(required=True)
    reason_text = fields.Char(string="Why due", compute="_compute_reason_text")
    due_text = fields.Char(string="When", compute="_compute_due_text")
    next_task_id = fields.Many2one(
        "cr.care.task", string="Next step", compute="_compute_next_task"
    )
    next_on = fields.Date(string="Next step on", compute="_compute_next_task")
    next_text = fields.Char(string="What is next", compute="_compute_next_task")
    # --- how it stands ---
    state = fields.Selection(
        CASE_STATES, required=True, default="open", tracking=True, group_expand=True
    )
    answer = fields.Selection(ANSWERS, tracking=True)
    reason_id = fields.Many2one(
        "cr.care.reason", index="btree_not_null", tracking=True, ondelete="restrict"
    )
    cancel_reason = fields.Selection(CANCEL_REASONS, readonly=True)
    note = fields.Char()
    is_holdout = fields.Boolean(
        string="Not reminded",
        readonly=True,
        help="Set aside by lot to measure what the reminders really bring.",
    )
    list_id = fields.Many2one(
        "cr.care.list", index="btree_not_null", ondelete="set null", readonly=True
    )
    confirmed_on = fields.Date(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    # --- what it brought; measured, never typed ---
    contact_count = fields.Integer(string="Contacts", readonly=True)
    contacted_on = fields.Date(string="First contact", readonly=True)
    answered_on = fields.Date(readonly=True)
    reached_on = fields.Date(readonly=True)
    booked_on = fields.Date(readonly=True)
    closed_on = fields.Date(readonly=True)
    won_on = fields.Date(string="Came or renewed on", readonly=True)
    won_order_id = fields.Many2one(
        "cr.service.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    won_policy_id = fields.Many2one(
        "cr.insurance.policy",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    is_effect = fields.Boolean(
        string="Came after a contact",
        readonly=True,
        help="Came within the success window of the plan after a contact, not before.",
    )
    agent_id = fields.Many2one("res.users", string="Reached by", readonly=True)
    task_ids = fields.One2many("cr.care.task", "case_id", string="Steps")

    _key_unique = models.UniqueIndex(
        "(plan_id, partner_id, COALESCE(vehicle_id, 0), first_anchor_on,"
        " COALESCE(campaign_id, 0))",
        "This customer already has a case of this plan for that day.",
    )
    _live_vehicle_index = models.Index(
        "(vehicle_id) WHERE state IN ('open', 'booked')"
    )
    _live_partner_index = models.Index(
        "(partner_id) WHERE state IN ('open', 'booked')"
    )
    _live_list_index = models.Index(
        "(company_id, priority, anchor_on) WHERE state IN ('open', 'booked')"
    )
    _expires_index = models.Index("(expires_on) WHERE state IN ('open', 'booked')")
    _plan_anchor_index = models.Index("(plan_id, anchor_on)")

    # === COMPUTE === #

    @api.depends("plan_id", "partner_id", "vehicle_id")
    def _compute_display_name(self):
        for case in self:
            parts = (case.plan_id.name, case.partner_id.name, case.plate)
            case.display_name = " · ".join(part for part in parts if part)

    # === CRUD === #

    def write(self, vals):
        """Let people write only their remark; what happened writes the rest."""
        if not self.env.su and (fixed := set(vals) - _FREE_FIELDS):
            raise AccessError(
                self.env._(
                    "%(field)s of a case follows from what happened; use the buttons.",
                    field=min(fixed),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_admin(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Cases are kept as proof of what was done; cancel the case instead"
                    " of deleting it."
                )
            )

    # === ACTIONS === #

    def action_cancel(self):
        """Cancel the cases by hand; their steps stop."""
        self._end("cancelled", cancel_reason="hand")

    def action_confirm(self):
        """Confirm that the customers may be contacted (FS-04, INS-03)."""
        # Raised rights: who may see the list confirms it, and writes nothing else.
        self.filtered(lambda case: not case.confirmed_on).sudo().write(
            {"confirmed_on": self._get_today(), "confirmed_by_id": self.env.uid}
        )
        self.env["cr.care.task"]._release_confirmed(self.ids)

    def action_answer(self):
        """Ask what the customer said."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the customer said"),
            "res_model": "cr.care.case.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    def action_call(self):
        """Call the customer now: take his open card, or make one."""
        self.ensure_one()
        callback = self.env["cr.callback"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("state", "in", ("todo", "retry")),
                ("origin_model", "=", "cr.care.task"),
            ],
            limit=1,
        )
        return (callback or self._make_callback()).action_take()

    def _make_callback(self):
        """Return a card for a call about the case that no step planned."""
        return self.env["cr.callback"].create(
            {
                "company_id": self.company_id.id,
                "kind": "care",
                "purpose": self.plan_id.purpose,
                "partner_id": self.partner_id.id,
                "vehicle_id": self.vehicle_id.id,
                "origin_model": self._name,
                "origin_id": self.id,
            }
        )

    # === BUSINESS === #

    @api.model
    def _get_today(self):
        """Return the day it is in the store."""
        return self.env.company._cr_today()

    def _record_answer(self, reason, note=None):
        """Keep what the customer said, and carry out what follows (RCL-06, INS-08).

        :param reason: `cr.care.reason`
        :param str note: his own words
        """
        if reason.needs_note and not note:
            raise UserError(
                self.env._(
                    "“%(reason)s” needs the customer's own words; write them down.",
                    reason=reason.name,
                )
            )
        live = self.filtered(lambda case: case.state in LIVE_CASE_STATES)
        # Raised rights: what a call brings is written by whoever made the call.
        live.sudo().write(
            {
                "answer": reason.answer,
                "answered_on": self._get_today(),
                "reason_id": reason.id,
                "note": note or False,
            }
        )
        if reason.answer == "refused":
            live.vehicle_id.sudo()._mark_churn()
        if reason.effect == "lost":
            live._end("lost")
        elif reason.effect == "gone":
            live._end("lost")
            live.vehicle_id.sudo().write({"state": "gone"})
        if reason.is_grievance:
            live._after_grievance(reason, note)

    def _end(self, state, **values):
        """End live cases in a state; steps that are left are cancelled."""
        live = self.filtered(lambda case: case.state in LIVE_CASE_STATES)
        # Raised rights: see _record_answer; nobody writes states by hand.
        live.sudo().write({"state": state, "closed_on": self._get_today(), **values})
        live._stop_tasks()

    def _stop_tasks(self):
        """Cancel what was still planned for the cases, calls and messages included."""
        tasks = self.env["cr.care.task"].sudo().search(
            [("case_id", "in", self.ids), ("state", "in", OPEN_TASK_STATES)]
        )
        tasks._cancel("ended")

    def _add_contact(self, day, is_reached=False, agent=None):
        """Count a contact made for the cases."""
        for case in self.sudo():
            case.write(
                {
                    "contact_count": case.contact_count + 1,
                    "contacted_on": case.contacted_on or day,
                    "reached_on": case.reached_on or (is_reached and day),
                    "agent_id": (agent if is_reached and agent else case.agent_id).id,
                }
            )

    def _after_grievance(self, reason, note):
        """React to a customer who stays away because he is unhappy (RCL-04).

        Hook: the complaints addon opens a complaint for the cases in `self`.
        """
