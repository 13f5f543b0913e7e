from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import CR_USER, HOUSEHOLD_RELATIONS
from ..const_care import HOUSEHOLD_DAYS, LIVE_CASE_STATES
from ..tools.birthdays import next_birthday

_BIRTHDAY_FIELDS = frozenset(("birthdate_date", "cr_is_lunar_birthday"))
_PENDING_FIELDS = frozenset(("cr_licence_on", "cr_founded_on"))


class CrPartnerCareMixin(models.AbstractModel):
    """Dates of a customer that care plans hang on, and what is due for him."""

    _name = "cr.partner.care.mixin"
    _description = "Care of a customer"

    cr_is_lunar_birthday = fields.Boolean(
        string="Lunar birthday",
        groups=CR_USER,
        help="The birthday is celebrated by the lunar calendar.",
    )
    # Stored so that a night finds by index whose birthday comes (REL-10).
    cr_birthday_on = fields.Date(
        string="Next birthday", readonly=True, copy=False, groups=CR_USER
    )
    cr_licence_on = fields.Date(
        string="Driving licence to be checked by",
        index="btree_not_null",
        groups=CR_USER,
    )
    cr_case_count = fields.Integer(
        string="Live care cases", compute="_compute_cr_case_count", groups=CR_USER
    )

    cr_household_case_ids = fields.Many2many(
        "cr.care.case",
        string="Due in the household",
        compute="_compute_cr_household_case_ids",
        groups=CR_USER,
    )

    # Outbox of the nightly care run: a date of the customer changed.
    cr_care_pending = fields.Boolean(
        readonly=True,
        copy=False,
        groups=CR_USER,
        export_string_translation=False,
    )

    _cr_care_pending_index = models.Index("(id) WHERE cr_care_pending")
    _cr_birthday_index = models.Index(
        "(cr_birthday_on) WHERE cr_birthday_on IS NOT NULL"
    )
    _cr_birthday_missing_index = models.Index(
        "(id) WHERE birthdate_date IS NOT NULL AND cr_birthday_on IS NULL"
    )
    _cr_founded_index = models.Index("(cr_founded_on) WHERE cr_founded_on IS NOT NULL")

    # === COMPUTE === #

    def _compute_cr_case_count(self):
        cases, counts = self.env["cr.care.case"], {}
        if cases.has_access("read"):
            domain = [("partner_id", "in", self.ids), ("state", "in", LIVE_CASE_STATES)]
            counts = dict(cases._read_group(domain, ["partner_id"], ["__count"]))
        for partner in self:
            partner.cr_case_count = counts.get(partner._origin, 0)

    def _compute_cr_household_case_ids(self):
        cases = self.env["cr.care.case"]
        households = self._cr_get_household()
        if cases.has_access("read"):
            members = self._origin.union(*households.values())
            until = cases._get_today() + timedelta(days=HOUSEHOLD_DAYS)
            cases = cases.search(
                [
                    ("partner_id", "in", members.ids),
                    ("state", "in", LIVE_CASE_STATES),
                    ("anchor_on", "<=", until),
                ],
                order="anchor_on, id",
            )
        by_partner = cases.grouped("partner_id")
        for partner in self:
            own = partner._origin
            members = own | households.get(own.id, own)
            partner.cr_household_case_ids = cases.union(
                *(by_partner.get(member, cases.browse()) for member in members)
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Work out the next birthday of the new customers."""
        partners = super().create(vals_list)
        partners.filtered("birthdate_date")._cr_refresh_birthday()
        if any(not _PENDING_FIELDS.isdisjoint(vals) for vals in vals_list):
            # Raised rights: as in write.
            partners.sudo().cr_care_pending = True
        return partners

    def write(self, vals):
        """Work out the next birthday anew when the birth date changed."""
        result = super().write(vals)
        if not _BIRTHDAY_FIELDS.isdisjoint(vals):
            self._cr_refresh_birthday()
        if not _PENDING_FIELDS.isdisjoint(vals):
            # Raised rights: a mark for the nightly run that nobody sees.
            self.sudo().cr_care_pending = True
            self.env["cr.care.case"]._follow_partners(self.ids)
        return result

    # === ACTIONS === #

    def action_cr_view_cases(self):
        """Open what is due for the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_care_case_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}

    # === HOUSEHOLD === #

    def _cr_get_household(self):
        """Return who lives with the customers and has a file of his own.

        It does not matter in whose file the relation stands. One query for any number.

        :return: {customer id: members without himself}
        """
        # Raised rights: only whose file belongs to the family, not what is in it.
        relations = self.env["cr.family.member"].sudo().search_fetch(
            [
                ("relation", "in", HOUSEHOLD_RELATIONS),
                ("related_partner_id", "!=", False),
                "|",
                ("partner_id", "in", self.ids),
                ("related_partner_id", "in", self.ids),
            ],
            ["partner_id", "related_partner_id"],
        )
        members = {partner_id: set() for partner_id in self.ids}
        for relation in relations:
            pair = (relation.partner_id.id, relation.related_partner_id.id)
            for one, other in (pair, pair[::-1]):
                if one in members and one != other:
                    members[one].add(other)
        return {
            partner_id: self.browse(sorted(ids)) for partner_id, ids in members.items()
        }

    # === BIRTHDAY === #

    def _cr_refresh_birthday(self, today=None):
        """Store the next birthday of the customers.

        :param date today: day from which it counts
        """
        today = today or self.env.company._cr_today()
        values = [
            (
                partner.id,
                next_birthday(
                    partner.birthdate_date, today, partner.cr_is_lunar_birthday
                ),
            )
            # Raised rights: whoever may write the birth date may have it looked at.
            for partner in self.sudo()
        ]
        if not values:
            return
        self.flush_model(["cr_birthday_on"])
        self.env.cr.execute_values(
            "UPDATE res_partner p SET cr_birthday_on = v.day, cr_care_pending = TRUE"
            " FROM (VALUES %s) AS v(id, day)"
            " WHERE p.id = v.id AND p.cr_birthday_on IS DISTINCT FROM v.day",
            values,
            template="(%s, %s::date)",
            page_size=len(values),
        )
        self.invalidate_recordset(["cr_birthday_on", "cr_care_pending"])

    @api.model
    def _cr_advance_birthdays(self, today, limit=1000):
        """Move birthdays that have passed to the next year, one batch.

        :return: how many customers were looked at
        """
        self.env["res.partner"].flush_model(["cr_birthday_on", "birthdate_date"])
        rows = self.env.execute_query(
            SQL(
                """
                (SELECT id FROM res_partner WHERE cr_birthday_on < %(today)s
                  ORDER BY id LIMIT %(limit)s)
                 UNION
                (SELECT id FROM res_partner
                  WHERE birthdate_date IS NOT NULL AND cr_birthday_on IS NULL
                    AND birthdate_date BETWEEN '1901-01-01' AND %(today)s
                  ORDER BY id LIMIT %(limit)s)
                """,
                today=today,
                limit=limit,
            )
        )
        partners = self.env["res.partner"].browse([row[0] for row in rows])
        partners._cr_refresh_birthday(today)
        return len(partners)

    @api.model
    def _cron_cr_advance_birthdays(self):
        """Move passed birthdays on, a batch per transaction."""
        today = self.env.company._cr_today()
        while count := self.env["res.partner"]._cr_advance_birthdays(today):
            if not self.env["ir.cron"]._commit_progress(count, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)
