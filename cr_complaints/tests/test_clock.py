import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase

from odoo.addons.cr_complaints.tools import clock
from odoo.addons.cr_complaints.tools.clock import Event

# Monday to Saturday, lunch from 12 to 13:30; "late" is open from 12 to 20 every day.
_HOURS = {
    "shop": (range(6), ((9, 12), (13.5, 18))),
    "late": (range(7), ((12, 20),)),
}


def spans(calendar, start, end):
    """Return the working times of an invented calendar."""
    weekdays, hours = _HOURS[calendar]
    found, day = [], start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        if day.weekday() in weekdays:
            for begin, finish in hours:
                low = max(start, day + timedelta(hours=begin))
                high = min(end, day + timedelta(hours=finish))
                if low < high:
                    found.append((low, high))
        day += timedelta(days=1)
    return found


def at(day, hour=0, minute=0):
    return datetime(2026, 11, day, hour, minute)


class TestClock(BaseCase):
    """Deadlines follow from log and calendar alone. 2026-11-20 is a Friday."""

    def deadline(self, *events, **values):
        return clock.replay(events, spans, **values).deadline

    def begin(self, moment, hours, calendar="shop"):
        return Event(moment, "start", calendar), Event(moment, "target", hours)

    def test_lunch_and_night_do_not_count(self):
        self.assertEqual(self.deadline(*self.begin(at(20, 11), 2)), at(20, 14, 30))
        self.assertEqual(self.deadline(*self.begin(at(20, 17), 2)), at(21, 10))

    def test_sunday_does_not_count(self):
        self.assertEqual(self.deadline(*self.begin(at(21, 17), 2)), at(23, 10))

    def test_a_complaint_at_night_starts_in_the_morning(self):
        self.assertEqual(self.deadline(*self.begin(at(20, 23), 1)), at(21, 10))

    def test_a_target_that_fills_a_span_ends_with_it(self):
        self.assertEqual(self.deadline(*self.begin(at(20, 9), 3)), at(20, 12))

    def test_a_pause_over_the_weekend_moves_the_deadline(self):
        log = [
            *self.begin(at(20, 16), 4),
            Event(at(20, 17), "pause"),
            Event(at(23, 10), "resume"),
        ]
        self.assertEqual(self.deadline(*log), at(23, 14, 30))

    def test_while_paused_there_is_no_deadline_but_time_left(self):
        state = clock.replay(
            [*self.begin(at(20, 16), 4), Event(at(20, 17), "pause")], spans
        )
        self.assertIsNone(state.deadline)
        self.assertEqual(state.left, timedelta(hours=3))
        self.assertFalse(state.is_missed(at(30)))

    def test_a_higher_grade_shortens_what_is_left(self):
        log = [*self.begin(at(20, 9), 8), Event(at(20, 11), "target", 4)]
        self.assertEqual(self.deadline(*log), at(20, 14, 30))

    def test_a_grade_that_comes_too_late_is_missed_at_once(self):
        log = [*self.begin(at(20, 9), 8), Event(at(20, 17), "target", 2)]
        state = clock.replay(log, spans)
        self.assertEqual(state.deadline, at(20, 11))
        self.assertTrue(state.is_missed(at(20, 17)))

    def test_another_calendar_counts_from_its_day(self):
        log = [*self.begin(at(20, 16), 5), Event(at(21, 0), "calendar", "late")]
        self.assertEqual(self.deadline(*log), at(21, 15))

    def test_a_stopped_clock_keeps_its_deadline(self):
        log = [*self.begin(at(20, 9), 2), Event(at(20, 10), "stop")]
        state = clock.replay(log, spans)
        self.assertEqual(state.deadline, at(20, 11))
        self.assertFalse(state.is_missed(at(29)))
        late = clock.replay([*log[:2], Event(at(20, 12), "stop")], spans)
        self.assertTrue(late.is_missed(at(29)))

    def test_rungs_are_asked_for_before_and_after_the_deadline(self):
        log = self.begin(at(20, 9), 4)
        self.assertEqual(self.deadline(*log, extra_hours=-1), at(20, 12))
        self.assertEqual(self.deadline(*log, extra_hours=4), at(21, 9, 30))
        self.assertEqual(self.deadline(*log, extra_hours=-9), at(20, 9))

    def test_what_happens_after_the_end_changes_nothing(self):
        log = [*self.begin(at(20, 9), 2), Event(at(20, 10), "stop")]
        after = [*log, Event(at(20, 10, 30), "pause"), Event(at(21), "target", 50)]
        self.assertEqual(clock.replay(log, spans), clock.replay(after, spans))

    def test_without_target_there_is_no_deadline(self):
        state = clock.replay([Event(at(20, 9), "start", "shop")], spans)
        self.assertEqual(state, (None, None, False, None))

    def test_any_log_gives_the_same_deadline_in_any_order(self):
        dice = random.Random(7)
        for _case in range(60):
            log = list(self.begin(at(20, 9), dice.choice((2, 8, 24))))
            moment = at(20, 9)
            for _line in range(dice.randrange(8)):
                moment += timedelta(minutes=dice.randrange(1, 900))
                kind = dice.choice(("pause", "resume", "target", "calendar"))
                value = {"target": dice.randrange(1, 40), "calendar": "late"}
                log.append(Event(moment, kind, value.get(kind)))
            first = clock.replay(log, spans)
            shuffled = dice.sample(log, len(log))
            self.assertEqual(clock.replay(shuffled, spans), first)
            if first.deadline and first.left > timedelta(0):
                worked = self.count_work(log, first.deadline)
                target = [event for event in sorted(log) if event.kind == "target"]
                self.assertEqual(worked, timedelta(hours=target[-1].value))

    def count_work(self, log, until):
        """Count working minutes one by one: slow, and by another way."""
        log = sorted(log, key=lambda event: event.at)
        minutes, calendar, runs = 0, None, False
        moment = log[0].at
        while moment < until:
            for event in log:
                if event.at == moment:
                    if event.kind in ("start", "calendar"):
                        calendar = event.value
                    if event.kind == "start":
                        runs = True
                    if event.kind == "pause":
                        runs = False
                    if event.kind == "resume":
                        runs = True
            step = timedelta(minutes=1)
            if runs and spans(calendar, moment, moment + step):
                minutes += 1
            moment += step
        return timedelta(minutes=minutes)
