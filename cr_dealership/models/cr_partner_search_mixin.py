import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

from ..tools.contact import phone_keys
from ..tools.identity import digits
from ..tools.pinyin import pinyin_keys

_SEPARATORS = re.compile(r"[\s·.・•\-—_]+")
_PINYIN = re.compile(r"[a-zA-Z][a-zA-Z0-9' ]*")
# The part of a plate or VIN that is worth looking for: "赣D12345", "D12345", "0012AB".
_CAR_KEY = re.compile(r"[一-龥]?(?=[A-Z0-9]*\d)[A-Z0-9]{4,17}")
_PHONE_MIN, _PHONE_ANYWHERE, _PHONE_WHOLE = 4, 7, 11
_HAN = re.compile(r"[\u3400-\u9fff]")
# Where core looks for every term, but where no Chinese character ever stands.
_LATIN_FIELDS = ("email", "vat", "company_registry")


def fill_search_keys(cr, partner_ids):
    """Work out the search keys of partners in two statements.

    :param Cursor cr: cursor of a database whose partners have the key columns
    :param list partner_ids: ids of the partners
    """
    cr.execute(
        "SELECT id, name, phone, mobile FROM res_partner WHERE id = ANY(%s)",
        [list(partner_ids)],
    )
    rows = cr.fetchall()
    cr.execute_values(
        "UPDATE res_partner SET cr_pinyin = keys.pinyin, cr_phone_digits = keys.digits"
        " FROM (VALUES %s) AS keys(id, pinyin, digits) WHERE res_partner.id = keys.id",
        [
            (id_, pinyin_keys(name or "") or None, phone_keys(mobile, phone) or None)
            for id_, name, phone, mobile in rows
        ],
        page_size=max(len(rows), 1),
    )


def _trigram(column):
    """Return the definition of a trigram index as the ORM would make it."""

    def definition(registry):
        if not registry.has_trigram:
            return ""
        expression = f'"{column}"'
        if registry.has_unaccent == FunctionStatus.INDEXABLE:
            expression = f"({registry.unaccent(expression)})"
        return f"USING gin ({expression} gin_trgm_ops)"

    return definition


