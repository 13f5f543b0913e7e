from odoo import fields, models
from odoo.exceptions import UserError

from ..const import STAGES

_RANK = {code: place for place, (code, _label) in enumerate(STAGES)}
# Reached by their own buttons, not by dragging.
_OWN_BUTTONS = ("answered", "feedback", "verification", "closed")


class CrComplaintStageMixin(models.AbstractModel):
    """The way of a complaint through its stages, with guards (CPL-14 … CPL-18)."""

    _name = "cr.complaint.stage.mixin"
    _description = "Complaint: stages"

    # --- first contact (CPL-35) ---
    heard_appeal = fields.Boolean(string="Heard what he asks for")
    heard_facts = fields.Boolean(string="Asked for the facts")
    heard_empathy = fields.Boolean(string="Showed understanding")
    heard_restated = fields.Boolean(string="Said it again in own words")
    heard_promised = fields.Boolean(string="Promised what comes next, and when")
    answered_at = fields.Datetime(string="First answered", readonly=True, copy=False)
    told_at = fields.Datetime(string="Last told", readonly=True, copy=False)
    promised_at = fields.Datetime(string="Promised by", readonly=True, copy=False)
    # --- investigation (CPL-15) ---
    interview = fields.Text(string="Talk with the customer")
    records_read = fields.Text(string="Records consulted")
    survey = fields.Text(string="What was seen on site")
    cause = fields.Text(string="Root cause")
    # --- plan (CPL-16) ---
    interest = fields.Text(string="What matters to the customer")
    measure_ids = fields.One2many("cr.complaint.measure", "complaint_id")
    compensation_ids = fields.One2many("cr.complaint.compensation", "complaint_id")
    result = fields.Text()
    explanation = fields.Text(
        string="Explained to the customer",
        help="What cannot be changed, and how it was explained (CPL-34).",
    )
    is_on_the_spot = fields.Boolean(
        string="Solved on the spot", readonly=True, copy=False
    )
    solved_at = fields.Datetime(readonly=True, copy=False)

    # === ACTIONS === #

    def action_on_the_spot(self):
        """Close a grievance that was explained at once (CPL-11).

        :raise UserError: without what was answered, or for a grave one
        """
        for complaint in self:
            if not (complaint.result or "").strip():
                raise UserError(
                    self.env._(
                        "%(complaint)s: write into “Result” what was answered.",
                        complaint=complaint.name,
                    )
                )
            if complaint.grade_id.needs_evidence or complaint.is_crisis:
                raise UserError(
                    self.env._(
                        "%(complaint)s is graded “%(grade)s”; that is not closed on the"
                        " spot. Fill in the record form and pass it on.",
                        complaint=complaint.name,
                        grade=complaint.grade_id.name,
                    )
                )
        now = fields.Datetime.now()
        # Raised rights: nobody writes these columns but the buttons.
        self.sudo().write({"is_on_the_spot": True, "solved_at": now})
        self._answer(self.env._("Answered at once"))
        self._record("solved")
        self._move("answered")
        self._close_file()

    def action_classify(self):
        """The record form is complete: pass it to the department (CPL-12, CPL-14)."""
        self._go_to("classified")
        now = fields.Datetime.now()
        self.sudo().write({"dispatched_at": now})
        for complaint in self:
            complaint._record("dispatched", text=complaint.role_id.name)
        self._hand_to_owner()

    def action_next(self):
        """Go on to the next stage of the way."""
        following = {
            "received": "classified",
            "classified": "investigating",
            "answered": "investigating",
            "investigating": "plan",
            "plan": "handling",
        }
        for complaint in self:
            if complaint.stage == "received":
                complaint.action_classify()
            elif complaint.stage in following:
                complaint._go_to(following[complaint.stage])

    def action_tell(self):
        """Ask what the customer was told, and what was promised."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The customer was told"),
            "res_model": "cr.complaint.tell",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    # === MOVING === #

    def _go_to(self, stage):
        """Bring complaints to a stage if nothing is missing.

        :raise UserError: naming what is missing
        """
        for complaint in self:
            if stage in _OWN_BUTTONS and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(complaint)s gets there by its buttons: what the customer was"
                        " told, solved, the follow-up call, the closing.",
                        complaint=complaint.name,
                    )
                )
            missing = complaint._get_missing(stage)
            if missing:
                raise UserError(
                    self.env._(
                        "%(complaint)s cannot go on; still missing: %(missing)s.",
                        complaint=complaint.name,
                        missing=", ".join(missing),
                    )
                )
        self._move(stage)

    def _move(self, stage):
        """Write a stage and log it."""
        moving = self.filtered(lambda one: one.stage != stage)
        if not moving:
            return
        # Raised rights: stages are written here alone.
        moving.sudo().write({"stage": stage})
        labels = dict(self._fields["stage"]._description_selection(self.env))
        self.env["cr.complaint.event"]._log(moving, "moved", text=labels[stage])

    def _get_missing(self, stage):
        """Return in words what a stage needs that is not there yet."""
        self.ensure_one()
        rank = _RANK[stage]
        missing = []
        if rank >= _RANK["classified"]:
            missing += self._get_missing_fields(
                "category_id", "role_id", "content", "demand"
            )
            if not self.partner_id and not self.contact:
                missing.append(self._get_label("partner_id"))
        if rank >= _RANK["plan"]:
            missing += self._get_missing_fields("cause")
        if rank >= _RANK["handling"]:
            missing += self._get_missing_measures()
        if rank >= _RANK["feedback"]:
            missing += self._get_missing_results()
        return missing

    def _get_missing_fields(self, *names):
        return [self._get_label(name) for name in names if not self[name]]

    def _get_missing_measures(self):
        """Return what the plan lacks: measures with person and day, signatures."""
        missing = []
        if not self.measure_ids:
            missing.append(self._get_label("measure_ids"))
        if self.compensation_ids.filtered(lambda one: one.state in ("draft", "asked")):
            missing.append(self.env._("a decision on the compensation"))
        return missing

    def _get_missing_results(self):
        """Return what is not carried out yet."""
        missing = self._get_missing_fields("result")
        undone = self.measure_ids.filtered(lambda one: not one.done_on)
        missing += [
            self.env._("measure “%s” carried out", one.name) for one in undone
        ]
        return missing

    def _get_label(self, name):
        return self._fields[name].get_description(self.env, ["string"])["string"]

    # === TELLING === #

    def _answer(self, text, until_at=None):
        """Note the first answer, or further news, to the customer (CPL-17)."""
        now = fields.Datetime.now()
        first = self.filtered(lambda one: not one.answered_at)
        # Raised rights: these columns follow from what was told.
        first.sudo().write({"answered_at": now})
        self.sudo().write({"told_at": now, "promised_at": until_at})
        for some, kind in ((first, "answered"), (self - first, "told")):
            if some:
                some._record(kind, text=text, until_at=until_at)
        self.env["cr.complaint.alert"]._note_work(self)
