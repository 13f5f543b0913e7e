from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const_event import LANES

# One guest for each number: two files of one person are invited once.
_LIST = """
WITH meant AS (
     SELECT DISTINCT ON (COALESCE(NULLIF(p.cr_phone_digits, ''), p.id::text))
            p.id, p.cr_phone_digits, COALESCE((
                SELECT MAX(tier.level) FROM cr_club_member member
                  JOIN cr_club_tier tier ON tier.id = member.tier_id
                 WHERE member.partner_id = p.id AND member.state = 'active'), 0)
            AS level
       FROM res_partner p WHERE p.id IN (%(whom)s)
      ORDER BY COALESCE(NULLIF(p.cr_phone_digits, ''), p.id::text), level DESC, p.id)
INSERT INTO cr_event_invitation (event_id, company_id, partner_id, state, persons,
       tier_level, token, attempt_count, points_round, rated, create_uid, write_uid,
       create_date, write_date)
SELECT %(event)s, %(company)s, meant.id, 'proposed', 1, meant.level,
       translate(left(encode(sha256(convert_to(gen_random_uuid()::text
           || gen_random_uuid()::text, 'UTF8')), 'base64'), 24), '+/=', ''),
       0, 0, 0, %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM meant
 WHERE NOT EXISTS (
       SELECT FROM cr_event_invitation known
         JOIN res_partner who ON who.id = known.partner_id
        WHERE known.event_id = %(event)s AND (who.id = meant.id
           OR who.cr_phone_digits = NULLIF(meant.cr_phone_digits, '')))
 ORDER BY meant.level DESC, meant.id
    ON CONFLICT DO NOTHING RETURNING id
"""
_NAME_PROPOSER = """
INSERT INTO cr_event_invitation_cr_event_proposal_rel (cr_event_invitation_id,
       cr_event_proposal_id)
SELECT guest.id, %(proposal)s
  FROM cr_event_invitation guest JOIN res_partner who ON who.id = guest.partner_id
 WHERE guest.event_id = %(event)s AND EXISTS (
       SELECT FROM res_partner p WHERE p.id IN (%(whom)s)
          AND (p.id = who.id OR p.cr_phone_digits = NULLIF(who.cr_phone_digits, '')))
    ON CONFLICT DO NOTHING RETURNING cr_event_invitation_id
"""


class CrEventProposal(models.Model):
    """Customers whom a department proposes for an event, by filter (EVT-05).

    Proposals of several departments are merged: each person stands on the list once,
    with everybody who proposed him.
    """

    _name = "cr.event.proposal"
    _description = "Proposal of guests"
    _inherit = ["cr.care.audience.mixin"]
    _order = "id desc"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    lane = fields.Selection(LANES, string="Department", required=True, default="sales")
    user_id = fields.Many2one(
        "res.users", string="Proposed by", default=lambda self: self.env.user
    )
    note = fields.Char()
    # --- filter ---
    new_car_days = fields.Integer(
        string="New car within (days)", aggregator=None, help="0: however old."
    )
    model_ids = fields.Many2many("fleet.vehicle.model", string="Models")
    tag_ids = fields.Many2many("res.partner.category", string="Hobbies")
    tier_ids = fields.Many2many("cr.club.tier", string="Tiers")
    is_members_only = fields.Boolean(string="Members only")
    is_complete_only = fields.Boolean(string="Only complete files")
    is_with_prospects = fields.Boolean(
        string="Also people without a car", help="For test drives and auto shows."
    )
    # --- what became of it ---
    proposed_on = fields.Datetime(readonly=True)
    new_count = fields.Integer(string="New on the list", readonly=True)
    merged_count = fields.Integer(
        string="Merged", readonly=True, help="Stood on the list already, or twice."
    )

    _days_positive = models.Constraint(
        "CHECK (new_car_days >= 0)", "The age of a car is not negative."
    )

    # === COMPUTE === #

    @api.depends(
        "new_car_days",
        "model_ids",
        "tag_ids",
        "tier_ids",
        "is_members_only",
        "is_complete_only",
        "is_with_prospects",
    )
    def _compute_audience_count(self):
        return super()._compute_audience_count()

    @api.depends("lane", "user_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["lane"]._description_selection(self.env))
        for proposal in self:
            parts = (labels.get(proposal.lane), proposal.user_id.name)
            proposal.display_name = " · ".join(filter(None, parts))

    # === ACTIONS === #

    def action_propose(self):
        """Put the customers meant on the list as proposals; each person once."""
        self.check_access("write")
        for proposal in self:
            if proposal.event_id.cr_state not in ("plan", "invite"):
                raise UserError(
                    self.env._(
                        "“%s” takes no proposals any more; its list is fixed.",
                        proposal.event_id.name,
                    )
                )
            proposal._propose()

    def action_view_guests(self):
        """Open the guests whom this proposal named."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.cr_event_invitation_action"
        )
        return {**action, "domain": [("proposal_ids", "in", self.ids)], "context": {}}

    # === BUSINESS === #

    def _get_audience(self):
        """Return the domain of the customers meant, with the filters of an event."""
        domain = super()._get_audience()
        if self.is_with_prospects:
            domain.remove(("cr_vehicle_count", ">", 0))
        if self.new_car_days:
            today = self.env.company._cr_today()
            first = fields.Date.subtract(today, days=self.new_car_days)
            domain.append(("cr_last_delivery_on", ">=", first))
        if self.model_ids:
            domain.append(("cr_main_vehicle_id.model_id", "in", self.model_ids.ids))
        if self.tag_ids:
            domain.append(("category_id", "in", self.tag_ids.ids))
        if self.is_complete_only:
            domain.append(("cr_completeness", ">=", 100))
        members = [("state", "=", "active")]
        if self.tier_ids:
            members.append(("tier_id", "in", self.tier_ids.ids))
        if self.tier_ids or self.is_members_only:
            domain.append(("cr_member_ids", "any", members))
        return domain

    def _propose(self):
        """Insert the guests in two statements, however many."""
        self.ensure_one()
        self.env.flush_all()
        event = self.event_id
        whom = self.env["res.partner"]._search(self._get_audience())
        count = self.env["res.partner"].search_count(self._get_audience())
        values = {
            "event": event.id,
            "company": event.company_id.id or None,
            "proposal": self.id,
            "whom": whom.subselect(),
            "uid": self.env.uid,
        }
        added = self.env.execute_query(SQL(_LIST, **_only(values, _LIST)))
        self.env.execute_query(SQL(_NAME_PROPOSER, **_only(values, _NAME_PROPOSER)))
        self.env.invalidate_all(flush=False)
        # sudo: the result is no wish that somebody types.
        self.sudo().write(
            {
                "proposed_on": fields.Datetime.now(),
                "new_count": len(added),
                "merged_count": count - len(added),
            }
        )
        # Late proposals wait for the CR department as well.
        guests = self.env["cr.event.invitation"].browse(row[0] for row in added)
        guests._refresh_call_on()


def _only(values, text):
    """Return the values that a statement asks for."""
    return {name: one for name, one in values.items() if f"%({name})s" in text}
