from odoo import api, models
from odoo.tools import SQL

from ..tools.points import window_start
from ..tools.tiers import Facts

# What is known of the members: cars, buyers brought, points of each window, former VIP.
_FACTS = """
SELECT m.id, m.partner_id, m.tier_id, tier.level, m.is_tier_fixed, m.review_on,
       m.loyalty_score AS score, m.tier_since, m.is_prospect,
       CASE WHEN m.is_legacy_vip THEN EXTRACT(year FROM m.legacy_on) END AS legacy_year,
       COALESCE(car.vehicles, 0) AS vehicles,
       COALESCE(car.brand_vehicles, 0) AS brand_vehicles,
       COALESCE(brought.referrals, 0) AS referrals %(window_columns)s
  FROM cr_club_member m
  JOIN cr_club_tier tier ON tier.id = m.tier_id
  LEFT JOIN (
       SELECT partner_id, SUM(count)::int AS vehicles,
              MAX(count) FILTER (WHERE %(brands)s)::int AS brand_vehicles
         FROM (SELECT role.partner_id, car.brand_id,
                      COUNT(DISTINCT car.id) AS count
                 FROM cr_vehicle_role role
                 JOIN cr_vehicle car ON car.id = role.vehicle_id
                WHERE role.role = 'owner' AND %(role_part)s
                GROUP BY role.partner_id, car.brand_id) AS by_brand
        GROUP BY partner_id) AS car ON car.partner_id = m.partner_id
  LEFT JOIN (
       SELECT member_id, COUNT(*)::int AS referrals
         FROM cr_referral WHERE state = 'verified' AND %(referral_part)s
        GROUP BY member_id) AS brought ON brought.member_id = m.id
  %(window_join)s
 WHERE m.program_id = %(program)s AND m.state = 'active' AND %(member_part)s
"""
_WINDOWS = """
LEFT JOIN (
     SELECT account.partner_id, %(sums)s
       FROM cr_points_entry entry
       JOIN cr_points_account account ON account.id = entry.account_id
      WHERE account.program_id = %(program)s AND entry.day > %(first)s
        AND entry.day <= %(today)s AND %(part)s
      GROUP BY account.partner_id) AS collected ON collected.partner_id = m.partner_id
"""


