"""One day of the simulated year: nights by the real jobs, days by the real buttons."""

import random
from collections import Counter, defaultdict
from datetime import timedelta

from chinese_calendar import is_workday

from odoo.exceptions import UserError
from odoo.tools import SQL

from year_store import END

_DAY = timedelta(days=1)
# The jobs in the order of their hours.
NIGHT = (
    ("cr.appointment.slot", "_cron_sync"),
    ("res.partner", "_cron_cr_advance_birthdays"),
    ("res.partner", "_cron_cr_review_stages"),
    ("cr.vehicle", "_cron_refresh_stale_facts"),
    ("cr.vehicle", "_cron_review_churn"),
    ("cr.care.campaign", "_cron_launch_due"),
    ("cr.care.plan", "_cron_open_cases"),
    ("cr.care.task", "_cron_take_due"),
    ("cr.care.list", "_cron_remind_deadlines"),
    ("cr.callback.rule", "_cron_open_callbacks"),
    ("cr.callback", "_cron_share_out"),
    ("cr.message", "_cron_send"),
)
MORNING = (("cr.message", "_cron_send"),)
EVENING = (
    ("cr.appointment", "_cron_remind"),
    ("cr.appointment", "_cron_close_day"),
    ("cr.message", "_cron_send"),
)
_OUTCOMES = {
    "reached": 55,
    "phone_off": 10,
    "busy": 10,
    "unreachable": 9,
    "refused": 5,
    "appointment": 8,
    "wrong_number": 3,
}
_ANSWERS = {
    "booked": 16,
    "will_come": 10,
    "agreed": 30,
    "later": 16,
    "price": 8,
    "insured_elsewhere": 8,
    "other_shop": 6,
    "distance": 5,
    "no_need": 8,
    "dissatisfied": 3,
    "sold_car": 1,
    "moved": 1,
    "other": 4,
}
_UNREACHED = ("phone_off", "busy", "unreachable")
_HOURS_AHEAD = timedelta(hours=8)
# What jobs may write: all tables of the addon, and what they use of Odoo.
_DIGESTED = "^(cr_|mail_|sms_|phone_|res_partner|res_company|res_users|ir_attachment)"


