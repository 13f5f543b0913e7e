from odoo import api, models

from .cr_story_source_mixin import StorySource


class CrStoryEventMixin(models.AbstractModel):
    """Promotions a customer took part in, in his story (CAM-08)."""

    _name = "cr.story.event.mixin"
    _description = "Participations as a source of a story"
    _inherit = ["cr.story.source.mixin"]

    @api.model
    def _story_kinds(self):
        """Return the kinds of entries, with participations among them."""
        return {**super()._story_kinds(), "event": self.env._("Promotions")}

    @api.model
    def _story_sources(self, record):
        """Return where the entries come from, with participations."""
        participations = StorySource(
            "event",
            "cr.care.participation",
            "day",
            self._get_subject_domain(record),
            self._describe_participation,
            ("campaign_id", "result", "company_id"),
            "fa-ticket",
        )
        return {**super()._story_sources(record), "participations": participations}

    @api.model
    def _describe_participation(self, participation):
        return {
            "title": self.env._(
                "Took part: %s", self._get_name(participation.campaign_id)
            ),
            "text": participation.result or "",
            "store": participation.company_id.name,
        }
