from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .cr_points_order_mixin import CLUBS

# The last sale of each car, what it brings by the rules of its day, and what sales of
# the cars have brought so far. An entry names in its basis the sale it is for: a car
# may be sold by us again, and the first buyer keeps his points.
_SALES = """
     , latest AS MATERIALIZED (
     SELECT DISTINCT ON (role.vehicle_id) role.vehicle_id, role.id AS role_id,
            role.partner_id, role.date_from
       FROM cr_vehicle_role role
      WHERE role.vehicle_id = ANY(%(cars)s) AND role.role = 'owner' AND role.is_purchase
      ORDER BY role.vehicle_id, role.date_from DESC, role.id DESC),
     sale AS MATERIALIZED (
     SELECT latest.vehicle_id, latest.role_id, latest.partner_id, car.company_id,
            COALESCE(car.price, 0) AS price, fact.day, p.id AS program_id,
            p.company_id AS club_company_id, p.hold_days, p.expiry_months,
            m.tier_id, COALESCE(tier.points_factor, 1)::numeric AS factor,
            concat_ws('/', latest.role_id, fact.day - DATE '2000-01-01',
                      car.price) AS basis,
            account.id AS account_id
       FROM latest
       JOIN cr_vehicle car ON car.id = latest.vehicle_id
      CROSS JOIN LATERAL (
            SELECT GREATEST(latest.date_from, car.delivered_on) AS day) AS fact
       JOIN club_of_store store ON store.company_id = car.company_id
       JOIN cr_club_program p ON p.id = store.program_id
       LEFT JOIN LATERAL (
            SELECT c.id, c.tier_id FROM cr_club_member c
             WHERE c.partner_id = latest.partner_id AND c.program_id = p.id
               AND c.state = 'active' LIMIT 1) AS m ON TRUE
       LEFT JOIN cr_club_tier tier ON tier.id = m.tier_id
       LEFT JOIN LATERAL (
            SELECT a.id FROM cr_points_account a
             WHERE a.partner_id = latest.partner_id AND a.program_id = p.id
               AND a.merged_into_id IS NULL LIMIT 1) AS account ON TRUE
      WHERE car.delivered_on IS NOT NULL
        AND fact.day BETWEEN p.points_from AND %(today)s
        AND (p.is_open_to_all OR m.id IS NOT NULL)),
     brought AS MATERIALIZED (
     SELECT entry.*, COALESCE(owner.merged_into_id, owner.id) AS root_id,
            split_part(entry.basis, '/', 1)::int AS role_id,
            EXISTS (SELECT FROM cr_points_entry undo
                     WHERE undo.reverses_id = entry.id
                       AND undo.kind = 'reverse') AS is_undone
       FROM cr_points_entry entry
       JOIN cr_points_account owner ON owner.id = entry.account_id
      WHERE entry.origin_model = 'cr.vehicle' AND entry.origin_id = ANY(%(cars)s)
        AND entry.kind = 'purchase' AND entry.basis IS NOT NULL),
     gone AS MATERIALIZED (
     SELECT brought.* FROM brought
      WHERE NOT is_undone
        AND NOT EXISTS (SELECT FROM sale
                         WHERE sale.vehicle_id = brought.origin_id
                           AND sale.basis = brought.basis
                           AND sale.account_id = brought.root_id)
        AND NOT EXISTS (SELECT FROM cr_vehicle_role role
                          JOIN latest ON latest.vehicle_id = role.vehicle_id
                         WHERE role.id = brought.role_id AND role.id != latest.role_id
                           AND role.vehicle_id = brought.origin_id
                           AND role.role = 'owner' AND role.is_purchase)),
     fresh AS MATERIALIZED (
     SELECT sale.*, due.*, (SELECT COUNT(*) FROM brought
                             WHERE brought.origin_id = sale.vehicle_id) AS turn
       FROM sale CROSS JOIN LATERAL (%(due)s) AS due
      WHERE due.points != 0
        AND NOT EXISTS (SELECT FROM brought
                         WHERE brought.origin_id = sale.vehicle_id AND NOT is_undone
                           AND brought.basis = sale.basis
                           AND brought.root_id = sale.account_id))
"""
# What the rules of its day and tier bring for a car: fixed points, or by its price.
_DUE = """
SELECT SUM(points)::int AS points,
       COALESCE(SUM(points) FILTER (WHERE is_qualifying), 0)::int AS qualifying,
       string_agg(name || ': ' || points, '; ' ORDER BY name) AS note
  FROM (SELECT COALESCE(rule.name ->> (%(langs)s::jsonb ->> sale.company_id::text),
                        rule.name ->> 'en_US') AS name,
               rule.is_qualifying,
               cr_points_round(
                   CASE WHEN rule.purchase_basis = 'price'
                        THEN sale.price * rule.rate::numeric ELSE rule.points END
                   * CASE WHEN rule.use_tier_factor THEN sale.factor ELSE 1 END,
                   rule.rounding) AS points
          FROM cr_points_rule rule
         WHERE rule.program_id = sale.program_id AND rule.active
           AND rule.source = 'purchase'
           AND (rule.date_from IS NULL OR rule.date_from <= sale.day)
           AND (rule.date_to IS NULL OR rule.date_to >= sale.day)
           AND (NOT EXISTS (SELECT FROM cr_club_tier_cr_points_rule_rel rel
                             WHERE rel.cr_points_rule_id = rule.id)
                OR EXISTS (SELECT FROM cr_club_tier_cr_points_rule_rel rel
                            WHERE rel.cr_points_rule_id = rule.id
                              AND rel.cr_club_tier_id = sale.tier_id))) AS line
 WHERE points != 0
"""
_CONCERNED = """
SELECT program_id, partner_id, account_id FROM fresh
 UNION ALL
SELECT NULL, NULL, root_id FROM gone
"""
_ROWS = """
SELECT root_id AS account_id, %(today)s::date AS day, 'reverse' AS kind,
       -points AS points, -qualifying AS qualifying, -material AS material,
       'reverse:' || id AS key, company_id, origin_model, origin_id,
       id AS reverses_id, NULL::int AS taken_lot_id, NULL::date AS available_on,
       NULL::date AS expires_on, basis, NULL AS note, id::bigint AS ord
  FROM gone
 UNION ALL
SELECT account_id, day, 'purchase', points, qualifying, 0,
       'purchase:' || vehicle_id || ':' || role_id || ':' || turn, company_id,
       'cr.vehicle', vehicle_id, NULL, NULL, day + hold_days,
       CASE WHEN expiry_months > 0
            THEN (day + make_interval(months => expiry_months))::date END,
       basis, note, 4000000000 + vehicle_id
  FROM fresh
"""
_MODELS = (
    "cr.vehicle",
    "cr.vehicle.role",
    "cr.club.program",
    "cr.club.member",
    "cr.club.tier",
    "cr.points.rule",
    "cr.points.account",
    "cr.points.entry",
)
# A delivery entered ahead of its day is looked at when the day has come.
_LOOK_BACK_DAYS = 7


