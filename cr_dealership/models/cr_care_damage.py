from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const_care import ROUTES, SCRAP_STATES
from ..tools.offsets import step_date

_FILES = frozenset(("photo_ids", "survey_ids"))
_AMOUNTS = ("assessed_loss", "insurer_payment", "support_amount")


class CrCareDamage(models.Model):
    """A car hit by an incident, followed until it is settled (CAM-02, CAM-09, CAM-10).

    Whether it was insured on the day decides who pays: the insurer first and we the
    rest, or our support only.
    """

    _name = "cr.care.damage"
    _description = "Damage in an incident"
    _inherit = ["mail.thread"]
    _order = "state desc, reported_on, id"
    _rec_name = "vehicle_id"

    campaign_id = fields.Many2one(
        "cr.care.campaign",
        string="Incident",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("kind", "=", "incident")],
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="restrict",
    )
    reported_on = fields.Date(
        required=True, default=fields.Date.context_today, index=True
    )
    damage = fields.Text(required=True)
    photo_ids = fields.Many2many(
        "ir.attachment", "cr_care_damage_photo_rel", string="Photos"
    )
    # --- what the insurer found ---
    is_insured = fields.Boolean(
        string="Was insured",
        compute="_compute_is_insured",
        store=True,
        readonly=False,
        tracking=True,
    )
    route = fields.Selection(ROUTES, string="Who pays", compute="_compute_route")
    survey_number = fields.Char(string="Number of the survey")
    surveyed_on = fields.Date()
    survey_ids = fields.Many2many(
        "ir.attachment", "cr_care_damage_survey_rel", string="Survey report"
    )
    insurer_percent = fields.Integer(string="Share of the insurer (%)", aggregator=None)
    insurer_note = fields.Char(string="Agreed with the insurer")
    assessed_loss = fields.Monetary(tracking=True)
    insurer_payment = fields.Monetary(string="Paid by the insurer", tracking=True)
    support_amount = fields.Monetary(string="Our support", tracking=True)
    rest_amount = fields.Monetary(
        string="Left to the customer", compute="_compute_rest_amount"
    )
    scrap_state = fields.Selection(
        SCRAP_STATES, string="Scrapping", required=True, default="none", tracking=True
    )
    scrap_note = fields.Char(string="Decision of the manufacturer")
    # --- what the customer said ---
    grievance = fields.Text()
    needs = fields.Text(string="New needs")
    next_on = fields.Date(string="Next contact", compute="_compute_next_on")
    state = fields.Selection(
        [("open", "Open"), ("settled", "Settled")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        copy=False,
    )
    settled_on = fields.Date(readonly=True, copy=False)
    result = fields.Char(help="How it ended for the customer.")
    # Outbox of the nightly care run.
    care_pending = fields.Boolean(
        readonly=True, copy=False, default=True, export_string_translation=False
    )

    _car_unique = models.Constraint(
        "UNIQUE (campaign_id, vehicle_id)",
        "This car is in the register of the incident already.",
    )
    _numbers_sane = models.Constraint(
        "CHECK (COALESCE(assessed_loss, 0) >= 0 AND COALESCE(insurer_payment, 0) >= 0"
        " AND COALESCE(support_amount, 0) >= 0"
        " AND COALESCE(insurer_percent, 0) BETWEEN 0 AND 100)",
        "Amounts are not negative, and a share lies between 0 and 100 percent.",
    )
    _pending_index = models.Index("(id) WHERE care_pending")

    # === COMPUTE === #

    @api.depends("vehicle_id")
    def _compute_partner_id(self):
        for damage in self:
            damage.partner_id = damage.partner_id or damage.vehicle_id.owner_id

    @api.depends("vehicle_id", "campaign_id.incident_from", "reported_on")
    def _compute_is_insured(self):
        # Raised rights: whether a policy held that day, not what is in it.
        policies = self.env["cr.insurance.policy"].sudo().search(
            [("vehicle_id", "in", self.vehicle_id.ids)]
        )
        for damage in self:
            day = damage.campaign_id.incident_from or damage.reported_on
            damage.is_insured = any(
                policy.date_start <= day <= policy.date_end
                for policy in policies
                if day and policy.vehicle_id == damage.vehicle_id
            )

    @api.depends("is_insured")
    def _compute_route(self):
        for damage in self:
            damage.route = "insurer" if damage.is_insured else "support"

    @api.depends(*_AMOUNTS)
    def _compute_rest_amount(self):
        for damage in self:
            paid = damage.insurer_payment + damage.support_amount
            damage.rest_amount = max(damage.assessed_loss - paid, 0)

    def _compute_next_on(self):
        by_car = {
            (case.campaign_id, case.vehicle_id): case.next_on
            for case in self._get_cases()
        }
        for damage in self:
            damage.next_on = by_car.get((damage.campaign_id, damage.vehicle_id))

    # === CHECKS === #

    @api.constrains(*_AMOUNTS, "is_insured")
    def _check_amounts(self):
        for damage in self:
            if damage.insurer_payment and not damage.is_insured:
                raise ValidationError(
                    self.env._(
                        "%(car)s was not insured, so no insurer pays; tick “Was"
                        " insured” or clear the payment.",
                        car=damage.vehicle_id.display_name,
                    )
                )
            paid = damage.insurer_payment + damage.support_amount
            if damage.assessed_loss and paid > damage.assessed_loss:
                raise ValidationError(
                    self.env._(
                        "%(car)s gets more than its loss; lower our support or the"
                        " payment of the insurer.",
                        car=damage.vehicle_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Contact at once whoever joins the register of a running incident."""
        damages = super().create(vals_list)
        damages._own_files()
        running = damages.filtered(
            lambda damage: damage.campaign_id.state == "launched"
        )
        running._open_cases(self.env["cr.care.case"]._get_today())
        return damages

    def write(self, vals):
        """Keep the photos with the damage, for whoever may see it and nobody else."""
        result = super().write(vals)
        if not _FILES.isdisjoint(vals):
            self._own_files()
        return result

    # === ACTIONS === #

    def action_settle(self):
        """Note that the damages are settled; the customers' care ends."""
        for damage in self:
            if not (damage.result or "").strip():
                raise UserError(
                    self.env._(
                        "Write how it ended for %(customer)s before you settle it.",
                        customer=damage.partner_id.name,
                    )
                )
        today = self.env["cr.care.case"]._get_today()
        self._get_cases()._end("won", won_on=today)
        self.write({"state": "settled", "settled_on": today})

    # === BUSINESS === #

    def _own_files(self):
        """Hang files that were uploaded before the damage was saved on it.

        Until then they are their uploader's only, and the form would open for nobody
        else.
        """
        for damage in self:
            # Raised rights: to look at files that may be somebody else's.
            files = (damage.photo_ids | damage.survey_ids).sudo()
            loose = files.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.sudo(False).write({"res_model": self._name, "res_id": damage.id})

    def _get_cases(self):
        """Return the live care cases of the damages."""
        # Raised rights: whoever may see the damage may see when he is contacted.
        cases = self.env["cr.care.case"].sudo().search(
            [
                ("campaign_id", "in", self.campaign_id.ids),
                ("vehicle_id", "in", self.vehicle_id.ids),
                ("state", "in", ("open", "booked")),
            ]
        )
        mine = {(damage.campaign_id, damage.vehicle_id) for damage in self}
        return cases.filtered(lambda case: (case.campaign_id, case.vehicle_id) in mine)

    def _open_cases(self, today):
        """Open the care of the damages now and take its first step (CAM-04).

        :param datetime.date today: day of the launch
        :return: how many cases were opened
        """
        opened = 0
        # Raised rights: cases and messages are made for whoever enters the damage.
        for plan in self.campaign_id.plan_id.sudo():
            version = plan._get_versions(today).get(plan.id)
            if version:
                since = step_date(today, -plan.look_back_days - 1)
                mine = SQL("AND s.id = ANY(%s)", self.ids)
                dates = plan._slice_sql(since, today, mine)
                opened += plan._open(version, today, dates, 0, len(self) * 2)[2]
        for campaign in self.campaign_id.sudo():
            campaign._ask_gifts()
        if opened:
            self.env.ref("cr_dealership.ir_cron_care_take").sudo()._trigger()
        return opened

    @api.model
    def _found_sql(self):
        """Return the query that adds customer, car and incident to the damages picked.

        Part of `cr.care.plan._open`.
        """
        return SQL("""
            SELECT picked.anchor_on, d.partner_id, d.vehicle_id, d.company_id,
                   d.campaign_id
              FROM picked JOIN cr_care_damage d ON d.id = picked.id
             WHERE d.state = 'open'
            """)
