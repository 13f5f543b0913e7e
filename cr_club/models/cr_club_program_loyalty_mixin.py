from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cr_dealership.tools.offsets import add_months

from ..const import INVERSE_FACTORS

# What is known of the members, scored, graded, stored and put into the history.
_SCORE = """
WITH facts AS (
     SELECT m.id, m.partner_id, m.company_id, m.scored_on,
            COALESCE(m.loyalty_score, 0) AS old_score, m.loyalty_grade_id AS old_grade,
            m.segment AS old_segment, m.care_grade AS old_care,
            COALESCE(m.is_care_fixed, FALSE) AS is_care_fixed,
            COALESCE(visit.count, 0) AS frequency, COALESCE(p.cr_spend, 0) AS amount,
            COALESCE(named.count, 0) AS referral,
            COALESCE(grief.count, 0) AS complaints,
            COALESCE(grief.count, 0)::numeric
            / GREATEST(COALESCE(visit.count, 0), 1) AS complaint,
            CASE WHEN p.cr_value_class = 'high'
                   OR COALESCE(m.window_points, 0) >= %(points_high)s THEN 'high'
                 WHEN p.cr_value_class = 'medium'
                   OR COALESCE(m.window_points, 0) >= %(points_medium)s THEN 'medium'
                 ELSE 'low' END AS segment
       FROM cr_club_member m
       JOIN res_partner p ON p.id = m.partner_id
       LEFT JOIN (
            SELECT partner_id, COUNT(*)::int AS count FROM cr_service_order
             WHERE state = 'settled' AND out_on > %(since)s AND out_on <= %(today)s
               AND company_id = ANY(%(stores)s)
             GROUP BY partner_id) AS visit ON visit.partner_id = m.partner_id
       LEFT JOIN (
            SELECT member_id, COUNT(*)::int AS count FROM cr_referral
             WHERE state != 'refused' AND named_on > %(since)s
             GROUP BY member_id) AS named ON named.member_id = m.id
       LEFT JOIN (%(complaints)s) AS grief ON grief.partner_id = m.partner_id
      WHERE m.program_id = %(program)s AND m.state = 'active'),
     scored AS (SELECT facts.*, %(score)s AS score FROM facts),
     graded AS (
     SELECT scored.*, grade.id AS grade_id, grade.care_grade, grade.minimum,
            old.minimum AS old_minimum
       FROM scored
       LEFT JOIN LATERAL (
            SELECT id, care_grade, minimum FROM cr_loyalty_grade
             WHERE id = ANY(%(grades)s) AND minimum <= scored.score
             ORDER BY minimum DESC LIMIT 1) AS grade ON TRUE
       LEFT JOIN cr_loyalty_grade old ON old.id = scored.old_grade),
     stored AS (
     UPDATE cr_club_member m
        SET loyalty_score = graded.score, loyalty_grade_id = graded.grade_id,
            segment = graded.segment, scored_on = %(today)s,
            care_grade = CASE WHEN graded.is_care_fixed THEN graded.old_care
                              ELSE graded.care_grade END
       FROM graded
      WHERE m.id = graded.id
        AND (m.scored_on IS NULL OR m.loyalty_score IS NULL
             OR (graded.old_score, graded.old_grade, graded.old_segment,
                 graded.old_care)
             IS DISTINCT FROM (graded.score::float8, graded.grade_id, graded.segment,
                 CASE WHEN graded.is_care_fixed THEN graded.old_care
                      ELSE graded.care_grade END)))
INSERT INTO cr_loyalty_score (member_id, program_id, company_id, day, score, from_score,
       frequency, amount, referrals, complaints, grade_id, from_grade_id, segment,
       from_segment, direction, create_uid, write_uid, create_date, write_date)
SELECT id, %(program)s, company_id, %(today)s, score, old_score, frequency, amount,
       referral, complaints, grade_id, old_grade, segment, old_segment,
       CASE WHEN scored_on IS NULL THEN 'new'
            WHEN COALESCE(minimum, -1) > COALESCE(old_minimum, -1) THEN 'up'
            WHEN COALESCE(minimum, -1) < COALESCE(old_minimum, -1) THEN 'down'
            WHEN array_position(%(ranks)s, segment)
               > array_position(%(ranks)s, old_segment::text) THEN 'up'
            WHEN array_position(%(ranks)s, segment)
               < array_position(%(ranks)s, old_segment::text) THEN 'down'
            ELSE 'same' END,
       %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM graded
 WHERE scored_on IS NULL OR old_grade IS DISTINCT FROM grade_id
    OR old_segment IS DISTINCT FROM segment
    OR NOT EXISTS (SELECT FROM cr_loyalty_score known
                    WHERE known.member_id = graded.id AND known.day >= %(month)s)
ON CONFLICT DO NOTHING RETURNING id
"""
_COMPLAINTS = """
SELECT partner_id, COUNT(*)::int AS count FROM cr_complaint
 WHERE received_at >= %s GROUP BY partner_id
"""
_NO_COMPLAINTS = "SELECT NULL::int AS partner_id, 0 AS count WHERE FALSE"
_RANKS = ["low", "medium", "high"]
# Models whose pending values the facts are worked out from.
_BASIS = (
    "cr.club.member",
    "cr.loyalty.factor",
    "cr.loyalty.grade",
    "cr.loyalty.score",
    "cr.referral",
    "cr.service.order",
    "res.partner",
)


