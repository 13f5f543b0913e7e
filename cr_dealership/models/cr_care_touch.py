from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import PURPOSES, TOUCH_CHANNELS, TOUCH_SUBJECTS


class CrCareTouch(models.Model):
    """A contact between a person and a department: the ledger of them all (COM-01).

    Calls and messages write it themselves, the rest is logged by hand. Append-only: a
    correction or an answer is a new row that names the old one. The cap on contacts
    counts the outgoing ones.
    """

    _name = "cr.care.touch"
    _description = "Contact with a customer"
    _inherit = ["cr.append.only.mixin", "cr.keyed.mixin"]
    _order = "at desc, id desc"
    _rec_name = "content"

    _movable_columns = ("partner_id",)

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="restrict"
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", ondelete="restrict"
    )
    at = fields.Datetime(string="When", required=True)
    day = fields.Date(required=True, help="By the clock of the store.")
    channel = fields.Selection(TOUCH_CHANNELS, required=True)
    direction = fields.Selection(
        [("out", "We contacted"), ("in", "The customer contacted us")], required=True
    )
    purpose = fields.Selection(PURPOSES)
    department = fields.Char()
    user_id = fields.Many2one("res.users", string="Who", ondelete="restrict")
    content = fields.Char(string="What was said")
    need = fields.Char(string="What is wanted")
    about = fields.Selection(TOUCH_SUBJECTS)
    handed_to_id = fields.Many2one(
        "res.users", string="Handed to", ondelete="restrict"
    )
    is_counted = fields.Boolean(
        string="Counts for the cap",
        help="We contacted the customer: so many contacts in so many days are enough.",
    )
    is_question = fields.Boolean(
        string="Waits for an answer", help="It was not answered at once."
    )
    answer_by = fields.Datetime(help="An answer is late after this moment.")
    answers_id = fields.Many2one(
        "cr.care.touch", string="Answer to", index="btree_not_null", ondelete="restrict"
    )
    answer_ids = fields.One2many("cr.care.touch", "answers_id", string="Answers")
    answer_state = fields.Selection(
        [
            ("late", "Late"),
            ("open", "Waits for an answer"),
            ("answered", "Answered later"),
            ("at_once", "Answered at once"),
        ],
        string="Answer",
        compute="_compute_answer_state",
    )
    corrects_id = fields.Many2one(
        "cr.care.touch", index="btree_not_null", ondelete="restrict"
    )
    correction_ids = fields.One2many(
        "cr.care.touch", "corrects_id", string="Corrected by"
    )

    _key_unique = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL", "This contact already stands in the ledger."
    )
    _corrects_unique = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "This contact was already corrected; correct the correction.",
    )
    # The cap on contacts asks by customer and day, the story by customer.
    _partner_day_index = models.Index("(partner_id, day)")
    _question_index = models.Index("(company_id, answer_by) WHERE is_question")
    _store_at_index = models.Index("(company_id, at)")

    @api.depends("answer_ids", "is_question", "answer_by", "direction")
    def _compute_answer_state(self):
        now = fields.Datetime.now()
        for touch in self:
            if touch.direction == "out":
                touch.answer_state = False
            elif not touch.is_question:
                touch.answer_state = "at_once"
            elif touch.answer_ids:
                touch.answer_state = "answered"
            else:
                touch.answer_state = "late" if touch.answer_by < now else "open"

    # === WRITING === #

    @api.model
    def _log(self, vals_list):
        """Write contacts into the ledger; a key that stands there is left out.

        The number of queries does not depend on the number of rows. The caller has
        checked that the contacts happened; nobody has the right to write here.

        :param list vals_list: `partner_id`, `channel`, `direction`; the rest has
            defaults: now, the current store and user, his department
        :return: the new rows
        """
        full = [self._prepare_touch(vals) for vals in vals_list]
        departments = self._get_departments({vals["user_id"] for vals in full})
        for vals in full:
            vals.setdefault("department", departments.get(vals["user_id"]))
        return self._insert_new(full)

    @api.model
    def _prepare_touch(self, vals):
        """Return the values of one row with all that follows from them."""
        company = self.env["res.company"].browse(vals.get("company_id"))
        company = company or self.env.company
        at = vals.get("at") or fields.Datetime.now()
        is_question = bool(vals.get("is_question")) and vals["direction"] == "in"
        full = {
            "user_id": self.env.uid,
            "is_counted": vals["direction"] == "out",
            **vals,
            "company_id": company.id,
            "at": at,
            # sudo: the clock of the store is no secret of the store.
            "day": company.sudo()._cr_local_day(at),
            "is_question": is_question,
        }
        if is_question:
            # sudo: as above.
            hours = company.sudo().cr_answer_hours
            full["answer_by"] = at + timedelta(hours=hours)
        return full

    @api.model
    def _get_departments(self, user_ids):
        """Return {user id: name of his department}."""
        # sudo: a department is no secret, the employee's file is.
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search_fetch(
                [("user_id", "in", list(user_ids)), ("department_id", "!=", False)],
                ["user_id", "department_id"],
            )
        )
        return {
            employee.user_id.id: employee.department_id.name for employee in employees
        }

    @api.model
    def _get_by_keys(self, keys):
        """Return {key: id} of the rows that stand in the ledger."""
        rows = self.env.execute_query(
            SQL("SELECT key, id FROM cr_care_touch WHERE key = ANY(%s)", list(keys))
        )
        return dict(rows)

    # === READING === #

    @api.model
    def _count_recent_sql(self, partner_expr, since_expr):
        """Return an SQL expression: how often a customer was contacted since a day.

        Several contacts of one day on one channel count once; a corrected one counts
        as its correction says. The caller flushes the model before.

        :param SQL partner_expr: the customer's id
        :param SQL since_expr: the first day that counts
        :rtype: SQL
        """
        return SQL(
            "(SELECT COUNT(*) FROM (%s) AS recent)",
            self._recent_sql(SQL("= %s", partner_expr), since_expr),
        )

    @api.model
    def _recent_sql(self, partner_condition, since_expr):
        """Return the query for the contacts that count, as (customer, day, channel).

        :param SQL partner_condition: what follows the customer's id: `= …`, `= ANY(…)`
        :param SQL since_expr: the first day that counts
        :rtype: SQL
        """
        return SQL(
            """SELECT DISTINCT touch.partner_id, touch.day, touch.channel
                 FROM cr_care_touch touch
                WHERE touch.partner_id %s AND touch.day >= %s AND touch.is_counted
                  AND NOT EXISTS (SELECT FROM cr_care_touch newer
                                   WHERE newer.corrects_id = touch.id)""",
            partner_condition,
            since_expr,
        )

    @api.model
    def _get_open_domain(self):
        """Return the domain of what customers asked and nobody answered."""
        return [
            ("is_question", "=", True),
            ("answer_ids", "=", False),
            ("correction_ids", "=", False),
        ]

    # === ACTIONS === #

    def action_view_answer(self):
        """Ask what was answered."""
        self.ensure_one()
        return self._get_form_action(
            self.env._("Answer"),
            {
                "default_answers_id": self.id,
                "default_direction": "out",
                "default_channel": self.channel,
            },
        )

    def action_view_correct(self):
        """Ask how it really was."""
        self.ensure_one()
        names = ("channel", "direction", "purpose", "content", "need", "is_question")
        values = {f"default_{name}": self[name] for name in names}
        return self._get_form_action(
            self.env._("Correct the contact"),
            {"default_corrects_id": self.id, "default_at": self.at, **values},
        )

    def _get_form_action(self, name, context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "cr.care.touch.record",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_vehicle_id": self.vehicle_id.id,
                **context,
            },
        }
