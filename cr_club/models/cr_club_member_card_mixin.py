from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cr_dealership.tools.tokens import clean_token

from ..tools.qr import make_image


class CrClubMemberCardMixin(models.AbstractModel):
    """The 13 items of the card, on screen, telephone and paper (CLB-17, CLB-18)."""

    _name = "cr.club.member.card.mixin"
    _description = "Card of a member"

    plates = fields.Char(compute="_compute_plates")
    points_account_id = fields.Many2one(
        "cr.points.account", compute="_compute_points", string="Points account"
    )
    points_balance = fields.Integer(string="Points", compute="_compute_points")
    points_available = fields.Integer(
        string="May be spent today", compute="_compute_points"
    )
    card_html = fields.Html(string="Card", compute="_compute_card_html", sanitize=False)
    acceptance_ids = fields.One2many(
        "cr.club.charter.acceptance", "member_id", string="Charter accepted"
    )
    charter_version_id = fields.Many2one(
        "cr.club.charter.version",
        string="Charter in force",
        compute="_compute_charter",
    )
    is_charter_open = fields.Boolean(
        string="Charter not accepted", compute="_compute_charter"
    )

    # === COMPUTE === #

    def _compute_plates(self):
        # sudo: the plate stands on the card, whoever may open the file.
        for member in self.sudo():
            member.plates = member.partner_id.cr_plates

    def _compute_points(self):
        accounts = self._get_accounts()
        available = self.env["cr.points.account"].union(*accounts.values())
        available = available._get_available()
        for member in self:
            account = accounts.get(member.id, self.env["cr.points.account"])
            member.points_account_id = account.sudo(False)
            member.points_balance = account.balance
            member.points_available = available.get(account.id, 0)

    def _compute_card_html(self):
        for member in self:
            member.card_html = self.env["ir.qweb"]._render(
                "cr_club.member_card", {"card": member._get_card(), "member": member}
            )

    @api.depends("acceptance_ids.version_id", "program_id")
    def _compute_charter(self):
        charters = self.env["cr.club.charter"]
        versions = {
            program: charters._get_charter_version(program)
            for program in self.program_id
        }
        for member in self:
            version = versions.get(member.program_id, charters.version_id)
            member.charter_version_id = version
            member.is_charter_open = bool(
                version and version not in member.sudo().acceptance_ids.version_id
            )

    # === BUSINESS === #

    def _get_accounts(self):
        """Return {member id: points account}, with raised rights, in one query."""
        # sudo: the card shows the points to everybody who sees the member.
        accounts = (
            self.env["cr.points.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("program_id", "in", self.program_id.ids),
                    ("merged_into_id", "=", False),
                ]
            )
        )
        found = {(one.program_id.id, one.partner_id.id): one for one in accounts}
        keys = {one.id: (one.program_id.id, one.partner_id.id) for one in self}
        return {id_: found[key] for id_, key in keys.items() if key in found}

    def _get_card(self):
        """Return the 13 items of the card, as everybody who sees it may know them.

        :return: items by their name, and `items`: (label, text) in the order of the
            charter
        :rtype: dict
        """
        self.ensure_one()
        # sudo: the card is put together from files that its reader may not open.
        member = self.sudo()
        account = member._get_accounts().get(self.id, member.points_account_id)
        car = member.partner_id.cr_main_vehicle_id
        items = [
            (self.env._("Card type"), member._get_card_kind()),
            (self.env._("Member number"), member.number),
            (self.env._("Member's name"), member.partner_id.name),
            (self.env._("Plates"), member.partner_id.cr_plates),
            (self.env._("Joined on"), _day(member.joined_on)),
            (self.env._("Valid until"), _day(member.expires_on) or "—"),
            (self.env._("Points moved on"), _day(account.last_day)),
            (self.env._("Points"), str(account.balance)),
            (self.env._("Next maintenance"), member._describe_service(car)),
            (self.env._("Insurance renewal"), _day(car.insurance_on)),
            (self.env._("Annual inspection"), _day(car.inspection_on)),
            (self.env._("Points redeemed on"), _day(account._get_last_redeemed())),
            (self.env._("In the shop these days"), member.program_id.news),
        ]
        return {
            "items": [(label, text or "") for label, text in items],
            "tier": member.tier_id.name or "",
            "color": member.tier_id.color or "#555555",
            "available": account.available,
            "expiry_on": _day(account.next_expiry_on),
            "expiry_points": account.next_expiry_points,
            "program": member.program_id,
            "branch": member.program_id.branch_name or member.company_id.name,
            "hotline": member.program_id.hotline or member.company_id.phone,
            "qr": make_image(member._get_card_code()),
        }

    def _get_card_kind(self):
        """Return tier and kind of the card in words."""
        parts = (self.tier_id.name, self.card_type_id.name)
        return " · ".join(filter(None, parts))

    def _describe_service(self, car):
        """Return when and at how many km the car is due."""
        parts = [_day(car.service_on)]
        if car.service_km:
            parts.append(self.env._("%s km", car.service_km))
        return " / ".join(filter(None, parts))

    # === CODE === #

    def _get_card_code(self):
        """Return what the QR code of the card says: a link that only this card has."""
        self.ensure_one()
        # sudo: the link is on the card that is being shown.
        return f"{self.get_base_url()}/cr/card/{self.sudo().token}"

    @api.model
    def _find_by_code(self, code, company=None):
        """Return the member whose QR code was read, with raised rights.

        :param str code: what the scanner read: the link, or its last part, or a number
        :param company: the store that reads; another club's card is refused
        :raises UserError: for a code of nobody, or of another club
        """
        token = clean_token(code).rstrip("/").rsplit("/", 1)[-1]
        # sudo: reception reads cards of members whose files it may not open.
        member = self.sudo().search([("token", "=", token)], limit=1)
        program = self.env["cr.club.program"]._get_program(company or self.env.company)
        if not member and token.isdigit():
            member = self.sudo().search(
                [("program_id", "=", program.id), ("card_number", "=", token)], limit=1
            )
        if not member:
            raise UserError(
                self.env._("This is no card of a member; look the name up instead.")
            )
        if member.program_id != program:
            raise UserError(
                self.env._(
                    "Card %(card)s belongs to “%(club)s”, in which this store takes no"
                    " part.",
                    card=member.card_number,
                    club=member.program_id.name,
                )
            )
        return member

    # === CHARTER === #

    def action_accept_charter(self):
        """The member accepts the charter at the desk."""
        self.check_access("write")
        self._accept_charter("desk")

    def _accept_charter(self, channel):
        """Note that the members accept the charter in force; once a version.

        :param str channel: `desk` or `page`
        """
        # sudo: nobody writes acceptances by hand.
        self.env["cr.club.charter.acceptance"].sudo().create(
            [
                {
                    "member_id": member.id,
                    "version_id": member.charter_version_id.id,
                    "channel": channel,
                }
                for member in self
                if member.is_charter_open
            ]
        )


def _day(day):
    """Return a date as it stands on the card."""
    return fields.Date.to_string(day) or ""