class CrPartnerSearchMixin(models.AbstractModel):
    """One box finds a customer by name, pinyin, any number, plate or VIN (CUS-38).

    Every part of the question has an index, so that the database can combine them.
    """

    _name = "cr.partner.search.mixin"
    _description = "Search keys of a customer"

    cr_pinyin = fields.Char(
        string="Pinyin",
        compute="_compute_cr_pinyin",
        store=True,
        precompute=True,
        index="trigram",
        export_string_translation=False,
    )
    cr_phone_digits = fields.Char(
        string="Telephone digits",
        compute="_compute_cr_phone_digits",
        store=True,
        precompute=True,
        index="trigram",
        export_string_translation=False,
    )

    # What core looks into for every term, without an index for it. Chinese names are
    # too short for trigrams, so their characters have an index of their own.
    _cr_complete_name_characters = models.Index(
        "USING gin (string_to_array(complete_name, NULL))"
    )
    _cr_complete_name_trigram = models.Index(_trigram("complete_name"))
    _cr_email_trigram = models.Index(_trigram("email"))
    _cr_ref_trigram = models.Index(_trigram("ref"))
    _cr_vat_trigram = models.Index(_trigram("vat"))
    _cr_registry_trigram = models.Index(_trigram("company_registry"))
    # The import asks for a thousand whole numbers at once.
    _cr_phone_array = models.Index(
        "USING gin (string_to_array(cr_phone_digits, ' ')) WITH (fastupdate = off)"
    )

    # === COMPUTE === #

    @api.depends("name")
    def _compute_cr_pinyin(self):
        for partner in self:
            partner.cr_pinyin = pinyin_keys(partner.name or "") or False

    @api.depends("phone", "mobile")
    def _compute_cr_phone_digits(self):
        for partner in self:
            keys = phone_keys(partner.mobile, partner.phone)
            partner.cr_phone_digits = keys or False

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return domain
        term = value.strip()
        if _HAN.search(term):
            domain = Domain(domain).map_conditions(self._cr_narrow_condition)
        return Domain(domain) | self._cr_get_key_domain(term)

    # === BUSINESS === #

    @api.model
    def _cr_narrow_condition(self, condition):
        """Return what core asks about a Chinese term so that an index can answer."""
        if condition.field_expr in _LATIN_FIELDS:
            return Domain.FALSE
        if condition.field_expr == "ref":
            return Domain("ref", "=like", f"{condition.value}%")
        if condition.field_expr != "complete_name":
            return condition
        characters = list(set(_HAN.findall(condition.value)))
        return condition & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "string_to_array(%s, NULL) @> %s::text[]",
                SQL.identifier(alias, "complete_name"),
                characters,
            )
        )

    @api.model
    def _cr_get_key_domain(self, term):
        """Return the domain of customers that a term finds beyond their name.

        :param str term: what a person typed: pinyin or its initials, the last digits
            of a number, a part of a plate or VIN
        """
        domains = [Domain.FALSE]
        if _PINYIN.fullmatch(term):
            key = term.lower().replace(" ", "").replace("'", "")
            domains += [
                Domain("cr_pinyin", "=ilike", f"{key}%"),
                Domain("cr_pinyin", "=ilike", f"% {key}%"),
            ]
        bare = _SEPARATORS.sub("", term).upper()
        if bare.lstrip("+").isdigit():
            domains.append(self._cr_get_phone_domain(digits(bare)))
        if _CAR_KEY.fullmatch(bare):
            domains.append(self._cr_get_car_domain(bare))
        return Domain.OR(domains)

    @api.model
    def _cr_get_phone_domain(self, number):
        """Return the domain of a number's end, of any part if it is long."""
        if len(number) < _PHONE_MIN:
            return Domain.FALSE
        if len(number) >= _PHONE_WHOLE:
            return Domain("id", "in", self._cr_find_by_number(number))
        if len(number) >= _PHONE_ANYWHERE:
            return Domain("cr_phone_digits", "=ilike", f"%{number}%")
        return Domain("cr_phone_digits", "=ilike", f"%{number}") | Domain(
            "cr_phone_digits", "=ilike", f"%{number} %"
        )

    @api.model
    def _cr_find_by_number(self, number):
        """Return the ids of all partners that have a whole number.

        :param str number: digits, with or without the country code
        :rtype: list[int]
        """
        self.flush_model(["cr_phone_digits"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner"
                " WHERE string_to_array(cr_phone_digits, ' ') && %s::text[]",
                [number, *phone_keys(number).split()],
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _cr_get_car_domain(self, key):
        """Return the domain of who has an open role for a car of this plate or VIN."""
        # sudo: only customers come out, and the user's own rights filter them.
        vehicles = (
            self.env["cr.vehicle"]
            .sudo()
            ._search(Domain("vin", "ilike", key) | Domain("plate", "ilike", key))
        )
        self.env["cr.vehicle.role"].flush_model(["vehicle_id", "partner_id", "date_to"])
        # A list of ids, for a sub-select beside OR makes the database read the table.
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT held.partner_id FROM cr_vehicle_role held"
                " WHERE held.vehicle_id IN %s"
                " AND (held.date_to IS NULL OR held.date_to >= %s)",
                vehicles.subselect(),
                fields.Date.context_today(self),
            )
        )
        return Domain("id", "in", [row[0] for row in rows])

    def _cr_fill_search_keys(self):
        """Fill the search keys of partners that were written past the ORM."""
        if not self.ids:
            return
        self.flush_model(["name", "phone", "mobile"])
        fill_search_keys(self.env.cr, self.ids)
        self.invalidate_recordset(["cr_pinyin", "cr_phone_digits"], flush=False)
