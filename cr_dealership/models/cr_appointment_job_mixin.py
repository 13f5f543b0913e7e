from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..const import COMING_STATES

BATCH = 1000


class CrAppointmentJobMixin(models.AbstractModel):
    """What jobs do with appointments: remind, ask for confirmation, end the day."""

    _name = "cr.appointment.job.mixin"
    _description = "Appointment: jobs"

    # === DOMAINS === #

    @api.model
    def _get_unconfirmed_domain(self, now):
        """Return the domain of bookings that should be confirmed by now (APT-03)."""
        return Domain("state", "=", "requested") & Domain("confirm_by", "<", now)

    @api.model
    def _get_stores(self):
        """Return the stores; each has its own clock."""
        # Raised rights: a job works for every store.
        return self.env["res.company"].sudo().search([("active", "=", True)])

    @api.model
    def _get_tomorrow_domain(self):
        """Return the domain of who comes tomorrow and was not reminded yet."""
        tomorrow = Domain.OR(
            Domain("company_id", "=", store.id)
            & Domain("day", "=", store._cr_today() + timedelta(days=1))
            for store in self._get_stores()
        )
        waiting = Domain("state", "in", COMING_STATES)
        return waiting & Domain("reminded_at", "=", False) & tomorrow

    @api.model
    def _get_missed_domain(self, now):
        """Return the domain of who should have come by the end of the store's day."""
        past = Domain.OR(
            Domain("company_id", "=", store.id)
            & Domain("day", "<=", self._get_ended_day(store, now))
            for store in self._get_stores()
        )
        return Domain("state", "in", COMING_STATES) & past

    @api.model
    def _get_ended_day(self, store, now):
        """Return the last day that has ended for the store's appointments."""
        local = pytz.utc.localize(now).astimezone(store._cr_timezone())
        end = datetime.combine(local.date(), time.min) + timedelta(
            hours=store.cr_no_show_hour
        )
        has_ended = local.replace(tzinfo=None) >= end
        return local.date() - timedelta(days=0 if has_ended else 1)

    @api.model
    def _get_finished_domain(self):
        """Return the domain of who came on an earlier day; no order keeps him open."""
        earlier = Domain.OR(
            Domain("company_id", "=", store.id) & Domain("day", "<", store._cr_today())
            for store in self._get_stores()
        )
        is_open = Domain("order_ids.state", "=", "open")
        return Domain("state", "=", "arrived") & earlier & ~is_open

    # === WORK === #

    @api.model
    def _remind(self, limit=BATCH):
        """Remind who comes tomorrow, each once for his time; does not commit.

        :return: how many were looked at
        """
        found = self.search(self._get_tomorrow_domain(), limit=limit)
        found = found.try_lock_for_update()
        if found:
            found._send("reminder")
            found.write({"reminded_at": fields.Datetime.now()})
        return len(found)

    @api.model
    def _alert_unconfirmed(self, now, limit=BATCH):
        """Tell advisors about bookings nobody confirmed in time, each once.

        :param now: UTC moment
        :return: how many were told
        """
        domain = self._get_unconfirmed_domain(now)
        domain &= Domain("late_alerted_at", "=", False)
        found = self.search(domain, limit=limit).try_lock_for_update()
        if found:
            found._make_activities(
                {
                    one.id: self.env._(
                        "To confirm with the customer: %(who)s", who=one._get_who()
                    )
                    for one in found
                }
            )
            found.write({"late_alerted_at": now})
        return len(found)

    @api.model
    def _close_day(self, now, limit=BATCH):
        """Note who did not come and open the calls to them; finish earlier visits.

        :param now: UTC moment
        :return: how many appointments changed
        """
        missed = self.search(self._get_missed_domain(now), limit=limit)
        missed = missed.try_lock_for_update()
        missed._set_state("no_show")
        finished = self.search(self._get_finished_domain(), limit=limit)
        finished = finished.try_lock_for_update()
        finished._set_state("done")
        return len(missed) + len(finished)

    # === CRON === #

    @api.model
    def _cron_remind(self):
        """Remind everybody who comes tomorrow, a batch per transaction."""
        while count := self._remind():
            if not self.env["ir.cron"]._commit_progress(count, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _cron_close_day(self):
        """End the day and ask for late confirmations, a batch per transaction."""
        cron, now = self.env["ir.cron"], fields.Datetime.now()
        while count := self._alert_unconfirmed(now):
            if not cron._commit_progress(count, remaining=1):
                return
        while count := self._close_day(now):
            if not cron._commit_progress(count, remaining=1):
                return
        cron._commit_progress(remaining=0)
