from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.tools import SQL

# Changing one of these moves the due dates of cars without an interval of their own.
_INTERVAL_FIELDS = frozenset(
    (
        "cr_first_service_months",
        "cr_first_service_km",
        "cr_service_months",
        "cr_service_km",
        "cr_odometer_tolerance_km",
        "cr_odometer_max_km_day",
    )
)
# Changing one of these moves customers to another class or stage.
_CLASS_FIELDS = frozenset(
    (
        "cr_repeat_from",
        "cr_loyal_from",
        "cr_value_window_months",
        "cr_value_high",
        "cr_value_medium",
        "cr_new_owner_days",
        "cr_lapsing_months",
        "cr_lapsed_months",
        "cr_lost_months",
    )
)
# Changing one of these moves cars to another level of churn.
_CHURN_FIELDS = frozenset(
    ("cr_churn_watch", "cr_churn_warning", "cr_churn_high", "cr_lost_months")
)


class ResCompany(models.Model):
    """A store, with the thresholds of its customer classes and due dates.

    Every default is an assumption until the store confirms it; the settings say so.
    """

    _name = "res.company"
    _inherit = ["cr.company.booking.mixin", "cr.company.sms.mixin", "res.company"]

    cr_department_label = fields.Char(
        string="Name of the department",
        help="What this store calls its CR department (ROL-27).",
    )
    # --- due dates (VEH-05, FS-02) ---
    cr_first_service_months = fields.Integer(
        string="First service after (months)", default=3
    )
    cr_first_service_km = fields.Integer(string="First service at (km)", default=5000)
    cr_service_months = fields.Integer(string="Service every (months)", default=6)
    cr_service_km = fields.Integer(string="Service every (km)", default=5000)
    cr_odometer_tolerance_km = fields.Integer(
        string="A later reading may be lower by (km)", default=500
    )
    cr_odometer_max_km_day = fields.Integer(
        string="Most kilometres a day", default=1000
    )
    cr_unsettled_days = fields.Integer(
        string="Unsettled order is late after (days)", default=3
    )
    # --- contacts (REL-26) ---
    cr_contact_cap = fields.Integer(
        string="Contacts of a person at most", default=3, help="0: no limit."
    )
    cr_contact_cap_days = fields.Integer(string="Within (days)", default=7)
    # --- classes of customers (CUS-13, CUS-14, CUS-25) ---
    cr_repeat_from = fields.Integer(string="Repeat buyer from (cars)", default=2)
    cr_loyal_from = fields.Integer(string="Loyal buyer from (cars)", default=3)
    cr_value_window_months = fields.Integer(
        string="Spend counts for (months)", default=24
    )
    cr_value_high = fields.Float(string="High value from (spend)", default=200000)
    cr_value_medium = fields.Float(string="Medium value from (spend)", default=5000)
    cr_new_owner_days = fields.Integer(string="New owner for (days)", default=90)
    cr_lapsing_months = fields.Integer(
        string="Lapsing after (months without visit)", default=3
    )
    cr_lapsed_months = fields.Integer(
        string="Lapsed after (months without visit)", default=6
    )
    cr_lost_months = fields.Integer(
        string="Lost after (months without visit)", default=24
    )

    # --- churn (RCL-08) ---
    cr_churn_watch = fields.Integer(string="Watch from (score)", default=20)
    cr_churn_warning = fields.Integer(string="Warning from (score)", default=40)
    cr_churn_high = fields.Integer(string="High risk from (score)", default=60)

    # --- problems (CB-12) ---
    cr_problem_hours = fields.Float(
        string="Problems are solved within (working hours)", default=8
    )

    # --- gifts (REL-11, REL-13) ---
    cr_gift_limit = fields.Float(
        string="One gift at most", default=100, help="0: no limit."
    )
    cr_gift_quota = fields.Float(
        string="A person at most", default=300, help="In the period; 0: no limit."
    )
    cr_gift_quota_months = fields.Integer(
        string="Gifts count for (months)", default=12
    )
    cr_gift_over = fields.Selection(
        [
            ("block", "Is not possible"),
            ("second", "Needs the CR head's signature, too"),
        ],
        string="A gift over the limits",
        default="second",
    )

    _cr_gift_positive = models.Constraint(
        "CHECK (cr_gift_limit >= 0 AND cr_gift_quota >= 0"
        " AND cr_gift_quota_months > 0)",
        "Limits of gifts cannot be negative, and their period is at least a month.",
    )
    _cr_churn_order = models.Constraint(
        "CHECK (cr_churn_watch > 0 AND cr_churn_warning > cr_churn_watch"
        " AND cr_churn_high > cr_churn_warning)",
        "The levels must follow each other: watch, then warning, then high risk.",
    )
    _cr_frequency_order = models.Constraint(
        "CHECK (cr_repeat_from >= 1 AND cr_loyal_from > cr_repeat_from)",
        "A loyal buyer needs more cars than a repeat buyer.",
    )
    _cr_value_order = models.Constraint(
        "CHECK (cr_value_medium >= 0 AND cr_value_high > cr_value_medium)",
        "High value must begin above medium value.",
    )
    _cr_stage_order = models.Constraint(
        "CHECK (cr_new_owner_days >= 0 AND cr_lapsing_months > 0"
        " AND cr_lapsed_months > cr_lapsing_months"
        " AND cr_lost_months > cr_lapsed_months)",
        "The stages must follow each other: lapsing, then lapsed, then lost.",
    )
    _cr_cap_sane = models.Constraint(
        "CHECK (cr_contact_cap >= 0 AND cr_contact_cap_days BETWEEN 1 AND 90)",
        "The limit of contacts is not negative and counts over 1 to 90 days.",
    )
    _cr_window_positive = models.Constraint(
        "CHECK (cr_value_window_months > 0)",
        "The months for which spend counts must be above zero.",
    )

    # === CRUD === #

    def write(self, vals):
        """Have due dates and classes follow the store's intervals and thresholds."""
        result = super().write(vals)
        if not _INTERVAL_FIELDS.isdisjoint(vals):
            self.env["cr.vehicle"]._mark_stale(
                SQL("(company_id IS NULL OR company_id = ANY(%s))", self.ids)
            )
        if not _CLASS_FIELDS.isdisjoint(vals):
            self.env["res.partner"]._cr_review_everybody()
        if not _CHURN_FIELDS.isdisjoint(vals):
            self.env["cr.vehicle"]._mark_all_churn()
        return result

    # === STORE'S CLOCK === #

    def _cr_timezone(self):
        """Return the time zone the store lives in."""
        tz = self.partner_id.tz or self.resource_calendar_id.tz or "Asia/Shanghai"
        return pytz.timezone(tz)

    def _cr_today(self):
        """Return today by the clock of the store."""
        return self._cr_local_day(fields.Datetime.now())

    def _cr_local_day(self, moment):
        """Return the day of a moment by the clock of the store.

        :param datetime moment: naive UTC as stored, or empty
        :return: the day, False without a moment
        """
        if not moment:
            return False
        return pytz.utc.localize(moment).astimezone(self._cr_timezone()).date()

    def _cr_unsettled_limit(self):
        """Return the day before which an order in the shop should be settled."""
        return self._cr_today() - timedelta(days=self.cr_unsettled_days)

    def _cr_is_working_day(self, day):
        """Say whether the store works on a day: no holiday, no day off, or made up for.

        :param datetime.date day: day by the store's clock
        """
        calendar = self.resource_calendar_id
        return calendar._cr_is_working_day(day) if calendar else True

    # === THRESHOLDS === #

    def _cr_get_limits(self):
        """Return the thresholds of the store as the classes take them.

        :return: {"frequency", "value", "lifecycle"}, see `tools.classes`
        :rtype: dict[str, dict]
        """
        self.ensure_one()
        return {
            "frequency": {"repeat": self.cr_repeat_from, "loyal": self.cr_loyal_from},
            "value": {"high": self.cr_value_high, "medium": self.cr_value_medium},
            "lifecycle": {
                "new_owner_days": self.cr_new_owner_days,
                "lapsing_months": self.cr_lapsing_months,
                "lapsed_months": self.cr_lapsed_months,
                "lost_months": self.cr_lost_months,
            },
        }
