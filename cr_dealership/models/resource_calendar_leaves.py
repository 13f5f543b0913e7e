from odoo import fields, models


class ResourceCalendarLeaves(models.Model):
    """A time off; a public holiday that was loaded carries its first day as key."""

    _inherit = "resource.calendar.leaves"

    cr_holiday_on = fields.Date(
        string="Public holiday from",
        readonly=True,
        copy=False,
        help="First day of the public holiday that this time off was loaded for.",
    )

    _cr_holiday_unique = models.UniqueIndex(
        "(calendar_id, cr_holiday_on) WHERE cr_holiday_on IS NOT NULL",
        "This public holiday is already in the working schedule.",
    )
