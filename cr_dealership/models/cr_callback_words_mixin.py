from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL

from ..const import OPEN_CALLBACK_STATES
from ..tools.days import write_short

_RED, _AMBER, _GREEN, _GREY = 1, 3, 10, 0
_ALSO_DUE_DAYS = 30


class CrCallbackWordsMixin(models.AbstractModel):
    """What a card says: when, in people's words and in the store's time."""

    _name = "cr.callback.words.mixin"
    _description = "Callback: words"

    # === THE STORE'S CLOCK === #

    @api.model
    def _get_today(self):
        """Return today by the clock of the current store."""
        return self.env.company._cr_today()

    @api.model
    def _get_tz(self):
        """Return the time zone of the current store."""
        return ZoneInfo(str(self.env.company._cr_timezone()))

    @api.model
    def _to_local(self, moment):
        """Return a naive UTC moment as naive time of the store."""
        utc = moment.replace(tzinfo=timezone.utc)
        return utc.astimezone(self._get_tz()).replace(tzinfo=None)

    @api.model
    def _to_utc(self, moment):
        """Return naive time of the store as a naive UTC moment."""
        local = moment.replace(tzinfo=self._get_tz())
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _get_day_start(self, day):
        """Return the UTC moment at which a day begins in the store."""
        return self._to_utc(datetime.combine(day, time.min))

    # === WORDS === #

    @api.model
    def _format_day(self, day):
        """Return a day in the user's language, near days as people say them."""
        distance = (day - self._get_today()).days
        if distance == 0:
            return self.env._("today")
        if abs(distance) > 1:
            return write_short(day, self.env.lang or "en_US")
        return self.env._("tomorrow") if distance > 0 else self.env._("yesterday")

    @api.model
    def _format_moment(self, moment):
        """Return a UTC moment as a day and time of the store in the user's language."""
        local = self._to_local(moment)
        return f"{self._format_day(local.date())} {local:%H:%M}"

    def _get_due_text(self, today):
        """Return when the card wants to be called, or how it ended, in words."""
        self.ensure_one()
        if not self.due_on or not self.earliest_on:
            return ""
        if self.state not in OPEN_CALLBACK_STATES:
            return self._format_moment(self.closed_at) if self.closed_at else ""
        if self.is_appointment and self.next_at:
            return self.env._(
                "agreed for %(moment)s", moment=self._format_moment(self.next_at)
            )
        if self.earliest_on > today:
            return self.env._("from %(day)s", day=self._format_day(self.earliest_on))
        if self.next_at:
            return self.env._(
                "again %(moment)s", moment=self._format_moment(self.next_at)
            )
        if self.due_on < today:
            return self.env._("%(days)s days late", days=(today - self.due_on).days)
        return self.env._("by %(day)s", day=self._format_day(self.due_on))

    def _get_reason(self):
        """Return in words what happened that brings this call."""
        self.ensure_one()
        values = {
            "day": self._format_day(self.anchor_on),
            "count": (self._get_today() - self.anchor_on).days,
        }
        if self.origin_model == "cr.service.order":
            return self.env._("left the shop %(day)s, day %(count)s", **values)
        if self.origin_model == "cr.vehicle":
            return self.env._("car delivered %(day)s, day %(count)s", **values)
        if self.origin_model == "cr.appointment":
            return self.env._("did not come to the visit %(day)s", **values)
        return self.note or self.env._("planned for %(day)s", **values)

    def _get_color(self, today):
        """Return the colour of the card: red late, amber today, green done."""
        self.ensure_one()
        if self.state == "done":
            return _GREEN
        if self.state not in OPEN_CALLBACK_STATES or self.block_code:
            return _GREY
        if self.due_on and self.due_on < today:
            return _RED
        return _AMBER if self.due_on == today else _GREY

    def _count_also_due(self):
        """Return {customer id: open callbacks and car dates due soon}, in one query."""
        partner_ids = tuple(self.partner_id.ids)
        if not partner_ids:
            return {}
        self.flush_model(["partner_id", "state"])
        self.env["cr.vehicle"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, SUM(due)::int FROM (
                        SELECT partner_id, COUNT(*) AS due FROM cr_callback
                         WHERE partner_id IN %(partners)s AND state IN ('todo', 'retry')
                         GROUP BY partner_id
                         UNION ALL
                        SELECT owner_id, SUM(
                               COALESCE((first_service_on <= %(until)s)::int, 0)
                               + COALESCE((service_on <= %(until)s)::int, 0)
                               + COALESCE((insurance_on <= %(until)s)::int, 0)
                               + COALESCE((inspection_on <= %(until)s)::int, 0))
                          FROM cr_vehicle
                         WHERE owner_id IN %(partners)s AND due_on <= %(until)s
                           AND active
                         GROUP BY owner_id) due
                     GROUP BY partner_id
                    """,
                    partners=partner_ids,
                    until=self._get_today() + timedelta(days=_ALSO_DUE_DAYS),
                )
            )
        )
