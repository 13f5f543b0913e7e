from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cr_dealership.models.cr_role import HEAD_CODE

BATCH = 200


class CrComplaintAlertMixin(models.AbstractModel):
    """The ladder: a job looks at the clocks that are due, and at no others (CPL-09)."""

    _name = "cr.complaint.alert.mixin"
    _description = "Complaint: escalation"

    alert_ids = fields.One2many(
        "cr.complaint.alert", "complaint_id", string="Escalations"
    )
    is_climbing_to_me = fields.Boolean(
        string="Waits for my answer",
        compute="_compute_is_climbing_to_me",
        search="_search_is_climbing_to_me",
    )

    @api.depends_context("uid")
    @api.depends("alert_ids.state")
    def _compute_is_climbing_to_me(self):
        for complaint in self:
            complaint.is_climbing_to_me = any(
                alert.state == "waiting" and alert.user_id == self.env.user
                for alert in complaint.alert_ids
            )

    def _search_is_climbing_to_me(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        domain = [("user_id", "=", self.env.uid), ("state", "=", "waiting")]
        return [("alert_ids", "any", domain)]

    def action_acknowledge(self):
        """I have seen it and take care of it."""
        self.alert_ids.filtered(
            lambda alert: alert.user_id == self.env.user
        ).action_acknowledge()

    # === THE JOB === #

    @api.model
    def _escalate(self, now, limit=BATCH):
        """Climb the ladders of one batch of clocks that are due, without committing.

        What another node works on is skipped; what was told is not told twice.

        :param datetime now: moment of the run
        :return: how many clocks were looked at
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._get_due_query(now, limit))
        # Raised rights: the job looks at the complaints of every store.
        clocks = self.env["cr.complaint.clock"].sudo().browse([row[0] for row in rows])
        if clocks:
            clocks._climb(now)
        return len(clocks)

    @api.model
    def _get_due_query(self, now, limit):
        """Return the query for the clocks that are due, which locks them."""
        # The complaint, too: its other clocks belong to whoever works on this one.
        return SQL(
            "SELECT clock.id FROM cr_complaint_clock clock"
            " JOIN cr_complaint complaint ON complaint.id = clock.complaint_id"
            " WHERE clock.next_at <= %s ORDER BY clock.next_at, clock.id LIMIT %s"
            " FOR NO KEY UPDATE SKIP LOCKED",
            now,
            limit,
        )

    @api.model
    def _end_pauses(self, now, limit=BATCH):
        """Let clocks go on whose pause is over; return how many."""
        complaints = self.sudo().search(
            self._get_ended_domain(now), limit=limit
        ).try_lock_for_update()
        for complaint in complaints:
            complaint._resume(complaint.pause_until_at)
        return len(complaints)

    @api.model
    def _get_ended_domain(self, now):
        """Return the domain of complaints whose pause is over."""
        return [("is_paused", "=", True), ("pause_until_at", "<=", now)]

    @api.model
    def _cron_escalate(self):
        """End pauses, then climb the ladders that are due, a batch a transaction."""
        cron = self.env["ir.cron"]
        # Raised rights: the job looks at the complaints of every store.
        clocks = self.env["cr.complaint.clock"].sudo()
        now = fields.Datetime.now()
        while ended := self._end_pauses(now):
            left = self.sudo().search_count(self._get_ended_domain(now))
            if not cron._commit_progress(ended, remaining=left):
                return
        while looked := self._escalate(now):
            left = clocks.search_count([("next_at", "<=", now)])
            if not cron._commit_progress(looked, remaining=left):
                return

    def _tell_supervisor(self):
        """Report new grievances to the head of the department (CPL-25); once a set."""
        lines = []
        for store, group in self.grouped("company_id").items():
            for user in self._get_supervisors(store):
                spoken = self.with_context(lang=user.lang).env
                lines += (
                    (one, user, spoken._("New complaint: %s", one.subject))
                    for one in group
                    if one.owner_id != user
                )
        self._give_todos(lines)

    @api.model
    def _get_supervisors(self, store):
        """Return who holds the head of the department's role in a store today."""
        nobody = self.env["res.users"]
        return self.env["cr.role"]._get_desk(store).get(HEAD_CODE, nobody)
