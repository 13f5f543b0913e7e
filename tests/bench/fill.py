"""Fill a database by SQL with the customers, cars and work orders of many stores.

Secondary indexes are dropped before and made again after, triggers and foreign keys
do not fire: five million orders take minutes instead of hours.
"""

from contextlib import contextmanager
from dataclasses import dataclass

STORE_VEHICLES = 20_000
TABLES = (
    "res_partner",
    "cr_vehicle",
    "cr_vehicle_role",
    "cr_odometer_reading",
    "cr_insurance_policy",
    "cr_service_order",
    "cr_callback",
    "cr_call_attempt",
    "cr_call_attempt_callback_rel",
)

_SECONDARY_INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid), i.indexrelid::regclass::text
      FROM pg_index i
     WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (
           SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜秀敏静丽强磊洋勇艳杰娟涛明超霞平刚桂兰玉萍红建华文斌辉"
_SURNAME_KEYS = (
    "wang li zhang liu chen yang huang zhao wu zhou"
    " xu sun ma zhu hu guo he gao lin luo"
)
_GIVEN_KEYS = (
    "wei fang na xiu min jing li qiang lei yang yong yan jie juan tao"
    " ming chao xia ping gang gui lan yu ping hong jian hua wen bin hui"
)

# What the last eight digits add to the sum that proves a VIN; those before are 136.
_VIN_SUM = " + ".join(f"n / {10**place} %% 10 * {place + 2}" for place in range(8))

# Customer n of %(customers)s, from 1; every seventh car is the second of somebody.
_CUSTOMERS = """
INSERT INTO res_partner (
    id, name, complete_name, type, lang, active, is_company, commercial_partner_id,
    mobile, phone_sanitized, cr_phone_digits, cr_pinyin,
    cr_is_customer, cr_vehicle_count, cr_stage, cr_value_class, create_date, write_date)
SELECT id, name, name, 'contact', 'zh_CN', TRUE, FALSE, id,
       mobile, '+86' || mobile, mobile, keys,
       TRUE, 1, 'active', (ARRAY['high', 'medium', 'low'])[1 + mod(n, 3)], NOW(), NOW()
  FROM (SELECT n, %(first_partner)s + n AS id, '1' || 3000000000 + n * 6 AS mobile,
               substr(%(surnames)s, 1 + mod(n, 20), 1)
                   || substr(%(given)s, 1 + mod(n / 20, 30), 1)
                   || substr(%(given)s, 1 + mod(n / 600, 30), 1) AS name,
               left(a, 1) || left(b, 1) || left(c, 1) || ' ' || a || b || c AS keys
          FROM (SELECT n, (%(surname_keys)s::text[])[1 + mod(n, 20)] AS a,
                       (%(given_keys)s::text[])[1 + mod(n / 20, 30)] AS b,
                       (%(given_keys)s::text[])[1 + mod(n / 600, 30)] AS c
                  FROM generate_series(1, %(customers)s) n) parts) customer
"""
_VEHICLES = """
INSERT INTO cr_vehicle (
    id, vin, plate, model_id, brand_id, state, active, company_id, delivered_on,
    owner_id, odometer_km, odometer_on, km_per_day, first_visit_on, last_visit_on,
    last_maintenance_on, visit_count, service_on, service_basis, insurance_on, due_on,
    due_kind, callback_pending, facts_stale, create_date, write_date)
SELECT %(first_vehicle)s + n,
       'LFMAYAC0' || COALESCE(NULLIF(mod(136 + {check}, 11)::text, '10'), 'X')
           || lpad(n::text, 8, '0'),
       '赣D' || lpad(upper(to_hex(n)), 5, '0'), model.id, model.brand_id, 'in_use',
       TRUE, (%(stores)s)[1 + mod(n, %(store_count)s)], %(today)s - age,
       %(first_partner)s + 1 + mod(n, %(customers)s), age * 40, %(today)s - age / 6, 40,
       %(today)s - age * 5 / 6, %(today)s - age / 6, %(today)s - age / 6, 5,
       %(today)s - age / 6 + 180, 'date', %(today)s + mod(n, 365),
       LEAST(%(today)s - age / 6 + 180, %(today)s + mod(n, 365)),
       CASE WHEN %(today)s - age / 6 + 180 < %(today)s + mod(n, 365)
            THEN 'maintenance' ELSE 'insurance' END, FALSE, FALSE, NOW(), NOW()
  FROM (SELECT n::int, (30 + mod(n * 7919, 2160))::int AS age
          FROM generate_series(1, %(vehicles)s::bigint) n) car
  JOIN (SELECT id, brand_id, row_number() OVER (ORDER BY id) - 1 AS place,
               COUNT(*) OVER () AS all_models FROM fleet_vehicle_model) model
    ON model.place = mod(n, all_models)
 ORDER BY n
""".replace("{check}", _VIN_SUM)
_ROLES = """
INSERT INTO cr_vehicle_role (
    vehicle_id, partner_id, role, date_from, is_purchase, create_date, write_date)
SELECT id, owner_id, 'owner', delivered_on, TRUE, NOW(), NOW()
  FROM cr_vehicle WHERE id > %(first_vehicle)s ORDER BY id
"""
_READINGS = """
INSERT INTO cr_odometer_reading (
    vehicle_id, read_on, km, source, state, create_date, write_date)
SELECT id, odometer_on, odometer_km, 'import', 'confirmed', NOW(), NOW()
  FROM cr_vehicle WHERE id > %(first_vehicle)s ORDER BY id
"""
_POLICIES = """
INSERT INTO cr_insurance_policy (
    company_id, vehicle_id, partner_id, number, system, insurer, kind, date_start,
    date_end, create_date, write_date)
SELECT company_id, id, owner_id, 'PD' || id, 'dms', '人保财险', 'both',
       insurance_on - 364, insurance_on, NOW(), NOW()
  FROM cr_vehicle WHERE id > %(first_vehicle)s ORDER BY id
"""
# Round after round over all cars, so that orders lie about in the order of their days.
_ORDERS = """
INSERT INTO cr_service_order (
    company_id, number, system, vehicle_id, partner_id, type_id, state, in_at, out_at,
    in_on, out_on, odometer_km, amount_labour, amount_material, amount_other,
    amount_total, next_on, callback_pending, create_date, write_date)
SELECT car.company_id, 'RO' || lpad((round * %(vehicles)s + n)::text, 9, '0'), 'dms',
       car.id, car.owner_id, %(service_type)s, 'settled',
       left_on + TIME '02:00', left_on + TIME '04:00', left_on, left_on,
       (left_on - car.delivered_on) * 40, 200, 480, 0, 680, left_on + 180,
       %(is_pending)s, NOW(), NOW()
  FROM (SELECT round, n, %(first_vehicle)s + n AS vehicle_id
          FROM generate_series(%(first_round)s, %(last_round)s) round,
               generate_series(1, %(per_round)s, %(step)s) n) visit
  JOIN cr_vehicle car ON car.id = visit.vehicle_id
 CROSS JOIN LATERAL (SELECT CASE WHEN %(is_pending)s THEN %(today)s - 1
        ELSE car.delivered_on + (%(today)s - car.delivered_on) * (round + 1) / 7
        END AS left_on) day
 ORDER BY round, n
"""
_CALLBACKS = """
INSERT INTO cr_callback (
    company_id, rule_id, kind, purpose, role_id, partner_id, vehicle_id, order_id,
    origin_model, origin_id, anchor_on, earliest_on, due_on, expires_on, state,
    agent_id, closed_at, attempt_count, priority, create_date, write_date)
SELECT o.company_id, rule.id, rule.kind, rule.purpose, rule.role_id, o.partner_id,
       o.vehicle_id, o.id, 'cr.service.order', o.id, o.out_on, o.out_on + 1,
       o.out_on + 3, o.out_on + 15, 'done',
       (%(agents)s)[1 + mod(o.id, %(agent_count)s)], o.out_at + INTERVAL '2 day', 1, 0,
       NOW(), NOW()
  FROM cr_service_order o,
       (SELECT * FROM cr_callback_rule WHERE trigger = 'order' ORDER BY id LIMIT 1) rule
 WHERE o.id BETWEEN %(last_order)s - %(vehicles)s / 2 AND %(last_order)s
 ORDER BY o.id
"""
# A call has the id of the callback that it closed.
_ATTEMPTS = """
INSERT INTO cr_call_attempt (
    id, company_id, agent_id, partner_id, at, channel, direction, outcome_id,
    outcome_kind, create_date, write_date)
SELECT c.id, c.company_id, c.agent_id, c.partner_id, c.closed_at, 'phone', 'out',
       outcome.id, outcome.kind, NOW(), NOW()
  FROM cr_callback c,
       (SELECT id, kind FROM cr_call_outcome WHERE kind = 'reached'
         ORDER BY id LIMIT 1) outcome
 WHERE c.state = 'done' AND c.id > %(last_callback)s ORDER BY c.id
"""
_ATTEMPT_LINKS = """
INSERT INTO cr_call_attempt_callback_rel (attempt_id, callback_id)
SELECT id, id FROM cr_call_attempt WHERE id > %(last_callback)s ORDER BY id
"""


@dataclass(frozen=True)
class Size:
    """How much there is; of `pending` cars an order waits for the nightly run."""

    vehicles: int
    orders: int
    pending: int

    @property
    def stores(self):
        """Return how many stores have so many cars."""
        return max(1, round(self.vehicles / STORE_VEHICLES))


@contextmanager
def bulk(cursor, tables=TABLES):
    """Leave out triggers, foreign keys and secondary indexes until the end."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(_SECONDARY_INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for _definition, name in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for definition, _name in indexes:
        cursor.execute(definition)
    for table in tables:
        # Statistics that call a table empty would mislead whoever fills it next.
        if _last_id(cursor, table):
            cursor.execute(f"ANALYZE {table}")
    cursor.execute("RESET session_replication_role")


@contextmanager
def lent_defaults(cursor, table):
    """Give required columns, also of unknown addons, the value of a row there is."""
    cursor.execute(
        """
        SELECT quote_ident(column_name) FROM information_schema.columns
         WHERE table_schema = current_schema AND table_name = %s AND is_nullable = 'NO'
           AND column_default IS NULL
        """,
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    for column in columns:
        cursor.execute(f"SELECT quote_literal({column}::text) FROM {table} LIMIT 1")
        (value,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT {value}")
    yield
    for column in columns:
        cursor.execute(f"ALTER TABLE {table} ALTER {column} DROP DEFAULT")


def fill(cursor, size, today, stores, agents):
    """Put a group of stores of a size into a database in which the addon is installed.

    :param Size size: how much of everything
    :param datetime.date today: day from which the past is counted
    :param list stores: ids of the companies
    :param list agents: ids of the users who made the calls of the past
    """
    params = {
        "vehicles": size.vehicles,
        "customers": max(1, round(size.vehicles * 0.87)),
        "today": today,
        "stores": stores,
        "store_count": len(stores),
        "agents": agents,
        "agent_count": len(agents),
        "surnames": _SURNAMES,
        "given": _GIVEN,
        "surname_keys": _SURNAME_KEYS.split(),
        "given_keys": _GIVEN_KEYS.split(),
        "first_partner": _last_id(cursor, "res_partner"),
        "first_vehicle": _last_id(cursor, "cr_vehicle"),
        "service_type": _get_service_type(cursor),
    }
    with bulk(cursor), lent_defaults(cursor, "res_partner"):
        for statement in (_CUSTOMERS, _VEHICLES, _ROLES, _READINGS, _POLICIES):
            cursor.execute(statement, params)
        _fill_orders(cursor, size, params)
        params["last_order"] = _last_id(cursor, "cr_service_order") - size.pending
        params["last_callback"] = _last_id(cursor, "cr_callback")
        for statement in (_CALLBACKS, _ATTEMPTS, _ATTEMPT_LINKS):
            cursor.execute(statement, params)
    for table in ("res_partner", "cr_vehicle", "cr_call_attempt"):
        cursor.execute(f"SELECT setval('{table}_id_seq', MAX(id)) FROM {table}")


def _fill_orders(cursor, size, params):
    """Insert the orders of the past, then those of yesterday that are pending."""
    settled = size.orders - size.pending
    rounds, rest = divmod(settled, size.vehicles)
    past = {**params, "is_pending": False, "step": 1}
    for first, last, count in ((0, rounds - 1, size.vehicles), (rounds, rounds, rest)):
        cursor.execute(
            _ORDERS,
            {**past, "first_round": first, "last_round": last, "per_round": count},
        )
    if not size.pending:
        return
    # Cars that came yesterday are spread over all there are.
    spread = max(1, size.vehicles // size.pending)
    cursor.execute(
        _ORDERS,
        {
            **params,
            "is_pending": True,
            "first_round": rounds + 1,
            "last_round": rounds + 1,
            "per_round": spread * size.pending,
            "step": spread,
        },
    )


def _last_id(cursor, table):
    """Return the highest id of a table, of a link table that of what it links."""
    column = "attempt_id" if table.endswith("_rel") else "id"
    cursor.execute(f"SELECT COALESCE(MAX({column}), 0) FROM {table}")
    return cursor.fetchone()[0]


def _get_service_type(cursor):
    cursor.execute("SELECT MIN(id) FROM cr_service_type WHERE is_maintenance")
    return cursor.fetchone()[0]
