"""What cars, orders and deliveries say about a customer: the question and the answer.

The question is one SQL statement for any number of customers; the answer turns a row
of it into what is stored (CUS-13, CUS-14, CUS-25, VEH-07).
"""

from .classes import Facts, frequency_class, lifecycle, value_class

# The stored facts with the database types of their columns.
FACT_TYPES = {
    "cr_is_customer": "boolean",
    "cr_vehicle_count": "integer",
    "cr_bought_count": "integer",
    "cr_plates": "varchar",
    "cr_main_vehicle_id": "integer",
    "cr_due_on": "date",
    "cr_due_kind": "varchar",
    "cr_last_visit_on": "date",
    "cr_last_delivery_on": "date",
    "cr_spend": "float8",
    "cr_frequency_class": "varchar",
    "cr_value_class": "varchar",
    "cr_stage": "varchar",
    "cr_stage_until": "date",
}

# One row per person of `ids`; what is asked for stands in docstring and field helps.
# Two words only steer the database: every store exists, but without LEFT it expects
# one row and compares everybody with everybody; without OFFSET 0 it reads all orders.
FACTS_QUERY = """
WITH held AS (
    SELECT DISTINCT ON (role.partner_id, car.id)
           role.partner_id, role.role, role.date_from, car.id, car.plate,
           car.due_on, car.due_kind, car.last_visit_on, car.delivered_on,
           car.ordered_on, car.company_id
      FROM cr_vehicle_role role
      JOIN cr_vehicle car ON car.id = role.vehicle_id
     WHERE role.partner_id = ANY(%(ids)s) AND car.active AND car.state != 'scrapped'
       AND (role.date_to IS NULL OR role.date_to >= %(today)s)
     ORDER BY role.partner_id, car.id, role.role != 'owner', role.role != 'driver'
), ranked AS (
    SELECT held.*, held.role IN ('owner', 'driver') AS is_user,
           row_number() OVER (
               PARTITION BY partner_id
               ORDER BY role NOT IN ('owner', 'driver'), last_visit_on DESC NULLS LAST,
                        delivered_on DESC NULLS LAST, id DESC) AS rank
      FROM held
), cars AS (
    SELECT partner_id,
           count(*) FILTER (WHERE role = 'owner') AS vehicle_count,
           string_agg(plate, ' ' ORDER BY rank) AS plates,
           min(id) FILTER (WHERE rank = 1) AS main_vehicle_id,
           min(company_id) FILTER (WHERE rank = 1) AS company_id,
           min(due_on) FILTER (WHERE is_user) AS due_on,
           (array_agg(due_kind ORDER BY due_on, rank)
               FILTER (WHERE is_user AND due_on IS NOT NULL))[1] AS due_kind,
           bool_or(role = 'owner' AND ordered_on IS NOT NULL
                   AND delivered_on IS NULL) AS is_buying
      FROM ranked GROUP BY partner_id
), visits AS (
    SELECT o.partner_id, o.company_id, COALESCE(o.out_on, o.in_on) AS day,
           CASE WHEN o.state = 'settled' THEN o.amount_total END AS amount
      FROM cr_service_order o
     WHERE o.partner_id = ANY(%(ids)s) AND o.state != 'cancelled'
     UNION ALL
    SELECT held.partner_id, o.company_id, COALESCE(o.out_on, o.in_on),
           CASE WHEN o.state = 'settled' AND o.partner_id IS NULL
                     AND held.role = 'owner' THEN o.amount_total END
      FROM held CROSS JOIN LATERAL (
           SELECT * FROM cr_service_order WHERE vehicle_id = held.id OFFSET 0) o
     WHERE o.state != 'cancelled' AND o.partner_id IS DISTINCT FROM held.partner_id
       AND COALESCE(o.out_on, o.in_on) >= held.date_from
), bought AS (
    SELECT DISTINCT role.partner_id, car.id, car.delivered_on, car.price,
           car.company_id
      FROM cr_vehicle_role role JOIN cr_vehicle car ON car.id = role.vehicle_id
     WHERE role.partner_id = ANY(%(ids)s) AND role.is_purchase
       AND (car.delivered_on IS NOT NULL OR car.ordered_on IS NULL)
), last_store AS (
    SELECT DISTINCT ON (partner_id) partner_id, company_id
      FROM visits ORDER BY partner_id, day DESC NULLS LAST
), home AS (
    SELECT who.id, who.cr_value_override AS override, store.id AS company_id,
           %(today)s::date - make_interval(
               months => COALESCE(store.cr_value_window_months, 24)) AS since
      FROM res_partner who
      LEFT JOIN cars ON cars.partner_id = who.id
      LEFT JOIN last_store ON last_store.partner_id = who.id
      LEFT JOIN res_company store ON store.id = COALESCE(
           cars.company_id, last_store.company_id, (SELECT min(id) FROM res_company))
     WHERE who.id = ANY(%(ids)s)
), visit AS (
    SELECT home.id, max(day) FILTER (WHERE day <= %(today)s) AS last_visit_on,
           sum(amount) FILTER (WHERE day >= home.since) AS spend
      FROM home JOIN visits ON visits.partner_id = home.id
     GROUP BY home.id
), purchase AS (
    SELECT home.id, max(delivered_on) AS last_delivery_on,
           count(*) FILTER (WHERE COALESCE(delivered_on, %(today)s) <= %(today)s)
               AS bought_count,
           sum(price) FILTER (WHERE delivered_on >= home.since
                                AND delivered_on <= %(today)s) AS spend
      FROM home JOIN bought ON bought.partner_id = home.id
     GROUP BY home.id
)
SELECT home.id, home.override, home.company_id, cars.vehicle_count, cars.plates,
       cars.main_vehicle_id, cars.due_on, cars.due_kind, cars.is_buying,
       visit.last_visit_on, purchase.bought_count, purchase.last_delivery_on,
       COALESCE(visit.spend, 0) + COALESCE(purchase.spend, 0) AS spend,
       visit.id IS NOT NULL OR EXISTS (
           SELECT FROM cr_vehicle_role role WHERE role.partner_id = home.id
       ) AS is_customer
  FROM home
  LEFT JOIN cars ON cars.partner_id = home.id
  LEFT JOIN visit ON visit.id = home.id
  LEFT JOIN purchase ON purchase.id = home.id
"""


