from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import PURPOSES, TOUCH_CHANNELS, TOUCH_SUBJECTS


class CrCareTouchRecord(models.TransientModel):
    """Log a contact by hand, answer a question, or correct an entry (COM-01, COM-02).

    The ledger itself is never edited: each of the three adds a row.
    """

    _name = "cr.care.touch.record"
    _description = "Log a contact"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    vehicle_id = fields.Many2one("cr.vehicle", string="Car")
    at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    channel = fields.Selection(TOUCH_CHANNELS, required=True, default="phone")
    direction = fields.Selection(
        [("in", "The customer contacted us"), ("out", "We contacted")],
        required=True,
        default="in",
    )
    purpose = fields.Selection(PURPOSES)
    content = fields.Char(string="What was said", required=True)
    need = fields.Char(string="What is wanted")
    about = fields.Selection(TOUCH_SUBJECTS)
    handed_to_id = fields.Many2one(
        "res.users",
        string="Handed to",
        domain="[('share', '=', False)]",
        help="Gets a to-do on the customer.",
    )
    is_question = fields.Boolean(
        string="Waits for an answer", help="It could not be answered at once."
    )
    answers_id = fields.Many2one("cr.care.touch", string="Answer to")
    corrects_id = fields.Many2one("cr.care.touch")

    def action_apply(self):
        """Write the contact into the ledger."""
        self.ensure_one()
        self._check_possible()
        original = self.corrects_id
        # sudo: whoever may log contacts does it only here.
        self.env["cr.care.touch"].sudo()._log(
            [
                {
                    "partner_id": self.partner_id.id,
                    "company_id": (original or self.answers_id).company_id.id
                    or self.env.company.id,
                    "vehicle_id": self.vehicle_id.id,
                    "at": self.at,
                    "channel": self.channel,
                    "direction": self.direction,
                    "purpose": self.purpose,
                    "content": self.content,
                    "need": self.need,
                    "about": self.about,
                    "handed_to_id": self.handed_to_id.id,
                    "is_question": self.is_question,
                    "answers_id": (self.answers_id or original.answers_id).id,
                    "corrects_id": original.id,
                }
            ]
        )
        self._hand_over()
        return {"type": "ir.actions.act_window_close"}

    def action_book(self):
        """Write the call down and book the visit that is asked for (APT-02)."""
        self.action_apply()
        return self.env["cr.appointment"]._get_new_action(
            self.partner_id, self.vehicle_id
        )

    def _hand_over(self):
        """Give a to-do to whom the call was handed."""
        for entry in self.filtered("handed_to_id"):
            # Raised rights: who answers the line need not know the other's tasks.
            entry.partner_id.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=entry.handed_to_id.id,
                summary=entry.need or entry.content,
            )

    def _check_possible(self):
        """Refuse what the ledger cannot hold, in words."""
        if self.at > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "The contact with %(customer)s lies in the future; log it when it"
                    " has happened.",
                    customer=self.partner_id.name,
                )
            )
        if self.corrects_id.correction_ids:
            raise UserError(
                self.env._(
                    "This contact with %(customer)s was already corrected; correct the"
                    " correction.",
                    customer=self.partner_id.name,
                )
            )
        if self.corrects_id.origin_model:
            raise UserError(
                self.env._(
                    "This contact with %(customer)s was written by the call or message"
                    " itself; correct it there.",
                    customer=self.partner_id.name,
                )
            )

    @api.onchange("direction")
    def _onchange_direction(self):
        if self.direction == "out":
            self.is_question = False
