from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import OPEN_STAGES

_MODEL = "cr.complaint"


class CrCallback(models.Model):
    """Calls know of complaints: made from a call, verified by one (CB-28, CPL-19)."""

    _inherit = "cr.callback"

    def _has_open_complaint(self):
        """Return those whose customer has an open complaint; one query."""
        # Raised rights: the agent is warned, the file itself may be closed to him.
        groups = self.env[_MODEL].sudo()._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("stage", "in", OPEN_STAGES),
            ],
            ["partner_id"],
        )
        unhappy = {partner.id for (partner,) in groups}
        return self.filtered(lambda call: call.partner_id.id in unhappy)

    def _refresh_priority(self, today):
        """Put cards of customers with an open complaint first (CB-19)."""
        result = super()._refresh_priority(today)
        self.env.cr.execute(
            SQL(
                """
                WITH unhappy AS (
                    SELECT DISTINCT partner_id FROM cr_complaint
                     WHERE stage <> 'closed' AND partner_id IS NOT NULL)
                UPDATE cr_callback c
                   SET priority = CASE WHEN u.partner_id IS NULL THEN 0 ELSE 1 END
                  FROM cr_callback old
             LEFT JOIN unhappy u ON u.partner_id = old.partner_id
                 WHERE c.id = old.id AND old.state IN ('todo', 'retry')
                   AND (old.priority > 0) <> (u.partner_id IS NOT NULL)
                """
            )
        )
        self.invalidate_model(["priority"])
        return result

    def action_make_complaint(self):
        """Open a new complaint with all that the call knows (CB-28)."""
        self.ensure_one()
        order = self.env["cr.service.order"]
        if self.origin_model == order._name:
            order = order.browse(self.origin_id).exists()
        origin = self.env[_MODEL].search(
            [("origin_model", "=", self._name), ("origin_id", "=", self.id)], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaint"),
            "res_model": _MODEL,
            "res_id": origin.id,
            "view_mode": "form",
            "context": {
                "default_company_id": self.company_id.id,
                "default_channel": "callback",
                "default_partner_id": self.partner_id.id,
                "default_vehicle_id": self.vehicle_id.id,
                "default_order_id": order.id,
                "default_origin_model": self._name,
                "default_origin_id": self.id,
            },
        }

    # === FOLLOW-UP CALL === #

    def _get_complaints(self):
        """Return {callback: complaint} of the follow-up calls in `self`."""
        calls = self.filtered(lambda call: call.origin_model == _MODEL)
        # Raised rights: who makes the call may know what it is about.
        found = self.env[_MODEL].sudo().browse(calls.mapped("origin_id")).exists()
        by_id = {complaint.id: complaint for complaint in found}
        return {
            call: by_id[call.origin_id] for call in calls if call.origin_id in by_id
        }

    def _get_answers(self):
        """Return, for follow-up calls, whether the customer is satisfied."""
        answers = super()._get_answers()
        for call in self._get_complaints():
            answers[call.id] = self.env["cr.complaint.verdict"]._get_options()
        return answers

    def _record_answers(self, answers):
        """Keep the customer's verdict; dissatisfied opens the complaint again."""
        complaints = self._get_complaints()
        mine = {call.id for call in complaints}
        rest = {key: said for key, said in answers.items() if int(key) not in mine}
        result = super()._record_answers(rest)
        for call, complaint in complaints.items():
            said = answers.get(call.id) or answers.get(str(call.id))
            if said and said.get("reason_id"):
                verdict = self.env["cr.complaint.verdict"].browse(said["reason_id"])
                complaint.with_user(self.env.user).sudo()._verify(
                    verdict.is_satisfied, verdict.score, said.get("note")
                )
        return result

    def action_take(self):
        """Refuse a follow-up call to who handled the complaint himself (CPL-19)."""
        for complaint in self._get_complaints().values():
            if self.env.user in complaint._get_handlers():
                raise UserError(
                    self.env._(
                        "You handled %(complaint)s; somebody else asks the customer.",
                        complaint=complaint.name,
                    )
                )
        return super().action_take()
