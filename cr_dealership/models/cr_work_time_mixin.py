from datetime import timedelta

from pytz import utc

from odoo import models

from ..tools import worktime


class CrWorkTimeMixin(models.AbstractModel):
    """Working times of calendars for whoever works out many deadlines at once."""

    _name = "cr.work.time.mixin"
    _description = "Working times of calendars"

    def _cr_make_spans(self):
        """Return a function (calendar id, from, until): [(start, end)] in naive UTC.

        What was asked once is kept, month by month: a batch asks the database once.
        """
        cache = {}

        def spans(calendar_id, start, end):
            found = []
            day = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            while day < end:
                key, following = (calendar_id, day), _next_month(day)
                if key not in cache:
                    cache[key] = self.browse(calendar_id)._cr_read_month(day)
                for low, high in cache[key]:
                    low, high = max(low, start, day), min(high, end, following)
                    if low < high:
                        found.append((low, high))
                day = following
            return found

        return spans

    def _cr_read_month(self, day):
        """Return the working times of the 31 days from a moment on, in naive UTC."""
        start = utc.localize(day)
        intervals = self._work_intervals_batch(start, start + timedelta(days=31))
        return [
            tuple(moment.astimezone(utc).replace(tzinfo=None) for moment in span[:2])
            for span in intervals[False]
        ]

    def _cr_make_clock(self):
        """Return a function (calendar, moment, working hours): moment.

        A store without a calendar, or without working time ahead, counts every hour.
        """
        # Raised rights: opening hours are no secret.
        spans = self.sudo()._cr_make_spans()

        def add(calendar, moment, hours):
            found = calendar and worktime.add_hours(
                lambda low, high: spans(calendar.id, low, high), moment, hours
            )
            return found or moment + timedelta(hours=hours)

        return add


def _next_month(day):
    return (day + timedelta(days=32)).replace(day=1)
