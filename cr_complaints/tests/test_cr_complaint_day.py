import random
from collections import defaultdict
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .complaint_common import ComplaintCommon

_COUNT, _SEED = 200, 20261120
# The day's minutes, from midnight; the job runs from 8 to 18 o'clock.
_FIRST, _LAST = 480, 1080
_MORNING, _AFTERNOON = (480, 720), (780, 1020)
_BACK = 13 * 60
# Working minutes: until the answer is due, and from there to the three rungs.
_TARGET, _AFTER = 360, (-15, 60, 120)
_ACK, _SILENT = (30, 30, 20), (120, 120, 60)


class _Oracle:
    """What must happen to one complaint on the day; knows nothing of the addon.

    `told` is [(minute, rung, turn, person)], `done` [(minute, person, action)], `due`
    the minutes at which the job has to look at it.
    """

    def __init__(self, number, received):
        self.number, self.received = number, received
        self.deadline = self.after(_TARGET)
        self.moments = [self.after(_TARGET + after) for after in _AFTER]
        self.told, self.done, self.ended = [], [], None
        self.waiting, self.due = {}, {self.deadline}
        self.planned = defaultdict(list)
        for minute in range(_FIRST, _LAST + 1):
            self.live(minute)

    def after(self, count, minute=None):
        """Count working minutes from a minute, yesterday's receipt, one by one."""
        minute = self.received if minute is None else minute
        while count:
            count -= any(
                start <= minute % 1440 < end for start, end in (_MORNING, _AFTERNOON)
            )
            minute += 1
        return minute

    @staticmethod
    def is_open(minute):
        return any(start <= minute <= end for start, end in (_MORNING, _AFTERNOON))

    @staticmethod
    def on_duty(rung, minute):
        stands_in = rung == 0 and minute < _BACK
        return "stand_in" if stands_in else ("manager", "head", "director")[rung]

    def live(self, minute):
        for person, action in self.planned[minute]:
            if self.ended is None:
                self.act(minute, person, action)
        if self.ended is None and self.is_open(minute):
            self.climb(minute)

    def act(self, minute, person, action):
        """Somebody acknowledges, works, or answers the customer."""
        self.done.append((minute, person, action))
        for one in self.waiting.values():
            if one["person"] == person:
                one["is_seen"] = True
                if action == "ack" and one["silent_from"] is None:
                    one["silent_from"] = minute
        if action == "work":
            for one in self.waiting.values():
                if one["is_seen"]:
                    one["silent_from"] = minute
        if action == "answer":
            self.ended = minute

    def climb(self, minute):
        known = {rung for _minute, rung, _turn, _person in self.told}
        steps = {
            (rung, 0)
            for rung, moment in enumerate(self.moments)
            if moment <= minute and rung not in known
        }
        for (rung, turn), one in list(self.waiting.items()):
            end = self.after(_ACK[rung], one["fired"])
            if one["is_seen"]:
                end = self.after(_SILENT[rung], one["silent_from"])
            if end > minute:
                continue
            del self.waiting[rung, turn]
            self.due.add(minute)
            if rung == 2:
                last = max(turn for _m, told, turn, _p in self.told if told == 2)
                steps.add((2, last + 1))
            elif rung + 1 not in known:
                steps.add((rung + 1, 0))
        for rung, turn in sorted(steps):
            self.tell(minute, rung, turn)

    def tell(self, minute, rung, turn):
        person = self.on_duty(rung, minute)
        self.told.append((minute, rung, turn, person))
        self.waiting[rung, turn] = {
            "person": person, "fired": minute, "is_seen": False, "silent_from": None
        }
        dice = random.Random(f"{_SEED}-{self.number}-{rung}-{turn}")
        for action, share in (("ack", 0.4), ("work", 0.25), ("answer", 0.15)):
            if dice.random() < share:
                self.planned[minute + dice.randint(1, 90)].append((person, action))