class CrClubProgramTierMixin(models.AbstractModel):
    """Puts the question which member belongs to which tier to the database (CLB-11).

    One statement looks at all members of a club: the conditions of each tier become one
    expression, and what comes out is the number of the best group of conditions.
    """

    _name = "cr.club.program.tier.mixin"
    _description = "Club programme: tiers"

    # === FACTS === #

    def _get_rules(self):
        """Return the conditions in use, those of the best tier first."""
        self.ensure_one()
        tiers = self.scheme_id.tier_ids
        if not self.use_prospects:
            tiers = tiers.filtered(lambda tier: not tier.is_prospect)
        return tiers.rule_ids.sorted(lambda rule: (-rule.tier_id.level, rule.sequence))

    def _get_windows(self):
        """Return the windows of the rules, the first is the one that cards show."""
        rules = self._get_rules().filtered(lambda rule: rule.kind == "points")
        return list(dict.fromkeys(rules.mapped("window_months"))) or [24]

    def _get_facts_sql(self, today, members=None):
        """Return the query of what is known of the members.

        :param datetime.date today: last day of the windows
        :param members: only these; None: all of the club
        :rtype: SQL
        """
        self.ensure_one()
        every = members is None
        partners = () if every else members.partner_id.ids
        ids = () if every else members.ids
        brands = SQL("brand_id IS NOT NULL")
        if self.brand_ids:
            brands = SQL("brand_id = ANY(%s)", self.brand_ids.ids)
        columns, join = self._get_window_sql(today, None if every else partners)
        return SQL(
            _FACTS,
            program=self.id,
            brands=brands,
            window_columns=columns,
            window_join=join,
            role_part=_only(SQL.identifier("role", "partner_id"), every, partners),
            referral_part=_only(SQL.identifier("member_id"), every, ids),
            member_part=_only(SQL.identifier("m", "id"), every, ids),
        )

    def _get_window_sql(self, today, partner_ids=None):
        """Return columns and join of the points collected in each window."""
        windows = self._get_windows()
        sums, columns = [], []
        for months in windows:
            for name, source in (("points", "qualifying"), ("material", "material")):
                column = SQL.identifier(f"{name}_{months}")
                sums.append(
                    SQL(
                        "SUM(entry.%s) FILTER (WHERE entry.day > %s)::int AS %s",
                        SQL.identifier(source),
                        window_start(today, months),
                        column,
                    )
                )
                columns.append(SQL(", COALESCE(collected.%s, 0) AS %s", column, column))
        every = partner_ids is None
        join = SQL(
            _WINDOWS,
            sums=SQL(", ").join(sums),
            program=self.id,
            first=window_start(today, max(windows)),
            today=today,
            part=_only(
                SQL.identifier("account", "partner_id"), every, partner_ids or ()
            ),
        )
        return SQL("").join(columns), join

    def _get_facts(self, today, members):
        """Return what is known of some members, as `tools.tiers` reads it.

        :return: {member id: Facts}
        """
        windows = self._get_windows()
        self._flush_basis()
        rows = self.env.execute_query_dict(self._get_facts_sql(today, members))
        return {
            row["id"]: Facts(
                level=row["level"],
                vehicles=row["vehicles"],
                brand_vehicles=row["brand_vehicles"],
                referrals=row["referrals"],
                windows={
                    months: (row[f"points_{months}"], row[f"material_{months}"])
                    for months in windows
                },
                legacy=int(row["legacy_year"] or 0),
                score=row["score"] or 0,
            )
            for row in rows
        }

    @api.model
    def _flush_basis(self):
        """Write pending values that the facts are worked out from."""
        for model in (
            "cr.club.member",
            "cr.club.tier.rule",
            "cr.referral",
            "cr.vehicle",
            "cr.vehicle.role",
        ):
            self.env[model].flush_model()

    # === CONDITIONS === #

    def _get_groups(self):
        """Return the conditions in the groups that must hold together.

        :return: [(tier, rules)], those of the best tier first
        """
        groups = {}
        for rule in self._get_rules():
            key = (rule.tier_id, rule.group or -rule.id)
            groups[key] = groups.get(key, rule.browse()) | rule
        return [(tier, rules) for (tier, _group), rules in groups.items()]

    def _get_group_sql(self, rules):
        """Return whether all rules of a group hold for a row of facts."""
        return SQL(" AND ").join(self._get_rule_sql(rule) for rule in rules)

    def _get_rule_sql(self, rule):
        """Return whether a rule holds for a row of facts.

        The same as `tools.tiers.lacking` says of one member.
        """
        reaches = SQL(">=") if self.is_inclusive else SQL(">")
        months = rule.window_months
        asked = {
            "vehicles": [
                ("brand_vehicles" if rule.same_brand else "vehicles", rule.minimum)
            ],
            "referrals": [("referrals", rule.minimum)],
            "points": [(f"points_{months}", rule.minimum)],
            "score": [("score", rule.minimum)],
        }.get(rule.kind, [])
        if rule.kind == "points" and rule.material_minimum:
            asked.append((f"material_{months}", rule.material_minimum))
        parts = [
            SQL("%s %s %s", SQL.identifier(name), reaches, minimum)
            for name, minimum in asked
        ]
        parts.append(SQL("level >= %s", rule.from_tier_id.level or 0))
        if rule.kind == "legacy":
            parts.append(SQL("legacy_year >= %s AND vehicles > 0", rule.minimum))
        if rule.kind == "manual":
            parts.append(SQL("FALSE"))
        return SQL(" AND ").join(parts)

    def _get_pick_sql(self, groups, numbers):
        """Return the number of the best group that holds, or NULL."""
        whens = [
            SQL("WHEN %s THEN %s", self._get_group_sql(groups[number][1]), number)
            for number in numbers
        ]
        if not whens:
            return SQL("NULL::int")
        return SQL("CASE %s END", SQL(" ").join(whens))


def _only(column, every, ids):
    """Return the condition that keeps a statement to some ids, or TRUE."""
    if every:
        return SQL("TRUE")
    return SQL("%s = ANY(%s)", column, list(ids))
