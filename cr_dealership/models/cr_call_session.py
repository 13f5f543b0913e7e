from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import OPEN_CALLBACK_STATES
from .cr_callback_guard_mixin import HEAD_GROUP

STALE_HOURS = 4


class CrCallSession(models.Model):
    """A conversation with a customer; while it is open nobody else takes him.

    The database keeps to one open conversation per customer. What the agent has typed
    is kept as a draft, so closing the browser loses nothing.
    """

    _name = "cr.call.session"
    _description = "Conversation with a customer"
    _inherit = [
        "cr.call.booking.mixin",
        "cr.call.household.mixin",
        "cr.call.interview.mixin",
        "cr.call.result.mixin",
        "cr.call.workplace.mixin",
    ]
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", string="Store", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    agent_id = fields.Many2one("res.users", required=True, index=True)
    started_at = fields.Datetime(required=True, default=fields.Datetime.now)
    last_active_at = fields.Datetime(required=True, default=fields.Datetime.now)
    callback_ids = fields.Many2many("cr.callback", string="Callbacks")
    attempt_ids = fields.One2many("cr.call.attempt", "session_id", string="Calls")
    note = fields.Char()
    draft = fields.Json()
    closed_at = fields.Datetime(index="btree_not_null")
    close_reason = fields.Selection(
        [
            ("outcome", "Outcome recorded"),
            ("released", "Released by the agent"),
            ("head", "Released by the CR head"),
            ("stale", "No activity"),
        ]
    )

    _one_open = models.UniqueIndex(
        "(partner_id) WHERE closed_at IS NULL",
        "Somebody is already talking with this customer.",
    )
    _stale_index = models.Index("(last_active_at) WHERE closed_at IS NULL")

    # === OPENING === #

    @api.model
    def _open_for(self, partner):
        """Return my conversation with a customer; open it if nobody talks to him.

        :raise UserError: a colleague has an open conversation with the customer
        """
        session = self._try_open(partner)
        if session:
            return session
        # Whoever comes second must be told, even if it is another store's agent.
        other = self.sudo().search(
            [("partner_id", "=", partner.id), ("closed_at", "=", False)], limit=1
        )
        raise UserError(
            self.env._(
                "%(agent)s has been talking with %(customer)s since %(time)s; take"
                " another card or ask the CR head to release it.",
                agent=other.agent_id.name,
                customer=partner.name,
                time=self.env["cr.callback"]._format_moment(other.started_at),
            )
        )

    @api.model
    def _try_open(self, partner):
        """Return my open conversation with a customer, or nothing if it is another's.

        The unique index decides between two agents; who comes second in the same
        moment gets a serialization error, which the server repeats.
        """
        self.flush_model()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO cr_call_session (company_id, partner_id, agent_id,
                          started_at, last_active_at,
                          create_uid, create_date, write_uid, write_date)
                   VALUES (%(company)s, %(partner)s, %(user)s, %(now)s, %(now)s,
                          %(user)s, %(now)s, %(user)s, %(now)s)
                   ON CONFLICT (partner_id) WHERE closed_at IS NULL DO NOTHING
                   RETURNING id""",
                company=self.env.company.id,
                partner=partner.id,
                user=self.env.uid,
                now=now,
            )
        )
        self.invalidate_model()
        if rows:
            return self.browse(rows[0])
        return self.search(
            [
                ("partner_id", "=", partner.id),
                ("closed_at", "=", False),
                ("agent_id", "=", self.env.uid),
            ],
            limit=1,
        )

    def _add_callbacks(self, callbacks):
        """Note which callbacks the conversation is about."""
        # Agents have no right to the columns themselves, see _check_mine.
        self.sudo().write(
            {
                "callback_ids": [fields.Command.set(callbacks.ids)],
                "last_active_at": fields.Datetime.now(),
            }
        )

    def _get_action(self):
        """Return the client action of the call workplace."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "cr_call_workplace",
            "name": self.partner_id.name,
            "params": {"session_id": self.id},
            "target": "current",
        }

    # === WHILE IT LASTS === #

    def action_resume(self):
        """Go back to the call workplace of an open conversation."""
        self._check_mine()
        return self._get_action()

    def save_draft(self, values):
        """Keep what the agent has typed so far; he may close the browser.

        :param values: dict of whatever the workplace wants back, at most 20,000
            characters as JSON
        """
        session = self._check_mine()
        if len(str(values)) > 20000:
            raise UserError(
                self.env._("The notes are too long to keep; shorten them, please.")
            )
        session.write({"draft": values, "last_active_at": fields.Datetime.now()})
        return True

    def release(self):
        """Give the customer free without an outcome; the draft is kept."""
        self.ensure_one()
        is_mine = self.agent_id == self.env.user
        if not is_mine and not self.env.user.has_group(HEAD_GROUP):
            raise UserError(
                self.env._(
                    "%(agent)s is talking with %(customer)s; only the CR head may"
                    " release the conversation.",
                    agent=self.agent_id.name,
                    customer=self.partner_id.name,
                )
            )
        self.check_access("read")
        self._close("released" if is_mine else "head")
        return True

    def _check_mine(self):
        """Return the session with raised rights, if it is mine and still open.

        Raised rights: nobody writes sessions but through these methods.
        """
        self.ensure_one()
        self.check_access("read")
        if self.agent_id != self.env.user:
            raise UserError(
                self.env._(
                    "%(agent)s is talking with %(customer)s; take another card.",
                    agent=self.agent_id.name,
                    customer=self.partner_id.name,
                )
            )
        if self.closed_at:
            raise UserError(
                self.env._(
                    "The conversation with %(customer)s was closed %(time)s; take the"
                    " card again to go on.",
                    customer=self.partner_id.name,
                    time=self.env["cr.callback"]._format_moment(self.closed_at),
                )
            )
        return self.sudo()

    def _close(self, reason):
        """Close the conversations with a reason."""
        # Raised rights: see _check_mine; who may close has been checked.
        self.sudo().filtered(lambda session: not session.closed_at).write(
            {"closed_at": fields.Datetime.now(), "close_reason": reason}
        )

    def _get_open_callbacks(self):
        """Return the callbacks of the conversation that are still to be made."""
        return self.callback_ids.filtered(
            lambda callback: callback.state in OPEN_CALLBACK_STATES
        )

    # === CRON === #

    @api.model
    def _release_stale(self, now, limit=1000):
        """Release conversations in which nothing happened for hours.

        :return: how many were released
        """
        hours = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("cr_dealership.stale_session_hours", STALE_HOURS)
        )
        stale = self.search(
            [
                ("closed_at", "=", False),
                ("last_active_at", "<", now - timedelta(hours=float(hours))),
            ],
            limit=limit,
        ).try_lock_for_update()
        stale._close("stale")
        return len(stale)

    @api.model
    def _cron_release_stale(self):
        """Release forgotten conversations, a batch per transaction."""
        now = fields.Datetime.now()
        while released := self._release_stale(now):
            if not self.env["ir.cron"]._commit_progress(released, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)