@tagged("post_install", "-at_install")
class TestCrComplaintDay(ComplaintCommon):
    """Two hundred open complaints and an absent manager, minute by minute (CPL-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            "manager": cls.manager,
            "head": cls.head,
            "director": cls.director,
            "stand_in": cls.second_agent(7),
        }
        cls.absence = cls.env["cr.absence"].create(
            {
                "user_id": cls.manager.id,
                "date_from": date(2026, 11, 20),
                "date_to": date(2026, 11, 20),
                "substitute_id": cls.people["stand_in"].id,
            }
        )
        cls.build_ladder()
        cls.receive()

    @classmethod
    def build_ladder(cls):
        """Three rungs on the first answer; nothing else falls due on the day."""
        grade = cls.grade("minor")
        grade.rung_ids.unlink()
        grade.write(
            {"answer_hours": _TARGET / 60, "promise_hours": 18, "solve_hours": 24}
        )
        roles = ("service_manager", "cr_head", "general_manager")
        cls.rungs = cls.env["cr.complaint.rung"].create(
            [
                {
                    "grade_id": grade.id,
                    "clock": "answer",
                    "after_hours": after / 60,
                    "role_id": cls.env.ref(f"cr_dealership.cr_role_{role}").id,
                    "ack_minutes": ack,
                    "silent_hours": silent / 60,
                }
                for after, role, ack, silent in zip(
                    _AFTER, roles, _ACK, _SILENT, strict=True
                )
            ]
        )

    @classmethod
    def receive(cls):
        """Record the complaints, and work out what must happen to each."""
        # Received yesterday from a quarter past ten until the store closed.
        dice = random.Random(_SEED)
        cls.received = [
            minute - 1440
            for minute in dice.choices([*range(615, 720), *range(780, 1020)], k=_COUNT)
        ]
        with freeze_time(cls.moment(1020 - 1440)):
            cls.complaints = cls.env["cr.complaint"].with_user(cls.agent).create(
                [
                    cls.prepare(received_at=cls.moment(minute))
                    for minute in cls.received
                ]
            ).with_env(cls.env)
        cls.oracles = [
            _Oracle(number, minute) for number, minute in enumerate(cls.received)
        ]

    @classmethod
    def moment(cls, minute):
        """Return the UTC moment of a minute of Friday, 20 November."""
        return cls.local(20, 0) + timedelta(minutes=minute)

    def test_every_rung_is_told_at_its_minute_to_who_is_on_duty(self):
        expected, actions = defaultdict(list), defaultdict(list)
        due = set()
        for oracle in self.oracles:
            due |= oracle.due
            for minute, *step in oracle.told:
                expected[minute].append((oracle.number, *step))
            for minute, *action in oracle.done:
                actions[minute].append((oracle.number, *action))
        with freeze_time(self.moment(_FIRST)) as frozen:
            for minute in range(_FIRST, _LAST + 1):
                frozen.move_to(self.moment(minute))
                if minute == _BACK:
                    self.absence.unlink()
                for action in actions[minute]:
                    self.act(*action)
                looked, told = self.run_job(minute)
                self.assertEqual(told, sorted(expected[minute]), f"minute {minute}")
                if minute not in due and not told and _Oracle.is_open(minute):
                    self.assertFalse(looked, f"minute {minute}: nothing is due")
                self.assertEqual(self.run_job(minute), (0, []))
        self.check_size_of_the_day(expected, actions)
        self.check_breaches()

    def act(self, number, person, action):
        complaint = self.complaints[number].with_user(self.people[person])
        if action == "ack":
            complaint.action_acknowledge()
        elif action == "work":
            complaint.env["cr.complaint.alert"]._note_work(complaint)
        else:
            complaint._answer("We found it")

    def run_job(self, minute):
        """Run the job; return (clocks looked at, what was told by this run)."""
        alerts = self.env["cr.complaint.alert"]
        last = alerts.search([], order="id desc", limit=1).id or 0
        looked = self.env["cr.complaint"]._escalate(self.moment(minute), limit=1000)
        names = {user: name for name, user in self.people.items()}
        places = {one: number for number, one in enumerate(self.complaints)}
        told = [
            (
                places[alert.complaint_id],
                self.rungs.ids.index(alert.rung_id.id),
                alert.turn,
                names[alert.user_id],
            )
            for alert in alerts.search([("id", ">", last)])
        ]
        return looked, sorted(told)

    def check_size_of_the_day(self, expected, actions):
        """The day holds what it is to show: every person, turn and action."""
        told = [step for steps in expected.values() for step in steps]
        self.assertGreater(len(told), 2 * _COUNT)
        self.assertEqual({step[3] for step in told}, set(self.people))
        self.assertGreater(max(step[2] for step in told), 2)
        kinds = [action[2] for some in actions.values() for action in some]
        self.assertEqual(set(kinds), {"ack", "work", "answer"})
        at_lunch = [minute for minute in expected if 720 < minute < 780]
        self.assertFalse([expected[minute] for minute in at_lunch if expected[minute]])

    def check_breaches(self):
        """Each missed deadline is in the log once, and no other."""
        missed = {
            self.complaints[oracle.number].id: self.moment(oracle.deadline)
            for oracle in self.oracles
            if oracle.ended is None or oracle.ended > oracle.deadline
        }
        events = self.env["cr.complaint.event"].search([("kind", "=", "breached")])
        ours = events.filtered(lambda one: one.complaint_id in self.complaints)
        self.assertEqual(sorted(ours.complaint_id.ids), sorted(missed))
        self.assertEqual(len(ours), len(missed))
        clocks = self.complaints.clock_ids.filtered(lambda one: one.kind == "answer")
        self.assertEqual(
            {one.complaint_id.id: one.breached_at for one in clocks if one.breached_at},
            missed,
        )
