"""Brings the club of a plan into Odoo: its members, work orders and rules."""

from dataclasses import dataclass

from odoo.tools import SQL

from ledger_plan import ORDER_DAY

_ORDERS = """
INSERT INTO cr_service_order (company_id, number, system, vehicle_id, partner_id,
       type_id, state, in_on, out_on, amount_material, amount_labour, amount_other,
       amount_total, callback_pending, create_date, write_date)
SELECT %(company)s, 'L' || lpad(number::text, 7, '0'), 'ledger', %(vehicle)s,
       partner_id, %(type)s, 'settled', %(day)s, %(day)s, material / 100.0,
       labour / 100.0, 0, (material + labour) / 100.0, FALSE, NOW(), NOW()
  FROM unnest(%(numbers)s, %(partners)s, %(material)s, %(labour)s)
       AS made (number, partner_id, material, labour)
 ORDER BY number RETURNING id
"""


@dataclass(frozen=True)
class Store:
    """Ids of what a plan is about; lists are in the order of its numbers."""

    database: str
    program: int
    partners: list
    orders: list


def make_store(env, plan, database):
    """Make club, members and orders, and post what there is before the first day."""
    company = env["res.company"].create(
        {"name": "Ledger store", "country_id": env.ref("base.cn").id}
    )
    company.partner_id.tz = "Asia/Shanghai"
    program = _make_program(env, company)
    partners = env["res.partner"].create(
        [{"name": f"Ledger member {number}"} for number in range(plan.members)]
    )
    orders = _make_orders(env, company, plan, partners.ids)
    env["cr.points.account"]._award(
        [
            {
                "program": program,
                "partner": partners[award.member],
                "kind": "opening",
                "points": award.points,
                "key": award.key,
                "day": award.day,
                "available_on": award.available_on,
            }
            for award in plan.openings
        ]
    )
    env.cr.commit()
    return Store(database, program.id, partners.ids, orders)


def _make_program(env, company):
    """Return a club for everybody: a point a yuan of material, half a one of labour."""
    program = env["cr.club.program"].create(
        {
            "name": "Ledger club",
            "company_id": company.id,
            "scheme_id": env["cr.club.scheme"].search([], limit=1).id,
            "points_from": "2020-01-01",
            "hold_days": 0,
            "expiry_months": 0,
            "is_open_to_all": True,
        }
    )
    rule = {"program_id": program.id, "source": "service"}
    env["cr.points.rule"].create(
        [
            {**rule, "name": "Material", "basis": "material", "rounding": "down"},
            {
                **rule,
                "name": "Labour",
                "basis": "labour",
                "rate": 0.5,
                "rounding": "half",
            },
        ]
    )
    return program


def _make_orders(env, company, plan, partners):
    """Return the ids of the orders as they are at first; nobody has posted them."""
    model = env["fleet.vehicle.model"].search([], limit=1)
    vehicle = env["cr.vehicle"].create(
        {"vin": "LFMAYAC05LEDGER01", "model_id": model.id, "company_id": company.id}
    )
    env.flush_all()
    first = [order.versions[0] for order in plan.orders]
    rows = env.execute_query(
        SQL(
            _ORDERS,
            company=company.id,
            vehicle=vehicle.id,
            type=env["cr.service.type"].search([("earns_points", "=", True)])[0].id,
            day=ORDER_DAY,
            numbers=[order.number for order in plan.orders],
            partners=[partners[order.member] for order in plan.orders],
            material=[material for material, _labour in first],
            labour=[labour for _material, labour in first],
        )
    )
    return sorted(order for [order] in rows)
