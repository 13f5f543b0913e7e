from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import (
    CHANNELS,
    COMPANY_SIZES,
    CR_USER,
    NEED_CLASSES,
    ORGANIZATION_WEIGHTS,
    PERSON_WEIGHTS,
    VALUE_CLASSES,
    VERIFICATION_STATES,
)
from ..tools.classes import completeness
from ..tools.identity import clean_phone

SALES = "cr_dealership.group_cr_dealership_sales"
FAMILY_GROUPS = ",".join(
    f"cr_dealership.group_cr_dealership_{role}"
    for role in ("agent", "specialist", "sales", "advisor", "head", "director")
)


class ResPartner(models.Model):
    """The customer file: a person or an organisation (CUS-01, CUS-02).

    Fields without a default on purpose: installing must not rewrite the partners a
    database already has.
    """

    _name = "res.partner"
    _inherit = [
        "cr.partner.identity.mixin",
        "cr.partner.consent.mixin",
        "cr.partner.search.mixin",
        "cr.partner.facts.mixin",
        "cr.partner.care.mixin",
        "cr.partner.gift.mixin",
        "cr.partner.relation.mixin",
        "cr.partner.duplicate.mixin",
        "cr.partner.booking.mixin",
        "cr.partner.touch.mixin",
        "res.partner",
    ]

    # Changes of contact data are kept with date and user (CUS-19).
    mobile = fields.Char(tracking=3)
    birthdate_date = fields.Date(tracking=True)
    # --- person ---
    cr_gender = fields.Selection(
        [("female", "Female"), ("male", "Male")],
        string="Gender",
        tracking=True,
        groups=CR_USER,
    )
    cr_marital = fields.Selection(
        [("single", "Single"), ("married", "Married"), ("other", "Other")],
        string="Marital status",
        tracking=True,
        groups=CR_USER,
    )
    cr_residence = fields.Char(string="Residence", tracking=True, groups=CR_USER)
    cr_employer = fields.Char(string="Employer", tracking=True, groups=CR_USER)
    cr_occupation = fields.Char(string="Occupation", groups=CR_USER)
    # --- organisation (CUS-02) ---
    cr_organization_type = fields.Selection(
        [
            ("company", "Company"),
            ("government", "Government body"),
            ("association", "Association"),
        ],
        string="Kind of organisation",
        groups=CR_USER,
    )
    cr_founded_on = fields.Date(string="Founded on", groups=CR_USER)
    cr_company_size = fields.Selection(
        COMPANY_SIZES,
        string="Size",
        groups=CR_USER,
    )
    cr_main_business = fields.Char(string="Main business", groups=CR_USER)
    cr_principal_id = fields.Many2one(
        "res.partner",
        string="Person in charge",
        index="btree_not_null",
        groups=CR_USER,
    )
    # --- where from, who cares ---
    cr_source_id = fields.Many2one(
        "cr.source",
        string="Source",
        index="btree_not_null",
        tracking=True,
        groups=CR_USER,
    )
    cr_region_id = fields.Many2one(
        "cr.region", string="Region", index="btree_not_null", groups=CR_USER
    )
    cr_consultant_id = fields.Many2one(
        "res.users",
        string="Consultant in charge",
        index="btree_not_null",
        tracking=True,
        groups=CR_USER,
        help="This sales consultant sees the customer as his own.",
    )
    cr_need_class = fields.Selection(
        NEED_CLASSES, string="Need", tracking=True, groups=CR_USER
    )
    cr_value_override = fields.Selection(
        VALUE_CLASSES,
        string="Value set by hand",
        tracking=True,
        copy=False,
        groups=CR_USER,
    )
    cr_value_reason = fields.Char(
        string="Reason of the value set by hand",
        tracking=True,
        copy=False,
        groups=CR_USER,
    )
    cr_family_ids = fields.One2many(
        "cr.family.member",
        "partner_id",
        string="Family and acquaintances",
        groups=FAMILY_GROUPS,
    )
    # --- how sure we are (CUS-12, CUS-17, CUS-20) ---
    cr_verification = fields.Selection(
        VERIFICATION_STATES, string="Verification", tracking=True, groups=CR_USER
    )
    cr_verified_on = fields.Date(
        string="Last verified on", readonly=True, copy=False, groups=CR_USER
    )
    cr_verified_by_id = fields.Many2one(
        "res.users",
        string="Last verified by",
        readonly=True,
        copy=False,
        groups=CR_USER,
    )
    cr_completeness = fields.Integer(
        string="File completeness (%)",
        compute="_compute_cr_completeness",
        compute_sudo=True,
        aggregator="avg",
        groups=CR_USER,
    )
    cr_missing_fields = fields.Char(
        string="Missing in the file",
        compute="_compute_cr_completeness",
        compute_sudo=True,
        groups=CR_USER,
    )

    # === COMPUTE === #

    @api.depends("is_company", *{**PERSON_WEIGHTS, **ORGANIZATION_WEIGHTS})
    def _compute_cr_completeness(self):
        labels = {
            name: self._fields[name]._description_string(self.env)
            for name in {**PERSON_WEIGHTS, **ORGANIZATION_WEIGHTS}
        }
        for partner in self:
            weights = ORGANIZATION_WEIGHTS if partner.is_company else PERSON_WEIGHTS
            partner.cr_completeness, missing = completeness(
                {name: partner[name] for name in weights}, weights
            )
            partner.cr_missing_fields = ", ".join(labels[name] for name in missing)

    # === CONSTRAINTS === #

    @api.constrains("cr_value_override", "cr_value_reason")
    def _check_cr_value_reason(self):
        for partner in self:
            reason = (partner.cr_value_reason or "").strip()
            if partner.cr_value_override and not reason:
                raise ValidationError(
                    self.env._(
                        "The value of %(customer)s is set by hand without a reason."
                        " Write the reason beside it, or clear the value to let the"
                        " figures decide.",
                        customer=partner.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Clean what was typed; third-party files wait for verification (CUS-12)."""
        vals_list = [self._cr_clean_values(vals) for vals in vals_list]
        third_party_ids = self._cr_get_third_party_ids(vals_list)
        is_sales = not self.env.su and self.env.user.has_group(SALES)
        for vals in vals_list:
            if vals.get("cr_source_id") in third_party_ids:
                vals.setdefault("cr_verification", "unverified")
            if is_sales:
                # Or he would lose sight of him with the first car (ROL-09).
                vals.setdefault("cr_consultant_id", self.env.uid)
        return super().create(vals_list)

    def write(self, vals):
        """Clean what was typed, and tell in the log where a change was learnt."""
        vals = self._cr_clean_values(vals)
        channel = self.env.context.get("cr_dealership_channel")
        if channel in dict(CHANNELS):
            labels = dict(
                self.env["cr.contact.preference"]
                ._fields["channel"]
                ._description_selection(self.env)
            )
            self._track_set_log_message(
                self.env._("Learnt by: %s", labels[channel])
            )
        result = super().write(vals)
        if self._cr_get_third_party_ids([vals]):
            self.filtered(lambda partner: not partner.cr_verification).write(
                {"cr_verification": "unverified"}
            )
        if "tz" in vals:
            stores = Domain("partner_id", "in", self.ids)
            self.env["res.company"]._cr_follow_clock(stores)
        return result

    @api.model
    def _cr_clean_values(self, vals):
        """Return values with a mobile number as the trade writes it (CUS-33)."""
        mobile, landline, __ = clean_phone(vals.get("mobile"))
        clean = mobile or landline
        return {**vals, "mobile": clean} if clean else dict(vals)

    @api.model
    def _cr_get_third_party_ids(self, vals_list):
        """Return the sources in the values whose files must be verified."""
        ids = {vals["cr_source_id"] for vals in vals_list if vals.get("cr_source_id")}
        sources = self.env["cr.source"].browse(ids)
        return set(sources.filtered("is_third_party").ids)

    # === ACTIONS === #

    def action_cr_verify(self):
        """Stamp the files as verified today by the current user (CUS-12, CUS-20)."""
        self.write({"cr_verification": "verified", **self._cr_prepare_stamp()})

    def action_cr_reject(self):
        """Mark files as invalid: they stay out of every call list."""
        self.write({"cr_verification": "rejected", **self._cr_prepare_stamp()})

    def action_cr_open_vehicles(self):
        """Open the cars the customer has or had a role for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cars of %s", self.name),
            "res_model": "cr.vehicle",
            "view_mode": "list,form",
            "domain": [("role_ids.partner_id", "=", self.id)],
        }

    def action_cr_open_orders(self):
        """Open the work orders of the customer and of the cars he owns or drives."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Work orders of %s", self.name),
            "res_model": "cr.service.order",
            "view_mode": "list,form,graph,pivot",
            "domain": [
                "|",
                ("partner_id", "=", self.id),
                "|",
                ("vehicle_id.owner_id", "=", self.id),
                ("vehicle_id.driver_id", "=", self.id),
            ],
        }

    def action_open_story(self):
        """Open everything that happened with this customer, newest first (CUS-22)."""
        self.ensure_one()
        return self.env["cr.story"]._get_action(self)

    # === BUSINESS === #

    def _cr_prepare_stamp(self):
        """Return the values of a file that somebody has just checked."""
        return {
            "cr_verified_on": fields.Date.context_today(self),
            "cr_verified_by_id": self.env.uid,
        }

    def _cr_stamp_verified(self):
        """Stamp files whose data a person confirmed in a call or visit (CUS-20).

        A file that waits for verification stays so until somebody verifies it.
        """
        self.write(self._cr_prepare_stamp())

    def _cr_get_guarded_records(self):
        """Guard the export of customers; other contacts are not ours to guard."""
        # sudo: the mark is hidden from users outside CR, who are guarded all the same.
        customers = self.sudo().filtered(
            lambda partner: partner.cr_is_customer or partner.cr_stage
        )
        return self.browse(customers.ids)
