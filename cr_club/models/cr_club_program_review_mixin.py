from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cr_dealership.tools.offsets import add_months

# Who moves where and why. A group that needs nobody's yes lifts at once, a better one
# that does is proposed; what no group carries any more is proposed to fall.
_MOVES = """
WITH facts AS (%(facts)s),
     look AS (SELECT facts.*, %(auto)s AS auto, %(any)s AS any FROM facts),
     goal (number, tier_id, level, reason) AS (VALUES %(goals)s),
     base (is_prospect, tier_id, level) AS (VALUES %(bases)s)
SELECT look.id AS member_id, look.partner_id, look.tier_id AS from_tier_id,
       move.tier_id AS to_tier_id, move.kind, move.state, move.reason
  FROM look
  LEFT JOIN goal auto ON auto.number = look.auto
  LEFT JOIN goal top ON top.number = look.any
  LEFT JOIN base ON base.is_prospect = COALESCE(look.is_prospect, FALSE)
 CROSS JOIN LATERAL (
       SELECT auto.tier_id, 'up' AS kind, 'done' AS state, auto.reason
        WHERE auto.level > look.level
       UNION ALL
       SELECT top.tier_id, 'up', 'proposed', top.reason
        WHERE top.level > GREATEST(look.level, auto.level)
       UNION ALL
       SELECT CASE WHEN top.level > base.level THEN top.tier_id ELSE base.tier_id END,
              'down', 'proposed', %(down_reason)s
        WHERE %(use_downgrades)s AND look.is_tier_fixed IS NOT TRUE
          AND COALESCE(look.review_on, look.tier_since) <= %(today)s
          AND GREATEST(top.level, base.level) < look.level
       ) AS move
"""
_APPLY = """
WITH move AS MATERIALIZED (%(moves)s),
     moved AS (
     UPDATE cr_club_member m
        SET tier_id = move.to_tier_id, tier_since = %(today)s, review_on = %(review)s,
            write_date = NOW() AT TIME ZONE 'UTC', write_uid = %(uid)s
       FROM move
      WHERE move.state = 'done' AND m.id = move.member_id
        AND m.tier_id = move.from_tier_id
  RETURNING m.id)
INSERT INTO cr_club_tier_change (member_id, program_id, company_id, from_tier_id,
       to_tier_id, kind, state, reason, day, create_uid, write_uid, create_date,
       write_date)
SELECT move.member_id, %(program)s, %(company)s, move.from_tier_id, move.to_tier_id,
       move.kind, move.state, move.reason, %(today)s, %(uid)s, %(uid)s,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM move
  LEFT JOIN moved ON moved.id = move.member_id
 WHERE (move.state = 'done' AND moved.id IS NOT NULL)
    OR (move.state = 'proposed' AND NOT EXISTS (
        SELECT FROM cr_club_tier_change known
         WHERE known.member_id = move.member_id AND known.state = 'refused'
           AND known.to_tier_id = move.to_tier_id AND known.day > %(refused_since)s))
ON CONFLICT DO NOTHING RETURNING id
"""
_FIGURES = """
UPDATE cr_club_member m
   SET window_points = facts.points_%(months)s,
       window_material = facts.material_%(months)s
  FROM (%(facts)s) AS facts
 WHERE m.id = facts.id
   AND (COALESCE(m.window_points, 0) != facts.points_%(months)s
        OR COALESCE(m.window_material, 0) != facts.material_%(months)s)
"""


