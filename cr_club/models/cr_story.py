from odoo import api, models
from odoo.fields import Domain

from odoo.addons.cr_dealership.models.cr_story_source_mixin import StorySource

# Entries whose cause stands in the story itself.
_TOLD = ("cr.redemption", "cr.event.invitation")


class CrStory(models.AbstractModel):
    """The club in the story of a customer: points, rewards, tiers, events (CUS-22)."""

    _inherit = "cr.story"

    @api.model
    def _story_kinds(self):
        """Return the kinds of entries, with those of the club among them."""
        return {
            **super()._story_kinds(),
            "points": self.env._("Points"),
            "redeemed": self.env._("Redemptions"),
            "tier": self.env._("Tiers of the club"),
            "attended": self.env._("Events of the club"),
        }

    @api.model
    def _story_sources(self, record):
        """Return where the entries come from, with the club; a car is no member."""
        sources = super()._story_sources(record)
        if record._name != "res.partner":
            return sources
        person = Domain("partner_id", "=", record.id)
        return {
            **sources,
            **self._get_points_sources(record, person),
            **self._get_club_sources(record, person),
        }

    @api.model
    def _get_points_sources(self, record, person):
        """Return the sources of points; all ask indexed columns of the customer."""
        return {
            "points": StorySource(
                "points",
                "cr.points.entry",
                "day",
                Domain("account_id.partner_id", "=", record.id)
                & Domain("origin_model", "not in", _TOLD),
                self._describe_points,
                ("kind", "points", "note", "company_id"),
                "fa-star-o",
            ),
            "redemptions": StorySource(
                "redeemed",
                "cr.redemption",
                "requested_on",
                person,
                self._describe_redemption,
                ("name", "reward_id", "points", "state", "company_id"),
                "fa-gift",
            ),
        }

    @api.model
    def _get_club_sources(self, record, person):
        """Return the sources of tiers and events."""
        return {
            "tiers": StorySource(
                "tier",
                "cr.club.tier.change",
                "day",
                Domain("member_id.partner_id", "=", record.id)
                & Domain("state", "=", "done"),
                self._describe_tier,
                ("kind", "from_tier_id", "to_tier_id", "reason", "company_id"),
                "fa-id-card-o",
            ),
            "attended": StorySource(
                "attended",
                "cr.event.invitation",
                "attended_at",
                person,
                self._describe_attendance,
                ("event_id", "company_id"),
                "fa-calendar-check-o",
            ),
        }

    @api.model
    def _describe_points(self, entry):
        kinds = dict(entry._fields["kind"]._description_selection(self.env))
        return {
            "title": " · ".join(
                (self.env._("%s points", f"{entry.points:+d}"), kinds[entry.kind])
            ),
            "text": entry.note or "",
            "store": entry.company_id.name,
        }

    @api.model
    def _describe_redemption(self, redemption):
        states = dict(redemption._fields["state"]._description_selection(self.env))
        words = (
            redemption.name,
            states[redemption.state],
            self.env._("%s points", f"-{redemption.points}"),
        )
        return {
            "title": self._get_name(redemption.reward_id),
            "text": ", ".join(filter(None, words)),
            "store": redemption.company_id.name,
        }

    @api.model
    def _describe_tier(self, change):
        kinds = dict(change._fields["kind"]._description_selection(self.env))
        tiers = change.from_tier_id | change.to_tier_id
        way = [self._get_name(tier) for tier in tiers]
        return {
            "title": f"{kinds[change.kind]}: {' → '.join(way)}",
            "text": change.reason or "",
            "store": change.company_id.name,
        }

    @api.model
    def _describe_attendance(self, guest):
        return {
            "title": self._get_name(guest.event_id),
            "text": self.env._("Came to the event"),
            "store": guest.company_id.name,
        }
