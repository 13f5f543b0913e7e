from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

# A note this soon after the record came into being tells of nothing else.
_CREATION_TIME = timedelta(seconds=5)
_TEXT_MAX = 300


class StorySource(NamedTuple):
    """Where entries of one kind come from.

    `day_field` is a date or datetime field that has an index together with what the
    domain asks for. `describe` takes a record and returns the words of its entry:
    title, text, and if it has them amount and store.
    """

    kind: str
    model: str
    day_field: str
    domain: Domain
    describe: callable
    fields: tuple = ()
    icon: str = "fa-circle-o"


class CrStorySourceMixin(models.AbstractModel):
    """The sources that this addon brings: bought, serviced, called, said …"""

    _name = "cr.story.source.mixin"
    _description = "Sources of a story"

    @api.model
    def _story_kinds(self):
        """Return {code: label} of the kinds of entries. Hook for other addons."""
        return {
            "bought": self.env._("Bought"),
            "serviced": self.env._("Serviced"),
            "called": self.env._("Called"),
            "said": self.env._("Said"),
            "declined": self.env._("Declined"),
            "policy": self.env._("Insurance"),
            "inspection": self.env._("Inspection"),
            "owner": self.env._("Owner"),
            "note": self.env._("Notes"),
        }

    @api.model
    def _story_sources(self, record):
        """Return where the entries of a story come from. Hook for other addons.

        :param record: the customer or the car
        :return: {name: StorySource}; the order of the names decides between entries
            of the same moment
        :rtype: dict[str, StorySource]
        """
        return {
            **self._get_visit_sources(record),
            **self._get_date_sources(record),
            **self._get_contact_sources(record),
            **self._get_role_sources(record),
            "notes": self._get_note_source(record),
        }

    # === WHAT THE SHOP DID === #

    @api.model
    def _get_visit_sources(self, record):
        """Return the sources of visits; what was said stands above the visit itself."""
        done = self._get_car_domain(record, "out_on")
        arrived = self._get_car_domain(record, "in_on") & Domain("out_on", "=", False)
        is_kept = Domain("state", "!=", "cancelled")
        return {
            "words": StorySource(
                "said",
                "cr.service.order",
                "out_on",
                done & Domain("customer_words", "!=", False),
                self._describe_words,
                ("customer_words", "company_id"),
                "fa-comment-o",
            ),
            "declined": self._get_declined_source(record),
            "orders": self._make_order_source("out_on", done & is_kept),
            "in_shop": self._make_order_source("in_on", arrived & is_kept),
        }

    @api.model
    def _make_order_source(self, day_field, domain):
        return StorySource(
            "serviced",
            "cr.service.order",
            day_field,
            domain,
            self._describe_order,
            ("number", "type_id", "odometer_km", "amount_total", "company_id"),
            "fa-wrench",
        )

    @api.model
    def _get_declined_source(self, record):
        return StorySource(
            "declined",
            "cr.declined.work",
            "declined_on",
            self._get_car_domain(record, "declined_on", has_partner=False),
            self._describe_declined,
            ("name", "safety", "reason", "amount", "state", "company_id"),
            "fa-times-circle-o",
        )

    @api.model
    def _describe_words(self, order):
        return {
            "title": self.env._("Said at the visit"),
            "text": order.customer_words,
            "store": order.company_id.name,
        }

    @api.model
    def _describe_order(self, order):
        words = [
            order.state == "open" and self.env._("in the shop"),
            order.odometer_km and self.env._("%s km", order.odometer_km),
            self._get_name(order.advisor_id) or order.advisor_name,
        ]
        return {
            "title": " · ".join(
                filter(None, (order.type_id.name, order.vehicle_id.plate, order.number))
            ),
            "text": ", ".join(filter(None, words)),
            "amount": order.amount_total,
            "store": order.company_id.name,
        }

    @api.model
    def _describe_declined(self, work):
        safety = dict(work._fields["safety"]._description_selection(self.env))
        words = (safety[work.safety], work.reason)
        return {
            "title": self.env._("Declined: %s", work.name),
            "text": ", ".join(filter(None, words)),
            "amount": work.amount,
            "store": work.company_id.name,
        }

    # === POLICIES AND INSPECTIONS === #

    @api.model
    def _get_date_sources(self, record):
        return {
            "policies": StorySource(
                "policy",
                "cr.insurance.policy",
                "date_start",
                self._get_car_domain(record, "date_start"),
                self._describe_policy,
                ("number", "insurer", "date_end", "premium", "is_bought_here"),
                "fa-shield",
            ),
            "inspections": StorySource(
                "inspection",
                "cr.inspection",
                "passed_on",
                self._get_car_domain(record, "passed_on", has_partner=False),
                lambda inspection: {
                    "title": self.env._("Annual inspection passed"),
                    "text": ", ".join(
                        filter(None, (inspection.vehicle_id.plate, inspection.note))
                    ),
                },
                ("vehicle_id", "note"),
                "fa-check-square-o",
            ),
        }

    @api.model
    def _describe_policy(self, policy):
        words = (
            policy.vehicle_id.plate,
            self.env._("until %s", policy.date_end),
            policy.is_bought_here and self.env._("bought from us"),
        )
        return {
            "title": " ".join(filter(None, (policy.insurer, policy.number))),
            "text": ", ".join(filter(None, words)),
            "amount": policy.premium,
            "store": policy.company_id.name,
        }

    # === PEOPLE === #

    @api.model
    def _get_subject_domain(self, record):
        """Return the domain of records that name the customer or car themselves."""
        name = "vehicle_id" if record._name == "cr.vehicle" else "partner_id"
        return Domain(name, "=", record.id)

    @api.model
    def _get_contact_sources(self, record):
        domain = self._get_subject_domain(record)
        calls = domain
        if record._name == "cr.vehicle":
            calls = Domain("callback_ids.vehicle_id", "=", record.id)
        return {
            "calls": StorySource(
                "called",
                "cr.call.attempt",
                "at",
                calls,
                self._describe_call,
                ("outcome_id", "agent_id", "note", "direction", "company_id"),
                "fa-phone",
            ),
            "wishes": StorySource(
                "said",
                "cr.contact.preference",
                "date_from",
                domain,
                self._describe_wish,
                ("purpose", "channel", "state", "reason"),
                "fa-bell-slash-o",
            ),
        }

    @api.model
    def _get_role_sources(self, record):
        domain = self._get_subject_domain(record)
        is_purchase = Domain("is_purchase", "=", True)
        return {
            "owner_until": self._make_role_source(
                "date_to", domain, self._describe_until, "fa-exchange"
            ),
            "bought": self._make_role_source(
                "date_from",
                domain & is_purchase,
                self._describe_purchase,
                "fa-car",
                kind="bought",
            ),
            "owner_since": self._make_role_source(
                "date_from", domain & ~is_purchase, self._describe_since, "fa-user-o"
            ),
        }

    @api.model
    def _make_role_source(self, day_field, domain, describe, icon, kind="owner"):
        return StorySource(
            kind,
            "cr.vehicle.role",
            day_field,
            domain,
            describe,
            ("role", "vehicle_id", "partner_id"),
            icon,
        )

    @api.model
    def _get_note_source(self, record):
        return StorySource(
            "note",
            "mail.message",
            "date",
            self._get_note_domain(record),
            self._describe_note,
            ("author_id", "body"),
            "fa-pencil",
        )

    @api.model
    def _get_note_domain(self, record):
        """Return the domain of notes and comments, without the one of the creation."""
        domain = (
            Domain("model", "=", record._name)
            & Domain("res_id", "=", record.id)
            & Domain("message_type", "in", ("comment", "notification"))
            & Domain("body", "not in", (False, ""))
        )
        first = self.env["mail.message"].search(domain, order="id", limit=1)
        created_at = record.create_date
        if created_at and first and first.date - created_at < _CREATION_TIME:
            domain &= Domain("id", "!=", first.id)
        return domain

    @api.model
    def _describe_call(self, call):
        incoming = call.direction == "in" and self.env._("the customer called")
        words = (incoming, self._get_name(call.agent_id), call.note)
        return {
            "title": call.outcome_id.name or "",
            "text": ", ".join(filter(None, words)),
            "store": call.company_id.name,
        }

    @api.model
    def _describe_wish(self, wish):
        def label(name):
            return dict(wish._fields[name]._description_selection(self.env))[wish[name]]

        return {
            "title": f"{label('state')}: {label('purpose')} · {label('channel')}",
            "text": wish.reason or "",
        }

    @api.model
    def _describe_purchase(self, role):
        # sudo: who may see the purchase may see which car it was.
        vehicle = role.vehicle_id.sudo()
        entry = {
            "title": self.env._("Bought %s", vehicle.display_name),
            "text": vehicle.consultant_id.name or vehicle.consultant_name or "",
            "store": vehicle.company_id.name,
        }
        if self._sees_prices():
            entry["amount"] = vehicle.price
        return entry

    @api.model
    def _describe_since(self, role):
        return self._describe_role(role, self.env._("%s since this day"))

    @api.model
    def _describe_until(self, role):
        return self._describe_role(role, self.env._("%s until this day"))

    @api.model
    def _describe_role(self, role, pattern):
        roles = dict(role._fields["role"]._description_selection(self.env))
        names = (self._get_name(role.partner_id), self._get_name(role.vehicle_id))
        return {"title": pattern % roles[role.role], "text": " · ".join(names)}

    @api.model
    def _describe_note(self, message):
        return {
            "title": self._get_name(message.author_id),
            "text": html2plaintext(message.body or "")[:_TEXT_MAX],
        }

    @api.model
    def _get_name(self, record):
        """Return the name of a person or car that stands on a readable record."""
        # sudo: who may read the record may read whom it names, as in every list.
        return record.sudo().display_name or ""
