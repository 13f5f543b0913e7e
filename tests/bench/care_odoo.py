"""The work of the nightly care run in Odoo's own ways: create(), automation rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo.modules.registry import Registry

import databases
from care_stage import AHEAD, get_day, get_domain, get_plan, make_due
from measure import Meter
from stage import open_env

_BATCH = 1_000
# What the ORM gets to create; the rest of the columns it fills itself.
_MESSAGE_FIELDS = (
    *("company_id", "partner_id", "vehicle_id", "channel", "purpose", "subject"),
    *("body", "template_id", "origin_model", "origin_id", "key"),
)
_CALL_FIELDS = (
    *("company_id", "kind", "purpose", "role_id", "partner_id", "vehicle_id"),
    *("origin_model", "origin_id", "anchor_on", "earliest_on", "due_on", "expires_on"),
    "script_version_id",
)
_RULE_CODE = """
day = record.service_on
env["cr.care.case"].create({{
    "company_id": record.company_id.id, "plan_id": {plan}, "version_id": {version},
    "subject": "maintenance", "partner_id": record.owner_id.id,
    "vehicle_id": record.id, "anchor_on": day, "first_anchor_on": day,
    "opened_on": datetime.date.today(), "expires_on": day + datetime.timedelta(40),
    "task_ids": [(0, 0, {{
        "step_id": step.id, "plan_id": {plan}, "company_id": record.company_id.id,
        "partner_id": record.owner_id.id, "vehicle_id": record.id,
        "channel": step.channel, "role_id": step.role_id.id,
        "due_on": day + datetime.timedelta(step.offset_days),
        "next_on": day + datetime.timedelta(step.offset_days),
    }}) for step in env["cr.care.plan.version"].browse({version}).step_ids],
}})
"""


@dataclass
class Created:
    """What the ORM took for samples of cases, messages and calls: (seconds, rows)."""

    samples: list

    def scale(self, count):
        """Return the seconds that each would take for the rows of a night.

        :param count: function that counts the rows of tables
        """
        tables = ("cr_care_case", "cr_message", "cr_callback")
        return [
            seconds / rows * count(table)
            for table, (seconds, rows) in zip(tables, self.samples, strict=True)
        ]


@dataclass
class Ruled:
    """What the automation rule took for a sample."""

    seconds: float
    cases: int


def measure_create(name, sample):
    """Open cases, and make messages and calls, by create() in batches; undo it."""
    make_due(name, sample)
    with open_env(name) as env:
        # As favourable as Odoo's own jobs call it: no log in the chatter.
        env = env(context={"tracking_disable": True})
        with Meter() as meter:
            cases = _create_cases(env)
        samples = [(meter.seconds, cases)]
        for model, names in (
            (env["cr.message"], _MESSAGE_FIELDS),
            (env["cr.callback"], _CALL_FIELDS),
        ):
            vals_list = _read_again(model, names, sample)
            with Meter() as meter:
                _create_in_batches(model, vals_list)
            samples.append((meter.seconds, len(vals_list)))
        env.cr.rollback()
    return Created(samples)


def _create_cases(env):
    """Search the due cars, create cases and steps; return how many cases."""
    plan = get_plan(env)
    today = env["cr.care.case"]._get_today()
    version = plan._get_versions(today)[plan.id]
    cars = env["cr.vehicle"].search(get_domain(env))
    for start in range(0, len(cars), _BATCH):
        batch = cars[start : start + _BATCH]
        vals_list = [_prepare_case(car, version, today) for car in batch]
        cases = env["cr.care.case"].create(vals_list)
        env["cr.care.task"].create(
            [
                _prepare_task(case, step, today)
                for case in cases
                for step in version.step_ids
            ]
        )
        env.flush_all()
    return len(cars)


def _prepare_case(car, version, today):
    return {
        "company_id": car.company_id.id,
        "plan_id": version.plan_id.id,
        "version_id": version.id,
        "subject": version.plan_id.subject,
        "partner_id": car.owner_id.id,
        "vehicle_id": car.id,
        "anchor_on": car.service_on,
        "first_anchor_on": car.service_on,
        "opened_on": today,
        "expires_on": car.service_on
        + timedelta(days=version.last_day + version.plan_id.close_days),
        "priority": version.plan_id.sequence,
    }


def _prepare_task(case, step, today):
    due_on = case.anchor_on + timedelta(days=step.offset_days)
    is_late = due_on + timedelta(days=step.tolerance_days) < today
    return {
        "case_id": case.id,
        "step_id": step.id,
        "plan_id": case.plan_id.id,
        "company_id": case.company_id.id,
        "partner_id": case.partner_id.id,
        "vehicle_id": case.vehicle_id.id,
        "channel": step.channel,
        "role_id": step.role_id.id,
        "due_on": due_on,
        "next_on": due_on,
        "state": "skipped" if is_late else "todo",
        "priority": case.priority,
    }


def _read_again(model, names, limit):
    """Return the values of what the night made last, for another task each."""
    rows = model.search_read(
        [("origin_model", "=", "cr.care.task")],
        names,
        order="id desc",
        limit=limit,
        load="",
    )
    for row in rows:
        row["origin_id"] = -row.pop("id")
        if "key" in row:
            row["key"] += ",again"
    return rows


def _create_in_batches(model, vals_list):
    for start in range(0, len(vals_list), _BATCH):
        model.create(vals_list[start : start + _BATCH])
        model.env.flush_all()


def measure_automation(name, sample):
    """Open cases by a time-based automation rule, as somebody would set it up."""
    databases.run_odoo(name, "-i", "base_automation")
    # This process knows the database from before.
    Registry.delete(name)
    make_due(name, sample)
    with open_env(name) as env:
        rule = _make_rule(env)
        env.cr.commit()
        before = env["cr.care.case"].search_count([])
        with Meter() as meter:
            env["base.automation"]._cron_process_time_based_actions()
            env.cr.commit()
        cases = env["cr.care.case"].search_count([]) - before
        rule.unlink()
    return Ruled(meter.seconds, cases)


def _make_rule(env):
    plan = get_plan(env)
    version = plan._get_versions(env["cr.care.case"]._get_today())[plan.id]
    car = env["ir.model"]._get("cr.vehicle")
    night = datetime.combine(get_day(env), datetime.min.time())
    return env["base.automation"].create(
        {
            "name": "Maintenance is due",
            "model_id": car.id,
            "trigger": "on_time",
            "trg_date_id": env["ir.model.fields"]._get(car.model, "service_on").id,
            "trg_date_range": AHEAD,
            "trg_date_range_type": "day",
            "trg_date_range_mode": "before",
            "last_run": night - timedelta(days=AHEAD + 1),
            "filter_domain": "[('state', '=', 'in_use'), ('owner_id', '!=', False)]",
            "action_server_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Open a case",
                        "model_id": car.id,
                        "state": "code",
                        "code": _RULE_CODE.format(plan=plan.id, version=version.id),
                    },
                )
            ],
        }
    )
