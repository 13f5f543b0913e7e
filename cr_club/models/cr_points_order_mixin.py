import json

from odoo import api, models
from odoo.tools import SQL

from .cr_points_spend_mixin import EXPIRED

# Accounts of the customers of orders, opened where points may come. Here and below
# LIMIT 1 makes PostgreSQL look rows up by their unique index, whatever it believes
# about tables that grew a moment ago.
_CUSTOMERS = """
INSERT INTO cr_points_account (partner_id, program_id, company_id, balance,
       open_points, arrears, last_sequence, create_uid, write_uid, create_date,
       write_date)
SELECT DISTINCT o.partner_id, p.id, p.company_id, 0, 0, 0, 0, %(uid)s, %(uid)s,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM cr_service_order o
  JOIN club_of_store store ON store.company_id = o.company_id
  JOIN cr_club_program p ON p.id = store.program_id
 WHERE o.id = ANY(%(orders)s) AND o.partner_id IS NOT NULL AND o.state = 'settled'
   AND o.out_on >= p.points_from
   AND (p.is_open_to_all OR EXISTS (
        SELECT FROM cr_club_member m WHERE m.program_id = p.id
           AND m.partner_id = o.partner_id AND m.state = 'active'))
   AND (SELECT known.id FROM cr_points_account known
         WHERE known.partner_id = o.partner_id AND known.program_id = p.id
           AND known.merged_into_id IS NULL LIMIT 1) IS NULL
ON CONFLICT DO NOTHING
"""
# Each store with the club it takes part in.
CLUBS = """
WITH club_of_store AS (
     SELECT company_id, id AS program_id FROM cr_club_program WHERE active
      UNION
     SELECT rel.res_company_id, p.id
       FROM cr_club_program_res_company_rel rel
       JOIN cr_club_program p ON p.id = rel.cr_club_program_id WHERE p.active)
"""
# What each order rests on, and what it has brought so far: its last entry that counts.
_ORDERS = """
     , picked AS MATERIALIZED (
     SELECT o.id, o.company_id, o.out_on AS day, o.type_id, p.id AS program_id,
            p.hold_days, p.expiry_months, account.id AS account_id,
            o.amount_labour AS labour, o.amount_material AS material,
            o.amount_other AS other, o.amount_total AS total,
            COALESCE(tier.points_factor, 1)::numeric AS factor, tier.id AS tier_id,
            CASE WHEN COALESCE(o.amount_total, 0) = 0 THEN 1
                 ELSE 1 - COALESCE(o.amount_by_points, 0) / o.amount_total
             END AS share,
            fact.counts, fact.basis, last.id AS last_id, last.points AS last_points,
            last.qualifying AS last_qualifying, last.material AS last_material,
            last.company_id AS last_company_id, last.basis AS last_basis,
            last.root_id, COALESCE(last.turn, 0) AS turn,
            last.id IS NOT NULL AND NOT last.is_undone AS stands
       FROM cr_service_order o
       JOIN club_of_store store ON store.company_id = o.company_id
       JOIN cr_club_program p ON p.id = store.program_id
       LEFT JOIN LATERAL (
            SELECT a.id FROM cr_points_account a WHERE a.partner_id = o.partner_id
               AND a.program_id = p.id AND a.merged_into_id IS NULL
             LIMIT 1) AS account ON TRUE
       LEFT JOIN LATERAL (
            SELECT c.id, c.tier_id FROM cr_club_member c
             WHERE c.partner_id = o.partner_id AND c.program_id = p.id
               AND c.state = 'active' LIMIT 1) AS m ON TRUE
       LEFT JOIN cr_club_tier tier ON tier.id = m.tier_id
      CROSS JOIN LATERAL (
            SELECT o.state = 'settled' AND account.id IS NOT NULL
                   AND COALESCE(o.out_on >= p.points_from, FALSE)
                   AND (p.is_open_to_all OR m.id IS NOT NULL) AS counts,
                   concat_ws('/', o.amount_labour, o.amount_material, o.amount_other,
                             o.amount_total, COALESCE(o.amount_by_points, 0),
                             o.type_id, o.out_on - DATE '2000-01-01') AS basis) AS fact
       LEFT JOIN LATERAL (
            SELECT entry.*, COUNT(*) OVER () AS turn,
                   COALESCE(owner.merged_into_id, owner.id) AS root_id,
                   EXISTS (SELECT FROM cr_points_entry undo
                            WHERE undo.reverses_id = entry.id
                              AND undo.kind = 'reverse') AS is_undone
              FROM cr_points_entry entry
              JOIN cr_points_account owner ON owner.id = entry.account_id
             WHERE entry.origin_model = 'cr.service.order'
               AND entry.origin_id = o.id AND entry.kind = 'order'
             ORDER BY entry.id DESC LIMIT 1) AS last ON TRUE
      WHERE o.id = ANY(%(orders)s)),
     moved AS (
     SELECT * FROM picked
      WHERE (stands OR counts)
        AND NOT (stands AND counts AND last_basis = basis AND root_id = account_id))
"""
# What the rules of its day and tier bring for an order.
_DUE = """
SELECT SUM(points)::int AS points,
       COALESCE(SUM(points) FILTER (WHERE is_qualifying), 0)::int AS qualifying,
       COALESCE(SUM(points) FILTER (
           WHERE is_qualifying AND counts_as_material), 0)::int AS material,
       string_agg(name || ': ' || sum || ' = ' || points, '; ' ORDER BY name) AS note
  FROM (SELECT COALESCE(rule.name ->> (%(langs)s::jsonb ->> o.company_id::text),
                        rule.name ->> 'en_US') AS name,
               rule.is_qualifying,
               rule.counts_as_material,
               cr_points_round(
                   base.money * o.share * rule.rate::numeric * base.factor,
                   rule.rounding) AS points,
               concat(base.money::numeric(16, 2), ' × ', rule.rate::real,
                      ' × ' || NULLIF(base.factor, 1)::real,
                      ' × ' || NULLIF(o.share, 1)::numeric(6, 4)::real) AS sum
          FROM cr_points_rule rule
          JOIN cr_service_type type ON type.id = o.type_id
         CROSS JOIN LATERAL (
               SELECT CASE rule.basis WHEN 'labour' THEN o.labour
                      WHEN 'material' THEN o.material WHEN 'other' THEN o.other
                      ELSE o.total END AS money,
                      CASE WHEN rule.use_tier_factor THEN o.factor ELSE 1
                       END AS factor) AS base
         WHERE rule.program_id = o.program_id AND rule.active
           AND rule.source = 'service' AND base.money != 0
           AND (rule.date_from IS NULL OR rule.date_from <= o.day)
           AND (rule.date_to IS NULL OR rule.date_to >= o.day)
           AND (CASE WHEN EXISTS (SELECT FROM cr_points_rule_cr_service_type_rel rel
                                   WHERE rel.cr_points_rule_id = rule.id)
                     THEN EXISTS (SELECT FROM cr_points_rule_cr_service_type_rel rel
                                   WHERE rel.cr_points_rule_id = rule.id
                                     AND rel.cr_service_type_id = o.type_id)
                     ELSE type.earns_points END)
           AND (NOT EXISTS (SELECT FROM cr_club_tier_cr_points_rule_rel rel
                             WHERE rel.cr_points_rule_id = rule.id)
                OR EXISTS (SELECT FROM cr_club_tier_cr_points_rule_rel rel
                            WHERE rel.cr_points_rule_id = rule.id
                              AND rel.cr_club_tier_id = o.tier_id))) AS line
 WHERE points != 0
"""
_ROWS = """
SELECT root_id AS account_id, %(today)s::date AS day, 'reverse' AS kind,
       gone.points - last_points AS points, -last_qualifying AS qualifying,
       -last_material AS material, 'reverse:' || last_id AS key,
       last_company_id AS company_id, 'cr.service.order' AS origin_model,
       id AS origin_id, last_id AS reverses_id, NULL::int AS taken_lot_id,
       NULL::date AS available_on, NULL::date AS expires_on, last_basis AS basis,
       NULL AS note, last_id::bigint AS ord
  FROM moved
 CROSS JOIN LATERAL (
       SELECT COALESCE(SUM(expired.points), 0)::int AS points
         FROM (%(expired)s) AS expired) AS gone
 WHERE stands AND (gone.points != last_points OR last_qualifying != 0)
 UNION ALL
SELECT o.account_id, o.day, 'order', due.points, due.qualifying, due.material,
       'order:' || o.id || ':' || o.turn, o.company_id, 'cr.service.order', o.id, NULL,
       NULL, o.day + o.hold_days,
       CASE WHEN o.expiry_months > 0
            THEN (o.day + make_interval(months => o.expiry_months))::date END,
       o.basis, due.note, 4000000000 + o.id
  FROM moved o CROSS JOIN LATERAL (%(due)s) AS due
 WHERE o.counts AND due.points != 0
"""
_ACCOUNTS = """
SELECT root_id FROM moved WHERE stands
 UNION
SELECT account_id FROM moved WHERE counts
"""


