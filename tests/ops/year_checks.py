"""What must hold when the year is over: the oracle's cases, and laws of the ledger."""

import hashlib
from collections import Counter

from odoo.tools import SQL

from year_rules import PLANS
from year_store import START

# A contact that a care plan made, with the case that it was made for.
_TOUCHES = """
    SELECT touch.id, touch.partner_id, touch.day, touch.at, touch.channel, t.case_id,
           touch.is_counted
      FROM cr_care_touch touch
      JOIN cr_message m ON touch.origin_model = 'cr.message' AND m.id = touch.origin_id
      JOIN cr_care_task t ON m.origin_model = 'cr.care.task' AND t.id = m.origin_id
     UNION ALL
    SELECT touch.id, touch.partner_id, touch.day, touch.at, touch.channel, t.case_id,
           touch.is_counted
      FROM cr_care_touch touch
      JOIN cr_call_attempt_callback_rel rel
        ON touch.origin_model = 'cr.call.attempt' AND rel.attempt_id = touch.origin_id
      JOIN cr_callback call ON call.id = rel.callback_id
      JOIN cr_care_task t ON call.origin_model = 'cr.care.task'
                             AND t.id = call.origin_id
"""
# Each gives the rows that must not be there.
LAWS = {
    "customers contacted beyond the cap": """
        SELECT DISTINCT one.partner_id, one.day
          FROM (SELECT DISTINCT partner_id, day, channel FROM touches
                 WHERE is_counted) one
          JOIN res_company c ON c.id = 1
         WHERE (SELECT COUNT(*) FROM (
                   SELECT DISTINCT day, channel FROM touches other
                    WHERE other.is_counted AND other.partner_id = one.partner_id
                      AND other.day BETWEEN one.day - c.cr_contact_cap_days + 1
                                        AND one.day) near) > c.cr_contact_cap""",
    "steps taken of whom was contacted often enough, by anybody": """
        SELECT t.id FROM cr_care_task t JOIN res_company c ON c.id = t.company_id
         WHERE t.taken_on IS NOT NULL AND t.channel IN ('sms', 'letter', 'call')
           AND (SELECT COUNT(*) FROM (
                   SELECT DISTINCT x.day, x.channel FROM cr_care_touch x
                    WHERE x.is_counted AND x.partner_id = t.partner_id
                      AND x.day > t.taken_on - c.cr_contact_cap_days
                      AND x.day < t.taken_on) near) >= c.cr_contact_cap
           -- A call that is still to be made takes a further line.
           AND NOT EXISTS (
               SELECT FROM cr_care_task other
                WHERE t.channel = 'call' AND other.channel = 'call'
                  AND other.partner_id = t.partner_id AND other.id <> t.id
                  AND other.taken_on <= t.taken_on
                  AND COALESCE(other.done_on, t.taken_on) >= t.taken_on)""",
    "contacts after the end of the case": """
        SELECT touches.id FROM touches JOIN cr_care_case c ON c.id = touches.case_id
          LEFT JOIN cr_service_order o ON o.id = c.won_order_id
          LEFT JOIN cr_insurance_policy p ON p.id = c.won_policy_id
         WHERE touches.day > c.closed_on
            OR touches.at > COALESCE(o.create_date, p.create_date)""",
    "contacts with the old owner about a car sold": """
        SELECT touches.id FROM touches JOIN cr_care_case c ON c.id = touches.case_id
          JOIN cr_care_plan p ON p.id = c.plan_id
         WHERE p.anchor NOT IN ('birthday', 'licence', 'founded', 'festival',
                                'campaign')
           AND NOT EXISTS (SELECT FROM cr_vehicle_role r
                            WHERE r.vehicle_id = c.vehicle_id
                              AND r.partner_id = touches.partner_id
                              AND r.role IN ('owner', 'driver')
                              AND touches.day >= r.date_from
                              AND touches.day <= COALESCE(r.date_to + 1, touches.day))
        """,
    "live cases of people who do not have the car": """
        SELECT c.id FROM cr_care_case c JOIN cr_care_plan p ON p.id = c.plan_id
          JOIN cr_vehicle v ON v.id = c.vehicle_id
         WHERE c.state IN ('open', 'booked')
           AND p.anchor NOT IN ('birthday', 'licence', 'founded')
           AND c.partner_id <> v.owner_id
           AND c.partner_id IS DISTINCT FROM v.driver_id""",
    "two cases of a plan, customer, car and day N": """
        SELECT plan_id FROM cr_care_case
         GROUP BY plan_id, partner_id, vehicle_id, first_anchor_on
        HAVING COUNT(*) > 1""",
    "two cases of a customer's own day": """
        SELECT plan_id FROM cr_care_case c JOIN cr_care_plan p ON p.id = c.plan_id
         WHERE p.anchor IN ('birthday', 'licence', 'founded', 'festival', 'campaign')
         GROUP BY plan_id, partner_id, first_anchor_on HAVING COUNT(*) > 1""",
    "two live cases of a plan and car": """
        SELECT c.plan_id FROM cr_care_case c JOIN cr_care_plan p ON p.id = c.plan_id
         WHERE c.state IN ('open', 'booked')
           AND p.anchor IN ('first_service', 'maintenance', 'insurance', 'inspection')
         GROUP BY c.plan_id, c.vehicle_id HAVING COUNT(*) > 1""",
    "messages of one step sent twice": """
        SELECT origin_id FROM cr_message WHERE origin_model = 'cr.care.task'
         GROUP BY origin_id HAVING COUNT(*) > 1""",
    "steps held back or left out without a reason": """
        SELECT id FROM cr_care_task WHERE state IN ('held', 'skipped', 'cancelled')
           AND reason IS NULL""",
    "steps held back that nobody looks at again": """
        SELECT id FROM cr_care_task
         WHERE state IN ('todo', 'held') AND next_on < %(today)s""",
    "steps of ended cases still planned": """
        SELECT t.id FROM cr_care_task t JOIN cr_care_case c ON c.id = t.case_id
         WHERE t.state IN ('todo', 'held', 'ready')
           AND c.state NOT IN ('open', 'booked')""",
    "contacts of those set aside by lot": """
        SELECT touches.id FROM touches JOIN cr_care_case c ON c.id = touches.case_id
         WHERE c.is_holdout""",
    "contacts before the list was confirmed": """
        SELECT touches.id FROM touches JOIN cr_care_case c ON c.id = touches.case_id
          JOIN cr_care_plan p ON p.id = c.plan_id
         WHERE p.needs_confirmation
           AND (c.confirmed_on IS NULL OR touches.day < c.confirmed_on)""",
    "lists with another deadline than the 30th": """
        SELECT l.id FROM cr_care_list l JOIN cr_care_plan p ON p.id = l.plan_id
         WHERE p.code = 'insurance' AND l.deadline_on <> (
               SELECT MAX(day)::date FROM generate_series(
                   l.month - interval '2 months', l.month - interval '1 month'
                   - interval '1 day', interval '1 day') day
                WHERE extract(day FROM day) <= 30)""",
    "lists never reminded of": """
        SELECT l.id FROM cr_care_list l
         WHERE l.deadline_on < %(today)s AND l.reminded_on IS NULL
           AND l.confirmed_on IS NULL AND EXISTS (
               SELECT FROM cr_care_case c WHERE c.list_id = l.id
                  AND c.state IN ('open', 'booked') AND c.confirmed_on IS NULL
                  AND c.opened_on < %(today)s - 1)""",
    "next tries on days off": None,
}
_CASES = """
    SELECT id, first_anchor_on, anchor_on, opened_on, state, closed_on, is_holdout
      FROM cr_care_case ORDER BY id
"""
_STEPS = """
    SELECT t.case_id, s.offset_days, t.channel, t.due_on
      FROM cr_care_task t JOIN cr_care_step s ON s.id = t.step_id ORDER BY t.id
"""


