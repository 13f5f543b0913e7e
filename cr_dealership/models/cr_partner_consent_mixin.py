from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import CR_USER
from ..tools.contact import format_hours, parse_hours
from ..tools.errors import RuleError

CHANNEL_ICONS = {
    "phone": "fa-phone",
    "sms": "fa-commenting-o",
    "email": "fa-envelope-o",
    "letter": "fa-file-text-o",
    "wechat": "fa-weixin",
}


class CrPartnerConsentMixin(models.AbstractModel):
    """What a customer wants to be contacted for, how and when (CUS-08)."""

    _name = "cr.partner.consent.mixin"
    _description = "Contact wishes of a customer"

    cr_preference_ids = fields.One2many(
        "cr.contact.preference",
        "partner_id",
        string="Contact preferences",
        groups=CR_USER,
    )
    cr_preferred_hours = fields.Char(
        string="Preferred hours",
        groups=CR_USER,
        help="Like 14:00-17:00; several spans parted by commas; empty: any time.",
    )
    cr_consent_text = fields.Char(
        string="Consent", compute="_compute_cr_consent_text", groups=CR_USER
    )
    cr_is_refusing_calls = fields.Boolean(
        string="Does not want calls",
        compute="_compute_cr_consent_text",
        search="_search_cr_is_refusing_calls",
        groups=CR_USER,
    )

    # === COMPUTE === #

    @api.depends("cr_preference_ids.state", "cr_preference_ids.date_to")
    @api.depends_context("lang")
    def _compute_cr_consent_text(self):
        summary = self._cr_consent_summary()
        for partner in self:
            wishes = summary.get(partner._origin.id, [])
            partner.cr_consent_text = ", ".join(wish["title"] for wish in wishes)
            partner.cr_is_refusing_calls = any(
                wish["channel"] == "phone" and wish["purpose"] == "all"
                for wish in wishes
            )

    def _search_cr_is_refusing_calls(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        domain = self.env["cr.contact.preference"]._get_refusal_domain() + [
            ("channel", "=", "phone"),
            ("purpose", "=", "all"),
            ("vehicle_id", "=", False),
        ]
        return [("cr_preference_ids", "any", domain)]

    # === CONSTRAINTS === #

    @api.constrains("cr_preferred_hours")
    def _check_cr_preferred_hours(self):
        for partner in self:
            partner._cr_get_preferred_hours()

    # === ONCHANGE === #

    @api.onchange("cr_preferred_hours")
    def _onchange_cr_preferred_hours(self):
        """Write the hours in one way as soon as they can be read."""
        # Saving refuses it in words; while typing it may be half done.
        with suppress(RuleError):
            self.cr_preferred_hours = format_hours(parse_hours(self.cr_preferred_hours))

    # === ACTIONS === #

    def action_cr_do_not_call(self, means="call", reason=False):
        """Record that the customers do not want any calls; ends older wishes.

        :param str means: how we know, a code of the field `means`
        :param str reason: what the customer said
        """
        return self._cr_record_wish("refused", means=means, reason=reason)

    def action_cr_allow_calls(self, means="call", reason=False):
        """Record that the customers may be called again; ends the refusal."""
        return self._cr_record_wish("granted", means=means, reason=reason)

    # === BUSINESS === #

    def _cr_record_wish(self, state, purpose="all", channel="phone", **values):
        """Record one wish for each customer; the wish it replaces ends today."""
        return self.env["cr.contact.preference"].create(
            [
                {
                    "partner_id": partner.id,
                    "state": state,
                    "purpose": purpose,
                    "channel": channel,
                    **values,
                }
                for partner in self
            ]
        )

    def _cr_consent_summary(self):
        """Return what the customers refuse, as icons with words.

        :return: {partner id: [{"channel", "purpose", "icon", "title"}]}; who refuses
            nothing is absent
        :rtype: dict[int, list[dict]]
        """
        Preference = self.env["cr.contact.preference"]
        wishes = Preference.search(
            Preference._get_refusal_domain() + [("partner_id", "in", self._origin.ids)],
            order="purpose, channel, id",
        )
        refusals = self._cr_get_refusal_words()
        purposes = dict(Preference._fields["purpose"]._description_selection(self.env))
        summary = {}
        for wish in wishes:
            words = [refusals[wish.channel]]
            if wish.purpose != "all":
                words.append(purposes[wish.purpose])
            if wish.vehicle_id:
                words.append(wish.vehicle_id.display_name)
            summary.setdefault(wish.partner_id.id, []).append(
                {
                    "channel": wish.channel,
                    "purpose": wish.purpose,
                    "icon": CHANNEL_ICONS[wish.channel],
                    "title": " · ".join(words),
                }
            )
        return summary

    @api.model
    def _cr_get_refusal_words(self):
        """Return {channel: words} of who refuses a channel."""
        return {
            "phone": self.env._("No calls"),
            "sms": self.env._("No SMS"),
            "email": self.env._("No e-mails"),
            "letter": self.env._("No letters"),
            "wechat": self.env._("No WeChat"),
        }

    def _cr_get_preferred_hours(self):
        """Return the hours in which the customer wants calls.

        :return: list of (from, to); empty for any time
        :rtype: list[tuple[datetime.time, datetime.time]]
        """
        self.ensure_one()
        try:
            return parse_hours(self.cr_preferred_hours)
        except RuleError as error:
            raise ValidationError(
                self.env._(
                    "The preferred hours of %(customer)s cannot be read: “%(part)s”."
                    " Write spans like 14:00-17:00, several parted by commas.",
                    customer=self.name,
                    part=error.params["part"],
                )
            ) from error
