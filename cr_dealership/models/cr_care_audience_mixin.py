from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.safe_eval import safe_eval

from ..const import COMPANY_SIZES, FREQUENCY_CLASSES, NEED_CLASSES, VALUE_CLASSES
from ..const_care import BEHAVIOURS

# The column of the customer that holds each choice.
_CHOICES = {
    "value_class": "cr_value_class",
    "frequency_class": "cr_frequency_class",
    "need_class": "cr_need_class",
    "company_size": "cr_company_size",
    "region_id": "cr_region_id",
}


class CrCareAudienceMixin(models.AbstractModel):
    """Which customers are meant: grade, size, region, behaviour (REL-16, COM-13).

    What is left empty asks for nothing. Only customers with a car are meant.
    """

    _name = "cr.care.audience.mixin"
    _description = "Which customers are meant"

    region_id = fields.Many2one("cr.region", help="Empty: everywhere.")
    value_class = fields.Selection(
        VALUE_CLASSES,
        string="Customer value",
        help="High: A or gold, medium: B or silver, low: ordinary customers.",
    )
    frequency_class = fields.Selection(FREQUENCY_CLASSES, string="Purchase frequency")
    need_class = fields.Selection(NEED_CLASSES, string="Need")
    company_size = fields.Selection(COMPANY_SIZES, string="Size of the company")
    behaviour = fields.Selection(BEHAVIOURS, string="What the customer did")
    behaviour_days = fields.Integer(string="Days", default=90, aggregator=None)
    domain = fields.Char(
        string="Which customers", default="[]", required=True, translate=False
    )
    audience_count = fields.Integer(
        string="Customers meant", compute="_compute_audience_count"
    )

    @api.depends(*_CHOICES, "domain", "behaviour", "behaviour_days")
    def _compute_audience_count(self):
        for record in self:
            record.audience_count = self.env["res.partner"].search_count(
                record._get_audience()
            )

    @api.constrains("domain", "behaviour", "behaviour_days")
    def _check_audience(self):
        for record in self:
            record._get_audience()
            if record.behaviour and not 0 < record.behaviour_days <= 3650:
                raise ValidationError(
                    self.env._(
                        "%(name)s: name between 1 and 3650 days for what the customer"
                        " did.",
                        name=record.display_name,
                    )
                )

    def _get_audience(self):
        """Return the domain of the customers meant.

        :raise ValidationError: the condition written by hand cannot be read
        """
        self.ensure_one()
        domain, values = self._read_domain(), self._prepare_audience()
        for name, column in _CHOICES.items():
            if values[name]:
                domain.append((column, "=", values[name]))
        return [*domain, *self._get_behaviour(), ("cr_vehicle_count", ">", 0)]

    def _prepare_audience(self):
        """Return the values that mean the same customers on another record."""
        self.ensure_one()
        names = (*_CHOICES, "behaviour", "behaviour_days", "domain")
        return {name: self[name] for name in names} | {"region_id": self.region_id.id}

    def _read_domain(self):
        """Return the condition written by hand as a list."""
        try:
            domain = list(safe_eval(self.domain or "[]"))
            self.env["res.partner"]._search(domain)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The customers of %(campaign)s cannot be found: %(error)s. Choose"
                    " them anew.",
                    campaign=self.display_name,
                    error=error,
                )
            ) from error
        return domain

    def _get_behaviour(self):
        """Return the domain of what the customer did or did not."""
        today = self.env["cr.care.case"]._get_today()
        span = timedelta(days=self.behaviour_days)
        domains = {
            "away": [("cr_last_visit_on", "<", today - span)],
            "came": [("cr_last_visit_on", ">=", today - span)],
            "bought": [("cr_last_delivery_on", ">=", today - span)],
            "due": [("cr_due_on", "<=", today + span)],
            "declined": [("cr_main_vehicle_id.declined_ids.state", "=", "open")],
            "risk": [("cr_main_vehicle_id.churn_level", "in", ("warning", "high"))],
        }
        return domains.get(self.behaviour, [])
