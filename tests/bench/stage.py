"""What the parts stand on: an environment of Odoo, stores and agents, the sizes."""

import logging
from contextlib import contextmanager
from datetime import date

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

import databases
from fill import Size, fill

AGENTS_PER_STORE = 2
GROUP_VEHICLES = 1_000_000


@contextmanager
def open_env(name, uid=None):
    """Give an environment of a database whose transaction is committed at the end."""
    odoo.tools.config.parse_config(
        ["-c", str(databases.write_rc(name)), "--log-level=warn"]
    )
    # Odoo's own remark on the user it runs as is of no use here.
    logging.getLogger("odoo.service.server").setLevel(logging.ERROR)
    with Registry(name).cursor() as cursor:
        yield api.Environment(cursor, uid or SUPERUSER_ID, {})


def make_group(source, name, size):
    """Make a database with the cars and orders of a group of stores.

    :param str source: database in which the addon is installed and nothing else is
    :param Size size: how much of everything
    """
    databases.copy(source, name)
    with open_env(name) as env:
        stores, agents = make_stores(env, size.stores)
    with databases.connect(name) as cursor:
        fill(cursor, size, date.today(), stores, agents)


def make_sizes(scale):
    """Return the sizes of the group, and of a tenth of it with as much pending."""
    pending = round(100_000 * scale)
    return {
        "group": Size(round(GROUP_VEHICLES * scale), round(5_000_000 * scale), pending),
        "tenth": Size(round(100_000 * scale), round(500_000 * scale), pending),
    }


def make_stores(env, count):
    """Make stores; return their ids and of the agents who call for them."""
    china = env.ref("base.cn")
    stores = env["res.company"].create(
        [{"name": f"Bench {n:03d}", "country_id": china.id} for n in range(count)]
    )
    stores.partner_id.tz = "Asia/Shanghai"
    agents = env["res.users"].create(
        [
            {
                "name": f"{store.name} agent {n}",
                "login": f"{store.name} {n}",
                "company_id": store.id,
                "company_ids": [(6, 0, store.ids)],
                "group_ids": [
                    (4, env.ref("base.group_user").id),
                    (4, env.ref("cr_dealership.group_cr_dealership_agent").id),
                ],
                "tz": "Asia/Shanghai",
                "lang": "zh_CN",
            }
            for store in stores
            for n in range(AGENTS_PER_STORE)
        ]
    )
    roles = env["cr.callback.rule"].search([]).role_id
    env["cr.role.holder"].create(
        [
            {"role_id": role.id, "company_id": agent.company_id.id, "user_id": agent.id}
            for role in roles
            for agent in agents
        ]
    )
    return stores.ids, agents.ids
