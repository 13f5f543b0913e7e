from odoo import api, fields, models


class CrCareCaseTopicMixin(models.AbstractModel):
    """What the customer of a case was told, topic by topic (REL-02)."""

    _name = "cr.care.case.topic.mixin"
    _description = "Care case: topics"

    told_topic_ids = fields.Many2many(
        "cr.care.topic", string="Told about", tracking=True
    )
    open_topics = fields.Char(
        string="Not told yet",
        compute="_compute_open_topics",
        help="Topics of the plan's call scripts that nobody ticked.",
    )

    @api.depends("told_topic_ids", "version_id.step_ids.script_id")
    @api.depends_context("lang")
    def _compute_open_topics(self):
        for case in self:
            lines = case.version_id.step_ids.script_id.version_id.line_ids
            left = lines.topic_id - case.told_topic_ids
            case.open_topics = ", ".join(left.sorted().mapped("name"))

    def _add_topics(self, topic_ids):
        """Note what the customer was told; what stands there already stays.

        :param topic_ids: ids of `cr.care.topic`
        """
        topics = self.env["cr.care.topic"].browse(topic_ids).exists()
        if topics:
            # Raised rights: what a call brings is written by whoever made the call.
            self.sudo().told_topic_ids |= topics
