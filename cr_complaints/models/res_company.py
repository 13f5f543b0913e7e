from datetime import datetime, time, timedelta

from pytz import utc

from odoo import fields, models

# By what a complaint rate is worked out (CPL-23).
RATE_BASES = [
    ("order", "Work orders"),
    ("customer", "Customers served"),
    ("delivery", "Deliveries"),
]
# No body waits longer for an answer.
_DAYS_AHEAD = 120


class ResCompany(models.Model):
    """How a store handles complaints."""

    _inherit = "res.company"

    cr_complaint_scheme_id = fields.Many2one(
        "cr.complaint.scheme",
        string="Grading scheme",
        default=lambda self: self.env.ref(
            "cr_complaints.cr_complaint_scheme_five", raise_if_not_found=False
        ),
    )
    cr_verification_days = fields.Integer(
        string="Follow-up call within (days)",
        default=7,
        help="After handling, somebody else asks whether it is really solved.",
    )
    cr_repeat_days = fields.Integer(
        string="Counts as repeated within (days)",
        default=90,
        help="Another complaint of the customer, or of the cause, within so many days.",
    )
    cr_pause_max_hours = fields.Float(
        string="Longest pause (working hours)",
        default=24,
        help="Assumed. Clocks may wait for the customer or parts, but not for ever.",
    )

    cr_complaint_rate_base = fields.Selection(
        RATE_BASES,
        string="Complaint rate per 100",
        required=True,
        default="order",
        help="What complaints are divided by in the figures: settled work orders,"
        " customers with a settled work order, or delivered cars, all of the same"
        " cell.",
    )
    cr_compensation_limit = fields.Float(
        string="Managers sign up to",
        default=500,
        help="Assumed. Dearer compensations are signed by the general manager.",
    )

    _cr_complaint_sane = models.Constraint(
        "CHECK (cr_verification_days > 0 AND cr_repeat_days >= 0"
        " AND cr_pause_max_hours >= 0 AND cr_compensation_limit >= 0)",
        "Days and hours of complaints are not negative.",
    )

    def _cr_get_scheme(self):
        """Return the grading scheme of the store, the five levels by default."""
        self.ensure_one()
        return self.cr_complaint_scheme_id or self.env.ref(
            "cr_complaints.cr_complaint_scheme_five"
        )

    def _cr_add_working_days(self, day, count):
        """Return the end of the last of so many working days after a day.

        :param datetime.date day: the first day does not count itself
        :param int count: working days of the store
        :return: moment in UTC
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        last = day + timedelta(days=_DAYS_AHEAD)
        days = sorted(calendar._cr_working_days(day + timedelta(days=1), last))
        due = ([day, *days])[min(count, len(days))]
        local = self._cr_timezone().localize(datetime.combine(due, time(18)))
        return local.astimezone(utc).replace(tzinfo=None)
