from odoo import api, fields, models
from odoo.tools import SQL


class CrComplaintCase(models.Model):
    """What a complaint taught: opinion, course, cause, improvement (CPL-21)."""

    _name = "cr.complaint.case"
    _description = "Case of the library"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(string="Case", required=True)
    complaint_id = fields.Many2one("cr.complaint", index="btree_not_null")
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    category_id = fields.Many2one(
        "cr.complaint.category", index="btree_not_null", ondelete="restrict"
    )
    model_id = fields.Many2one("fleet.vehicle.model")
    part = fields.Char(string="Part or item")
    opinion = fields.Text(string="What the customer says")
    process = fields.Text(string="How it was handled")
    cause = fields.Text(string="Root cause", required=True)
    improvement = fields.Text(string="Improvement in the shop")
    prevention = fields.Text(string="So that it does not happen again")
    improvement_by_id = fields.Many2one("res.users", string="Who carries it out")
    improvement_until = fields.Date(string="Until")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    improved_on = fields.Date(readonly=True, copy=False)
    keywords = fields.Char(compute="_compute_keywords", store=True)
    repeat_count = fields.Integer(
        string="Happened again",
        compute="_compute_repeat_count",
        help="Complaints about the same part in the same category since the"
        " improvement was carried out (CPL-24).",
    )

    _complaint_unique = models.UniqueIndex(
        "(complaint_id) WHERE complaint_id IS NOT NULL",
        "This complaint already has its case.",
    )

    def init(self):
        """Index the words, so that similar cases are found at once."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS cr_complaint_case_keywords_trgm"
                " ON cr_complaint_case USING gin (keywords gin_trgm_ops)"
            )
        )
        return result

    @api.depends("name", "part", "cause", "opinion", "category_id.name")
    def _compute_keywords(self):
        for case in self:
            words = (case.name, case.part, case.category_id.name, case.cause)
            case.keywords = " ".join(word for word in (*words, case.opinion) if word)

    @api.depends("improved_on", "part", "category_id")
    def _compute_repeat_count(self):
        groups = []
        improved = self.filtered(lambda one: one.improved_on and one.part)
        if improved:
            # Raised rights: a hidden complaint shows that it happened again, too.
            groups = self.env["cr.complaint"].sudo()._read_group(
                [
                    ("company_id", "in", improved.company_id.ids),
                    ("category_id", "in", improved.category_id.ids),
                    ("part", "in", improved.mapped("part")),
                ],
                ["company_id", "category_id", "part", "received_at:day"],
                ["__count"],
            )
        for case in self:
            case.repeat_count = sum(
                count
                for company, category, part, day, count in groups
                if (company, category, part)
                == (case.company_id, case.category_id, case.part)
                and case.improved_on
                and day.date() > case.improved_on
            )

    @api.onchange("complaint_id")
    def _onchange_complaint_id(self):
        """Take over what the complaint knows."""
        complaint = self.complaint_id
        if complaint:
            self.update(complaint._prepare_case())

    def action_approve(self):
        """The supervisor agrees with cause and improvement (CPL-28)."""
        self.check_access("write")
        # Raised rights: who approved is written by the button alone.
        self.sudo().write({"approved_by_id": self.env.uid})

    def action_improved(self):
        """The improvement is carried out."""
        self.improved_on = fields.Date.context_today(self)

    @api.model
    def _find_similar(self, words, category=None, model=None, limit=5):
        """Return earlier cases that resemble words, category and model; best first.

        :param str words: what was said, and the part
        """
        words = " ".join((words or "").split())[:200]
        if not words and not category:
            return self.browse()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, word_similarity(%(words)s, keywords)
                          + CASE WHEN category_id = %(category)s THEN 0.3 ELSE 0 END
                          + CASE WHEN model_id = %(model)s THEN 0.1 ELSE 0 END AS rank
                     FROM cr_complaint_case
                    WHERE company_id = ANY(%(stores)s)
                      AND (%(words)s <%% keywords OR category_id = %(category)s)
                    ORDER BY rank DESC, id DESC LIMIT %(limit)s""",
                words=words,
                category=(category and category.id) or None,
                model=(model and model.id) or None,
                stores=self.env.companies.ids,
                limit=limit,
            )
        )
        return self.browse([row[0] for row in rows])._filtered_access("read")
