from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import gifts
from ..tools.offsets import add_months

# What counts against a quota: asked for, signed, or given.
COUNTED_STATES = ("asked", "approved", "sent")
_INSERT = """
    INSERT INTO cr_care_gift_request (
        company_id, partner_id, member_id, occasion, day, year, gift_id, value, state,
        hold_code, origin_model, origin_id, asked_on,
        create_uid, create_date, write_uid, write_date)
    SELECT f.*, f.uid, NOW() AT TIME ZONE 'UTC'
      FROM (SELECT f.*, NOW() AT TIME ZONE 'UTC' FROM (VALUES %s)
            AS f(company_id, partner_id, member_id, occasion, day, year, gift_id, value,
                 state, hold_code, origin_model, origin_id, asked_on, uid)) f
ON CONFLICT DO NOTHING
"""
_TYPES = (
    "(%s::int4, %s::int4, %s::int4, %s, %s::date, %s::int4, %s::int4, %s::numeric, %s,"
    " %s, %s, %s::int4, %s::date, %s::int4)"
)


class CrCareGiftQuotaMixin(models.AbstractModel):
    """What gifts cost a person's quota, and gifts proposed by a job (REL-11, REL-13).

    A person is a customer, or a member of his family.
    """

    _name = "cr.care.gift.quota.mixin"
    _description = "Quota of gifts"

    # === QUOTA === #

    @api.model
    def _get_used(self, partners, day, company, without=()):
        """Return {(partner id, member id): worth of gifts in the period up to a day}.

        :param partners: customers
        :param datetime.date day: end of the period
        :param company: the store whose period counts; gifts of all stores do
        :param without: ids of requests that do not count
        :rtype: dict[tuple[int, int], float]
        """
        # sudo: what other stores gave counts, too.
        groups = self.env["cr.care.gift.request"].sudo()._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("state", "in", COUNTED_STATES),
                ("day", ">", add_months(day, -company.cr_gift_quota_months)),
                ("id", "not in", list(without)),
            ],
            ["partner_id", "member_id"],
            ["value:sum"],
        )
        used = defaultdict(float)
        for partner, member, value in groups:
            used[partner.id, member.id or 0] += value
        return used

    @api.model
    def _lock_quota(self, partners):
        """Let nobody else ask for gifts of these customers at the same time.

        A row that another transaction changed makes this one start over, with what
        the other asked for in sight; a mere lock would not show it.
        """
        self.env["res.partner"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET write_date = write_date WHERE id IN"
                " (SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id"
                " FOR NO KEY UPDATE)",
                partners.ids,
            )
        )

    # === PROPOSALS === #

    @api.model
    def _request_for(self, partners, occasion, day, company, members=None, origin=None):
        """Ask for gifts to many people; asking twice makes nothing twice (REL-11).

        Who picked a gift gets it; others get one that suits age and hobby. What fits
        the limits goes to the general manager at once; the rest waits as a draft that
        says why. The number of queries does not depend on the number of people.

        :param partners: customers who get a gift themselves
        :param str occasion: one of `GIFT_OCCASIONS`; birthday: once a person and year
        :param datetime.date day: day of the occasion
        :param company: the store that gives
        :param members: `cr.family.member` who get a gift
        :param origin: record that causes it, as a campaign
        :return: the requests of these people for the occasion, new and old
        """
        members = members or self.env["cr.family.member"]
        concerned = partners | members.partner_id
        self._lock_quota(concerned)
        self.env["cr.care.gift.request"].flush_model()
        menu = self.env["cr.care.gift"]._get_menu(company)
        used = self._get_used(concerned, day, company)
        blocks = self.env["cr.contact.preference"]._get_blocks(
            concerned.ids, "care", day=day
        )
        rows = []
        for who in (*partners, *members):
            person = self._prepare_person(who)
            customer = who if who._name == "res.partner" else who.partner_id
            key = (customer.id, who.id if who != customer else 0)
            gift = gifts.choose(menu, person, day, company.cr_gift_limit or 1e12)
            code = self._get_hold(gift, used[key], blocks.get(customer.id), company)
            rows.append(
                self._prepare_row(key, occasion, day, company, gift, code, origin)
            )
        if rows:
            self.env.cr.execute_values(
                _INSERT, rows, template=_TYPES, page_size=len(rows)
            )
        requests = self.env["cr.care.gift.request"]
        requests.invalidate_model()
        when = [("day", "=", day)]
        if occasion == "birthday":
            when = [("year", "=", day.year)]
        return requests.search(
            [("partner_id", "in", concerned.ids), ("occasion", "=", occasion), *when]
        )

    @api.model
    def _prepare_person(self, who):
        """Return a customer or a member of his family as `tools.gifts` takes them."""
        if who._name == "res.partner":
            return gifts.Person(
                gifts.CUSTOMER,
                who.birthdate_date or None,
                frozenset(who.category_id.ids),
                who.cr_birthday_gift_id.id or None,
            )
        kind = gifts.CHILD if who.relation == "child" else gifts.CUSTOMER
        return gifts.Person(
            kind, who.birthday or None, frozenset(), who.gift_id.id or None
        )

    @api.model
    def _get_hold(self, gift, used, block, company):
        """Return why a proposal waits for a person, None if it may be asked for."""
        if block in ("do_not_call", "opt_out"):
            return "opt_out"
        if not gift:
            return gifts.NO_GIFT
        return gifts.hold(
            gift.value, used, company.cr_gift_limit, company.cr_gift_quota
        )

    @api.model
    def _prepare_row(self, key, occasion, day, company, gift, code, origin):
        """Return the row of a proposal, in the order of `_INSERT`."""
        partner_id, member_id = key
        return (
            company.id,
            partner_id,
            member_id or None,
            occasion,
            day,
            day.year,
            gift and gift.key,
            gift.value if gift else 0,
            "draft" if code else "asked",
            code,
            origin and origin._name,
            origin and origin.id,
            None if code else fields.Date.context_today(self),
            self.env.uid,
        )
