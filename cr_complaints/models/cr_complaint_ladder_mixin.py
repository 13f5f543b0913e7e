from datetime import timedelta

from odoo import models

# Nobody was on duty for a rung: so long until it is tried again.
_TRY_AGAIN = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)


class CrComplaintLadderMixin(models.AbstractModel):
    """The ladder of clocks: who is told, and who is climbed over (CPL-09).

    The number of queries does not depend on the number of clocks; only a rung by
    e-mail or SMS is a message of its own.
    """

    _name = "cr.complaint.ladder.mixin"
    _description = "Clock of a complaint: ladder"

    def _climb(self, now):
        """Tell whoever is to be told by now, and climb over who did not answer.

        :param datetime now: moment of the run
        """
        complaints = self.complaint_id
        lines, spans = complaints._get_lines(), complaints._get_spans()
        speaking = self.filtered(
            lambda one: one.state == "running" and one._may_speak(now, spans)
        )
        speaking._note_breaches(now)
        steps = [
            (one, *step)
            for one in speaking
            for step in one._get_steps(lines[one.complaint_id.id], spans, now)
        ]
        speaking._tell(steps, now, spans)
        # What outside bodies wait for has no log that could be followed.
        self._follow(complaints, spans)
        self.filtered(lambda one: one.kind == "outside")._plan_next(lines, spans)
        for one in self.filtered(lambda one: one.next_at and one.next_at <= now):
            one.next_at = one._get_second_chance(now, spans)
        self.filtered(
            lambda one: one.kind == "solve" and one.breached_at
        ).complaint_id._raise_grade()

    def _note_breaches(self, now):
        """Log each deadline that passed, once."""
        missed = self.filtered(
            lambda one: one.deadline_at
            and one.deadline_at <= now
            and not one.breached_at
        )
        for one in missed:
            one.breached_at = one.deadline_at
        missed._log_breaches(now)

    def _log_breaches(self, now):
        """Note in the log that deadlines were missed; once for the whole set."""
        self.env["cr.complaint.event"]._log_lines(
            (one.complaint_id, "breached", now, {"text": one._get_kind_label()})
            for one in self
        )

    def _get_steps(self, lines, spans, now):
        """Return [(rung or None, turn, alerts that are climbed over)] due by now.

        Who is silent is climbed over to the next rung, from the last one to itself
        once more; None: the next one was told already.
        """
        self.ensure_one()
        none = self.env["cr.complaint.alert"]
        told = self.alert_ids.rung_id
        ladder = self._get_rung_moments(lines, spans)
        steps = {
            (rung, 0): none for rung, at in ladder if at <= now and rung not in told
        }
        for alert in self.alert_ids.filtered(
            lambda one: one.next_at and one.next_at <= now
        ):
            step = self._get_following(alert, [rung for rung, _at in ladder])
            steps[step] = steps.get(step, none) | alert
        return [(*step, alerts) for step, alerts in steps.items()]

    def _get_following(self, alert, rungs):
        """Return (rung, turn) to be told in place of who is silent, (None, 0): nobody.

        :param list rungs: the ladder from below
        """
        place = rungs.index(alert.rung_id) + 1 if alert.rung_id in rungs else 0
        if place < len(rungs):
            is_told = rungs[place] in self.alert_ids.rung_id
            return (None if is_told else rungs[place]), 0
        if not rungs:
            return None, 0
        turns = self.alert_ids.filtered(lambda one: one.rung_id == rungs[-1])
        return rungs[-1], max(turns.mapped("turn"), default=-1) + 1

    def _tell(self, steps, now, spans):
        """Tell whoever holds the role of a rung today; keep what finds nobody.

        :param list steps: (clock, rung or None, turn, alerts that are climbed over)
        :param spans: working times of calendars
        """
        nobody = self.env["cr.role"]
        roles = nobody.union(*(rung.role_id for _one, rung, *_r in steps if rung))
        duty = roles._on_duty_today(self.complaint_id.company_id)
        climbed, values, lines = self.env["cr.complaint.alert"], [], []
        for clock, rung, turn, alerts in steps:
            if rung:
                users = duty[rung.role_id.id, clock.complaint_id.company_id.id]
                if not users:
                    continue
                values += clock._prepare_alerts(rung, turn, users, now, spans)
                lines.append((clock, users))
            climbed |= alerts
        climbed.write({"state": "climbed", "next_at": False})
        told = self.env["cr.complaint.alert"].create(values)
        self.env["cr.complaint.event"]._log_lines(
            (clock.complaint_id, "alerted", now, {"text": clock._get_told_text(users)})
            for clock, users in lines
        )
        for user, alerts in told.grouped("user_id").items():
            alerts.complaint_id.write({"reader_ids": [(4, user.id)]})
        told._notify()

    def _prepare_alerts(self, rung, turn, users, now, spans):
        """Return the values of the alerts by which users are told."""
        waits, calendar = rung.ack_minutes, self.complaint_id._get_calendar()
        ends_at = waits and rung._get_wait_end(now, waits / 60, calendar.id, spans)
        return [
            {
                "complaint_id": self.complaint_id.id,
                "clock_id": self.id,
                "rung_id": rung.id,
                "turn": turn,
                "user_id": user.id,
                "fired_at": now,
                "state": "waiting" if waits else "told",
                "next_at": ends_at or False,
            }
            for user in users
        ]

    def _may_speak(self, now, spans):
        """Say whether somebody may be told at this moment: by day, or if it is grave.

        The minute in which the store closes counts: many a deadline ends there.
        """
        self.ensure_one()
        complaint = self.complaint_id
        return complaint.grade_id.is_loud_at_night or bool(
            spans(complaint._get_calendar().id, now - _MINUTE, now + _MINUTE)
        )

    def _get_second_chance(self, now, spans):
        """Return when to look again at what could not be told: nobody was there."""
        self.ensure_one()
        if self._may_speak(now, spans):
            return now + _TRY_AGAIN
        calendar = self.complaint_id._get_calendar()
        ahead = spans(calendar.id, now, now + timedelta(days=31))
        return ahead[0][0] if ahead else now + timedelta(days=1)

    def _get_told_text(self, users):
        return f"{self._get_kind_label()} → {', '.join(users.mapped('name'))}"

    def _get_kind_label(self):
        """Return what the clock is for, in words; a job has no language of its own."""
        self.ensure_one()
        lang = self.env.lang or self.company_id.sudo()._cr_get_message_lang()
        env = self.with_context(lang=lang).env
        return dict(self._fields["kind"]._description_selection(env))[self.kind]
