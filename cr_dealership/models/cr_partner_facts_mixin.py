import json

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..const import CR_USER, DUE_KINDS, FREQUENCY_CLASSES, STAGES, VALUE_CLASSES
from ..tools.partner_facts import FACT_TYPES, FACTS_QUERY, work_out

_BATCH = 1000


class CrPartnerFactsMixin(models.AbstractModel):
    """What cars, orders and deliveries say about a customer, as stored facts.

    `_cr_refresh_facts` works them out for any number of customers with the same
    number of queries; whoever changes what they rest on calls it. Time alone moves a
    customer only when his `cr_stage_until` has come.
    """

    _name = "cr.partner.facts.mixin"
    _description = "Facts of a customer"

    cr_role_ids = fields.One2many(
        "cr.vehicle.role", "partner_id", string="Cars", groups=CR_USER
    )
    cr_is_customer = fields.Boolean(
        string="Customer of ours",
        readonly=True,
        copy=False,
        groups=CR_USER,
        help="Has or had a car in our books, or came to the shop.",
    )
    cr_vehicle_count = fields.Integer(
        string="Cars owned", readonly=True, copy=False, groups=CR_USER
    )
    cr_bought_count = fields.Integer(
        string="Cars bought from us", readonly=True, copy=False, groups=CR_USER
    )
    cr_plates = fields.Char(
        string="Plates", readonly=True, copy=False, index="trigram", groups=CR_USER
    )
    cr_main_vehicle_id = fields.Many2one(
        "cr.vehicle",
        string="Main car",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=CR_USER,
        help="The car that came to the shop last, else the newest.",
    )
    cr_due_on = fields.Date(
        string="Next due",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=CR_USER,
    )
    cr_due_kind = fields.Selection(
        DUE_KINDS, string="What is due", readonly=True, copy=False, groups=CR_USER
    )
    cr_due_reason = fields.Char(
        string="Why", compute="_compute_cr_due_reason", groups=CR_USER
    )
    cr_last_visit_on = fields.Date(
        string="Last visit", readonly=True, copy=False, groups=CR_USER
    )
    cr_last_delivery_on = fields.Date(
        string="Last delivery", readonly=True, copy=False, groups=CR_USER
    )
    cr_spend = fields.Float(
        string="Spend in the window",
        readonly=True,
        copy=False,
        groups="cr_dealership.group_cr_dealership_price",
        help="Price of cars delivered and settled work orders in the months that the"
        " settings name.",
    )
    cr_frequency_class = fields.Selection(
        FREQUENCY_CLASSES,
        string="Purchase frequency",
        readonly=True,
        copy=False,
        groups=CR_USER,
    )
    cr_value_class = fields.Selection(
        VALUE_CLASSES,
        string="Customer value",
        readonly=True,
        copy=False,
        groups=CR_USER,
    )
    cr_stage = fields.Selection(
        STAGES, string="Lifecycle stage", readonly=True, copy=False, groups=CR_USER
    )
    cr_stage_until = fields.Date(
        string="Stage holds until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=CR_USER,
        help="First day of the next stage if nothing but time passes.",
    )

    # === COMPUTE === #

    @api.depends("cr_due_on", "cr_due_kind")
    @api.depends_context("lang")
    def _compute_cr_due_reason(self):
        due = self.filtered("cr_due_on")
        # sudo: the sentence names a car of the customer, whom the user may read.
        roles = (
            self.env["cr.vehicle.role"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", due._origin.ids),
                    ("role", "in", ("owner", "driver")),
                    ("vehicle_id.due_on", "!=", False),
                ],
                ["partner_id", "vehicle_id"],
                order="id",
            )
        )
        by_partner = roles.grouped("partner_id")
        for partner in self:
            vehicle = by_partner.get(partner._origin, roles.browse()).vehicle_id
            vehicle = vehicle.filtered(
                lambda car, partner=partner: car.due_on == partner.cr_due_on
                and car.due_kind == partner.cr_due_kind
            )[:1]
            words = (vehicle.plate, vehicle.due_reason)
            partner.cr_due_reason = " ".join(filter(None, words)) or False

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A value class given with a new file counts at once."""
        partners = super().create(vals_list)
        # By the values, for who creates a contact need not see its class.
        if any(vals.get("cr_value_override") for vals in vals_list):
            partners._cr_refresh_facts()
        return partners

    def write(self, vals):
        """A value class set or cleared by hand counts at once."""
        result = super().write(vals)
        if "cr_value_override" in vals:
            self._cr_refresh_facts()
        return result

    # === BUSINESS === #

    def _cr_refresh_facts(self, today=None):
        """Work out and store the facts of the customers in `self`.

        The number of queries does not depend on how many there are. Only rows whose
        facts differ are written, and the user's own change dates stay untouched.

        :param date today: day to judge, today in the store by default
        """
        today = today or self._cr_today()
        self._cr_flush_basis()
        for ids in split_every(_BATCH, self.ids):
            self.browse(ids)._cr_refresh_batch(today)

    def _cr_refresh_batch(self, today):
        """Work out and store the facts of one batch of customers."""
        rows = self.env.execute_query_dict(
            SQL(FACTS_QUERY, ids=list(self.ids), today=today)
        )
        lost_ids = self._cr_get_lost_contact_ids()
        # sudo: the thresholds of every store count, whoever triggers the refresh.
        stores = self.env["res.company"].sudo()
        stores = stores.browse({row["company_id"] for row in rows})
        limits = {store.id: store._cr_get_limits() for store in stores}
        self._cr_store_facts(
            [
                work_out(row, limits[row["company_id"]], today, row["id"] in lost_ids)
                for row in rows
            ]
        )

    @api.model
    def _cr_today(self):
        """Return today by the clock of the store."""
        return self.env.company._cr_today()

    @api.model
    def _cr_flush_basis(self):
        """Write pending values that the facts are worked out from."""
        self.flush_model(["cr_value_override", *FACT_TYPES])
        for model in ("cr.vehicle", "cr.vehicle.role", "cr.service.order"):
            self.env[model].flush_model()
        self.env["res.company"].flush_model(["cr_value_window_months"])

    def _cr_get_lost_contact_ids(self):
        """Return the ids of those in `self` whom nobody can reach any more. Hook."""
        # sudo: the stage counts the lost contacts of every store.
        lost = self.env["cr.lost.contact"].sudo()
        cases = lost.search_fetch(
            [("partner_id", "in", self.ids), ("state", "in", ("open", "searching"))],
            ["partner_id"],
        )
        return set(cases.partner_id.ids)

    def _cr_store_facts(self, facts):
        """Write facts in one statement, and only where they differ.

        :param list facts: dicts with `id` and every column of `FACT_TYPES`
        """
        names = list(FACT_TYPES)
        columns = SQL(", ").join(map(SQL.identifier, names))
        new = SQL(", ").join(SQL.identifier("fact", name) for name in names)
        old = SQL(", ").join(SQL.identifier("who", name) for name in names)
        types = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(type_))
            for name, type_ in FACT_TYPES.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner who SET (%s) = ROW(%s)"
                " FROM json_to_recordset(%s) AS fact(id integer, %s)"
                " WHERE who.id = fact.id AND ROW(%s) IS DISTINCT FROM ROW(%s)",
                columns,
                new,
                json.dumps(facts, default=fields.Date.to_string),
                types,
                old,
                new,
            )
        )
        self.invalidate_recordset([*names, "cr_due_reason"], flush=False)

    @api.model
    def _cr_review_everybody(self):
        """Have the job look at all customers again, as after a new threshold."""
        self.flush_model(["cr_stage_until", "cr_is_customer"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET cr_stage_until = %s WHERE cr_is_customer",
                self._cr_today(),
            )
        )
        self.invalidate_model(["cr_stage_until"], flush=False)
        # sudo: whoever may change a threshold need not have rights on jobs.
        job_sudo = self.env.ref(
            "cr_dealership.ir_cron_res_partner_review_stages"
        ).sudo()
        job_sudo._trigger()

    # === CRONS === #

    @api.model
    def _cron_cr_review_stages(self):
        """Move the customers whose stage has run out; the others cost nothing."""
        progress = self.env["ir.cron"]
        today = self._cr_today()
        progress._commit_progress(remaining=self._cr_count_stages(today))
        last_id = 0
        while batch := self._cr_review_stages(today, last_id):
            last_id = max(batch.ids)
            if not progress._commit_progress(len(batch)):
                break

    @api.model
    def _cr_get_review_domain(self, today):
        """Return the domain of customers whose stage has run out."""
        return [("cr_stage_until", "<=", today), ("active", "in", (True, False))]

    @api.model
    def _cr_count_stages(self, today):
        return self.search_count(self._cr_get_review_domain(today))

    @api.model
    def _cr_review_stages(self, today, after_id=0, limit=_BATCH):
        """Refresh one batch of customers whose stage has run out.

        :param date today: day to judge
        :param int after_id: only customers with a higher id
        :return: the customers of the batch, empty when there are none left
        """
        domain = [*self._cr_get_review_domain(today), ("id", ">", after_id)]
        batch = self.search(domain, order="id", limit=limit)
        # What another node holds is looked at by that node.
        batch.try_lock_for_update()._cr_refresh_facts(today)
        return batch