def check(days):
    """Return [(what must not be, how often it is)]."""
    return [*_compare_cases(days), *_break_laws(days)]


def _compare_cases(days):
    """Compare all cases and steps with the oracle's."""
    found, steps = {}, Counter()
    query = days.env.execute_query
    for case_id, *values in query(SQL(_CASES)):
        found[days.cases.get(case_id, case_id)] = values
    for case_id, offset, channel, due_on in query(SQL(_STEPS)):
        steps[days.cases.get(case_id), offset, channel, due_on] += 1
    expected = days.oracle.cases
    wanted = Counter(
        (key, task.step.offset, task.step.channel, task.due_on)
        for key, case in expected.items()
        for task in case.tasks
    )
    wrong = {
        key: (found[key][1:5], [case.on, case.opened_on, case.state, case.closed_on])
        for key, case in expected.items()
        if key in found
        and found[key][1:5] != [case.on, case.opened_on, case.state, case.closed_on]
    }
    lists = {
        "cases missing": expected.keys() - found.keys(),
        "cases too many": found.keys() - expected.keys(),
        "cases on another day or with another end": wrong.items(),
        "steps missing": wanted - steps,
        "steps too many": steps - wanted,
    }
    for what, items in lists.items():
        days.faults += [f"{what}: {item}" for item in sorted(map(str, items))[:10]]
    return [(what, len(items)) for what, items in lists.items()]


