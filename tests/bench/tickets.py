"""Tickets of the community's helpdesk with one SLA, the nearest thing to a complaint.

Its two addons are fetched for this measurement alone; nothing of ours depends on them.
"""

import databases
from measure import Meter
from stage import open_env

_ADDONS = ("helpdesk_mgmt", "helpdesk_mgmt_sla")


def measure_tickets(name, count):
    """Return what so many tickets took: (in one go, one by one), None without addons.

    :param str name: of the database to make, which is dropped again
    """
    packages = [f"odoo-addon-{addon}==19.0.*" for addon in _ADDONS]
    if not databases.fetch_addons(*packages):
        return None
    databases.copy(databases.BASE_TEMPLATE, name)
    try:
        databases.run_odoo(name, "-i", ",".join(_ADDONS))
        with open_env(name) as env:
            return _measure(env, count)
    finally:
        databases.drop(name)


def _measure(env, count):
    tickets, team = env["helpdesk.ticket"], _make_team(env)
    # The first one fills the caches.
    tickets.create(_prepare(env, team, 1))
    env.cr.commit()
    values = _prepare(env, team, count)
    with Meter(env.cr) as batch:
        tickets.create(values)
        env.cr.commit()
    values = _prepare(env, team, count)
    with Meter(env.cr) as single:
        for one in values:
            tickets.create(one)
            env.cr.commit()
    return batch, single


def _make_team(env):
    """Return a team whose only SLA is the first answer within two hours of work."""
    team = env["helpdesk.ticket.team"].create(
        {
            "name": "Complaints",
            "use_sla": True,
            "resource_calendar_id": env.company.resource_calendar_id.id,
        }
    )
    stages = env["helpdesk.ticket.stage"].search([], order="sequence")
    env["helpdesk.sla"].create(
        {
            "name": "First answer",
            "hours": 2,
            "stage_id": stages[1].id,
            "team_ids": [(6, 0, team.ids)],
        }
    )
    return team


def _prepare(env, team, count):
    partners = env["res.partner"].create(
        [{"name": f"Complainant {number}"} for number in range(count)]
    )
    env.cr.commit()
    return [
        {
            "name": "It knocks",
            "description": "It knocks",
            "team_id": team.id,
            "partner_id": partner.id,
        }
        for partner in partners
    ]
