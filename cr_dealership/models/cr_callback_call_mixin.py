from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import BLOCK_TEXTS, OPEN_CALLBACK_STATES

# How many cards take_next tries when others are faster.
_TRIES = 5


class CrCallbackCallMixin(models.AbstractModel):
    """May this customer be called now, which card is next, how is my day going."""

    _name = "cr.callback.call.mixin"
    _description = "Callback: the next call"

    # === CHECKS AT THE CALL === #

    def _check_callable(self):
        """Raise, in words, when this card must not be called now (CB-06, CUS-08)."""
        self.ensure_one()
        today = self._get_today()
        if self.state not in OPEN_CALLBACK_STATES:
            raise UserError(
                self.env._(
                    "%(card)s is closed; take another card or open it again.",
                    card=self.display_name,
                )
            )
        if code := self._get_block(today):
            raise UserError(self._get_block_text(code))
        if self.earliest_on > today:
            raise UserError(
                self.env._(
                    "%(card)s may be called from %(day)s on; take another card.",
                    card=self.display_name,
                    day=self._format_day(self.earliest_on),
                )
            )

    def _take_all(self, session):
        """Give all open callbacks of the customer in my stores to me (ROL-03)."""
        callbacks = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("state", "in", OPEN_CALLBACK_STATES),
            ]
        )
        callbacks._update({"agent_id": self.env.uid, "taken_at": fields.Datetime.now()})
        session._add_callbacks(callbacks)

    def _get_block(self, today):
        """Return the code that forbids this call now, or False."""
        self.ensure_one()
        if not self.partner_id:
            return "no_customer"
        blocks = self.env["cr.contact.preference"]._get_blocks(
            self.partner_id.ids,
            self.purpose,
            channel="phone",
            vehicle_ids=self.vehicle_id.ids,
            day=today,
        )
        return blocks.get(self.partner_id.id) or False

    @api.model
    def _block_sql(self, alias, today):
        """Return SQL for the code that forbids a call, or NULL.

        :param alias: table with partner_id, vehicle_id and purpose
        """
        partner = SQL.identifier(alias, "partner_id")
        blocked = self.env["cr.contact.preference"]._blocked_sql(
            SQL.identifier(alias, "purpose"),
            "phone",
            partner,
            SQL.identifier(alias, "vehicle_id"),
            today,
        )
        return SQL(
            "CASE WHEN %s IS NULL THEN 'no_customer' ELSE %s END", partner, blocked
        )

    def _get_block_text(self, code):
        """Return the sentence that says why this customer may not be called."""
        self.ensure_one()
        return self.env._(
            "%(card)s may not be called: %(reason)s.",
            card=self.display_name,
            reason=self.env._(BLOCK_TEXTS[code]),
        )

    # === NEXT CARD AND DAY === #

    @api.model
    def take_next(self):
        """Take the card that should be called next by me.

        Order: agreed times that have come, customers with a complaint, late ones, due
        today, tries that have come, the rest. Cards that others hold are skipped in
        the database, so two agents never get the same customer.

        :return: the workplace's client action, or a notice that nothing is left
        """
        today = self._get_today()
        for _try in range(_TRIES):
            callback = self._find_next(lock=True)
            if not callback:
                break
            if code := callback._get_block(today):
                callback._update({"block_code": code})
                continue
            session = self.env["cr.call.session"]._try_open(callback.partner_id)
            if session:
                callback._take_all(session)
                return session._get_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Nothing is left to call for you just now."),
            },
        }

    @api.model
    def get_day_summary(self):
        """Return my day in figures for the head of "My calls today".

        :return: {"quota", "done", "left", "late", "reached": count,
            "next_appointment": {"id", "text", "name"} or False,
            "next_id": id or False,
            "open_session": {"id", "name"} or False: a conversation left open}
        """
        today = self._get_today()
        appointment = self.search(
            [
                ("agent_id", "=", self.env.uid),
                ("state", "in", OPEN_CALLBACK_STATES),
                ("is_appointment", "=", True),
                ("next_at", "<", self._get_day_start(today + timedelta(days=1))),
            ],
            order="next_at, id",
            limit=1,
        )
        session = self.env["cr.call.session"].search(
            [("agent_id", "=", self.env.uid), ("closed_at", "=", False)], limit=1
        )
        return {
            "quota": self._get_my_quota(today),
            **self._get_day_counts(today),
            "reached": self._count_reached(today),
            "next_appointment": bool(appointment)
            and {
                "id": appointment.id,
                "text": self._format_moment(appointment.next_at),
                "name": appointment.partner_id.name,
            },
            "next_id": self._find_next().id,
            "open_session": bool(session)
            and {"id": session.id, "name": session.partner_id.name},
        }

    @api.model
    def _get_my_quota(self, today):
        """Return the calls I should make a day in the stores I work in."""
        stores = self.env.companies
        quotas = self.env["cr.role.holder"]._get_quotas(stores, today)
        return sum(quotas.get((store.id, self.env.uid), 0) for store in stores)

    @api.model
    def _get_day_counts(self, today):
        """Return what I finished today and what is left, in one query."""
        self.flush_model()
        [(done, left, late)] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FILTER (WHERE state = 'done'),
                          COUNT(*) FILTER (WHERE closed_at IS NULL),
                          COUNT(*) FILTER (WHERE closed_at IS NULL AND due_on < %(day)s)
                     FROM cr_callback
                    WHERE agent_id = %(user)s AND company_id IN %(stores)s
                      AND (closed_at >= %(start)s
                           OR state IN ('todo', 'retry') AND earliest_on <= %(day)s
                              AND block_code IS NULL
                              AND (next_at IS NULL OR next_at < %(end)s))""",
                day=today,
                user=self.env.uid,
                stores=tuple(self.env.companies.ids),
                start=self._get_day_start(today),
                end=self._get_day_start(today + timedelta(days=1)),
            )
        )
        return {"done": done, "left": left, "late": late}

    @api.model
    def _count_reached(self, today):
        """Return how many of my calls today reached the customer."""
        self.env["cr.call.attempt"].flush_model()
        [(reached,)] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FROM cr_call_attempt a
                    WHERE agent_id = %s AND at >= %s AND company_id IN %s
                      AND outcome_kind IN ('reached', 'refused', 'appointment')
                      AND NOT EXISTS (SELECT FROM cr_call_attempt newer
                                       WHERE newer.corrects_id = a.id)""",
                self.env.uid,
                self._get_day_start(today),
                tuple(self.env.companies.ids),
            )
        )
        return reached

    @api.model
    def _find_next(self, lock=False):
        """Return the card that I should call next, or an empty recordset.

        :param lock: lock it, skipping what another transaction has locked
        """
        self.flush_model()
        self.env["cr.call.session"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM cr_callback c
                 WHERE c.state IN ('todo', 'retry') AND c.block_code IS NULL
                   AND c.company_id IN %(stores)s
                   AND (c.agent_id = %(user)s OR c.agent_id IS NULL)
                   AND c.earliest_on <= %(today)s
                   AND (c.next_at IS NULL OR c.next_at <= %(now)s)
                   AND NOT EXISTS (
                       SELECT FROM cr_call_session s
                        WHERE s.partner_id = c.partner_id AND s.closed_at IS NULL)
                 ORDER BY CASE WHEN c.is_appointment THEN 0 WHEN c.priority > 0 THEN 1
                               WHEN c.due_on < %(today)s THEN 2
                               WHEN c.due_on = %(today)s THEN 3
                               WHEN c.state = 'retry' THEN 4 ELSE 5 END,
                       c.due_on, c.id
                 LIMIT 1 %(lock)s
                """,
                stores=tuple(self.env.companies.ids),
                user=self.env.uid,
                today=self._get_today(),
                now=fields.Datetime.now(),
                lock=SQL("FOR UPDATE OF c SKIP LOCKED") if lock else SQL(),
            )
        )
        return self.browse(found[0] if found else ())
