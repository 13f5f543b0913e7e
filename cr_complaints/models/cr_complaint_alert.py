from odoo import api, fields, models
from odoo.exceptions import UserError


class CrComplaintAlert(models.Model):
    """Somebody was told by the ladder, and whether he answered (CPL-09).

    One row for each rung, person and turn. Who does not acknowledge is climbed over;
    who acknowledges and stays silent, too.
    """

    _name = "cr.complaint.alert"
    _description = "Escalation of a complaint"
    _order = "fired_at desc, id desc"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "cr.complaint", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    clock_id = fields.Many2one(
        "cr.complaint.clock", required=True, index=True, ondelete="cascade"
    )
    rung_id = fields.Many2one(
        "cr.complaint.rung", required=True, index=True, ondelete="restrict"
    )
    turn = fields.Integer(
        default=0, readonly=True, aggregator=None, help="Above 0: climbed again."
    )
    user_id = fields.Many2one("res.users", string="Who was told", required=True)
    fired_at = fields.Datetime(string="Told at", required=True, readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waits for an answer"),
            ("acknowledged", "Acknowledged"),
            ("taken", "Taken care of by a colleague"),
            ("climbed", "Climbed further"),
            ("told", "Told only"),
            ("ended", "Ended"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    acknowledged_at = fields.Datetime(readonly=True)
    acknowledged_how = fields.Selection(
        [("screen", "On the screen"), ("phone", "On the telephone")], readonly=True
    )
    activity_id = fields.Many2one(
        "mail.activity",
        string="To-do",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    next_at = fields.Datetime(
        string="Climbs at", readonly=True, help="Unless he answers or works before."
    )

    _once = models.UniqueIndex(
        "(clock_id, rung_id, turn, user_id)", "He was already told this."
    )
    _waiting_index = models.Index(
        "(user_id, fired_at) WHERE state IN ('waiting', 'acknowledged')"
    )

    # === ACTIONS === #

    def action_acknowledge(self):
        """I have seen it and take care of it."""
        self._acknowledge("screen")

    def action_acknowledge_phone(self):
        """He said on the telephone that he takes care of it."""
        self._acknowledge("phone")

    def _acknowledge(self, how):
        """Note answers; the ladder then waits for work, and asks nobody else.

        Of several who were told together one answer is enough: the others are no
        longer asked. The number of queries does not depend on the number of alerts.

        :param str how: "screen" for the person himself, "phone" noted by another
        :raise UserError: for another person's screen
        """
        waiting = self.filtered(lambda one: one.state == "waiting")
        for alert in waiting if how == "screen" else ():
            if alert.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s acknowledges himself; note his answer on the"
                        " telephone instead.",
                        user=alert.user_id.name,
                    )
                )
        # Raised rights: answers are noted by the buttons alone.
        waiting = waiting.sudo()._leave_out_taken()
        if not waiting:
            return
        now = fields.Datetime.now()
        waiting.write(
            {
                "state": "acknowledged",
                "acknowledged_at": now,
                "acknowledged_how": how,
            }
        )
        waiting._wait_for_work(now)
        others = waiting._release_others()
        self.env["cr.complaint.event"]._log_lines(
            (
                alert.complaint_id,
                "acknowledged",
                now,
                {"text": alert._get_taken_text(others[alert])},
            )
            for alert in waiting
        )
        waiting.clock_id._plan_next()

    def _leave_out_taken(self):
        """Return one of several alerts that went out together: one answer is enough."""
        return self.browse(
            [
                alerts[0].id
                for alerts in self.grouped(lambda one: one._get_step_key()).values()
            ]
        )

    def _get_step_key(self):
        """Return what the alerts that went out together have in common."""
        self.ensure_one()
        return self.clock_id, self.rung_id, self.turn

    def _release_others(self):
        """End the alerts of who was told together with those who answered.

        :return: {alert that was answered: alerts that are no longer asked}
        """
        together = self.search(
            [("clock_id", "in", self.clock_id.ids), ("state", "=", "waiting")]
        ).grouped(lambda one: one._get_step_key())
        others = {one: together.get(one._get_step_key(), self.browse()) for one in self}
        released = self.browse().union(*others.values())
        released.write({"state": "taken", "next_at": False})
        released._end_todos()
        return others

    def _end_todos(self):
        """Take away the to-dos of the alerts, unless another one still asks for it."""
        asking = self.search(
            [
                ("activity_id", "in", self.activity_id.ids),
                ("state", "in", ("waiting", "acknowledged")),
            ]
        )
        (self.activity_id - asking.activity_id).unlink()

    def _get_taken_text(self, others):
        """Return who takes care of it, and who need not any more."""
        self.ensure_one()
        if not others:
            return self.user_id.name
        return self.env._(
            "%(user)s takes care of it; no longer asked: %(others)s",
            user=self.user_id.name,
            others=", ".join(others.mapped("user_id.name")),
        )

    def _wait_for_work(self, now):
        """Let acknowledged alerts climb after so much silence from now on."""
        spans = self.complaint_id._get_spans()

        def get_end(alert):
            rung, calendar = alert.rung_id, alert.complaint_id._get_calendar()
            hours = rung.silent_hours
            return hours and rung._get_wait_end(now, hours, calendar.id, spans)

        for end, alerts in self.grouped(get_end).items():
            alerts.write({"next_at": end or False})

    def _notify(self):
        """Tell each person: a to-do, a message on the screen, e-mail or SMS."""
        self._give_one_todo()
        for alert in self:
            complaint, user = alert.complaint_id, alert.user_id
            summary = alert._get_summary()
            user._bus_send(
                "simple_notification",
                {"message": summary, "type": "danger", "sticky": True},
            )
            if alert.rung_id.channel == "email":
                complaint.message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=summary,
                    body=complaint.display_name,
                )
            elif alert.rung_id.channel == "sms":
                complaint._message_sms(summary, partner_ids=user.partner_id.ids)

    def _get_summary(self):
        """Return what is told, in the language of whoever is told."""
        self.ensure_one()
        # The job has no language; whoever is told has one.
        spoken = self.with_context(lang=self.user_id.lang).env
        return spoken._("Escalated to you: %s", self.complaint_id.subject)

    def _give_one_todo(self):
        """Give each person one to-do a complaint, however often he is told of it."""
        before = self.search(
            [
                ("complaint_id", "in", self.complaint_id.ids),
                ("activity_id.active", "=", True),
            ]
        )
        todos = {(one.complaint_id, one.user_id): one.activity_id for one in before}
        asked = self.grouped(lambda one: (one.complaint_id, one.user_id))
        new = [key for key in asked if key not in todos]
        made = self.complaint_id._give_todos(
            (complaint, user, asked[complaint, user][0]._get_summary())
            for complaint, user in new
        )
        todos |= dict(zip(new, made, strict=True))
        for key, alerts in asked.items():
            alerts.activity_id = todos[key]

    @api.model
    def _note_work(self, complaints):
        """Somebody works on the complaints: acknowledged alerts wait anew.

        Unanswered ones are answered by it if he did it himself.
        """
        # Raised rights: see _acknowledge.
        alerts = self.sudo().search(
            [
                ("complaint_id", "in", complaints.ids),
                ("state", "in", ("waiting", "acknowledged")),
            ]
        )
        mine = alerts.filtered(
            lambda one: one.state == "waiting" and one.user_id == self.env.user
        )
        mine._acknowledge("screen")
        seen = alerts.filtered(lambda one: one.state == "acknowledged")
        seen._wait_for_work(fields.Datetime.now())
        seen.clock_id._plan_next()

    @api.model
    def _end_all(self, complaints):
        """Nothing climbs any more: the complaints are solved or closed."""
        alerts = self.sudo().search(
            [
                ("complaint_id", "in", complaints.ids),
                ("state", "in", ("waiting", "acknowledged")),
            ]
        )
        alerts.write({"state": "ended", "next_at": False})
        alerts.clock_id._plan_next()
