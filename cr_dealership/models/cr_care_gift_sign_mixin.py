from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import gifts

DIRECTOR = "cr_dealership.group_cr_dealership_director"
HEAD = "cr_dealership.group_cr_dealership_head"
# From which states a request may come to a state.
_SOURCES = {
    "draft": ("asked", "refused", "cancelled"),
    "asked": ("draft",),
    "approved": ("asked",),
    "refused": ("asked",),
    "sent": ("approved",),
    "cancelled": ("draft", "asked", "approved"),
}


class CrCareGiftSignMixin(models.AbstractModel):
    """Who asks for a gift, who signs it, who hands it over (REL-11, REL-13)."""

    _name = "cr.care.gift.sign.mixin"
    _description = "Signatures of a gift"
    _inherit = ["cr.care.gift.quota.mixin"]

    # === ACTIONS === #

    def action_ask(self):
        """Send the requests to the general manager, if the limits allow (REL-13)."""
        self._lock_quota(self.partner_id)
        for request in self:
            request._ask()

    def action_approve_second(self):
        """The CR head signs gifts over the limits first."""
        self._check_group(HEAD)
        self._check_state("asked")
        self.sudo().write(
            {
                "second_by_id": self.env.uid,
                "second_on": fields.Date.context_today(self),
            }
        )

    def action_approve(self):
        """The general manager signs (REL-11)."""
        self._check_group(DIRECTOR)
        for request in self.filtered("hold_code"):
            if request.second_by_id in (self.env["res.users"], self.env.user):
                raise UserError(
                    self.env._(
                        "%(gift)s is over the limits: the CR head has to sign it first,"
                        " and somebody else after him.",
                        gift=request.display_name,
                    )
                )
        self._set_state(
            "approved",
            approved_by_id=self.env.uid,
            approved_on=fields.Date.context_today(self),
        )

    def action_refuse(self):
        """The general manager, or the CR head, refuses with the reason beside it."""
        self._check_group(DIRECTOR, HEAD)
        for request in self.filtered(lambda r: not (r.refuse_reason or "").strip()):
            raise UserError(
                self.env._(
                    "%(gift)s: write why the gift is refused.",
                    gift=request.display_name,
                )
            )
        self._set_state("refused")

    def action_send(self):
        """Note who handed the gift over and when; a voucher is issued (REL-27+)."""
        today = fields.Date.context_today(self)
        for request in self:
            request._set_state(
                "sent", sent_on=request.sent_on or today, sent_by_id=self.env.uid
            )
        self._issue_vouchers()

    def action_cancel(self):
        """Nobody gets the gift."""
        self._set_state("cancelled")

    def action_draft(self):
        """Take the request back, to change it; signatures are void."""
        self._set_state(
            "draft",
            asked_on=False,
            hold_code=False,
            second_by_id=False,
            second_on=False,
            approved_by_id=False,
            approved_on=False,
        )

    # === BUSINESS === #

    def _ask(self):
        """Check the limits of one request and ask for it."""
        self.ensure_one()
        if not self.gift_id:
            raise UserError(
                self.env._(
                    "%(gift)s: choose a gift from the menu first.",
                    gift=self.display_name,
                )
            )
        company = self.company_id
        used = self._get_used(self.partner_id, self.day, company, self.ids)
        spent = used[self.partner_id.id, self.member_id.id or 0]
        code = gifts.hold(
            self.value, spent, company.cr_gift_limit, company.cr_gift_quota
        )
        if code and company.cr_gift_over == "block":
            raise UserError(self._describe_hold(code, spent))
        self._set_state(
            "asked", hold_code=code, asked_on=fields.Date.context_today(self)
        )

    def _describe_hold(self, code, spent):
        """Return the sentence that says which limit a gift breaks."""
        company = self.company_id
        if code == gifts.OVER_LIMIT:
            return self.env._(
                "%(gift)s: %(value)s is more than one gift may cost (%(limit)s)."
                " Choose another gift from the menu.",
                gift=self.display_name,
                value=self.value,
                limit=company.cr_gift_limit,
            )
        return self.env._(
            "%(gift)s: %(used)s of %(quota)s in %(months)s months are used, so"
            " %(left)s is left; the gift costs %(value)s. Choose a smaller one or"
            " wait.",
            gift=self.display_name,
            used=spent,
            quota=company.cr_gift_quota,
            months=company.cr_gift_quota_months,
            left=max(company.cr_gift_quota - spent, 0),
            value=self.value,
        )

    def _check_group(self, *groups):
        """Raise unless the user belongs to one of the groups."""
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._(
                    "Gifts are signed by the general manager; over the limits the CR"
                    " head signs first."
                )
            )

    def _check_state(self, *states):
        """Raise unless all requests are in one of the states."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self.filtered(lambda request: request.state not in states):
            raise UserError(
                self.env._(
                    "%(gift)s is “%(state)s”; this is for requests that are"
                    " “%(states)s”.",
                    gift=request.display_name,
                    state=labels[request.state],
                    states="”, “".join(labels[state] for state in states),
                )
            )

    def _set_state(self, state, **values):
        """Bring the requests to a state; every change of state goes this way."""
        self.check_access("write")
        self._check_state(*_SOURCES[state])
        # sudo: the guard of write lets nobody change a state directly; rights on the
        # records were checked above.
        self.sudo().write({"state": state, **values})