class CrPointsOrderMixin(models.AbstractModel):
    """Points of work orders: what an order should bring less what it brought (PTS-03).

    An import of a year and an order typed by hand go the same way. An order that did
    not change is left alone, so a replayed import earns nothing twice; one that did, or
    was cancelled, takes its own entry back and posts anew.
    """

    _name = "cr.points.order.mixin"
    _description = "Points account: work orders"

    @api.model
    def _post_orders(self, orders, today=None):
        """Bring the points of work orders up to what they are now.

        :param orders: work orders of any stores, in any state
        :param datetime.date today: day of what is taken back
        :return: the new entries
        """
        entries = self.env["cr.points.entry"]
        if not orders or not self.env["cr.club.program"].sudo().search_count([], 1):
            return entries
        today = today or self.env.company._cr_today()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(CLUBS + _CUSTOMERS, orders=orders.ids, uid=self.env.uid)
        )
        self.env["cr.points.account"].invalidate_model(flush=False)
        rows = self.env.execute_query(
            SQL(CLUBS + _ORDERS + _ACCOUNTS, orders=orders.ids)
        )
        accounts = [account for [account] in rows]
        if not accounts:
            return entries
        query = SQL(
            CLUBS + _ORDERS + _ROWS,
            orders=orders.ids,
            today=today,
            due=SQL(_DUE, langs=self._get_note_langs(orders.company_id)),
            expired=SQL(EXPIRED, entries=SQL("ARRAY[moved.last_id]")),
        )
        return self._post(query, accounts)

    @api.model
    def _get_note_langs(self, companies):
        """Return in which language notes of stores are, as JSON for a statement.

        An entry is written once; it speaks the language of the store's customers.

        :param companies: stores
        :rtype: str
        """
        return json.dumps(
            {company.id: company._cr_get_message_lang() for company in companies.sudo()}
        )