def _break_laws(days):
    lines = []
    for what, law in LAWS.items():
        if law:
            # No percent sign but the parameter stands in a law.
            statement = f"WITH touches AS ({_TOUCHES}) {law}"
            rows = days.env.execute_query(SQL(statement, today=days.oracle.today))
        else:
            rows = days.retries_on_days_off
        lines.append((what, len(rows)))
        days.faults += [f"{what}: {row}" for row in rows[:5]]
    return lines


def describe(days):
    """Return [(figure, value)] of the year."""
    cases = days.oracle.cases.values()
    lines = [("cars", len(days.oracle.cars)), ("customers", len(days.oracle.people))]
    by_plan = Counter(case.plan for case in cases)
    by_state = Counter((case.plan, case.state) for case in cases)
    for code in PLANS:
        states = "/".join(
            str(by_state[code, state])
            for state in ("won", "lost", "expired", "cancelled")
        )
        name = f"cases {code} (won/lost/expired/cancelled)"
        lines.append((name, f"{by_plan[code]} ({states})"))
    lines.append(("cases", len(cases)))
    lines.append(("steps planned", sum(len(case.tasks) for case in cases)))
    query = SQL(
        "SELECT channel, COUNT(*) FROM cr_care_touch WHERE is_counted"
        " GROUP BY 1 ORDER BY 1"
    )
    lines += [(f"contacts by {name}", n) for name, n in days.env.execute_query(query)]
    lines += sorted(days.counts.items())
    query = SQL(
        "SELECT state, reason, COUNT(*) FROM cr_care_task GROUP BY 1, 2 ORDER BY 1, 2"
    )
    lines += [
        (f"steps now {state}{f' ({reason})' if reason else ''}", count)
        for state, reason, count in days.env.execute_query(query)
    ]
    lines.append(("first day", START))
    lines.append(("digest of the year", _digest(days)))
    return lines


def _digest(days):
    """Return a digest of what happened, without ids, to compare two runs."""
    rows = days.env.execute_query(
        SQL(
            """SELECT p.code, who.name, v.vin, c.first_anchor_on, c.anchor_on, c.state,
                      c.closed_on, c.contact_count, c.won_on, c.answer,
                      array_agg((t.due_on, t.state, t.reason, t.taken_on, t.done_on)
                                ORDER BY t.id)::text
                 FROM cr_care_case c JOIN cr_care_plan p ON p.id = c.plan_id
                 JOIN res_partner who ON who.id = c.partner_id
            LEFT JOIN cr_vehicle v ON v.id = c.vehicle_id
            LEFT JOIN cr_care_task t ON t.case_id = c.id
             GROUP BY p.code, who.id, v.id, c.id"""
        )
    )
    text = "\n".join(sorted(str(row) for row in rows))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