def work_out(row, limits, today, is_lost_contact=False):
    """Return the stored facts of one customer.

    :param dict row: row of :data:`FACTS_QUERY`
    :param dict limits: thresholds of his store: "frequency", "value", "lifecycle"
    :param datetime.date today: day to judge
    :param bool is_lost_contact: nobody can reach him
    :return: {"id": id, column: value} with every column of :data:`FACT_TYPES`
    :rtype: dict
    """
    stage, until = lifecycle(
        Facts(
            delivered_on=row["last_delivery_on"],
            last_visit_on=row["last_visit_on"],
            is_buying=bool(row["is_buying"]),
            is_lost_contact=is_lost_contact,
        ),
        today,
        limits["lifecycle"],
    )
    spend = float(row["spend"] or 0)
    value = value_class(spend, limits["value"]) if row["is_customer"] else None
    return {
        "id": row["id"],
        "cr_is_customer": row["is_customer"],
        "cr_vehicle_count": row["vehicle_count"] or 0,
        "cr_bought_count": row["bought_count"] or 0,
        "cr_plates": row["plates"],
        "cr_main_vehicle_id": row["main_vehicle_id"],
        "cr_due_on": row["due_on"],
        "cr_due_kind": row["due_kind"],
        "cr_last_visit_on": row["last_visit_on"],
        "cr_last_delivery_on": row["last_delivery_on"],
        "cr_spend": spend,
        "cr_frequency_class": frequency_class(
            row["bought_count"], limits["frequency"]
        ),
        "cr_value_class": row["override"] or value,
        "cr_stage": stage,
        "cr_stage_until": until,
    }
