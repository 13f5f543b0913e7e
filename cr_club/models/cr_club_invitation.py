from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cr_dealership.const import BLOCK_REASONS
from odoo.addons.cr_dealership.tools.offsets import add_months

from ..const import CLUB_INVITATION_STATES

_PURPOSE = "marketing"


class CrClubInvitation(models.Model):
    """An owner is asked into the club: in the first week, then half-yearly (CLB-29).

    The nightly job opens them; whoever talks to the customer notes what came of it.
    """

    _name = "cr.club.invitation"
    _description = "Invitation to the club"
    _inherit = ["cr.settled.mixin"]
    _order = "due_on, id"
    _rec_name = "partner_id"

    _first_state = "todo"
    _settled_columns = frozenset(("state", "done_on", "done_by_id", "member_id"))

    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", string="Store", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    phone = fields.Char(related="partner_id.mobile", string="Mobile")
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Car he bought",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    consultant_id = fields.Many2one(related="vehicle_id.consultant_id")
    due_on = fields.Date(string="Ask until", required=True, readonly=True)
    state = fields.Selection(
        CLUB_INVITATION_STATES, string="Result", required=True, default="todo"
    )
    reason = fields.Char(help="Why he does not join, in his words.")
    done_on = fields.Date(string="Asked on", readonly=True)
    done_by_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    next_on = fields.Date(
        string="Ask again on", help="Empty: he is not asked again."
    )
    member_id = fields.Many2one(
        "cr.club.member", readonly=True, index="btree_not_null", ondelete="set null"
    )
    block_code = fields.Selection(
        BLOCK_REASONS, string="Not to be called because", compute="_compute_block_code"
    )
    is_allowed = fields.Boolean(
        string="May be called",
        compute="_compute_block_code",
        search="_search_is_allowed",
    )

    _one_open = models.UniqueIndex(
        "(program_id, partner_id) WHERE state = 'todo'",
        "This customer is to be asked already.",
    )
    _next_index = models.Index("(next_on) WHERE next_on IS NOT NULL")

    # === COMPUTE === #

    @api.depends("partner_id")
    def _compute_block_code(self):
        blocks = self.env["cr.contact.preference"]._get_blocks(
            self.partner_id.ids, _PURPOSE
        )
        for one in self:
            one.block_code = blocks.get(one.partner_id.id)
            one.is_allowed = not one.block_code

    def _search_is_allowed(self, operator, value):
        if operator != "in":
            return NotImplemented
        wishes = self.env["cr.contact.preference"]
        wishes._flush_blocks()

        def ask(_model, alias, _query):
            partner = SQL.identifier(alias, "partner_id")
            block = wishes._blocked_sql(_PURPOSE, "phone", partner, None, None)
            return SQL("(%s) IS NULL", block)

        allowed = Domain.custom(to_sql=ask)
        return allowed if True in value else ~allowed

    # === ACTIONS === #

    def action_join(self):
        """The customer wants to join: his application is made, whoever asked him."""
        self._check_open()
        members = self.env["cr.club.member"]
        for one in self:
            known = members.search(
                [
                    ("program_id", "=", one.program_id.id),
                    ("partner_id", "=", one.partner_id.id),
                ]
            ).filtered(lambda member: member._is_open())[:1]
            member = known or members.create(
                {
                    "program_id": one.program_id.id,
                    "partner_id": one.partner_id.id,
                    "recruiter_id": self.env.uid,
                }
            )
            one._close("joined", member_id=member.id, next_on=False)
        if len(self) == 1:
            return {
                "type": "ir.actions.act_window",
                "res_model": "cr.club.member",
                "res_id": self.member_id.id,
                "views": [(False, "form")],
            }
        return None

    def action_later(self):
        """He will think about it, and is asked again."""
        self._check_open()
        for one in self:
            one._close("later", next_on=one._get_next_day())

    def action_refuse(self):
        """He does not want to; the reason says why, and he is asked again later."""
        self._check_open()
        for one in self:
            if not (one.reason or "").strip():
                raise UserError(
                    self.env._(
                        "%s: write into “Reason” why he does not join.",
                        one.partner_id.name,
                    )
                )
            one._close("refused", next_on=one._get_next_day())

    # === BUSINESS === #

    def _check_open(self):
        """Raise for the first one that has its result."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.filtered(lambda one: one.state != "todo"):
            raise UserError(
                self.env._(
                    "%(customer)s was asked on %(day)s: %(result)s. The next invitation"
                    " comes by itself.",
                    customer=one.partner_id.name,
                    day=fields.Date.to_string(one.done_on),
                    result=labels[one.state],
                )
            )

    def _close(self, state, **values):
        """Note what came of it, today and by me."""
        self._settle(
            state=state,
            done_on=self.company_id._cr_today(),
            done_by_id=self.env.uid,
            **values,
        )

    def _get_next_day(self):
        """Return when the customer is asked again, False where nobody is."""
        # sudo: whoever asks need not see how the club is set up.
        months = self.program_id.sudo().invite_months
        return add_months(self.company_id._cr_today(), months) if months else False
