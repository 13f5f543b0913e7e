import logging
from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import groupby, ormcache
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals
from odoo.tools.translate import LazyTranslate

from ..tools import holidays

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

# The library's names, so that a holiday is called as people here call it.
_HOLIDAY_NAMES = {
    "New Year's Day": _lt("New Year's Day"),
    "Spring Festival": _lt("Spring Festival"),
    "Tomb-sweeping Day": _lt("Tomb-sweeping Day"),
    "Labour Day": _lt("Labour Day"),
    "Dragon Boat Festival": _lt("Dragon Boat Festival"),
    "Mid-autumn Festival": _lt("Mid-autumn Festival"),
    "National Day": _lt("National Day"),
}


class ResourceCalendar(models.Model):
    """Business time of a store: Chinese holidays off, make-up days worked.

    Holidays are ordinary global times off. Make-up days add attendance intervals, so
    that everything built on the calendar knows them.
    """

    _name = "resource.calendar"
    _inherit = ["cr.work.time.mixin", "resource.calendar"]

    cr_makeup_ids = fields.One2many(
        "cr.makeup.day", "calendar_id", string="Make-up working days"
    )
    cr_loaded_years = fields.Char(
        string="Holidays loaded for",
        readonly=True,
        copy=False,
        help="Years whose public holidays and make-up days were loaded. A year that"
        " is not announced yet cannot be loaded.",
    )

    # === CRUD === #

    def write(self, vals):
        """A calendar that moves to another store has that store's make-up days; the
        slots of the stores that it is the calendar of follow its clock."""
        if "company_id" in vals:
            self.env.registry.clear_cache()
        result = super().write(vals)
        if "tz" in vals:
            stores = Domain("resource_calendar_id", "in", self.ids)
            self.env["res.company"]._cr_follow_clock(stores)
        return result

    # === ACTIONS === #

    def action_cr_load_holidays(self):
        """Load the public holidays of this year and the next; tell what is known."""
        if not (
            self.env.user.has_group("cr_dealership.group_cr_dealership_head")
            or self.has_access("write")
        ):
            raise AccessError(
                self.env._("The CR head or an administrator loads the holidays.")
            )
        year = fields.Date.context_today(self).year
        sentences = [
            # The head sets business time without being a system administrator.
            sentence
            for each in (year, year + 1)
            for sentence in self.sudo()._cr_load_year(each, again=True)
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Public holidays"),
                "message": " ".join(sentences),
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === WORKING DAYS === #

    def _cr_is_working_day(self, day):
        """Say whether the calendar works on a day.

        :param datetime.date day: day in the calendar's time zone
        """
        return day in self._cr_working_days(day, day)

    def _cr_working_days(self, start, end):
        """Return the days worked from `start` to `end`, both included.

        The number of queries does not depend on the span.

        :rtype: set[datetime.date]
        """
        self.ensure_one()
        zone = timezone(self.tz)
        intervals = self._work_intervals_batch(
            zone.localize(datetime.combine(start, time.min)),
            zone.localize(datetime.combine(end, time.max)),
        )[False]
        return {begin.astimezone(zone).date() for begin, __, __ in intervals}

    # === MAKE-UP DAYS === #

    @ormcache("self.id")
    def _cr_makeup_weekdays(self):
        """Return {day: weekday it works like} of the make-up days of the calendar."""
        self.ensure_one()
        # Everybody's clock needs them, whoever may read the list.
        days = self.env["cr.makeup.day"].sudo()
        if self.company_id:
            whole_store = Domain("calendar_id", "=", False)
            domain = Domain("calendar_id", "=", self.id) | (
                whole_store & Domain("company_id", "=", self.company_id.id)
            )
        else:
            domain = Domain("calendar_id", "=", self.id)
        return {day.date: int(day.like_weekday) for day in days.search(domain)}

    def _cr_makeup_between(self, start, end):
        """Return {make-up day: the day of that week it works like} of a span.

        Days on which the calendar works anyway are left out.
        """
        works_anyway = super()._works_on_date
        return {
            day: day + timedelta(days=weekday - day.weekday())
            for day, weekday in self._cr_makeup_weekdays().items()
            if start <= day <= end and not works_anyway(day)
        }

    def _works_on_date(self, date):
        makeup = self._cr_makeup_between(date, date)
        return super()._works_on_date(makeup.get(date, date))

    def _get_hours_for_date(self, target_date, day_period=None):
        # A moment works as well as a day here, as everywhere in the calendar.
        day = target_date.date() if isinstance(target_date, datetime) else target_date
        if day and not self.flexible_hours:
            target_date = self._cr_makeup_between(day, day).get(day, target_date)
        return super()._get_hours_for_date(target_date, day_period=day_period)

    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        result = super()._attendance_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz, lunch=lunch
        )
        if self.flexible_hours:
            return result
        # A day more on both sides: the bounds may lie in another time zone.
        makeup = self._cr_makeup_between(
            start_dt.date() - timedelta(days=1), end_dt.date() + timedelta(days=1)
        )
        if not makeup:
            return result
        spans = self._cr_makeup_spans(makeup, domain, lunch)
        for resource in self._cr_bound_resources(resources, start_dt, tz):
            zone = tz or timezone((resource or self).tz)
            extra = self._cr_clip(spans, zone, start_dt, end_dt)
            if extra:
                result[resource.id] |= Intervals(extra, keep_distinct=True)
        return result

    def _cr_bound_resources(self, resources, start_dt, tz):
        """Return the resources whose hours the calendar fixes, and the empty one."""
        nobody = self.env["resource.resource"]
        if not resources:
            return [nobody]
        calendars = resources._get_calendar_at(start_dt, tz)
        bound = [
            resource
            for resource in resources
            if calendars.get(resource) and not calendars[resource].flexible_hours
        ]
        return [*bound, nobody]

    def _cr_makeup_spans(self, makeup, domain, lunch):
        """Return (naive start, naive end, attendance) of the make-up days."""
        attendances = self.env["resource.calendar.attendance"].search(
            Domain(domain or Domain.TRUE)
            & Domain("calendar_id", "=", self.id)
            & Domain("display_type", "=", False)
            & Domain("day_period", "=" if lunch else "!=", "lunch")
        )
        spans = []
        for day, model_day in makeup.items():
            week = str(attendances.get_week_type(model_day))
            spans += [
                (
                    datetime.combine(day, float_to_time(attendance.hour_from)),
                    datetime.combine(day, float_to_time(attendance.hour_to)),
                    attendance,
                )
                for attendance in attendances
                if int(attendance.dayofweek) == model_day.weekday()
                and (not self.two_weeks_calendar or attendance.week_type == week)
            ]
        return spans

    def _cr_clip(self, spans, zone, start_dt, end_dt):
        """Return the spans in a time zone, cut to the bounds."""
        low, high = start_dt.astimezone(zone), end_dt.astimezone(zone)
        clipped = [
            (max(low, zone.localize(start)), min(high, zone.localize(end)), attendance)
            for start, end, attendance in spans
        ]
        return [span for span in clipped if span[0] < span[1]]

    # === HOLIDAYS === #

    def _cr_load_year(self, year, again=False):
        """Load the holidays and make-up days of a year; return sentences on it.

        Loading twice adds nothing twice, and what a person changed stays.

        :param int year: calendar year
        :param bool again: add days that somebody removed since
        :rtype: list[str]
        """
        if year not in holidays.known_years():
            return [
                self.env._(
                    "The holidays of %s are not announced in the installed holiday"
                    " tables yet; update chinesecalendar once they are.",
                    year,
                )
            ]
        sentences = []
        for calendar in self:
            if not again and str(year) in (calendar.cr_loaded_years or "").split(", "):
                continue
            blocks, makeup = calendar._cr_create_days(year)
            sentences.append(
                self.env._(
                    "%(calendar)s, %(year)s: %(holidays)s holidays and %(makeup)s"
                    " make-up days added.",
                    calendar=calendar.name,
                    year=year,
                    holidays=blocks,
                    makeup=makeup,
                )
            )
        return sentences

    def _cr_create_days(self, year):
        """Create what is missing of a year; return (holidays, make-up days) made."""
        self.ensure_one()
        days, makeup = holidays.chinese_days(year)
        blocks = self._cr_holiday_blocks(days)
        Leave, Makeup = self.env["resource.calendar.leaves"], self.env["cr.makeup.day"]
        known = set(
            Leave.search(
                [("calendar_id", "=", self.id), ("cr_holiday_on", "!=", False)]
            ).mapped("cr_holiday_on")
        )
        leaves = Leave.create(
            [
                self._cr_prepare_holiday(name, first, last)
                for name, first, last in blocks
                if first not in known
            ]
        )
        known = set(Makeup.search([("calendar_id", "=", self.id)]).mapped("date"))
        made = Makeup.create(
            [self._cr_prepare_makeup(day) for day in makeup if day not in known]
        )
        years = set((self.cr_loaded_years or "").split(", ")) - {""}
        self.cr_loaded_years = ", ".join(sorted(years | {str(year)}))
        return len(leaves), len(made)

    @api.model
    def _cr_holiday_blocks(self, days):
        """Return (name, first day, last day) of days off in a row with one name."""
        ordered = sorted(days.items())
        numbered = [
            ((name, day.toordinal() - place), day)
            for place, (day, name) in enumerate(ordered)
        ]
        return [
            (name, block[0][1], block[-1][1])
            for (name, __), block in groupby(numbered, lambda item: item[0])
        ]

    def _cr_prepare_holiday(self, name, first, last):
        zone = timezone(self.tz)
        label = _HOLIDAY_NAMES.get(name)
        # Whole days by the calendar's own clock.
        bounds = (datetime.combine(first, time.min), datetime.combine(last, time.max))
        date_from, date_to = (
            zone.localize(bound).astimezone(utc).replace(tzinfo=None, microsecond=0)
            for bound in bounds
        )
        return {
            "name": self.env._(label) if label else name,
            "calendar_id": self.id,
            "company_id": self.company_id.id,
            "date_from": date_from,
            "date_to": date_to,
            "cr_holiday_on": first,
        }

    def _cr_prepare_makeup(self, day):
        worked = {int(line.dayofweek) for line in self._get_global_attendances()}
        return {
            "company_id": (self.company_id or self.env.company).id,
            "calendar_id": self.id,
            "date": day,
            "like_weekday": str(min(worked, default=0)),
        }

    # === CRONS === #

    @api.model
    def _cron_cr_load_holidays(self):
        """Load this year and the next for stores in China, or without a country."""
        calendars = self.search([("company_id", "!=", False)]).filtered(
            lambda calendar: calendar.company_id.country_id.code in ("CN", False)
        )
        year = fields.Date.context_today(self).year
        for each in (year, year + 1):
            for sentence in calendars._cr_load_year(each):
                _logger.info(sentence)
