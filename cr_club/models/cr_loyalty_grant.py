from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..const import GRANT_STATES

# Once a year: who goes up and down between two grades does not collect with each turn.
_INSERT = """
INSERT INTO cr_loyalty_grant (incentive_id, score_id, member_id, program_id, company_id,
       day, year, state, create_uid, write_uid, create_date, write_date)
SELECT incentive.id, score.id, score.member_id, score.program_id, score.company_id,
       score.day, EXTRACT(year FROM score.day)::int, 'todo', %(uid)s, %(uid)s,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM cr_loyalty_score score
  LEFT JOIN cr_loyalty_grade old ON old.id = score.from_grade_id
  JOIN cr_loyalty_grade new ON new.id = score.grade_id
  JOIN cr_loyalty_incentive incentive ON incentive.grade_id = new.id
   AND incentive.active
   AND incentive.occasion = CASE WHEN new.minimum < old.minimum THEN 'fall'
                                 ELSE 'reach' END
 WHERE score.id = ANY(%(ids)s) AND new.id IS DISTINCT FROM old.id
 ORDER BY score.id, incentive.sequence, incentive.id
ON CONFLICT DO NOTHING RETURNING id
"""


class CrLoyaltyGrant(models.Model):
    """An incentive that a member gets since his grade changed (CLB-31)."""

    _name = "cr.loyalty.grant"
    _description = "Incentive given"
    _inherit = ["cr.settled.mixin"]
    _order = "day desc, id desc"
    _rec_name = "incentive_id"

    _first_state = "todo"
    _settled_columns = frozenset(("state", "done_on", "done_by_id"))

    incentive_id = fields.Many2one(
        "cr.loyalty.incentive",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(related="incentive_id.kind")
    score_id = fields.Many2one(
        "cr.loyalty.score",
        string="Because of",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    member_id = fields.Many2one(
        "cr.club.member", required=True, readonly=True, index=True, ondelete="cascade"
    )
    phone = fields.Char(related="member_id.partner_id.mobile", string="Mobile")
    program_id = fields.Many2one(
        "cr.club.program", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    day = fields.Date(required=True, readonly=True)
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    state = fields.Selection(GRANT_STATES, required=True, default="todo")
    note = fields.Char()
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", string="Given by", readonly=True)

    _once_a_year = models.UniqueIndex(
        "(incentive_id, member_id, year)",
        "A member gets an incentive once a year.",
    )
    _todo_index = models.Index("(company_id, day) WHERE state = 'todo'")

    # === ACTIONS === #

    def action_give(self):
        """It was given; gifts leave the stock."""
        self.check_access("write")
        waiting = self.filtered(lambda grant: grant.state == "todo")
        gifts = waiting.filtered(lambda grant: grant.kind == "gift")
        # sudo: the stock moves with the gift, whoever gives it.
        self.env["cr.club.gift.move"].sudo().create(
            [
                {
                    "gift_id": grant.incentive_id.gift_id.id,
                    "kind": "issue",
                    "day": grant.company_id._cr_today(),
                    "member_id": grant.member_id.id,
                    "key": f"grant:{grant.id}",
                    "note": grant.incentive_id.name,
                }
                for grant in gifts
            ]
        )
        waiting._finish("given")

    def action_drop(self):
        """It is not given; the note says why."""
        self.check_access("write")
        for grant in self.filtered(lambda grant: grant.state == "todo"):
            if not grant.note:
                raise UserError(
                    self.env._(
                        "%s: write into the note why it is not given.",
                        grant.member_id.display_name,
                    )
                )
            grant._finish("dropped")

    # === BUSINESS === #

    def _finish(self, state):
        for company, some in self.grouped("company_id").items():
            some._settle(
                state=state, done_on=company._cr_today(), done_by_id=self.env.uid
            )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(self.env._("Use the buttons “Given” and “Not given”."))

    @api.model
    def _grant(self, scores):
        """Give members the incentives of the grades they came to, once a year each.

        Points are posted at once, the rest waits for a person. A fixed number of
        statements, however many scores.

        :param scores: new `cr.loyalty.score`
        :return: the new grants
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(_INSERT, ids=scores.ids, uid=self.env.uid))
        grants = self.browse(row_id for [row_id] in rows)
        points = grants.filtered(lambda grant: grant.kind == "points")
        # sudo: the ledger is written by the rules.
        self.env["cr.points.account"].sudo()._award(
            [grant._prepare_award() for grant in points]
        )
        points.sudo()._finish("given")
        return grants

    def _prepare_award(self):
        """Return the points of an incentive; gifts do not lift a tier (PTS-11)."""
        lang = self.company_id._cr_get_message_lang()
        return {
            "program": self.program_id,
            "partner": self.member_id.partner_id,
            "kind": "campaign",
            "points": self.incentive_id.points,
            "qualifying": 0,
            "key": f"incentive:{self.incentive_id.id}:{self.member_id.id}:{self.year}",
            "origin": self,
            "day": self.day,
            "note": self.incentive_id.with_context(lang=lang).name,
        }
