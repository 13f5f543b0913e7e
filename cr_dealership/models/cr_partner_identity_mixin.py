from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools.errors import NOTE_ID_NUMBER_INVALID
from ..tools.identity import (
    birthdate_of_id,
    clean_id_number,
    gender_of_id,
    mask_id_number,
)

# The lounge and people outside CR do not see the number, not even masked (ROL-04).
MASKED_GROUPS = ",".join(
    f"cr_dealership.group_cr_dealership_{role}"
    for role in (
        "agent",
        "specialist",
        "insurance",
        "sales",
        "advisor",
        "manager",
        "finance",
        "head",
        "director",
        "identity",
    )
)


class CrPartnerIdentityMixin(models.AbstractModel):
    """The ID number of a customer: masked for all, shown in full and logged (SEC-04).

    The raw column is readable by nobody through the client; what has to compare or
    keep it does so with raised rights.
    """

    _name = "cr.partner.identity.mixin"
    _description = "ID number of a customer"

    cr_id_number = fields.Char(
        string="ID number (raw)",
        groups=fields.NO_ACCESS,
        copy=False,
        index="btree_not_null",
    )
    cr_id_masked = fields.Char(
        string="ID number",
        compute="_compute_cr_id_masked",
        inverse="_inverse_cr_id_masked",
        # The number itself is closed to every user.
        compute_sudo=True,
        copy=False,
        groups=MASKED_GROUPS,
        help="Masked. Type a new number over it to change it.",
    )

    # === COMPUTE === #

    @api.depends("cr_id_number")
    def _compute_cr_id_masked(self):
        for partner in self:
            partner.cr_id_masked = mask_id_number(partner.cr_id_number) or False

    def _inverse_cr_id_masked(self):
        bodies = {}
        for partner in self:
            typed = (partner.cr_id_masked or "").strip()
            # sudo: the number is closed to users, who may still enter a new one.
            partner_sudo = partner.sudo()
            old = partner_sudo.cr_id_number or ""
            if typed == mask_id_number(old):
                continue
            number = partner._cr_clean_id_number(typed)
            partner_sudo.cr_id_number = number
            partner._cr_fill_from_id_number(number)
            if old:
                bodies[partner.id] = self.env._(
                    "ID number changed: %(old)s → %(new)s",
                    old=mask_id_number(old),
                    new=mask_id_number(number) or "–",
                )
        if bodies and not self.env.context.get("tracking_disable"):
            self.browse(bodies)._message_log_batch(bodies=bodies)

    # === ONCHANGE === #

    @api.onchange("cr_id_masked")
    def _onchange_cr_id_masked(self):
        """Offer birth date and gender from a number that is being typed."""
        number, notes = clean_id_number(self.cr_id_masked)
        if number and "*" not in number and NOTE_ID_NUMBER_INVALID not in notes:
            self._cr_fill_from_id_number(number)

    # === ACTIONS === #

    def action_cr_unmask_id(self):
        """Show the ID number in full to who may see it, and log that he saw it."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("cr_dealership.group_cr_dealership_identity"):
            raise AccessError(
                self.env._(
                    "The ID number of %(customer)s is shown in full only to users with"
                    " the right “See ID numbers in full”. Ask the CR head to read it"
                    " for you.",
                    customer=self.name,
                )
            )
        self.env["cr.access.log"]._log("unmask", self._name, res_id=self.id)
        # sudo: the raw number is closed to everybody; reading it was logged above.
        number = self.sudo().cr_id_number
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("ID number of %s", self.name),
                "message": number or self.env._("There is no ID number in the file."),
                "type": "info",
                "sticky": True,
            },
        }

    # === BUSINESS === #

    def _cr_clean_id_number(self, typed):
        """Return the ID number in its normal form; refuse a wrong one in words."""
        number, notes = clean_id_number(typed)
        if number and ("*" in number or NOTE_ID_NUMBER_INVALID in notes):
            raise ValidationError(
                self.env._(
                    "“%(number)s” is no valid ID number for %(customer)s: 18 characters"
                    " with a right check digit are needed. Compare it with the"
                    " document, or leave the field empty.",
                    number=typed,
                    customer=self.name or self.env._("the new customer"),
                )
            )
        return number or False

    def _cr_fill_from_id_number(self, number):
        """Take birth date and gender of persons from their number, if empty."""
        if not number or self.is_company:
            return
        if not self.birthdate_date:
            self.birthdate_date = birthdate_of_id(number) or False
        if not self.cr_gender:
            self.cr_gender = gender_of_id(number) or False
