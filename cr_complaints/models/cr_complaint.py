from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import CHANNELS, EMOTIONS, OPEN_STAGES, STAGES

# Follow from what happened; the buttons write them.
_KEPT_FIELDS = frozenset(
    (
        "stage",
        "grade_id",
        "owner_id",
        "round",
        "name",
        "company_id",
        "received_at",
        "is_paused",
        "answered_at",
        "solved_at",
        "closed_at",
        "reader_ids",
        "verified_by_id",
    )
)
# What drawing a number asks of a sequence.
_DRAWN_FIELDS = ("implementation", "use_date_range", "prefix", "suffix", "padding")


class CrComplaint(models.Model):
    """A customer who is not satisfied, until somebody else hears that he is (CPL-01).

    One owner, one grade, an append-only log, and clocks that follow from it.
    """

    _name = "cr.complaint"
    _description = "Complaint"
    _inherit = [
        "cr.complaint.customer.mixin",
        "cr.complaint.follower.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "cr.complaint.log.mixin",
        "cr.complaint.warranty.mixin",
        "cr.complaint.grade.mixin",
        "cr.complaint.stage.mixin",
        "cr.complaint.alert.mixin",
        "cr.complaint.reward.mixin",
        "cr.complaint.close.mixin",
        "cr.complaint.similar.mixin",
    ]
    _order = "next_deadline_at, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    # --- who ---
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", tracking=True
    )
    contact = fields.Char(
        string="Name as given", help="Where the customer is not on file yet."
    )
    phone = fields.Char(
        string="Telephone", compute="_compute_contact", store=True, readonly=False
    )
    email = fields.Char(compute="_compute_contact", store=True, readonly=False)
    vehicle_id = fields.Many2one("cr.vehicle", string="Car", index="btree_not_null")
    plate = fields.Char(related="vehicle_id.plate")
    model_id = fields.Many2one(
        related="vehicle_id.model_id", string="Model", store=True
    )
    order_id = fields.Many2one(
        "cr.service.order",
        string="Work order",
        index="btree_not_null",
        domain="[('vehicle_id', '=', vehicle_id)]",
    )
    advisor_id = fields.Many2one(
        related="order_id.advisor_id", string="Service advisor", store=True
    )
    # --- what ---
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    received_at = fields.Datetime(
        required=True, default=fields.Datetime.now, copy=False
    )
    recorder_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        default=lambda self: self.env.user,
        readonly=True,
    )
    subject = fields.Char(string="In short", required=True)
    content = fields.Text(string="What happened, in his words")
    demand = fields.Text(string="What the customer wants")
    demand_amount = fields.Monetary(string="Demanded amount")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        compute="_compute_cost", store=True, help="What was approved, in money."
    )
    emotion = fields.Selection(EMOTIONS, default="calm")
    category_id = fields.Many2one(
        "cr.complaint.category", index=True, ondelete="restrict", tracking=True
    )
    part = fields.Char(string="Part or item", help="E.g. gearbox, paint, invoice.")
    role_id = fields.Many2one(
        "cr.role",
        string="Responsible department",
        compute="_compute_role_id",
        store=True,
        readonly=False,
        tracking=True,
    )
    dispatched_at = fields.Datetime(string="Passed on at", readonly=True, copy=False)
    origin_model = fields.Char(readonly=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    outside_ids = fields.One2many(
        "cr.complaint.outside", "complaint_id", string="Outside bodies"
    )
    case_ids = fields.One2many(
        "cr.complaint.case", "complaint_id", string="Case analysis"
    )
    # --- how it stands ---
    stage = fields.Selection(
        STAGES, required=True, default="received", tracking=True, group_expand=True
    )
    owner_id = fields.Many2one(
        "res.users", string="Responsible", index="btree_not_null", tracking=True
    )
    reader_ids = fields.Many2many(
        "res.users",
        "cr_complaint_reader_rel",
        string="May read it",
        copy=False,
        help="Who owned it, was told by the ladder, or has a measure to carry out.",
    )
    color = fields.Integer(related="grade_id.color")
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")

    _number_unique = models.Constraint(
        "UNIQUE (company_id, name)", "This number is taken already."
    )
    _origin_unique = models.UniqueIndex(
        "(origin_model, origin_id) WHERE origin_model IS NOT NULL",
        "A complaint was already made of this.",
    )
    _open_partner_index = models.Index("(partner_id) WHERE stage <> 'closed'")
    _open_vehicle_index = models.Index("(vehicle_id) WHERE stage <> 'closed'")
    _store_index = models.Index("(company_id, received_at)")

    # === COMPUTE === #

    @api.depends("partner_id")
    def _compute_contact(self):
        for complaint in self:
            partner = complaint.partner_id
            complaint.phone = complaint.phone or partner.mobile or partner.phone
            complaint.email = complaint.email or partner.email

    @api.depends("category_id")
    def _compute_role_id(self):
        for complaint in self.filtered("category_id"):
            complaint.role_id = complaint.role_id or complaint.category_id._get_role()

    @api.depends("compensation_ids.state", "compensation_ids.amount")
    def _compute_cost(self):
        """Sum up what was approved."""
        for complaint in self:
            approved = complaint.compensation_ids.filtered(
                lambda one: one.state in ("approved", "given")
            )
            complaint.cost = sum(approved.mapped("amount"))

    @api.depends("name", "subject", "partner_id.name")
    def _compute_display_name(self):
        for complaint in self:
            who = complaint.partner_id.name or complaint.contact
            parts = (complaint.name, who, complaint.plate)
            complaint.display_name = " · ".join(part for part in parts if part)

    @api.depends("stage")
    def _compute_is_open(self):
        for complaint in self:
            complaint.is_open = complaint.stage in OPEN_STAGES

    def _search_is_open(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return [("stage", "in", OPEN_STAGES)]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give number, grade, owner and clocks; once for the whole batch."""
        vals_list = [self._prepare_new(vals) for vals in vals_list]
        self._number(vals_list)
        # The log says that it was received; the chatter need not say it again.
        quiet = self.with_context(tracking_disable=True)
        complaints = super(CrComplaint, quiet).create(vals_list).with_env(self.env)
        if complaints:
            complaints._open_file()
        return complaints

    def write(self, vals):
        """Let people write the file; what happened writes the rest."""
        if not self.env.su and (kept := _KEPT_FIELDS & set(vals)):
            self._check_dragged(vals, kept)
            if set(vals) == {"stage"}:
                self._go_to(vals["stage"])
                return True
        result = super().write(vals)
        self._follow_facts(vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if not self.env.context.get("_force_unlink"):
            raise UserError(
                self.env._("Complaints are kept for good; close them with a result.")
            )

    def _prepare_new(self, vals):
        """Return the values of a new complaint; it begins as received."""
        if self.env.su:
            return dict(vals)
        free = {"company_id", "received_at"}
        given = {name for name in _KEPT_FIELDS - free if vals.get(name)}
        if given - {"stage", "name"} or vals.get("stage", "received") != "received":
            raise AccessError(
                self.env._(
                    "A complaint begins as received; use the buttons after that."
                )
            )
        return {name: value for name, value in vals.items() if name != "name"}

    def _number(self, vals_list):
        """Give each its number, counted by store; one query for each store."""
        by_store = {}
        for vals in vals_list:
            store_id = vals.get("company_id") or self.env.company.id
            by_store.setdefault(store_id, []).append(vals)
        # Raised rights: whoever records a complaint draws a number.
        sequences = self.env["ir.sequence"].sudo()
        for store_id, some in by_store.items():
            sequence = sequences.search_fetch(
                [
                    ("code", "=", "cr.complaint"),
                    ("company_id", "in", (store_id, False)),
                ],
                _DRAWN_FIELDS,
                order="company_id",
                limit=1,
            )
            for vals, number in zip(some, sequence._cr_draw(len(some)), strict=True):
                vals["name"] = number

    def _open_file(self):
        """Grade, pass on and start the clocks of new complaints."""
        # What a new complaint begins with is no change to tell of.
        new = self.with_context(tracking_disable=True, cr_is_followed=True)
        # Of the many columns of a contact these are asked for.
        contacts = self.partner_id | self.company_id.partner_id
        contacts.sudo().fetch(["name", "tz", "mobile", "phone", "email"])
        new._preset_grade()
        self.env["cr.complaint.clock"]._start(self, self._log_received())
        new._hand_to_owner()
        new._tell_supervisor()
        self._subscribe_first()
        self._mark_vehicles()

    def _check_dragged(self, vals, kept):
        """Raise unless somebody drags a card to another stage, and nothing else."""
        if kept != {"stage"} or set(vals) != {"stage"}:
            field = self._fields[min(kept)].get_description(self.env, ["string"])
            raise AccessError(
                self.env._(
                    "“%(field)s” of a complaint follows from what happens; use the"
                    " buttons.",
                    field=field["string"],
                )
            )

    @api.model
    def _open_from(self, records, subject, words):
        """Open a complaint for customers who said elsewhere that they are unhappy.

        :param records: records with customer, car and store
        """
        # Raised rights: who hears of it need not be allowed to write complaints.
        complaints = self.sudo()
        known = complaints.search(
            [("origin_model", "=", records._name), ("origin_id", "in", records.ids)]
        ).mapped("origin_id")
        return complaints.create(
            [
                {
                    "company_id": record.company_id.id,
                    "channel": "callback",
                    "partner_id": record.partner_id.id,
                    "vehicle_id": record.vehicle_id.id,
                    "subject": subject,
                    "content": words or False,
                    "origin_model": record._name,
                    "origin_id": record.id,
                }
                for record in records
                if record.id not in known
            ]
        )

    @api.model
    def _get_list_action(self, domain):
        """Return the action that lists complaints."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_complaints.cr_complaint_action"
        )
        return {**action, "domain": domain, "context": {}}

    def _mark_vehicles(self):
        """Have the churn score of the customers' cars looked at again (RCL-15)."""
        # Raised rights: who records a complaint need not be allowed to see cars.
        partners = self.sudo().partner_id
        vehicles = self.sudo().vehicle_id | partners.cr_role_ids.vehicle_id
        vehicles._mark_churn()
