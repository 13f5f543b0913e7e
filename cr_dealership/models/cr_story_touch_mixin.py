from odoo import api, models
from odoo.fields import Domain

from .cr_story_source_mixin import StorySource

_TEXT_MAX = 300


class CrStoryTouchMixin(models.AbstractModel):
    """Contacts with a customer in his story: messages, visits, letters (COM-01)."""

    _name = "cr.story.touch.mixin"
    _description = "Contacts as a source of a story"
    _inherit = ["cr.story.source.mixin"]

    @api.model
    def _story_kinds(self):
        """Return the kinds of entries, with contacts among them."""
        return {
            **super()._story_kinds(),
            "contact": self.env._("Contacts"),
            "booked": self.env._("Appointments"),
        }

    @api.model
    def _story_sources(self, record):
        """Return where the entries come from, with the ledger of contacts."""
        # Calls tell more themselves; a corrected entry was none.
        told = Domain("origin_model", "!=", "cr.call.attempt")
        told &= Domain("correction_ids", "=", False)
        touches = StorySource(
            "contact",
            "cr.care.touch",
            "at",
            self._get_subject_domain(record) & told,
            self._describe_touch,
            ("channel", "direction", "content", "need", "user_id", "company_id"),
            "fa-exchange",
        )
        booked = StorySource(
            "booked",
            "cr.appointment",
            "day",
            self._get_car_domain(record, "day"),
            self._describe_appointment,
            ("state", "items_text", "plate", "wish", "company_id"),
            "fa-calendar-check-o",
        )
        return {
            **super()._story_sources(record),
            "touches": touches,
            "appointments": booked,
        }

    @api.model
    def _describe_appointment(self, visit):
        title = (visit._get_state_label(), visit.plate, visit.items_text)
        return {
            "title": " · ".join(filter(None, title)),
            "text": (visit.wish or "")[:_TEXT_MAX],
            "store": visit.company_id.name,
        }

    @api.model
    def _describe_touch(self, touch):
        labels = [
            dict(touch._fields[name]._description_selection(self.env))[touch[name]]
            for name in ("channel", "direction")
        ]
        words = (touch.content, touch.need, self._get_name(touch.user_id))
        return {
            "title": " · ".join(labels),
            "text": ", ".join(filter(None, words))[:_TEXT_MAX],
            "store": touch.company_id.name,
        }
