from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

SATISFACTION = [
    ("1", "Very dissatisfied"),
    ("2", "Dissatisfied"),
    ("3", "So-so"),
    ("4", "Satisfied"),
    ("5", "Very satisfied"),
]


class CrComplaintCloseMixin(models.AbstractModel):
    """Closing: somebody else heard from the customer that it is solved (CPL-19)."""

    _name = "cr.complaint.close.mixin"
    _description = "Complaint: closing"

    satisfaction_before = fields.Selection(SATISFACTION, tracking=True)
    satisfaction_after = fields.Selection(SATISFACTION, readonly=True, copy=False)
    is_satisfied = fields.Selection(
        [("yes", "Satisfied"), ("no", "Not satisfied")],
        string="Really solved",
        readonly=True,
        copy=False,
    )
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    verified_at = fields.Datetime(readonly=True, copy=False)
    verify_by_on = fields.Date(string="Follow-up call by", readonly=True, copy=False)
    callback_ids = fields.One2many(
        "cr.callback", string="Follow-up calls", compute="_compute_callback_ids"
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    has_evidence = fields.Boolean(
        string="Evidence is attached", compute="_compute_has_evidence"
    )

    def _compute_callback_ids(self):
        calls = self.env["cr.callback"].search(
            [("origin_model", "=", "cr.complaint"), ("origin_id", "in", self.ids)]
        )
        for complaint in self:
            complaint.callback_ids = calls.filtered(
                lambda call, one=complaint: call.origin_id == one.id
            )

    @api.depends("message_attachment_count")
    def _compute_has_evidence(self):
        for complaint in self:
            complaint.has_evidence = bool(complaint.message_attachment_count)

    # === ACTIONS === #

    def action_solved(self):
        """Everything is carried out: the follow-up call is due (CPL-19)."""
        for complaint in self:
            missing = complaint._get_missing("feedback")
            if missing:
                raise UserError(
                    self.env._(
                        "%(complaint)s is not solved yet; still missing: %(missing)s.",
                        complaint=complaint.name,
                        missing=", ".join(missing),
                    )
                )
        self._resume()
        # Raised rights: what the buttons bring is written here alone.
        self.sudo().write({"solved_at": fields.Datetime.now()})
        self._record("solved")
        self.env["cr.complaint.alert"]._end_all(self)
        needing = self.filtered("grade_id.needs_verification")
        (self - needing)._move("review")
        needing._move("verification")
        needing._open_verification()

    def action_close(self):
        """Close what is solved and verified.

        :raise UserError: naming what is missing
        """
        for complaint in self:
            missing = complaint._get_missing_for_closing()
            if missing:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot be closed; still missing: %(missing)s.",
                        complaint=complaint.name,
                        missing=", ".join(missing),
                    )
                )
        self._close_file()

    def action_reopen(self):
        """Ask why it is opened again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open again"),
            "res_model": "cr.complaint.reopen",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_note(self):
        """Ask for the daily note or what the media write (CPL-36)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note in the file"),
            "res_model": "cr.complaint.note",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    # === BUSINESS === #

    def _get_missing_for_closing(self):
        """Return in words what stands in the way of closing."""
        self.ensure_one()
        if self.stage == "closed":
            return [self.env._("nothing: it is closed already")]
        missing = [] if self.solved_at else [self.env._("the solution")]
        if self.grade_id.needs_verification:
            if not self.verified_by_id:
                missing.append(self.env._("the follow-up call by somebody else"))
            elif self.is_satisfied != "yes":
                missing.append(self.env._("a satisfied customer"))
        if self.grade_id.needs_evidence and not self.has_evidence:
            missing.append(self.env._("an attachment as evidence"))
        outside = self.outside_ids.filtered(lambda one: not one.closed_on)
        missing += [
            self.env._("an answer to %s", one.display_name) for one in outside
        ]
        return missing

    def _close_file(self):
        """Close the files; nothing is due for them any more.

        Of two who close at once the database lets one wait and begin anew; he then
        hears that it is closed.
        """
        closing = self.filtered(lambda one: one.stage != "closed")
        # Raised rights: as above.
        closing.sudo().write({"closed_at": fields.Datetime.now()})
        closing._record("closed")
        closing._move("closed")
        self.env["cr.complaint.alert"]._end_all(closing)
        closing.sudo().activity_ids.unlink()
        closing._mark_vehicles()
        closing._after_closed()

    def _reopen(self, reason):
        """Open again with all history; a new round with clocks of its own.

        :param str reason: why
        """
        closed = self.filtered(lambda one: one.solved_at or one.stage == "closed")
        for complaint in closed:
            # Raised rights: as above.
            complaint.sudo().write(
                {
                    "round": complaint.round + 1,
                    "solved_at": False,
                    "closed_at": False,
                    "answered_at": False,
                    "is_satisfied": False,
                    "verified_by_id": False,
                    "verified_at": False,
                }
            )
            complaint._record(
                "reopened",
                text=reason,
                calendar_id=complaint._get_calendar().id,
                grade_id=complaint.grade_id.id,
                hours=complaint.grade_id._get_hours(),
            )
        closed._move("investigating")
        closed._hand_to_owner()
        closed._mark_vehicles()

    # === FOLLOW-UP CALL === #

    def _open_verification(self):
        """Open the follow-up calls, once a round; somebody else makes them."""
        for complaint in self.filtered("partner_id"):
            company = complaint.company_id.sudo()
            day = company._cr_today()
            last = day + timedelta(days=company.cr_verification_days)
            complaint.sudo().verify_by_on = last
            # Raised rights: who solves need not be allowed to make cards.
            self.env["cr.callback"].sudo().create(
                {
                    "company_id": complaint.company_id.id,
                    "kind": "complaint",
                    "partner_id": complaint.partner_id.id,
                    "vehicle_id": complaint.vehicle_id.id,
                    "origin_model": "cr.complaint",
                    "origin_id": complaint.id,
                    "anchor_on": day,
                    "earliest_on": day,
                    "due_on": last,
                    "expires_on": last + timedelta(days=7),
                    "agent_id": complaint._get_verifier().id,
                }
            )

    def _get_verifier(self):
        """Return who makes the follow-up call: on duty, and not who handled it."""
        self.ensure_one()
        company = self.company_id.sudo()
        roles = self.env["cr.role"].sudo()
        agents = self.env.ref("cr_dealership.cr_role_callback_agent").sudo()
        for role in (agents, roles._get_head()):
            users = role._on_duty(company, company._cr_today()) - self._get_handlers()
            if users:
                return users[0]
        return self.env["res.users"]

    def _get_handlers(self):
        """Return who handled the complaint and therefore does not verify it."""
        return self.owner_id | self.measure_ids.user_id

    def _verify(self, is_satisfied, score=None, words=None):
        """Note what the customer said in the follow-up call (CPL-20).

        :raise UserError: if who asks handled the complaint himself
        """
        for complaint in self:
            if self.env.user in complaint._get_handlers():
                raise UserError(
                    self.env._(
                        "%(complaint)s was handled by you; somebody else asks the"
                        " customer.",
                        complaint=complaint.name,
                    )
                )
        # Raised rights: as above.
        self.sudo().write(
            {
                "is_satisfied": "yes" if is_satisfied else "no",
                "satisfaction_after": score,
                "verified_by_id": self.env.uid,
                "verified_at": fields.Datetime.now(),
            }
        )
        if is_satisfied:
            self._move("review")
        else:
            self._reopen(words or self.env._("Not satisfied in the follow-up call"))

    # === HOOKS === #

    def _after_closed(self):
        """React to complaints that were closed; runs once for the whole set. Hook."""
