from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import MESSAGE_CHANNELS, PURPOSES
from ..tools.message import (
    PLACEHOLDERS,
    count_parts,
    fill,
    find_unknown,
    has_loose_brace,
)


class CrMessageTemplate(models.Model):
    """A text to customers by purpose, with placeholders (COM-06)."""

    _name = "cr.message.template"
    _description = "Message template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    channel = fields.Selection(MESSAGE_CHANNELS, required=True, default="sms")
    purpose = fields.Selection(PURPOSES, required=True, default="service")
    subject = fields.Char(translate=True)
    body = fields.Text(
        required=True,
        translate=True,
        help="{customer} {title} {plate} {model} {agent} {store} {date} {order} {due}"
        " {link} {advisor} {notice} are filled in.",
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A text of ours that no source confirms."
    )
    note = fields.Char(translate=True)
    preview = fields.Text(compute="_compute_preview")
    parts = fields.Integer(
        compute="_compute_preview",
        help="How many SMS the example costs: 70 characters, or 67 each.",
    )

    @api.depends("subject", "body", "channel")
    @api.depends_context("lang")
    def _compute_preview(self):
        values = self._get_example_values()
        for template in self:
            text = template._render(values)
            template.preview = "\n\n".join(filter(None, text.values()))
            is_sms = template.channel == "sms"
            template.parts = count_parts(text["body"]) if is_sms else 0

    @api.constrains("subject", "body")
    def _check_placeholders(self):
        """Refuse a placeholder that nothing fills in."""
        for template in self:
            unknown = find_unknown(template.subject) + find_unknown(template.body)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” has {%(name)s}, which cannot be filled in; use"
                        " one of %(known)s.",
                        template=template.name,
                        name=unknown[0],
                        known=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )
            if has_loose_brace(template.subject) or has_loose_brace(template.body):
                raise ValidationError(
                    self.env._(
                        "“%(template)s” has a brace without its other half; write"
                        " placeholders like {customer}, without spaces.",
                        template=template.name,
                    )
                )

    def _render(self, values):
        """Return the text for one customer, in the language of the environment.

        :param dict values: {placeholder: text}, see `_get_values`; what is missing
            vanishes
        :return: {"subject", "body"}
        :rtype: dict[str, str]
        """
        self.ensure_one()
        return {
            "subject": fill(self.subject, values),
            "body": fill(self.body, values),
        }

    def _render_for(self, partner, vehicle=None, company=None, **others):
        """Return the text for one customer, in the language of the store.

        :param partner: the customer
        :param vehicle: his car, if the message is about one
        :param company: the store, the current one by default
        :param others: values of the other placeholders, see `_get_values`
        :return: {"subject", "body"}
        :rtype: dict[str, str]
        """
        company = company or self.env.company
        template = self.with_context(lang=company._cr_get_message_lang())
        values = template._get_values(partner, vehicle, company, **others)
        return template._render(values)

    @api.model
    def _get_values(self, partner, vehicle=None, company=None, **others):
        """Return the values of the placeholders that customer, car and store give.

        :param partner: the customer
        :param vehicle: his car, if the message is about one
        :param company: the store, the current one by default
        :param others: the values of the other placeholders: date, order, due, link,
            advisor
        :rtype: dict[str, str]
        """
        vehicle = vehicle or self.env["cr.vehicle"]
        return {
            "customer": partner.name,
            "title": self._get_title(partner),
            "plate": vehicle.plate,
            "model": vehicle.model_id.name,
            "agent": self.env.user.name,
            "store": (company or self.env.company).name,
            **others,
        }

    @api.model
    def _get_title(self, partner):
        """Return how a customer is addressed."""
        if partner.is_company:
            return ""
        if partner.cr_gender == "female":
            return self.env._("Ms.")
        if partner.cr_gender == "male":
            return self.env._("Mr.")
        return self.env._("Sir or Madam")

    @api.model
    def _get_example_values(self):
        """Return the values of an invented customer, for the preview."""
        return {
            "customer": self.env._("Example customer"),
            "title": self.env._("Ms."),
            "plate": "赣D12345",
            "model": "Camry",
            "agent": self.env.user.name,
            "store": self.env.company.name,
            "date": fields.Date.to_string(fields.Date.context_today(self)),
            "order": "RO000001",
            "due": fields.Date.to_string(fields.Date.context_today(self)),
            "link": "https://example.com/b/1a2b3c",
            "advisor": self.env.user.name,
        }
