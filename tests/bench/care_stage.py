"""Cars that fall due for one care plan, as many as a measurement wants."""

from datetime import date, timedelta

import databases
from stage import open_env

_PLAN = "cr_dealership.cr_care_plan_maintenance"
# How far ahead of day N the first step of the plan lies.
AHEAD = 15
# Whoever is near the plan's days without being meant goes out of its reach.
_PARK = """
UPDATE cr_vehicle SET service_on = service_on + 90
 WHERE service_on BETWEEN %(today)s - 40 AND %(today)s + 20
"""
# Spread over all cars, each on a page of its own.
_MAKE_DUE = """
UPDATE cr_vehicle SET service_on = %(today)s + %(ahead)s
 WHERE id IN (SELECT id FROM cr_vehicle car
               WHERE owner_id IS NOT NULL AND state = 'in_use' AND active
                 AND NOT EXISTS (SELECT FROM cr_care_case c
                                  WHERE c.vehicle_id = car.id)
               ORDER BY mod(id::bigint * 7919, 1000003) LIMIT %(count)s)
"""
# As it is when the day of the calls has come: the messages went out a week before.
_LATER = """
UPDATE cr_care_task t SET taken_on = taken_on - 8 WHERE taken_on IS NOT NULL;
UPDATE cr_care_task t SET due_on = %(today)s, next_on = %(today)s
  FROM cr_care_step s
 WHERE s.id = t.step_id AND t.channel = 'call' AND t.state = 'todo'
   AND s.offset_days < 0;
ANALYZE cr_care_task;
"""


def choose_plan(name):
    """Leave one plan of all switched on."""
    with open_env(name) as env:
        (env["cr.care.plan"].search([]) - get_plan(env)).active = False


def make_due(name, count):
    """Let so many cars fall due tonight that no night has seen, and nobody else."""
    with open_env(name) as env:
        get_plan(env).opened_until = get_day(env) - timedelta(days=1)
    params = {"today": date.today(), "ahead": AHEAD, "count": count}
    with databases.connect(name) as cursor:
        cursor.execute(_PARK, params)
        cursor.execute(_MAKE_DUE, params)
        cursor.execute("VACUUM ANALYZE cr_vehicle")


def let_a_week_pass(name):
    """Let the calls of the opened cases fall due tonight."""
    with databases.connect(name) as cursor:
        cursor.execute(_LATER, {"today": date.today()})


def get_plan(env):
    """Return the plan that is measured."""
    return env.ref(_PLAN)


def get_day(env):
    """Return the day N of tonight."""
    return env["cr.care.case"]._get_today() + timedelta(days=AHEAD)


def get_domain(env):
    """Return the cars that are due, as somebody would search them."""
    return [
        ("service_on", "=", get_day(env)),
        ("state", "=", "in_use"),
        ("owner_id", "!=", False),
    ]