class CrClubProgramLoyaltyMixin(models.AbstractModel):
    """Scores all members of a club in one statement, each night (CLB-30, CLB-35)."""

    _name = "cr.club.program.loyalty.mixin"
    _description = "Club programme: loyalty"

    loyalty_months = fields.Integer(
        string="Loyalty looks back (months)", default=24, help="Assumed."
    )
    segment_high_points = fields.Integer(
        string="Worth much from (points)",
        default=20000,
        help="Collected in the window of the tiers; or by what he spent. Assumed.",
    )
    segment_medium_points = fields.Integer(
        string="Worth something from (points)", default=5000
    )

    _loyalty_sane = models.Constraint(
        "CHECK (COALESCE(loyalty_months, 1) > 0"
        " AND COALESCE(segment_high_points, 1) >= COALESCE(segment_medium_points, 0))",
        "Loyalty looks back a month at least; worth much needs more points than worth"
        " something.",
    )

    # === CONFIGURATION === #

    def _get_own(self, model):
        """Return the factors or grades of a club, else those of every club."""
        self.ensure_one()
        records = self.env[model].search([("program_id", "in", (self.id, False))])
        return records.filtered("program_id") or records

    def _get_score_sql(self):
        """Return the score over the facts; the same as `tools.loyalty.score`.

        :rtype: SQL
        """
        factors = self._get_own("cr.loyalty.factor")
        weights = sum(factors.mapped("weight"))
        if not weights:
            return SQL("0::numeric")
        parts = []
        for factor in factors:
            part = SQL(
                "LEAST(1, GREATEST(0, %s::numeric / %s::numeric))",
                SQL.identifier(factor.code),
                factor.full_at,
            )
            if factor.code in INVERSE_FACTORS:
                part = SQL("(1 - %s)", part)
            parts.append(SQL("%s::numeric * %s", factor.weight, part))
        return SQL(
            "ROUND(100 * (%s) / %s::numeric, 1)", SQL(" + ").join(parts), weights
        )

    def _get_complaint_sql(self, since):
        """Return the complaints of customers since a day; none without that addon.

        :rtype: SQL
        """
        if "cr.complaint" not in self.env:
            return SQL(_NO_COMPLAINTS)
        self.env["cr.complaint"].flush_model()
        return SQL(_COMPLAINTS, since)

    # === WORK === #

    def _score_members(self, today):
        """Score all members of a club, without committing (CLB-30).

        :param datetime.date today: last day that counts
        :return: the new rows of the history
        """
        self.ensure_one()
        for model in _BASIS:
            self.env[model].flush_model()
        since = add_months(today, -self.loyalty_months)
        rows = self.env.execute_query(
            SQL(
                _SCORE,
                program=self.id,
                stores=self._get_stores().ids,
                today=today,
                month=today.replace(day=1),
                since=since,
                complaints=self._get_complaint_sql(since),
                score=self._get_score_sql(),
                grades=self._get_own("cr.loyalty.grade").ids,
                points_high=self.segment_high_points,
                points_medium=self.segment_medium_points,
                ranks=_RANKS,
                uid=self.env.uid,
            )
        )
        self.env["cr.club.member"].invalidate_model()
        scores = self.env["cr.loyalty.score"].browse(row_id for [row_id] in rows)
        scores._after_scored()
        return scores

    @api.model
    def _cron_score_members(self):
        """Score the members of every club, club by club."""
        cron = self.env["ir.cron"]
        programs = self.env["cr.club.program"].search([("active", "=", True)])
        cron._commit_progress(remaining=len(programs))
        for program in programs:
            program._score_members(program.company_id._cr_today())
            if not cron._commit_progress(1):
                break
