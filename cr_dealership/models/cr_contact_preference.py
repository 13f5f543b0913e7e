from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import CHANNELS, PURPOSES

# Channels that need a telephone number.
_NUMBER_CHANNELS = ("phone", "sms")
_COUNTRY_CODE = 86
# The earliest clock on earth is so far ahead of UTC.
_EASTMOST = timedelta(hours=14)


class CrContactPreference(models.Model):
    """What a customer allows or refuses, per purpose and channel (CUS-08).

    A refusal for "everything" stops every contact on that channel. A refusal may be
    for one car only. Nothing is deleted: a new wish ends the old row.
    """

    _name = "cr.contact.preference"
    _description = "Contact preference"
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Only for the car",
        index="btree_not_null",
        ondelete="cascade",
    )
    purpose = fields.Selection(PURPOSES, required=True, default="all")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    state = fields.Selection(
        [("granted", "Allowed"), ("refused", "Refused")],
        string="Wish",
        required=True,
        default="refused",
    )
    date_from = fields.Date(
        string="Since", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Ended on",
        help="From this day on the wish no longer holds; empty while it holds.",
    )
    means = fields.Selection(
        [
            ("call", "Said in a call"),
            ("paper", "Signed form"),
            ("message", "Written message"),
            ("counter", "Said at the counter"),
            ("import", "Import"),
        ],
        string="How we know",
    )
    reason = fields.Char()
    text_version = fields.Char(
        string="Version of the text", help="Of the text the customer agreed to."
    )
    user_id = fields.Many2one(
        "res.users", string="Recorded by", default=lambda self: self.env.user
    )

    _one_open = models.UniqueIndex(
        "(partner_id, purpose, channel, COALESCE(vehicle_id, 0))"
        " WHERE date_to IS NULL",
        "There is already a wish for this purpose and channel; end it first.",
    )
    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A wish cannot end before it begins.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Record new wishes; each ends the one it replaces."""
        defaults = self.default_get(
            ["partner_id", "purpose", "channel", "vehicle_id", "date_from"]
        )
        full = [defaults | vals for vals in vals_list]
        self._end_replaced([vals for vals in full if not vals.get("date_to")])
        return super().create(full)

    def write(self, vals):
        """Refuse to rewrite what a customer said; a new wish ends the old one."""
        fixed = {"partner_id", "purpose", "channel", "vehicle_id", "state"} & set(vals)
        for wish in self if fixed else ():
            if any(
                wish._fields[name].convert_to_write(wish[name], wish)
                != (vals[name] or False)
                for name in fixed
            ):
                raise UserError(
                    self.env._(
                        "The wish of %(customer)s since %(day)s stays as it was said."
                        " Record a new wish instead: it ends this one.",
                        customer=wish.partner_id.name,
                        day=fields.Date.to_string(wish.date_from),
                    )
                )
        return super().write(vals)

    def _end_replaced(self, vals_list):
        """End the open wishes that wishes about to be created replace.

        :param list vals_list: complete values of the new wishes
        """
        days = {
            (
                vals["partner_id"],
                vals.get("purpose"),
                vals.get("channel"),
                vals.get("vehicle_id") or False,
            ): fields.Date.to_date(vals.get("date_from"))
            for vals in vals_list
        }
        wishes = self.search(
            [("partner_id", "in", [key[0] for key in days]), ("date_to", "=", False)]
        )
        wishes_by_day = wishes.grouped(lambda wish: days.get(wish._get_key()))
        for day, replaced in wishes_by_day.items():
            if day:
                replaced._end(day)
        # The unique index looks at the table before the ORM would write the ends.
        self.flush_model(["date_to"])

    # === ACTIONS === #

    def action_end(self):
        """End the wishes today, without a new one."""
        self.filtered(lambda wish: not wish.date_to)._end(
            fields.Date.context_today(self)
        )

    # === BUSINESS === #

    def _get_key(self):
        """Return what makes a wish replace another one."""
        self.ensure_one()
        return self.partner_id.id, self.purpose, self.channel, self.vehicle_id.id

    @api.model
    def _get_refusal_domain(self):
        """Return the domain of refusals that hold today."""
        today = fields.Date.context_today(self)
        return [
            ("state", "=", "refused"),
            ("date_from", "<=", today),
            "|",
            ("date_to", "=", False),
            ("date_to", ">", today),
        ]

    def _end(self, day):
        """End the wishes on a day; those that begin later end where they began."""
        begun = self.filtered(lambda wish: wish.date_from <= day)
        begun.write({"date_to": day})
        for start, wishes in (self - begun).grouped("date_from").items():
            wishes.write({"date_to": start})

    @api.model
    def _get_blocks(
        self, partner_ids, purpose, channel="phone", vehicle_ids=None, day=None
    ):
        """Return why customers may not be contacted, in one query.

        :param list partner_ids: ids of the customers
        :param str purpose: one of `PURPOSES`
        :param str channel: one of `CHANNELS`
        :param list vehicle_ids: the cars it is about; a refusal for another car
            does not count
        :param date day: day of the contact, today by default
        :return: {partner id: code of `BLOCK_REASONS`}; who may be contacted is absent
        :rtype: dict[int, str]
        """
        if not partner_ids:
            return {}
        self._flush_blocks()
        code = self._make_blocked_sql(
            purpose,
            channel,
            SQL("customer.id"),
            SQL("wish.vehicle_id = ANY(%s)", list(vehicle_ids or ())),
            day,
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM (SELECT customer.id, %s AS code"
                " FROM res_partner customer WHERE customer.id = ANY(%s)) AS answer"
                " WHERE code IS NOT NULL",
                code,
                list(partner_ids),
            )
        )
        return dict(rows)

    @api.model
    def _blocked_sql(self, purpose, channel, partner_column, vehicle_column, day):
        """Return an SQL expression: why a customer may not be contacted, or NULL.

        For use in INSERT … SELECT; the caller flushes with `_flush_blocks` before.

        :param purpose: one of `PURPOSES`, or an SQL expression that gives one
        :param str channel: one of `CHANNELS`
        :param SQL partner_column: expression of the customer's id
        :param SQL vehicle_column: expression of the car's id, or None
        :param date day: day of the contact, today when None
        :rtype: SQL
        """
        vehicle_condition = SQL("wish.vehicle_id = %s", vehicle_column or SQL("NULL"))
        return self._make_blocked_sql(
            purpose, channel, partner_column, vehicle_condition, day
        )

    @api.model
    def _blocked_by_channel_sql(self, column, channels, purpose, partner, vehicle, day):
        """Return an SQL expression as `_blocked_sql` does, for rows of any channel.

        :param SQL column: the channel of a row
        :param dict channels: {value of the column: one of `CHANNELS`}; for rows of any
            other value there is nothing to ask
        :rtype: SQL
        """
        cases = [
            SQL(
                "WHEN %s THEN %s",
                value,
                self._blocked_sql(purpose, channel, partner, vehicle, day),
            )
            for value, channel in channels.items()
        ]
        return SQL("(CASE %s %s END)", column, SQL(" ").join(cases))

    @api.model
    def _flush_blocks(self):
        """Write pending values that the question of consent looks at."""
        self.flush_model()
        self.env["phone.blacklist"].flush_model(["number", "active"])
        self.env["cr.source"].flush_model(["is_third_party"])
        self.env["res.partner"].flush_model(
            ["cr_phone_digits", "phone_sanitized", "cr_verification", "cr_source_id"]
        )

    @api.model
    def _make_blocked_sql(self, purpose, channel, partner, vehicle_condition, day):
        # A job knows no clock of a store: what is refused today anywhere holds already.
        last_day = day or (fields.Datetime.now() + _EASTMOST).date()
        day = day or fields.Date.context_today(self)
        refused = SQL(
            "EXISTS (SELECT FROM cr_contact_preference wish"
            " WHERE wish.partner_id = who.id AND wish.state = 'refused'"
            " AND wish.channel = %s AND wish.date_from <= %s"
            " AND (wish.date_to IS NULL OR wish.date_to > %s)"
            " AND (wish.vehicle_id IS NULL OR %s) AND wish.purpose = ",
            channel,
            last_day,
            day,
            vehicle_condition,
        )
        needs_number = channel in _NUMBER_CHANNELS
        return SQL(
            "(SELECT CASE"
            " WHEN %(needs_number)s AND COALESCE(who.cr_phone_digits, '') = ''"
            " THEN 'no_phone'"
            " WHEN %(refused)s 'all') THEN 'do_not_call'"
            " WHEN %(refused)s %(purpose)s) THEN 'opt_out'"
            " WHEN %(needs_number)s AND %(blacklisted)s THEN 'blacklist'"
            " WHEN %(unverified)s THEN 'unverified' END"
            " FROM res_partner who WHERE who.id = %(partner)s)",
            needs_number=needs_number,
            refused=refused,
            purpose=purpose,
            blacklisted=self._make_blacklisted_sql(),
            unverified=self._make_unverified_sql(),
            partner=partner,
        )

    @api.model
    def _make_blacklisted_sql(self):
        """Return the condition that a number of `who` is on the blacklist."""
        code = self.env.company.country_id.phone_code or _COUNTRY_CODE
        return SQL(
            "EXISTS (SELECT FROM phone_blacklist listed WHERE listed.active"
            " AND listed.number = ANY(who.phone_sanitized::text || ARRAY("
            "SELECT %s || ltrim(part, '0')"
            " FROM unnest(string_to_array(who.cr_phone_digits, ' ')) AS part)))",
            f"+{code}",
        )

    @api.model
    def _make_unverified_sql(self):
        """Return the condition that the file of `who` waits for verification."""
        return SQL(
            "(who.cr_verification IN ('unverified', 'rejected')"
            " OR who.cr_verification IS NULL AND EXISTS (SELECT FROM cr_source origin"
            " WHERE origin.id = who.cr_source_id AND origin.is_third_party))"
        )
