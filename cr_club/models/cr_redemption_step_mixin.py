from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import REDEMPTION_OPEN

# From which states a button leads to a state.
_SOURCES = {
    "requested": ("draft",),
    "approved": ("requested",),
    "refused": ("requested",),
    "settled": ("approved",),
    "handed": ("settled",),
    "cancelled": ("draft", *REDEMPTION_OPEN),
}
_GROUP = "cr_dealership.group_cr_dealership_"
_FINANCE = ("finance",)
_APPROVERS = ("manager", "head", "director", "admin")
_HIGH_APPROVERS = ("director", "admin")


class CrRedemptionStepMixin(models.AbstractModel):
    """The steps of a redemption, who may take them, and the way back (ROL-13)."""

    _name = "cr.redemption.step.mixin"
    _description = "Steps of a redemption"

    # === ACTIONS === #

    def action_request(self):
        """Ask for the rewards: points and goods are taken now (PTS-06)."""
        self.check_access("write")
        self._check_step("requested")
        self._request()

    def action_approve(self):
        """Approve; how many points decide who may, and nobody approves his own."""
        self.check_access("write")
        self._check_step("approved")
        for one in self:
            one._check_approver()
            one._settle(
                state="approved", approved_on=one._today(), approved_by_id=self.env.uid
            )

    def action_refuse(self):
        """Refuse; the points go back, the reason stands in words."""
        self.check_access("write")
        self._check_step("refused")
        for one in self:
            one._check_approver()
            one._check_note()
        self._end("refused")

    def action_settle(self):
        """Finance settles; nobody else can (ROL-13)."""
        self.check_access("write")
        if not self._is_one_of(_FINANCE):
            raise AccessError(
                self.env._(
                    "Finance settles redemptions, nobody else; ask the finance manager."
                )
            )
        self._check_step("settled")
        for one in self:
            one._settle(
                state="settled", settled_on=one._today(), settled_by_id=self.env.uid
            )

    def action_hand_over(self):
        """Hand the reward over: vouchers are issued, hours go onto the order."""
        self.check_access("write")
        self._check_step("handed")
        for one in self:
            getattr(one, f"_hand_over_{one.kind}")()
            one._settle(
                state="handed", handed_on=one._today(), handed_by_id=self.env.uid
            )

    def action_cancel(self):
        """The customer does not want it any more; the points go back."""
        self.check_access("write")
        self._check_step("cancelled")
        drafts = self.filtered(lambda one: one.state == "draft")
        drafts._settle(state="cancelled")
        (self - drafts)._end("cancelled")

    # === CHECKS === #

    def _today(self):
        return self.company_id._cr_today()

    def _is_one_of(self, roles):
        return any(self.env.user.has_group(_GROUP + role) for role in roles)

    def _check_step(self, state):
        """Raise for the first redemption that does not lead to a state now."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.filtered(lambda one: one.state not in _SOURCES[state]):
            raise UserError(
                self.env._(
                    "%(number)s is “%(state)s”, which does not lead to “%(target)s”.",
                    number=one.name,
                    state=labels[one.state],
                    target=labels[state],
                )
            )

    def _check_approver(self):
        """Raise when the points need somebody higher, or somebody else."""
        self.ensure_one()
        program = self.program_id.sudo()
        high = self.points > program.redeem_manager_points
        if not self._is_one_of(_HIGH_APPROVERS if high else _APPROVERS):
            raise AccessError(
                self.env._(
                    "%(number)s is about %(points)s points; up to %(limit)s a manager"
                    " decides, beyond that a director.",
                    number=self.name,
                    points=self.points,
                    limit=program.redeem_manager_points,
                )
            )
        if self.requested_by_id == self.env.user:
            raise UserError(
                self.env._(
                    "%s was asked for by yourself; a second person decides.", self.name
                )
            )

    def _check_note(self):
        self.ensure_one()
        if not self.note:
            raise UserError(
                self.env._(
                    "%s: write into “Decision in words” why it is refused.", self.name
                )
            )

    def _check_request(self, account, available):
        """Raise when a redemption cannot be asked for."""
        self.ensure_one()
        reward, day = self.reward_id, self._today()
        reward._check_offered(self.partner_id, day)
        reward._check_limit(self.partner_id, day, self)
        if available < reward.points_from:
            raise UserError(
                self.env._(
                    "“%(reward)s” is open from %(points)s points on; %(customer)s has"
                    " %(available)s.",
                    reward=reward.name,
                    points=reward.points_from,
                    customer=account.partner_id.name,
                    available=available,
                )
            )

    # === TAKING === #

    def _request(self):
        """Take points and goods, for any number of redemptions, all or none.

        Accounts and stock are locked, so two requests neither spend the same points
        nor get the same piece.
        """
        # sudo: the ledger is written by the rules, whoever asks.
        ledger = self.env["cr.points.account"].sudo()
        accounts = {}
        for program, some in self.grouped("program_id").items():
            ids = ledger._ensure_accounts(some.partner_id, program.sudo())
            for one in some:
                accounts[one] = ledger.browse(ids[one.partner_id.id])
        every = ledger.union(*accounts.values())
        ledger._lock(every.ids)
        available = every._get_available()
        for one, account in accounts.items():
            one._check_request(account, available.get(account.id, 0))
        self._move_goods("redeem")
        entries = ledger._spend([one._prepare_spending(accounts[one]) for one in self])
        taken = {entry.origin_id: entry for entry in entries}
        for one in self:
            one._settle(**one._prepare_request(taken[one.id]))

    def _prepare_spending(self, account):
        """Return what the ledger is asked to take; in words of the store."""
        lang = self.company_id._cr_get_message_lang()
        reward = self.reward_id.with_context(lang=lang)
        return {
            "account": account,
            "points": self.points,
            "key": f"redemption:{self.id}",
            "origin": self,
            "company": self.company_id,
            "note": f"{self.name} {reward.name}",
        }

    def _prepare_request(self, entry):
        """Return what a redemption becomes when it is asked for."""
        program, today = self.program_id.sudo(), self._today()
        is_small = self.points <= program.redeem_free_points
        return {
            "state": "approved" if is_small else "requested",
            "requested_on": today,
            "requested_by_id": self.env.uid,
            "approved_on": today if is_small else False,
            "expires_on": today + timedelta(days=program.redeem_days),
            "entry_id": entry.id,
        }

    def _move_goods(self, kind):
        """Set the goods of redemptions aside, or put them back."""
        goods = self.filtered(lambda one: one.kind == "goods")
        if not goods:
            return
        # sudo: the stock moves with the redemption, whoever asks.
        self.env["cr.club.gift.move"].sudo().create(
            [
                {
                    "gift_id": one.reward_id.gift_id.id,
                    "day": one._today(),
                    "kind": kind,
                    "quantity": one.quantity,
                    "redemption_id": one.id,
                    "key": f"redemption:{one.id}:{kind}",
                    "note": one.name,
                }
                for one in goods
            ]
        )

    # === HANDING OVER === #

    def _hand_over_goods(self):
        """Goods were set aside when they were asked for."""

    def _hand_over_voucher(self):
        """Issue the coupons that sales and point of sale accept."""
        cards = self.reward_id._issue_coupons(
            self.partner_id, self.quantity, self._today()
        )
        self._settle(card_ids=[fields.Command.set(cards.ids)])

    def _hand_over_labour(self):
        """Take the hours off a work order; this part of it brings no points."""
        order = self.order_id
        if (
            order.partner_id != self.partner_id
            or order.company_id != self.company_id
            or order.state == "cancelled"
        ):
            raise UserError(
                self.env._(
                    "%(number)s: choose a work order of %(customer)s in %(store)s from"
                    " which the hours are taken off.",
                    number=self.name,
                    customer=self.partner_id.name,
                    store=self.company_id.name,
                )
            )
        paid = (order.amount_by_points or 0) + self.value
        if order.amount_total and paid > order.amount_total:
            raise UserError(
                self.env._(
                    "%(number)s takes %(value)s off work order %(order)s, which comes"
                    " to less; choose a larger one.",
                    number=self.name,
                    value=self.value,
                    order=order.number,
                )
            )
        # sudo: the hours go onto the order, whoever hands them over.
        order.sudo().amount_by_points = paid

    # === THE WAY BACK === #

    def _end(self, state):
        """Give points back to the lots they came from, and goods to the stock.

        The number of queries does not depend on the number of redemptions.

        :param str state: `refused`, `cancelled` or `expired`
        """
        if not self:
            return
        # sudo: the ledger is written by the rules, whoever cancels.
        ledger = self.env["cr.points.account"].sudo()
        ledger._lock(self.sudo().entry_id.account_id.ids)
        self._move_goods("back")
        ledger._give_back(
            [
                {
                    "entry": one.sudo().entry_id,
                    "key": f"redemption:{one.id}:back",
                    "note": one.name,
                }
                for one in self
            ]
        )
        for company, some in self.grouped("company_id").items():
            some._settle(state=state, ended_on=company._cr_today())

    @api.model
    def _expire(self, today, limit=1000):
        """Give back what was not fetched in time, one batch, without committing.

        :param datetime.date today: what should have been fetched before ends
        :return: the number of redemptions that ended
        :rtype: int
        """
        late = self.search(self._get_late_domain(today), limit=limit, order="id")
        late._end("expired")
        return len(late)

    @api.model
    def _get_late_domain(self, today):
        """Return the condition of redemptions that were not fetched in time."""
        return [("state", "in", REDEMPTION_OPEN), ("expires_on", "<", today)]

    @api.model
    def _cron_expire(self):
        """End what was not fetched in time; the others cost nothing."""
        cron = self.env["ir.cron"]
        today = self.env.company._cr_today()
        cron._commit_progress(remaining=self.search_count(self._get_late_domain(today)))
        while done := self._expire(today):
            if not cron._commit_progress(done):
                break
