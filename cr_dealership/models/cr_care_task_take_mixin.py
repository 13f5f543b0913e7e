from datetime import timedelta
from operator import itemgetter

from odoo import api, models
from odoo.tools import SQL, groupby

from ..const_care import MESSAGE_CHANNELS
from ..tools import care
from ..tools.offsets import nth_working_day, step_date

BATCH = 1000
# How far ahead the store's working days are looked up for the window of a card.
_CALENDAR_DAYS = 120
# The channel of consent for each channel of a step.
_CONSENT = {"sms": "sms", "email": "email", "letter": "letter", "call": "phone"}


class CrCareTaskTakeMixin(models.AbstractModel):
    """The nightly run over steps whose day has come, in batches (REL-26)."""

    _name = "cr.care.task.take.mixin"
    _description = "Care: taking due steps"

    @api.model
    def _take_due(self, today, limit=BATCH):
        """Take one batch of due steps: send, hand over, hold back or leave out.

        :param today: day of the run
        :param limit: how many steps
        :return: {"picked", "take", "hold", "skip": count}
        """
        self.env.flush_all()
        rows = self._pick_due(today, limit)
        counts = dict.fromkeys(("picked", "take", "hold", "skip"), 0)
        counts["picked"] = len(rows)
        if not rows:
            return counts
        caps = self._get_caps()
        contacts = self._read_contacts({row["partner_id"] for row in rows}, today, caps)
        verdicts = []
        for row in rows:
            known = contacts.setdefault(row["partner_id"], set())
            cap = caps[row["company_id"]]
            verdict = care.decide(self._prepare_due(row), today, known, cap)
            if verdict.action == "take" and row["channel"] in care.CONTACT_CHANNELS:
                known.add((today, row["channel"]))
            counts[verdict.action] += 1
            verdicts.append((row, verdict))
        self._write_verdicts(verdicts, today)
        taken = [row for row, verdict in verdicts if verdict.action == "take"]
        self._hand_over(taken, today)
        return counts

    @api.model
    def _pick_due(self, today, limit):
        """Lock and return the due steps of the batch with all that decides on them."""
        block = self.env["cr.contact.preference"]._blocked_by_channel_sql(
            SQL("t.channel"),
            _CONSENT,
            SQL("p.purpose"),
            SQL("t.partner_id"),
            SQL("t.vehicle_id"),
            today,
        )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT t.id, t.case_id, t.company_id, t.partner_id, t.channel, t.due_on,
                       s.tolerance_days, s.condition,
                       p.needs_confirmation AND t.channel <> 'list' AS is_gated,
                       c.confirmed_on IS NOT NULL AS is_confirmed,
                       visit.day AS booked_for, c.answer,
                       c.reached_on IS NOT NULL AS is_reached,
                       EXISTS (SELECT FROM cr_care_case other
                                WHERE other.vehicle_id = t.vehicle_id
                                  AND other.state IN ('open', 'booked')
                                  AND other.subject = p.satisfied_by) AS is_satisfied,
                       %s AS block
                  FROM (SELECT * FROM cr_care_task
                         WHERE state IN ('todo', 'held') AND next_on <= %s
                         ORDER BY next_on, priority, id
                         LIMIT %s FOR UPDATE SKIP LOCKED) t
                  JOIN cr_care_step s ON s.id = t.step_id
                  JOIN cr_care_plan p ON p.id = t.plan_id
                  JOIN cr_care_case c ON c.id = t.case_id
             LEFT JOIN cr_appointment visit
                    ON visit.id = c.appointment_id AND c.state = 'booked'
                 ORDER BY t.priority, t.due_on, t.id
                """,
                block,
                today,
                limit,
            )
        )

    @api.model
    def _prepare_due(self, row):
        return care.Due(**{name: row[name] for name in care.Due._fields})

    # === FATIGUE CAP === #

    @api.model
    def _get_caps(self):
        """Return {store id: Cap} of all stores."""
        # Raised rights: the run looks at the limits of every store.
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        return {
            company.id: care.Cap(company.cr_contact_cap, company.cr_contact_cap_days)
            for company in companies
        }

    @api.model
    def _read_contacts(self, partner_ids, today, caps):
        """Return {customer id: {(day, channel)}} of the last days, over all stores.

        What the ledger holds counts, and what was handed over but not made yet: an
        open call may be made any day, so it stands for today and takes further lines.
        """
        days = max((cap.days for cap in caps.values()), default=0)
        since = step_date(today, 1 - days)
        whom = list(filter(None, partner_ids))
        rows = self.env.execute_query(
            SQL(
                """
                %(touches)s
                 UNION
                SELECT partner_id, taken_on, channel FROM cr_care_task
                 WHERE partner_id = ANY(%(partners)s) AND taken_on >= %(since)s
                   AND channel IN ('sms', 'email', 'letter')
                   AND state IN ('ready', 'done')
                 UNION
                SELECT partner_id, %(today)s, 'call' FROM cr_care_task
                 WHERE partner_id = ANY(%(partners)s) AND channel = 'call'
                   AND state = 'ready' AND taken_on IS NOT NULL
                """,
                touches=self.env["cr.care.touch"]._recent_sql(
                    SQL("= ANY(%s)", whom), SQL("%s", since)
                ),
                partners=whom,
                since=since,
                today=today,
            )
        )
        contacts = {}
        for partner_id, day, channel in rows:
            contacts.setdefault(partner_id, set()).add((day, channel))
        return contacts

    # === CARRYING OUT === #

    @api.model
    def _write_verdicts(self, verdicts, today):
        """Write what becomes of the steps in one statement."""
        states = {"take": "ready", "hold": "held", "skip": "skipped"}
        values = [
            (
                row["id"],
                states[verdict.action],
                verdict.reason,
                verdict.until or today,
                today if verdict.action == "take" else None,
            )
            for row, verdict in verdicts
        ]
        self.env.cr.execute_values(
            "UPDATE cr_care_task t SET state = v.state, reason = v.reason,"
            " next_on = v.next_on, taken_on = COALESCE(v.taken_on, t.taken_on),"
            " write_date = NOW() AT TIME ZONE 'UTC'"
            " FROM (VALUES %s) AS v(id, state, reason, next_on, taken_on)"
            " WHERE t.id = v.id",
            values,
            template="(%s, %s, %s::varchar, %s::date, %s::date)",
            page_size=len(values),
        )
        self.env["cr.care.task"].invalidate_model()

    @api.model
    def _hand_over(self, rows, today):
        """Hand the taken steps to whoever does them, a set per channel."""
        for channel, group in groupby(rows, key=itemgetter("channel")):
            steps = list(group)
            if channel in MESSAGE_CHANNELS:
                self._hand_to_messages(steps)
            elif channel == "call":
                self._hand_to_callers([row["id"] for row in steps], today)
            elif channel == "list":
                self._hand_to_list([row["case_id"] for row in steps])
            elif channel == "task":
                self._hand_to_gifts([row["id"] for row in steps])

    @api.model
    def _hand_to_callers(self, task_ids, today):
        """Make a card for each call step; a second one for the same step is refused.

        Its days are working days of the store: over a long holiday nobody calls.
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO cr_callback (
                    company_id, kind, purpose, role_id, partner_id, vehicle_id,
                    origin_model, origin_id, anchor_on, earliest_on, due_on,
                    expires_on, script_version_id, state, attempt_count, priority,
                    create_uid, create_date, write_uid, write_date)
                SELECT t.company_id, 'care', p.purpose, t.role_id, t.partner_id,
                       t.vehicle_id, 'cr.care.task', t.id, c.anchor_on, %(today)s,
                       span.due_on, span.expires_on, version.id,
                       'todo', 0, 0, %(user)s, NOW() AT TIME ZONE 'UTC',
                       %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM cr_care_task t
                  JOIN cr_care_step s ON s.id = t.step_id
                  JOIN cr_care_plan p ON p.id = t.plan_id
                  JOIN cr_care_case c ON c.id = t.case_id
                  JOIN (VALUES %(spans)s)
                       AS span (company_id, call_days, due_on, expires_on)
                    ON span.company_id = t.company_id AND span.call_days = s.call_days
             LEFT JOIN (%(versions)s) version ON version.script_id = s.script_id
                 WHERE t.id = ANY(%(tasks)s)
                ON CONFLICT DO NOTHING
                RETURNING id
                """,
                today=today,
                user=self.env.uid,
                versions=self.env["cr.script"]._versions_in_force_sql(today),
                spans=SQL(", ").join(
                    SQL("(%s, %s, %s::date, %s::date)", *span)
                    for span in self._get_call_spans(task_ids, today)
                ),
                tasks=task_ids,
            )
        )
        self.env["cr.callback"].invalidate_model()

    @api.model
    def _get_call_spans(self, task_ids, today):
        """Return [(store id, days to call within, first call by, given up after)].

        The number of queries depends on the number of stores only.
        """
        tasks = self.browse(task_ids)
        pairs = {(task.company_id, task.step_id.call_days) for task in tasks}
        until = today + timedelta(days=_CALENDAR_DAYS)
        checks, spans = {}, []
        for store, days in pairs:
            if store not in checks:
                calendar = store.resource_calendar_id
                worked = calendar and calendar._cr_working_days(today, until)
                checks[store] = worked.__contains__ if worked else lambda _day: True
            due_on, expires_on = (
                nth_working_day(today, count, checks[store], _CALENDAR_DAYS)
                for count in (1, max(days, 1))
            )
            spans.append((store.id, days, due_on, expires_on))
        return spans

    @api.model
    def _hand_to_list(self, case_ids):
        """Put the cases on the list of their plan, store and month."""
        cases = self.env["cr.care.case"].browse(case_ids)
        self.env["cr.care.list"]._add_cases(cases)
        confirmed = cases.filtered("confirmed_on")
        self.env["cr.care.task"]._release_confirmed(confirmed.ids)

    @api.model
    def _hand_to_gifts(self, task_ids):
        """Ask for the gifts of steps that are about one; the request is then the work.

        Once for each day and store, whatever the number of customers (REL-11).
        """
        tasks = self.browse(task_ids).filtered("step_id.is_gift")
        requests = self.env["cr.care.gift.request"]
        for (company, day), group in tasks.grouped(
            lambda task: (task.company_id, task.case_id.anchor_on)
        ).items():
            requests._request_for(group.partner_id, "birthday", day, company)
        tasks._finish()

    @api.model
    def _hand_to_messages(self, rows):
        """Queue a message for each step; a text that cannot be filled says so."""
        tasks = self.browse([row["id"] for row in rows])
        vals_list, broken = tasks._prepare_messages()
        repeated = tasks._find_repeated(vals_list)
        messages = self.env["cr.message"]._queue(
            [vals for vals in vals_list if vals["origin_id"] not in repeated.ids]
        )
        tasks._follow_messages(messages)
        if broken:
            # Asked again every night: a mended text still reaches them in time.
            broken.write(
                {
                    "state": "held",
                    "reason": "no_text",
                    "taken_on": False,
                    "next_on": self.env["cr.care.case"]._get_today()
                    + timedelta(days=1),
                }
            )
        if repeated:
            repeated.write({"state": "skipped", "reason": "repeated"})

    # === CRON === #

    @api.model
    def _cron_take_due(self):
        """End what has expired, then take the due steps, a batch per transaction."""
        cron = self.env["ir.cron"]
        cases, tasks = self.env["cr.care.case"], self.env["cr.care.task"]
        today = cases._get_today()
        while expired := cases._expire(today):
            if not cron._commit_progress(expired, remaining=1):
                return
        while picked := tasks._take_due(today)["picked"]:
            # One stands for what remains: without time the job comes again tonight.
            if not cron._commit_progress(picked, remaining=1):
                return
        cron._commit_progress(remaining=0)
        self.env.ref("cr_dealership.ir_cron_cr_callback_share_out")._trigger()