class CrPointsPurchaseMixin(models.AbstractModel):
    """Points of bought cars: what a delivery should bring less what it has (PTS-03).

    A delivery that is taken back, or turns out to be somebody else's, takes its points
    back; one that did not change is left alone. Rules move no old points: cars are
    looked at when a sale changes, not when a rule does.
    """

    _name = "cr.points.purchase.mixin"
    _description = "Points account: bought cars"

    @api.model
    def _post_purchases(self, car_ids, today=None):
        """Bring the points of bought cars up to what the sales are now.

        One statement where nothing changes, a fixed number else.

        :param car_ids: ids of cars; of those that were deleted, too
        :param datetime.date today: day of what is taken back
        :return: the new entries
        """
        entries = self.env["cr.points.entry"]
        stores = self._get_club_stores() if car_ids else None
        if not stores:
            return entries
        for model in _MODELS:
            self.env[model].flush_model()
        today = today or self.env.company._cr_today()
        due = SQL(_DUE, langs=self._get_note_langs(stores))
        params = {"cars": list(car_ids), "today": today, "due": due}
        rows = self.env.execute_query(SQL(CLUBS + _SALES + _CONCERNED, **params))
        if not rows:
            return entries
        accounts = self._open_accounts(rows)
        return self._post(SQL(CLUBS + _SALES + _ROWS, **params), accounts)

    @api.model
    def _open_accounts(self, rows):
        """Return the accounts that points go to or come from; missing ones are opened.

        :param list rows: (club id, customer id, account id or None)
        :rtype: set[int]
        """
        accounts = {account for _program, _partner, account in rows if account}
        newcomers = {}
        for program, partner, account in rows:
            if not account:
                newcomers.setdefault(program, set()).add(partner)
        for program, partners in newcomers.items():
            found = self._ensure_accounts(
                self.env["res.partner"].browse(sorted(partners)),
                self.env["cr.club.program"].browse(program),
            )
            accounts.update(found.values())
        return accounts

    @api.model
    def _get_club_stores(self):
        """Return all stores that take part in a club."""
        programs = self.env["cr.club.program"].sudo().search([("active", "=", True)])
        return programs.company_id | programs.store_ids

    @api.model
    def _post_recent_purchases(self, today):
        """Look at the cars delivered in the last days, without committing.

        :param datetime.date today: deliveries up to this day
        :return: the new entries
        """
        since = today - timedelta(days=_LOOK_BACK_DAYS)
        cars = self.env["cr.vehicle"].search(
            [("delivered_on", ">=", since), ("delivered_on", "<=", today)]
        )
        return self._post_purchases(cars.ids, today)
