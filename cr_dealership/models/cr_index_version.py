from odoo import api, fields, models
from odoo.tools import SQL


class CrIndexVersion(models.Model):
    """Weights of an index from a day on; any month is computed under any of them."""

    _name = "cr.index.version"
    _description = "Weights of an index"
    _inherit = ["cr.version.mixin"]
    _order = "index_id, valid_from desc, number desc"

    _version_of = "index_id"

    index_id = fields.Many2one(
        "cr.index", required=True, index=True, ondelete="cascade"
    )
    line_ids = fields.One2many("cr.index.line", "version_id", copy=True)
    total_weight = fields.Float(compute="_compute_total_weight")
    min_share = fields.Float(
        string="Least share answered",
        required=True,
        default=0.5,
        help="An interview counts when its answered factors carry at least this share"
        " of the weight; below it nothing is guessed. Assumed.",
    )
    source = fields.Char(
        help="Where the weights come from. Weights that are not public are equal."
    )
    benchmark = fields.Float(
        string="Benchmark (points)",
        digits=(6, 0),
        aggregator=None,
        help="Published result of the study; not on the same scale as our interviews.",
    )

    _number_unique = models.Constraint(
        "UNIQUE (index_id, number)", "This index already has that version."
    )
    _min_share_range = models.Constraint(
        "CHECK (min_share > 0 AND min_share <= 1)",
        "The least share lies between 0 and 100 %.",
    )

    @api.depends("line_ids.weight")
    def _compute_total_weight(self):
        for version in self:
            version.total_weight = sum(version.line_ids.mapped("weight"))

    @api.depends("index_id.name", "note")
    def _compute_display_name(self):
        done = super()._compute_display_name()
        for version in self.filtered("note"):
            version.display_name += f" ({version.note})"
        return done

    # === BUSINESS === #

    def action_put_in_force(self):
        """Use the weights, and compute all interviews under them."""
        done = super().action_put_in_force()
        # sudo: scores are written by this model only.
        for index in self.index_id:
            self.sudo()._store_scores(index=index)
        return done

    def action_compute(self):
        """Compute all interviews under these weights, also those of a draft."""
        self.sudo()._store_scores(version=self)
        return self.action_view_figures()

    def action_view_figures(self):
        """Open the figures under these weights."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cr_dealership.cr_index_report_action"
        )
        action["domain"] = [("version_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _store_scores(self, interviews=None, index=None, version=None):
        """Compute scores from the answers: of some interviews, an index or a version.

        One statement for any number of interviews.

        :param interviews: only these; all without
        :param index: only under the versions of this index, not its drafts
        :param version: only under this one, a draft too
        """
        self.env.flush_all()
        if interviews is not None and not interviews:
            return
        which = [SQL("TRUE")]
        if interviews is not None:
            which.append(SQL("i.id IN %s", tuple(interviews.ids)))
        if index:
            which.append(SQL("x.id = %s", index.id))
        which.append(
            SQL("v.id = %s", version.id) if version else SQL("v.state <> 'draft'")
        )
        self.env.cr.execute(self._scores_sql(SQL(" AND ").join(which)))
        self.env["cr.interview.score"].invalidate_model()

    def _scores_sql(self, which):
        """Return the statement that writes scores; see `cr.index` for the rule.

        Rows of answers that no longer carry enough weight are taken away by it too.
        """
        return SQL(
            """
            WITH pair AS (%s), factor AS (%s), fresh AS (%s),
            gone AS (
                DELETE FROM cr_interview_score s USING pair p
                 WHERE s.interview_id = p.interview_id AND s.version_id = p.version_id
                   AND NOT EXISTS (SELECT FROM fresh n
                                    WHERE n.interview_id = s.interview_id
                                      AND n.version_id = s.version_id))
            INSERT INTO cr_interview_score
                   (interview_id, version_id, is_current, score, share)
            SELECT interview_id, version_id, COALESCE(is_current, FALSE), score, share
              FROM fresh
            ON CONFLICT (interview_id, version_id) DO UPDATE
               SET is_current = EXCLUDED.is_current, score = EXCLUDED.score,
                   share = EXCLUDED.share
            """,
            self._pairs_sql(which),
            self._factors_sql(),
            self._points_sql(),
        )

    def _pairs_sql(self, which):
        """Return the query of interviews and the versions to compute them under."""
        return SQL(
            """
            SELECT i.id AS interview_id, v.id AS version_id, v.min_share,
                   i.day >= p.valid_from
                   AND (p.until IS NULL OR i.day < p.until) AS is_current,
                   (SELECT SUM(weight) FROM cr_index_line WHERE version_id = v.id)
                   AS total
              FROM cr_index x
              JOIN cr_index_version v ON v.index_id = x.id
              LEFT JOIN (%s) p ON p.id = v.id
              JOIN cr_interview i ON i.kind = x.kind AND i.state IN ('done', 'broken')
             WHERE %s
            """,
            self.env["cr.index"]._periods_sql(),
            which,
        )

    def _factors_sql(self):
        """Return the query of the factor means: valid scores by their weight."""
        return SQL("""
            SELECT a.interview_id, q.cr_factor_id AS factor_id,
                   SUM(q.cr_weight * a.score) / SUM(q.cr_weight) AS mean
              FROM cr_interview_answer a
              JOIN survey_question q ON q.id = a.question_id
             WHERE a.is_scored AND q.cr_weight > 0 AND q.cr_factor_id IS NOT NULL
               AND a.interview_id IN (SELECT interview_id FROM pair)
               AND NOT EXISTS (SELECT FROM cr_interview_answer newer
                                WHERE newer.corrects_id = a.id)
             GROUP BY a.interview_id, q.cr_factor_id
            """)

    def _points_sql(self):
        """Return the query of the points: factor means by the weights answered."""
        return SQL("""
            SELECT p.interview_id, p.version_id, p.is_current,
                   100 * SUM(l.weight * f.mean) / SUM(l.weight) AS score,
                   SUM(l.weight) / p.total AS share
              FROM pair p
              JOIN factor f ON f.interview_id = p.interview_id
              JOIN cr_index_line l
                ON l.version_id = p.version_id AND l.factor_id = f.factor_id
             WHERE l.weight > 0
             GROUP BY p.interview_id, p.version_id, p.is_current, p.min_share, p.total
            HAVING SUM(l.weight) >= p.min_share * p.total
            """)

    def _describe_fixed(self):
        return self.env._(
            "Indices were computed under %(version)s, so its weights stay; make a new"
            " version instead.",
            version=self.display_name,
        )

    def _describe_obstacle(self):
        if self.state == "draft" and self.total_weight > 0:
            return None
        return self.env._(
            "%(version)s needs factors with weights and must be a draft; add them"
            " first.",
            version=self.display_name,
        )


class CrIndexLine(models.Model):
    """How much a factor counts in a version; only the proportions matter."""

    _name = "cr.index.line"
    _description = "Weight of a factor"
    _inherit = ["cr.version.line.mixin"]
    _order = "version_id, weight desc, id"

    version_id = fields.Many2one(
        "cr.index.version", required=True, index=True, ondelete="cascade"
    )
    factor_id = fields.Many2one(
        "cr.factor", required=True, index=True, ondelete="restrict"
    )
    weight = fields.Float(required=True, default=1.0)
    share = fields.Float(compute="_compute_share", help="Its part of all weights.")

    _factor_unique = models.Constraint(
        "UNIQUE (version_id, factor_id)", "This factor has its weight already."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "A weight is not below zero."
    )

    @api.depends("weight", "version_id.total_weight")
    def _compute_share(self):
        for line in self:
            total = line.version_id.total_weight
            line.share = line.weight / total if total else 0.0