class CrClubProgramReviewMixin(models.AbstractModel):
    """The daily look at all tiers: upgrades at once, the rest proposed (CLB-11).

    A fixed number of statements, however many members a club has.
    """

    _name = "cr.club.program.review.mixin"
    _description = "Club programme: review of tiers"

    def _get_moves_sql(self, today, members=None):
        """Return the query of who would move where and why; the dry run shows it.

        :param datetime.date today: day of the look
        :param members: only these; None: all of the club
        :rtype: SQL
        """
        self.ensure_one()
        program = self.with_context(lang=self.company_id.partner_id.lang)
        groups = program._get_groups()
        sure = [
            number
            for number, (_tier, rules) in enumerate(groups)
            if not any(rules.mapped("needs_confirmation"))
        ]
        goals = [
            SQL("(%s, %s, %s, %s)", number, tier.id, tier.level, _describe(rules))
            for number, (tier, rules) in enumerate(groups)
        ]
        return SQL(
            _MOVES,
            facts=self._get_facts_sql(today, members),
            auto=self._get_pick_sql(groups, sure),
            any=self._get_pick_sql(groups, range(len(groups))),
            goals=SQL(", ").join(goals or [SQL("(-1, NULL::int, NULL::int, '')")]),
            bases=SQL(", ").join(self._get_bases()),
            down_reason=program.env._("No condition of the tier holds any more"),
            use_downgrades=self.use_downgrades,
            today=today,
        )

    def _get_bases(self):
        """Return the tiers nobody falls below, of owners and of others."""
        bases = []
        for is_prospect in (False, True):
            tier = self.scheme_id._get_entry_tier(not is_prospect)
            level = tier.level if tier else None
            bases.append(
                SQL("(%s, %s::int, %s::int)", is_prospect, tier.id or None, level)
            )
        return bases

    # === WORK === #

    def _review_tiers(self, today, members=None):
        """Look at the tiers of a club, or of some members, without committing.

        :param datetime.date today: day of the look
        :param members: only these; None: all of the club
        :return: the upgrades made and the proposals, records of `cr.club.tier.change`
        """
        self.ensure_one()
        changes = self.env["cr.club.tier.change"]
        self._flush_basis()
        self._lapse_proposals(today, members)
        months = self.review_months
        rows = self.env.execute_query(
            SQL(
                _APPLY,
                moves=self._get_moves_sql(today, members),
                today=today,
                review=add_months(today, months),
                refused_since=add_months(today, -months),
                program=self.id,
                company=self.company_id.id,
                uid=self.env.uid,
            )
        )
        self._refresh_figures(today, members)
        self.env["cr.club.member"].invalidate_model()
        changes.invalidate_model()
        found = changes.browse(row_id for [row_id] in rows)
        found._after_tier_changed()
        return found

    def _refresh_figures(self, today, members=None):
        """Store what the members collected in the window of the cards (PTS-08)."""
        self.env.cr.execute(
            SQL(
                _FIGURES,
                months=self._get_windows()[0],
                facts=self._get_facts_sql(today, members),
            )
        )

    def _lapse_proposals(self, today, members=None):
        """Let go of proposals that the facts do not carry any more."""
        domain = [("program_id", "=", self.id), ("state", "=", "proposed")]
        if members is not None:
            domain.append(("member_id", "in", members.ids))
        waiting = self.env["cr.club.tier.change"].search(domain)
        if not waiting:
            return
        rows = self.env.execute_query_dict(
            self._get_moves_sql(today, waiting.member_id)
        )
        still = {
            (row["member_id"], row["to_tier_id"])
            for row in rows
            if row["state"] == "proposed"
        }
        gone = waiting.filtered(
            lambda change: (change.member_id.id, change.to_tier_id.id) not in still
        )
        gone.write({"state": "lapsed"})
        gone.flush_recordset()

    # === DRY RUN === #

    def action_try_tiers(self):
        """List who would move and why, before the job does (CLB-11)."""
        self.ensure_one()
        self._flush_basis()
        rows = self.env.execute_query_dict(
            self._get_moves_sql(self.company_id._cr_today())
        )
        trial = self.env["cr.club.tier.trial"].create({"program_id": self.id})
        trial._insert_lines(rows)
        return trial._get_action()

    # === CRONS === #

    @api.model
    def _cron_review_tiers(self):
        """Look at the tiers of every club, club by club."""
        cron = self.env["ir.cron"]
        programs = self.env["cr.club.program"].search([("active", "=", True)])
        cron._commit_progress(remaining=len(programs))
        today = self.env.company._cr_today()
        self.env["cr.club.member"]._expire_cards(today)
        self.env["cr.points.account"]._post_recent_purchases(today)
        for program in programs:
            today = program.company_id._cr_today()
            program._enrol_buyers(today)
            program._open_invitations(today)
            program._review_tiers(today)
            if not cron._commit_progress(1):
                break


def _describe(rules):
    """Return the conditions of a group in words."""
    return " + ".join(rules.mapped("name"))
