from odoo import api, fields, models


class CrMakeupDay(models.Model):
    """A day worked though the calendar has it off, mostly for a long holiday (CB-06).

    It adds the hours of the weekday it works like. A day on which the calendar works
    anyway keeps its own hours.
    """

    _name = "cr.makeup.day"
    _description = "Make-up working day"
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working schedule",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all working schedules of the store.",
    )
    date = fields.Date(required=True, index=True)
    like_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="Works like a",
        required=True,
        default="0",
    )
    name = fields.Char(string="Because of")

    _date_unique = models.UniqueIndex(
        "(company_id, COALESCE(calendar_id, 0), date)",
        "This day is already a make-up day of this working schedule.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Have the calendars see the new days."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Have the calendars see the change."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Have the calendars forget the days."""
        self.env.registry.clear_cache()
        return super().unlink()