class Days:
    """Plays the days of a store.

    :param books: the store as it stands in Odoo
    :param clock: the clock that stands still
    :param seed: of what people do
    :param again: the jobs of every so many days run twice
    """

    def __init__(self, books, clock, seed, again=1):
        self.books, self.clock, self.seed, self.again = books, clock, seed, again
        self.env, self.oracle = books.env, books.oracle
        self.cases, self.faults, self.counts = {}, [], Counter()
        self.agenda = defaultdict(list)
        self.retries_on_days_off, self.coming = [], set()
        self.random = None
        self.cars = {car.key: car for car in books.store.cars}
        self.tables = [
            name
            for [name] in self.env.execute_query(
                SQL(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                    " AND tablename ~ %s ORDER BY 1",
                    _DIGESTED,
                )
            )
        ]

    def play(self, day):
        """Play one day from the night to the evening."""
        self.random = random.Random(f"{self.seed}:{day}")
        self.clock.set(day, 6)
        self._play_night(day)
        self.clock.set(day, 9, 5)
        self._run(MORNING)
        self._post_letters()
        self.clock.set(day, 10)
        self._play_events(day)
        if self._is_working_day(day):
            self.clock.set(day, 14)
            self._work(day)
        self.clock.set(day, 20)
        self._run_twice(EVENING, day)
        self._note_visits("no_show")
        self.env.cr.commit()
        self.env.invalidate_all()

    def _fault(self, day, sentence):
        print(f"{day}: {sentence}", flush=True)
        self.faults.append(f"{day}: {sentence}")

    # === JOBS === #

    def _run(self, jobs):
        for model, name in jobs:
            getattr(self.env[model], name)()
            self.env.cr.commit()

    def _run_twice(self, jobs, day):
        """Run jobs; a second time they must not change a single row."""
        self._run(jobs)
        if day.toordinal() % self.again:
            return
        self.counts["runs of jobs held against a second one"] += 1
        before = self._digest()
        self._run(jobs)
        after = self._digest()
        if changed := sorted(name for name in before if before[name] != after[name]):
            self._fault(day, f"a second run changed {', '.join(changed)}")

    def _digest(self):
        """Return {table: its rows and the sum of their digests}."""
        parts = [
            SQL(
                "SELECT %s, COUNT(*), SUM(hashtextextended(t::text, 0))"
                " FROM %s t HAVING COUNT(*) > 0",
                name,
                SQL.identifier(name),
            )
            for name in self.tables
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        return {name: (count, total) for name, count, total in rows}

    def _play_night(self, day):
        moment = self.clock.now
        waiting = self._get_waiting(day)
        self._run_twice(NIGHT, day)
        owners = {
            book.owner for book in self.oracle.cars.values() if book.owner is not None
        }
        self.oracle.today = day
        for campaign in self.env["cr.care.campaign"].search(
            [("day", "=", day), ("state", "=", "launched")]
        ):
            self.oracle.launch(campaign.plan_id.code, day, sorted(owners))
        self.oracle.open_night(day)
        self.oracle.expire_night(waiting)
        self._take_in_cases(moment)
        self._compare_night(day, moment)

    def _get_waiting(self, day):
        """Return the keys of the cases whose cards are not counted as missed yet."""
        cards = self.env["cr.callback"].search(
            [("state", "in", ("todo", "retry")), ("expires_on", ">=", day - _DAY)]
        )
        return {self.cases[case.id] for case in cards._get_care_cases().values()}

    def _take_in_cases(self, moment):
        """Learn under which ids the new cases stand."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, plan_id, partner_id, vehicle_id, first_anchor_on"
                " FROM cr_care_case WHERE create_date = %s",
                moment,
            )
        )
        for case_id, plan_id, partner_id, vehicle_id, first_on in rows:
            key = (
                self.books.plans[plan_id],
                self.books.keys.get(partner_id),
                self.books.car_keys.get(vehicle_id),
                first_on,
            )
            self.cases[case_id] = key

    # === WHAT BECAME OF THE STEPS === #

    def _compare_night(self, day, moment):
        """Hold what became of the steps tonight against what the oracle says."""
        expected = defaultdict(list)
        for case, task, verdict in self.oracle.judge_night():
            expected[case.key, task.step.offset, task.step.channel].append(
                (case, task, verdict)
            )
        rows = self.env.execute_query(
            SQL(
                """SELECT t.case_id, s.offset_days, t.channel, t.state, t.reason,
                          t.due_on, t.next_on
                     FROM cr_care_task t JOIN cr_care_step s ON s.id = t.step_id
                    WHERE t.write_date = %s AND t.state <> 'cancelled'
                      AND (t.state <> 'todo' OR t.due_on <= %s)
                      -- Left out by the sharing out of cards: nobody called in time.
                      AND t.reason IS DISTINCT FROM 'missed'
                    ORDER BY t.id""",
                moment,
                day,
            )
        )
        told = {
            (*self.cases[case_id][:2], offset, channel)
            for case_id, offset, channel, state, *_ in rows
            if state == "ready" and case_id in self.cases
        }
        for case_id, offset, channel, *found in rows:
            key = (self.cases.get(case_id), offset, channel)
            if not expected[key]:
                self._fault(day, f"nobody expected {key}: {found[:2]}")
                continue
            _case, task, verdict = expected[key].pop(0)
            is_twin = verdict == "contact" and (*key[0][:2], offset, channel) in told
            if found[1] == "repeated" and is_twin:
                # Two cars of one plan on one day: he gets the same words once.
                verdict = "repeated"
            self._compare_step(day, key, task, verdict, found)
        for key, left in expected.items():
            for _case, task, verdict in left:
                self._fault(day, f"not looked at: {key}, {verdict}")
                task.state = "ended"
        self.counts["steps"] += len(rows)

    def _compare_step(self, day, key, task, verdict, found):
        state, reason, due_on, next_on = found
        if due_on != task.due_on:
            self._fault(day, f"{key} is due on {due_on} and not {task.due_on}")
        fits = {
            "contact": (state, reason) in (("ready", None), ("held", "cap")),
            # What the system does itself, a list or a request for a gift, is done.
            "take": (state, reason) in (("ready", None), ("done", None)),
            "unconfirmed": (state, reason) == ("held", "unconfirmed"),
            "booked": (state, reason) == ("held", "booked"),
        }.get(verdict, (state, reason) == ("skipped", verdict))
        if not fits:
            self._fault(day, f"{key} is {state} ({reason}) and not {verdict}")
        if state == "held":
            self.counts[f"held back: {reason}"] += task.held_for != reason
            task.held_for, task.next_on = reason, next_on
            far = day + (40 if reason == "booked" else 7) * _DAY
            if not day < next_on <= far or reason is None:
                self._fault(day, f"{key} is held until {next_on} ({reason})")
        else:
            task.state = "ready" if state in ("ready", "done") else "ended"
            self.counts[f"{state}: {reason}" if reason else "taken"] += 1

    # === WHAT HAPPENS BY ITSELF === #

    def _play_events(self, day):
        planned = self.books.store.events.get(day, [])
        for kind, values in [*planned, *self.agenda.pop(day, [])]:
            getattr(self, f"_play_{kind}")(day, **values)
            self.env.cr.commit()

    def _play_deliver(self, _day, car):
        self.books.add_cars([self.cars[car]])

    def _play_visit(self, _day, car, on, code):
        seen = self.cars[car]
        if car not in self.books.cars or on < seen.delivered_on:
            return
        self.env["cr.service.order"].create(self.books.prepare_order(seen, on, code))
        self.oracle.visit(car, on, code, self.books.read_told(seen))
        self._note_visits("arrived", "done")

    def _note_visits(self, *states):
        """Tell the oracle what became of booked visits."""
        past = self.env["cr.appointment"].search(
            [("id", "in", list(self.coming)), ("state", "in", states)], order="id"
        )
        for visit in past:
            car = self.books.car_keys[visit.vehicle_id.id]
            has_come = visit.state in ("arrived", "done")
            self.coming.discard(visit.id)
            self.oracle.unbook(car, visit.day, has_come)
            self.counts["customers who did not come"] += not has_come

    def _play_insure(self, _day, car, until, is_here):
        book = self.oracle.cars.get(car)
        if book and until not in book.ends:
            values = self.books.prepare_policy(self.cars[car], until, is_here)
            self.env["cr.insurance.policy"].create(values)
            self.oracle.insure(car, until, is_here)

    def _play_inspect(self, day, car):
        due_on = self.oracle.get_due(car, day).get("inspection")
        if due_on and due_on <= day + 80 * _DAY:
            self.env["cr.inspection"].create(
                {
                    "vehicle_id": self.books.cars[car].id,
                    "due_on": due_on,
                    "passed_on": day,
                }
            )
            self.oracle.inspect(car, day)

    def _play_resell(self, day, car, person, is_purchase, keep_driver):
        if self.oracle.cars[car].owner == person:
            return
        self.env["cr.vehicle.resell"].create(
            {
                "vehicle_id": self.books.cars[car].id,
                "partner_id": self.books.partners[person].id,
                "date": day,
                "is_purchase": is_purchase,
                "keep_driver": keep_driver,
            }
        ).action_resell()
        self.oracle.resell(car, person, is_purchase, keep_driver)
        self.counts["resold"] += 1

    def _play_refuse(self, _day, person, wish):
        self.books.partners[person]._cr_record_wish(
            "refused", purpose=wish[0], channel=wish[1]
        )
        self.oracle.wishes[person].add(wish)

    def _play_licence(self, _day, person, on):
        self.books.partners[person].cr_licence_on = on
        self.oracle.renew_licence(person, on)

    # === WORK === #

    def _is_working_day(self, day):
        return self.env.company.resource_calendar_id._cr_is_working_day(day)

    def _as_agent(self, model):
        company = self.env.company.ids
        env = self.env(
            user=self.books.agent,
            context={"allowed_company_ids": company, "tz": "Asia/Shanghai"},
        )
        return env[model]

    def _post_letters(self):
        letters = self._as_agent("cr.message").search(
            [("channel", "=", "letter"), ("state", "=", "queued")]
        )
        if letters:
            letters.action_mark_posted()
        self.env.cr.commit()

    def _work(self, day):
        """Confirm lists, do tasks, take cards and record how the calls ended."""
        self._confirm_lists()
        ready = [("state", "=", "ready"), ("channel", "=", "task")]
        for task in self._as_agent("cr.care.task").search(ready, order="id"):
            if self.random.random() < 0.6:
                task.action_done()
        cards = self._as_agent("cr.callback").search(
            [
                ("state", "in", ("todo", "retry")),
                ("earliest_on", "<=", day),
                ("block_code", "=", False),
                *("|", ("next_at", "=", False)),
                ("next_at", "<=", self.clock.now),
            ],
            order="id",
        )
        for partner in cards.partner_id.sorted("id"):
            if self.random.random() < 0.6:
                self._call(day, cards.filtered(lambda c, p=partner: c.partner_id == p))
        self.env.cr.commit()

    def _confirm_lists(self):
        lists = self._as_agent("cr.care.list").search([("open_count", ">", 0)])
        for due_list in lists.sorted("id"):
            if self.random.random() < 0.3:
                waiting = due_list.case_ids.filtered(lambda one: not one.confirmed_on)
                due_list.action_confirm()
                for case in waiting.filtered("confirmed_on"):
                    self._note_confirmed(self.oracle.cases[self.cases[case.id]])
        self.env.cr.commit()

    def _note_confirmed(self, case):
        case.is_confirmed = True
        for task in case.tasks:
            if task.state == "waiting" and task.held_for == "unconfirmed":
                task.next_on, task.held_for = self.oracle.today, None

    def _call(self, day, cards):
        card = cards[:1]
        try:
            with self.env.cr.savepoint():
                action = card.action_take()
        except UserError:
            self.counts["cards that were blocked"] += 1
            return
        session = card.env["cr.call.session"].browse(action["params"]["session_id"])
        code = self._draw(_OUTCOMES)
        mine = session._get_open_callbacks().filtered(lambda c: c.earliest_on <= day)
        cases = self._get_oracle_cases(mine)
        answers, drawn = {}, []
        if code == "reached":
            answers, drawn = self._draw_answers(mine)
        wish = {}
        if code == "appointment":
            wish["next_at"] = str(self.clock.now + self.random.randrange(1, 4) * _DAY)
        outcome = card.env.ref(f"cr_dealership.cr_call_outcome_{code}")
        session.set_outcome(
            outcome.id, mine.ids, take_next=False, answers=answers, **wish
        )
        self.counts["calls"] += 1
        self._check_next_try(code, mine)
        if code in ("reached", "refused", "appointment"):
            for case in cases.values():
                case.is_reached = True
        for callback, reason in drawn:
            case = cases[callback]
            self.oracle.answer(case, reason.answer, reason.effect)
            self._act_on(day, case, reason)

    def _check_next_try(self, code, callbacks):
        """Note tries that were planned for a day on which nobody works."""
        for callback in callbacks if code in _UNREACHED else ():
            day = callback.next_at and (callback.next_at + _HOURS_AHEAD).date()
            if day and not is_workday(day):
                self.retries_on_days_off.append((callback.id, day))
            elif day and day.weekday() >= 5:
                self.counts["next tries on make-up days"] += 1

    def _get_oracle_cases(self, callbacks):
        found = callbacks._get_care_cases()
        return {
            call: self.oracle.cases[self.cases[case.id]] for call, case in found.items()
        }

    def _draw(self, weights):
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _draw_answers(self, callbacks):
        """Return the answers to give, and [(callback, reason)]."""
        reasons = callbacks.env["cr.care.reason"]
        answers, drawn = {}, []
        for call_id, offered in sorted(callbacks._get_answers().items()):
            by_code = {reasons.browse(one["id"]).code: one["id"] for one in offered}
            weights = {code: _ANSWERS[code] for code in by_code if code in _ANSWERS}
            reason = reasons.browse(by_code[self._draw(weights)])
            answers[call_id] = {"reason_id": reason.id, "note": "as he said"}
            drawn.append((callbacks.browse(call_id), reason))
        return answers, drawn

    def _act_on(self, day, case, reason):
        """Have the customer do what he said, most of the time."""
        soon = day + self.random.randrange(2, 13) * _DAY
        if reason.code == "agreed" and self.random.random() < 0.8:
            until = (case.on + 366 * _DAY) - _DAY
            values = {"car": case.car, "until": until, "is_here": True}
            self.agenda[soon].append(("insure", values))
        elif reason.code == "booked" and case.is_live:
            self._book(day, case, soon)
        elif reason.code == "will_come" and self.random.random() < 0.6:
            self._plan_visit(case.car, soon)

    def _plan_visit(self, car, day):
        if day <= END:
            values = {"car": car, "on": day, "code": "maintenance"}
            self.agenda[day].append(("visit", values))

    def _book(self, day, case, wished):
        slots = self._as_agent("cr.appointment.slot").search(
            [
                ("day", ">=", max(wished, day + _DAY)),
                ("bay_kind", "=", "maintenance"),
                ("free", ">", 0),
            ],
            order="start_at, id",
            limit=1,
        )
        try:
            with self.env.cr.savepoint():
                visit = self._as_agent("cr.appointment").create(
                    {
                        "slot_id": slots.id,
                        "partner_id": self.books.partners[case.person].id,
                        "vehicle_id": self.books.cars[case.car].id,
                        "channel": "phone",
                    }
                )
                visit.action_confirm()
        except UserError:
            self.counts["bookings without a place"] += 1
            return
        self.counts["booked visits"] += 1
        self.coming.add(visit.id)
        self.oracle.book(case.car, slots.day)
        if self.random.random() < 0.75:
            self._plan_visit(case.car, slots.day)
