from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cr_dealership.const import BLOCK_TEXTS
from odoo.addons.cr_dealership.tools.care import next_free_day

from ..const_event import NEXT_STAGE, SEATED, UNANSWERED

_PURPOSE = "marketing"
# Whom somebody can make callable by mending the file stays on the list.
_LASTING = ("do_not_call", "opt_out", "blacklist")


class CrEventInvitationContactMixin(models.AbstractModel):
    """Calling guests: consent, cap, one click for each outcome (EVT-04, REL-26)."""

    _name = "cr.event.invitation.contact.mixin"
    _description = "Guest of an event: contact"

    # === ACTIONS === #

    def action_call_yes(self):
        """Note that the guest was reached and comes: one stage further."""
        self._check_call()
        for state, guests in self.grouped("state").items():
            if state not in NEXT_STAGE:
                guests._refuse_call()
            guests._log_calls(self.env._("comes"))
            guests._advance(NEXT_STAGE[state])

    def action_call_thinks(self):
        """Note that the guest was reached and thinks it over."""
        self._check_call()
        self.filtered(lambda one: one.state not in UNANSWERED)._refuse_call()
        self._log_calls(self.env._("thinks it over"))
        self._stamp_invited("phone")

    def action_call_missed(self):
        """Note that nobody answered."""
        self._check_call()
        self._log_calls(self.env._("not reached"), is_counted=False)
        for count, guests in self.grouped("attempt_count").items():
            guests._settle(attempt_count=count + 1)

    def action_view_refuse(self):
        """Ask why the guest declines."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Declines"),
            "res_model": "cr.event.invitation.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_invitation_ids": self.ids},
        }

    # === CALLS === #

    def _check_call(self):
        """Raise unless the guests may be called now: stage, consent and cap."""
        self.check_access("write")
        self._check_live("invite", "confirmed")
        self._check_consent("phone")
        self._check_cap()

    def _refuse_call(self):
        """Raise for the first guest whose stage knows no such answer."""
        if self:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(guest)s is at “%(state)s”; this answer does not fit there.",
                    guest=self[0].partner_id.name,
                    state=labels[self[0].state],
                )
            )

    def _check_consent(self, channel):
        """Raise for the first guest who may not be contacted, with the reason."""
        blocks = self.env["cr.contact.preference"]._get_blocks(
            self.partner_id.ids, _PURPOSE, channel
        )
        for guest in self:
            if code := blocks.get(guest.partner_id.id):
                raise UserError(
                    self.env._(
                        "%(guest)s is not contacted: %(reason)s.",
                        guest=guest.partner_id.name,
                        reason=self.env._(BLOCK_TEXTS[code]),
                    )
                )

    def _check_cap(self):
        """Raise for guests who had enough contacts; who means to come never waits."""
        first = self.filtered(lambda one: one.state in UNANSWERED)
        free = first._get_free_days("phone")
        for guest in first:
            if day := free.get(guest.id):
                raise UserError(
                    self.env._(
                        "%(guest)s had as many contacts as one may have; call from"
                        " %(day)s on.",
                        guest=guest.partner_id.name,
                        day=fields.Date.to_string(day),
                    )
                )

    def _get_free_days(self, channel):
        """Return {guest id: first day on which he may be contacted}; free ones absent.

        The number of queries does not depend on the number of guests.

        :param str channel: a channel of the ledger
        """
        # sudo: the limits and contacts of every store count.
        tasks = self.env["cr.care.task"].sudo()
        caps = tasks._get_caps()
        today = self.env.company._cr_today()
        contacts = tasks._read_contacts(self.partner_id.ids, today, caps)
        free = {}
        for guest in self:
            cap = caps[(guest.company_id or self.env.company).id]
            own = contacts.get(guest.partner_id.id, set())
            if day := next_free_day(today, channel, own, cap):
                free[guest.id] = day
        return free

    def _log_calls(self, answer, is_counted=True):
        """Write the calls into the ledger of contacts."""
        self.env["cr.care.touch"]._log(
            [
                {
                    "key": f"event:{guest.id}:{guest.state}:{guest.attempt_count}",
                    "company_id": guest.company_id.id or self.env.company.id,
                    "partner_id": guest.partner_id.id,
                    "channel": "phone",
                    "direction": "out",
                    "purpose": _PURPOSE,
                    "content": f"{guest.event_id.name}: {answer}",
                    "origin_model": self._name,
                    "origin_id": guest.id,
                    "is_counted": is_counted,
                }
                for guest in self
            ]
        )

    def _stamp_invited(self, how):
        """Note that guests were invited, the first time with who and when."""
        self._settle(state="invited")
        new = self.filtered(lambda one: not one.invited_at)
        new._settle(
            invited_how=how,
            invited_at=fields.Datetime.now(),
            invited_by_id=self.env.uid,
        )

    def _advance(self, stage):
        """Take guests who say yes to the next stage."""
        now = fields.Datetime.now()
        if stage == "accepted":
            self.filtered(lambda one: not one.invited_at)._settle(
                invited_how="phone", invited_at=now, invited_by_id=self.env.uid
            )
            self._accept()
            return
        names = (f"{stage}_at", f"{stage}_by_id")
        self._settle(state=stage, **dict(zip(names, (now, self.env.uid), strict=True)))

    def _refuse(self, refusal, note=False):
        """Note that guests decline; their seats go to whoever waits.

        :param str refusal: one of `REFUSALS`
        :param str note: what the customer said
        """
        self._check_live("invite", "confirmed")
        registrations = self.registration_ids
        self._settle(state="refused", refusal=refusal, note=note)
        # sudo: seats are given back by whoever takes the call.
        registrations.sudo().action_cancel()
        self.event_id._promote_waiting()

    # === LIST === #

    def _judge(self):
        """Ask consent and cap for guests on the list, in a fixed number of queries.

        Who does not want to be called is taken off with the reason; what the file
        lacks is named; who had enough contacts waits for a day.
        """
        blocks = self.env["cr.contact.preference"]._get_blocks(
            self.partner_id.ids, _PURPOSE, "phone"
        )
        free = self._get_free_days("phone")
        values = [
            (
                guest.id,
                "dropped" if blocks.get(guest.partner_id.id) in _LASTING else "todo",
                blocks.get(guest.partner_id.id),
                free.get(guest.id),
            )
            for guest in self
        ]
        if not values:
            return
        self.flush_model()
        self.env.cr.execute_values(
            "UPDATE cr_event_invitation guest SET state = v.state,"
            " block_code = v.block_code, free_on = v.free_on"
            " FROM (VALUES %s) AS v(id, state, block_code, free_on)"
            " WHERE guest.id = v.id",
            values,
            template="(%s, %s, %s::varchar, %s::date)",
            page_size=len(values),
        )
        self.invalidate_recordset(["state", "block_code", "free_on"], flush=False)
        self._refresh_call_on()

    @api.model
    def _merge_guests(self, sources, target):
        """Leave a merged customer once on the list of each event.

        The guest who got furthest stays; the others are taken off and free their seats.

        :param sources: customers whose files vanish
        :param target: the customer that stays
        """
        guests = self.search([("partner_id", "in", (sources | target).ids)])
        for alike in guests.grouped("event_id").values():
            ranked = alike.sorted(lambda one: (one.state not in SEATED, one.id))
            doubles = ranked[1:]
            doubles.registration_ids.write(
                {"state": "cancel", "cr_invitation_id": False}
            )
            doubles._take_back_points()
            self.env.flush_all()
            # Past the ORM: the guest of a file that vanishes is no refusal.
            self.env.cr.execute(
                SQL("DELETE FROM cr_event_invitation WHERE id = ANY(%s)", doubles.ids)
            )
            self.env.invalidate_all(flush=False)
