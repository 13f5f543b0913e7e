from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_interview import INTERVIEW_CHANNELS


class CrInterviewInvite(models.TransientModel):
    """Ask chosen customers outside of calls: by link, by letter, or to meet us.

    The customers come from any filter of the customer list (SUR-04, SUR-07).
    """

    _name = "cr.interview.invite"
    _description = "Send a questionnaire"

    questionnaire_id = fields.Many2one(
        "cr.questionnaire",
        required=True,
        domain="[('version_ids.state', '=', 'in_force')]",
    )
    channel = fields.Selection(
        [option for option in INTERVIEW_CHANNELS if option[0] != "phone"],
        required=True,
        default="sms",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", default=lambda self: self._default_partners()
    )
    partner_count = fields.Integer(compute="_compute_partner_count")
    meet_at = fields.Datetime(string="Meeting on")

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        return self.env["res.partner"].browse(self.env.context.get("active_ids") or ())

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard.partner_ids)

    def action_invite(self):
        """Make one interview for each customer, and send what is sent.

        Who has an interview of this questionnaire open keeps it.

        :return: the interviews
        """
        self.ensure_one()
        interviews = self._make_interviews()
        if self.channel in ("sms", "email"):
            # sudo: see `cr.interview._send_link`.
            interviews.sudo()._send_link(self.channel)
        return {
            "type": "ir.actions.act_window",
            "name": self.questionnaire_id.name,
            "res_model": "cr.interview",
            "view_mode": "list,form",
            "domain": [("id", "in", interviews.ids)],
        }

    def _make_interviews(self):
        """Return the open interviews of the customers, new ones where there is none."""
        version = self.questionnaire_id.version_id
        if not version or not self.partner_ids:
            raise UserError(
                self.env._(
                    "Choose customers and a questionnaire with a version in force"
                    " first."
                )
            )
        # sudo: interviews are written by their methods only.
        interviews = self.env["cr.interview"].sudo()
        found = interviews.search(
            [
                ("partner_id", "in", self.partner_ids.ids),
                ("version_id", "=", version.id),
                ("company_id", "=", self.env.company.id),
                ("callback_id", "=", False),
                ("state", "in", ("invited", "agreed", "started")),
            ]
        )
        fresh = self.partner_ids - found.partner_id
        made = interviews.create(
            [self._prepare_interview(partner, version) for partner in fresh]
        )
        return (found | made).sudo(False)

    def _prepare_interview(self, partner, version):
        """Return the values of one interview."""
        store = self.env.company
        car = partner.cr_role_ids.filtered(
            lambda role: role.role == "owner" and not role.date_to
        ).vehicle_id[:1]
        interviews = self.env["cr.interview"]
        return {
            **interviews._prepare_interview(version, store, partner, car),
            "channel": self.channel,
            "meet_at": self.meet_at,
            "agent_id": self.env.uid if self.channel == "visit" else False,
        }
