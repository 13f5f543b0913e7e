from odoo import api, models

from odoo.addons.cr_dealership.models.cr_story_source_mixin import StorySource


class CrStory(models.AbstractModel):
    """Complaints stand in the story of customer and car (CPL-27)."""

    _inherit = "cr.story"

    @api.model
    def _story_kinds(self):
        """Return the kinds of entries, with complaints among them."""
        return {**super()._story_kinds(), "complaint": self.env._("Complaints")}

    @api.model
    def _story_sources(self, record):
        """Return where the entries come from, with complaints."""
        source = StorySource(
            "complaint",
            "cr.complaint",
            "received_at",
            self._get_car_domain(record, "received_at"),
            self._describe_complaint,
            ("name", "subject", "stage", "grade_id", "company_id"),
            "fa-exclamation-triangle",
        )
        return {**super()._story_sources(record), "complaints": source}

    @api.model
    def _describe_complaint(self, complaint):
        labels = dict(complaint._fields["stage"]._description_selection(self.env))
        parts = (complaint.name, complaint.grade_id.name, labels[complaint.stage])
        return {
            "title": " · ".join(part for part in parts if part),
            "text": complaint.subject,
            "store": complaint.company_id.name,
        }
