import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_TEMPLATES = {
    "welcome": "cr_club.cr_message_template_club_welcome",
    "upgrade": "cr_club.cr_message_template_club_upgrade",
    "expiry": "cr_club.cr_message_template_club_expiry",
    "news": "cr_club.cr_message_template_club_news",
}
# A buyer whom the job makes a member hears of it when his car is as new as this; who
# bought years ago would get a message out of the blue.
_NEW_BUYER_DAYS = 31
# Points whose last day comes near and of which nobody was told; one message for an
# account and a day.
_EXPIRING = """
SELECT account.id, account.partner_id, lot.expires_on, SUM(lot.open_points)::int
  FROM cr_points_lot lot
  JOIN cr_points_account account ON account.id = lot.account_id
 WHERE account.program_id = %(program)s AND lot.open_points > 0
   AND lot.expires_on BETWEEN %(today)s AND %(until)s
   AND NOT EXISTS (
       SELECT FROM cr_message told
        WHERE told.key = 'club:expiry:' || account.id || ':' || lot.expires_on)
 GROUP BY account.id, lot.expires_on
 ORDER BY lot.expires_on, account.id LIMIT %(limit)s
"""


class CrClubProgramMessagesMixin(models.AbstractModel):
    """What members hear of their club by SMS: welcome, upgrade, expiry, news (CLB-39).

    Everything goes through the outbox, which asks for consent and keeps to the quiet
    hours; a key makes each message one. Queries do not depend on the number of members.
    """

    _name = "cr.club.program.messages.mixin"
    _description = "Club programme: messages"

    use_messages = fields.Boolean(
        string="SMS on joining and upgrade",
        default=True,
        tracking=True,
        help="Within consent and quiet hours. Buyers who become members by themselves"
        " hear of it if their car is new.",
    )
    expiry_notice_days = fields.Integer(
        string="SMS before points expire (days)",
        default=14,
        tracking=True,
        help="0: none. Assumed.",
    )

    _notice_sane = models.Constraint(
        "CHECK (COALESCE(expiry_notice_days, 0) >= 0)",
        "Days before points expire are not negative.",
    )

    # === JOINING AND TIERS === #

    def _tell_changes(self, changes):
        """Welcome who joined and congratulate who rose; each change once.

        :param changes: changes of tier of this club that took effect
        :return: the new messages
        """
        self.ensure_one()
        if not self.use_messages:
            return self.env["cr.message"]
        joined = changes.filtered(lambda one: one.kind == "join")
        risen = changes.filtered(
            lambda one: one.kind in ("up", "manual")
            and one.to_tier_id.level > one.from_tier_id.level
        )
        joined -= joined.filtered(lambda one: not one.decided_by_id) - (
            self._filter_new_buyers(joined)
        )
        rows = [
            self._prepare_change_message(template, change)
            for template, some in (
                (self._get_message_template("welcome"), joined),
                (self._get_message_template("upgrade"), risen),
            )
            for change in some
        ]
        return self.env["cr.message"]._queue(rows)

    def _filter_new_buyers(self, changes):
        """Return the changes of customers who bought a car in the last weeks."""
        since = self.company_id._cr_today() - timedelta(days=_NEW_BUYER_DAYS)
        buyers = self.env["cr.vehicle.role"].search_fetch(
            [
                ("partner_id", "in", changes.member_id.partner_id.ids),
                ("is_purchase", "=", True),
                ("date_from", ">=", since),
            ],
            ["partner_id"],
        )
        people = buyers.partner_id
        return changes.filtered(lambda one: one.member_id.partner_id in people)

    def _prepare_change_message(self, template, change):
        """Return the message about one change of tier."""
        lang = self.company_id._cr_get_message_lang()
        member = change.member_id
        return {
            **self._prepare_message(
                template,
                member.partner_id,
                notice=change.to_tier_id.with_context(lang=lang).name,
                link=member._get_card_code(),
            ),
            "key": f"club:tier:{change.id}",
            "origin_model": change._name,
            "origin_id": change.id,
        }

    @api.model
    def _get_message_template(self, kind):
        """Return the text of a kind of message, a key of `_TEMPLATES`."""
        # sudo: texts are filled in for whoever causes the message.
        return self.env.ref(_TEMPLATES[kind]).sudo()

    def _prepare_message(self, template, partner, **others):
        """Return a message to one customer; the caller adds its key."""
        return {
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "channel": "sms",
            "purpose": template.purpose,
            "template_id": template.id,
            **template._render_for(partner, company=self.company_id, **others),
        }

    # === POINTS THAT EXPIRE === #

    def _tell_expiries(self, today, limit=1000):
        """Tell customers whose points expire soon; once for an account and day.

        :param datetime.date today: day of the run
        :param int limit: at most so many messages
        :return: how many customers were looked at
        :rtype: int
        """
        self.ensure_one()
        if not self.expiry_notice_days:
            return 0
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                _EXPIRING,
                program=self.id,
                today=today,
                until=today + timedelta(days=self.expiry_notice_days),
                limit=limit,
            )
        )
        self.env["cr.message"]._queue(self._prepare_expiry_messages(rows))
        return len(rows)

    def _prepare_expiry_messages(self, rows):
        """Return the messages about points that expire.

        :param list rows: (account id, customer id, last day, points)
        """
        partners = self.env["res.partner"].browse(row[1] for row in rows)
        members = self.env["cr.club.member"]._find_members(partners, self.company_id)
        links = {one.partner_id.id: one._get_card_code() for one in members}
        template = self._get_message_template("expiry")
        return [
            {
                **self._prepare_message(
                    template,
                    partner,
                    notice=str(points),
                    date=fields.Date.to_string(day),
                    link=links.get(partner.id),
                ),
                "key": f"club:expiry:{account_id}:{day}",
                "origin_model": "cr.points.account",
                "origin_id": account_id,
            }
            for partner, (account_id, _partner_id, day, points) in zip(
                partners, rows, strict=True
            )
        ]

    # === NEWS === #

    def action_send_news(self):
        """Send what goes on in the shop to all members, each text once (CLB-39)."""
        self.check_access("write")
        self.ensure_one()
        lang = self.company_id._cr_get_message_lang()
        news = " ".join((self.with_context(lang=lang).news or "").split())
        if not news:
            raise UserError(
                self.env._(
                    "“%s”: write into “In the shop these days” what members shall"
                    " hear.",
                    self.name,
                )
            )
        members = self.env["cr.club.member"].search(
            [("program_id", "=", self.id), ("state", "=", "active")]
        )
        # sudo: texts are filled in for whoever may send them.
        rows = self.sudo()._prepare_news_messages(members.sudo(), news)
        told = self.env["cr.message"]._queue(rows)
        sent = len(told.filtered(lambda one: one.state == "queued"))
        return self.env["event.event"]._tell_sent([(sent, len(members) - sent)])

    def _prepare_news_messages(self, members, news):
        """Return the messages that tell members the news; a text goes out once."""
        template = self._get_message_template("news")
        digest = hashlib.sha256(news.encode()).hexdigest()[:12]
        return [
            {
                **self._prepare_message(
                    template,
                    member.partner_id,
                    notice=news,
                    link=member._get_card_code(),
                ),
                "key": f"club:news:{self.id}:{digest}:{member.id}",
                "origin_model": self._name,
                "origin_id": self.id,
            }
            for member in members
        ]

    # === CRONS === #

    @api.model
    def _cron_tell_expiries(self, limit=500):
        """Tell customers of every club whose points expire soon."""
        cron = self.env["ir.cron"]
        for program in self.env["cr.club.program"].search([("active", "=", True)]):
            done = limit
            while done == limit:
                done = program._tell_expiries(program.company_id._cr_today(), limit)
                if not cron._commit_progress(done):
                    return
