from datetime import timedelta

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
        """Note an answer; the ladder then waits for work.

        :param str how: "screen" for the person himself, "phone" noted by another
        :raise UserError: for another person's screen
        """
        for alert in self.filtered(lambda one: one.state == "waiting"):
            if how == "screen" and alert.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(user)s acknowledges himself; note his answer on the"
                        " telephone instead.",
                        user=alert.user_id.name,
                    )
                )
            now = fields.Datetime.now()
            # Raised rights: answers are noted by the buttons alone.
            alert.sudo().write(
                {
                    "state": "acknowledged",
                    "acknowledged_at": now,
                    "acknowledged_how": how,
                    "next_at": alert._get_silence_end(now),
                }
            )
            self.env["cr.complaint.event"]._log(
                alert.complaint_id, "acknowledged", text=alert.user_id.name
            )
        self.sudo().clock_id._plan_next()

    def _get_silence_end(self, moment):
        """Return until when an acknowledged alert waits for work."""
        self.ensure_one()
        hours = self.rung_id.silent_hours
        return hours and moment + timedelta(hours=hours)

    def _notify(self):
        """Tell each person: a to-do, a message on the screen, e-mail or SMS."""
        lines = []
        for alert in self:
            # The job has no language; whoever is told has one.
            spoken = self.with_context(lang=alert.user_id.lang).env
            text = spoken._("Escalated to you: %s", alert.complaint_id.subject)
            lines.append((alert.complaint_id, alert.user_id, text))
        self.complaint_id._give_todos(lines)
        for alert, (complaint, user, summary) in zip(self, lines, strict=True):
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
        now = fields.Datetime.now()
        for alert in alerts.filtered(lambda one: one.state == "acknowledged"):
            alert.next_at = alert._get_silence_end(now)
        alerts.clock_id._plan_next()

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
