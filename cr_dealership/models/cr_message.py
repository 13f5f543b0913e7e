from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import (
    MENDABLE_BLOCKS,
    MESSAGE_BLOCK_REASONS,
    MESSAGE_CHANNELS,
    MESSAGE_FAILURES,
    MESSAGE_STATES,
    MESSAGE_WAITS,
    PURPOSES,
)
from ..tools.message import count_parts

# From which states a message goes on to a state; what stands elsewhere stays there.
# Only the sending itself takes messages into and out of "sending".
_SOURCES = {
    "queued": ("failed", "held"),
    "sent": ("queued", "sending", "failed"),
    "delivered": ("sending", "sent", "failed"),
    "failed": ("sending", "sent"),
    "held": ("queued",),
    "cancelled": ("queued", "held", "failed"),
}
_HANDLERS = ("head", "specialist")


class CrMessage(models.Model):
    """One message to one person, from being queued to being delivered (COM-03).

    Whoever has something to tell a customer calls `_queue`; a job sends what is due.
    Nothing is dropped: a message that may not go out says why, and who can mend it.
    """

    _name = "cr.message"
    _description = "Message to a customer"
    _inherit = [
        "cr.keyed.mixin",
        "cr.message.words.mixin",
        "cr.message.send.mixin",
        "cr.message.result.mixin",
    ]
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", readonly=True
    )
    channel = fields.Selection(MESSAGE_CHANNELS, required=True, readonly=True)
    purpose = fields.Selection(PURPOSES, required=True, readonly=True)
    address = fields.Char(
        string="Sent to", readonly=True, help="Masked; the file has it in full."
    )
    subject = fields.Char(readonly=True)
    body = fields.Text(required=True, readonly=True)
    template_id = fields.Many2one(
        "cr.message.template", index="btree_not_null", readonly=True
    )
    key = fields.Char(required=True)
    state = fields.Selection(
        MESSAGE_STATES, required=True, default="queued", readonly=True
    )
    block_code = fields.Selection(
        MESSAGE_BLOCK_REASONS, string="Why not", readonly=True
    )
    wait_code = fields.Selection(MESSAGE_WAITS, string="Waits for", readonly=True)
    failure_code = fields.Selection(MESSAGE_FAILURES, string="Failed", readonly=True)
    failure_detail = fields.Char(string="Answer of the gateway", readonly=True)
    cancel_reason = fields.Char(readonly=True)
    next_at = fields.Datetime(string="To be sent at", readonly=True)
    sending_at = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    delivered_at = fields.Datetime(readonly=True)
    attempt_count = fields.Integer(string="Tries", readonly=True, aggregator=None)
    parts = fields.Integer(
        readonly=True, help="How many SMS the text costs: 70 characters, or 67 each."
    )
    cost = fields.Monetary(
        readonly=True, groups="cr_dealership.group_cr_dealership_price"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sms_uuid = fields.Char(readonly=True, copy=False)
    gateway_ref = fields.Char(string="Number at the gateway", readonly=True, copy=False)
    mail_id = fields.Many2one(
        "mail.mail", index="btree_not_null", ondelete="set null", readonly=True
    )

    _key_unique = models.Constraint(
        "UNIQUE (key)", "This message already stands in the outbox."
    )
    # What is to be sent, by when; letters wait for a person.
    _due_index = models.Index(
        "(next_at, id) WHERE state = 'queued' AND channel <> 'letter'"
    )
    _sending_index = models.Index("(sending_at) WHERE state = 'sending'")
    _uuid_index = models.Index("(sms_uuid) WHERE sms_uuid IS NOT NULL")
    _ref_index = models.Index("(gateway_ref) WHERE gateway_ref IS NOT NULL")
    _store_state_index = models.Index("(company_id, state)")

    # === QUEUE === #

    @api.model
    def _queue(self, vals_list):
        """Put messages into the outbox; a key that stands there is left out.

        Consent is asked here and again when the message goes out (CUS-08): who does
        not want it gets a cancelled row, what can be mended in the file a held one,
        both with the reason. The number of queries does not depend on the number of
        rows. The caller has checked that the messages are wanted; nobody has the
        right to write here.

        :param list vals_list: dicts with `partner_id`, `channel` (MESSAGE_CHANNELS),
            `purpose` (PURPOSES), `body`, `key` (what caused it), and if there are any
            `company_id` (the current store), `vehicle_id`, `subject`, `template_id`,
            `origin_model`, `origin_id`, `not_before` (UTC moment)
        :return: the new messages
        """
        now = fields.Datetime.now()
        rows = [self._prepare_message(vals, now) for vals in vals_list]
        self.env["cr.contact.preference"]._flush_blocks()
        created = self._insert_new(
            rows,
            {
                "block_code": SQL("block.code"),
                "state": SQL(
                    "CASE WHEN block.code IS NULL THEN 'queued'"
                    " WHEN block.code = ANY(%s) THEN 'held' ELSE 'cancelled' END",
                    list(MENDABLE_BLOCKS),
                ),
            },
            # OFFSET keeps the database from asking for consent once a column.
            SQL(
                "CROSS JOIN LATERAL (SELECT %s AS code OFFSET 0) AS block",
                self._blocked_sql(SQL("row.partner_id"), "row"),
            ),
        )
        if stopped := created.filtered("block_code"):
            stopped._after_state_changed()
        return created

    @api.model
    def _prepare_message(self, vals, now):
        """Return the columns of one message; say in words what is missing."""
        missing = [
            name
            for name in ("key", "partner_id", "channel", "purpose", "body")
            if not vals.get(name)
        ]
        if missing:
            raise UserError(
                self.env._(
                    "The message “%(key)s” cannot be queued without %(field)s.",
                    key=vals.get("key") or "",
                    field=self._fields[missing[0]]._description_string(self.env),
                )
            )
        row = {name: value for name, value in vals.items() if name != "not_before"}
        is_sms = vals["channel"] == "sms"
        return {
            "vehicle_id": False,
            **row,
            "company_id": vals.get("company_id") or self.env.company.id,
            "next_at": max(vals.get("not_before") or now, now),
            "attempt_count": 0,
            "parts": count_parts(vals["body"]) if is_sms else 0,
            "sms_uuid": uuid4().hex if is_sms else False,
        }

    @api.model
    def _blocked_sql(self, partner_column, table):
        """Return an SQL expression: why a message may not go out, or NULL.

        :param SQL partner_column: the customer's id
        :param str table: alias of the rows with channel, purpose and car
        """
        return self.env["cr.contact.preference"]._blocked_by_channel_sql(
            SQL.identifier(table, "channel"),
            {channel: channel for channel, _label in MESSAGE_CHANNELS},
            SQL.identifier(table, "purpose"),
            partner_column,
            SQL.identifier(table, "vehicle_id"),
            None,
        )

    # === STATES === #

    def _move(self, state, **values):
        """Take the messages to a state, those that may go there, and tell others.

        :param str state: one of MESSAGE_STATES
        :param values: other fields to write with it
        :return: the messages that moved
        """
        moved = self.filtered(lambda message: message.state in _SOURCES[state])
        moved.write({"state": state, **values})
        if moved:
            moved._after_state_changed()
        return moved

    def _cancel(self, reason):
        """Take messages that have not gone out from the outbox.

        :param str reason: why, in words
        :return: the messages that were cancelled
        """
        return self._move("cancelled", cancel_reason=reason, next_at=False)

    # === ACTIONS === #

    def action_send_again(self):
        """Queue failed or held messages anew; consent is asked again when they go."""
        messages = self._check_handler()
        moved = messages._move(
            "queued",
            next_at=fields.Datetime.now(),
            attempt_count=0,
            **dict.fromkeys(
                ("block_code", "wait_code", "failure_code", "failure_detail"), False
            ),
        )
        self._check_moved(moved, self.env._("Only failed or held messages go again."))

    def action_mark_sent(self):
        """Settle that a message went out although the gateway never said so."""
        messages = self._check_handler().filtered(
            lambda message: message.failure_code == "unknown"
        )
        moved = messages._mark_sent(messages.sending_at or fields.Datetime.now())
        self._check_moved(
            moved, self.env._("It is known what became of these messages.")
        )

    def action_mark_posted(self):
        """Settle that printed letters were posted today (COM-07)."""
        letters = self._check_handler().filtered(
            lambda message: message.channel == "letter"
        )
        moved = letters._stop_blocked()._mark_sent(fields.Datetime.now())
        self._check_moved(moved, self.env._("No queued letter is among them."))

    def action_print_letters(self):
        """Print the queued letters of those who still may get one (COM-07)."""
        letters = self._check_handler().filtered(
            lambda message: message.channel == "letter" and message.state == "queued"
        )
        allowed = letters._stop_blocked()
        self._check_moved(allowed, self.env._("No queued letter is among them."))
        report = self.env.ref("cr_dealership.cr_message_report_letter")
        return report.report_action(allowed.ids)

    def action_cancel(self):
        """Take messages from the outbox by hand."""
        moved = self._check_handler()._cancel(
            self.env._("By hand, %s", self.env.user.name)
        )
        self._check_moved(
            moved, self.env._("These messages have gone out or are being sent.")
        )

    def _check_handler(self):
        """Return the messages with raised rights, if I may decide about them."""
        self.check_access("read")
        groups = [f"cr_dealership.group_cr_dealership_{role}" for role in _HANDLERS]
        if not any(map(self.env.user.has_group, groups)):
            raise UserError(
                self.env._(
                    "CR specialists and the CR head decide about messages; ask one of"
                    " them."
                )
            )
        # sudo: nobody writes messages but through these actions.
        return self.sudo()

    @api.model
    def _check_moved(self, moved, sentence):
        if not moved:
            raise UserError(sentence)

    # === HOOKS === #

    def _after_state_changed(self):
        """Follow messages whose state has just changed. Hook for others.

        Called once for every set: sent, delivered, failed, held or cancelled, or
        queued again. `self` has raised rights when a job or a gateway moved it.
        """
        self.env["cr.care.task"]._follow_messages(self)
