from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import CR_USER

_SUBJECTS = ("res.partner", "cr.vehicle")
_LIMIT_MAX = 200


class CrStory(models.AbstractModel):
    """Everything that happened with a customer or a car, newest first (CUS-22, VEH-06).

    Each source is one search with the rights of who looks, so a store's rows show
    only to its users, and the number of queries does not depend on the years.
    """

    _name = "cr.story"
    _description = "Story of a customer or car"
    _inherit = [
        "cr.story.head.mixin",
        "cr.story.touch.mixin",
        "cr.story.event.mixin",
    ]

    # === FACADE === #

    @api.model
    @api.readonly
    def get_story(self, res_model, res_id, before=None, kinds=None, limit=60):
        """Return a page of the story and, with the first page, the head.

        :param str res_model: "res.partner" or "cr.vehicle"
        :param int res_id: id of the customer or car
        :param list before: the `next` of the page before; None for the first page
        :param list kinds: only these kinds of entries; None for all
        :param int limit: entries of a page
        :return: {"head": dict or None, "kinds": [[code, label]], "entries": [...],
            "next": cursor or None}
        :rtype: dict
        """
        record = self._get_subject(res_model, res_id)
        sources = self._get_readable_sources(record)
        limit = min(max(int(limit), 1), _LIMIT_MAX)
        entries = []
        for rank, source in enumerate(sources):
            if not kinds or source.kind in kinds:
                entries += self._read_source(source, rank, before, limit + 1)
        entries.sort(key=lambda entry: entry["cursor"], reverse=True)
        page = entries[:limit]
        return {
            "head": None if before else self._get_head(record),
            "kinds": self._get_kinds(sources),
            "entries": page,
            "next": page[-1]["cursor"] if len(entries) > limit else None,
        }

    # === SOURCES === #

    @api.model
    def _get_readable_sources(self, record):
        """Return the sources whose records the user may read at all."""
        return [
            source
            for source in self._story_sources(record).values()
            if self.env[source.model].has_access("read")
        ]

    @api.model
    def _get_kinds(self, sources):
        """Return the kinds a user can filter by, as pairs of code and label."""
        labels = self._story_kinds()
        kinds = dict.fromkeys(source.kind for source in sources)
        return [[kind, labels.get(kind, kind)] for kind in kinds]

    @api.model
    def _read_source(self, source, rank, before, limit):
        """Return the newest entries of one source that come after a cursor."""
        model = self.env[source.model]
        day_field = model._fields[source.day_field]
        domain = Domain(source.domain) & Domain(source.day_field, "!=", False)
        if before:
            domain &= self._get_page_domain(day_field, rank, before)
        records = model.search_fetch(
            domain,
            [source.day_field, *source.fields],
            order=f"{source.day_field} desc, id desc",
            limit=limit,
        )
        return [self._prepare_entry(source, rank, record) for record in records]

    @api.model
    def _get_page_domain(self, day_field, rank, before):
        """Return the domain of what stands after a cursor, for one source.

        :param Field day_field: the source's field, a date or a datetime
        :param int rank: place of the source among the sources
        :param list before: [moment, negative rank, id] of the last entry shown
        """
        moment = fields.Datetime.to_datetime(before[0])
        name, last_rank, last_id = day_field.name, -before[1], before[2]
        is_same_moment = Domain(name, "=", moment)
        domain = Domain(name, "<", moment)
        if day_field.type == "date":
            is_midnight = moment.time() == time.min
            is_same_moment = Domain(name, "=", moment.date()) & Domain(
                Domain.TRUE if is_midnight else Domain.FALSE
            )
            domain = Domain(name, "<" if is_midnight else "<=", moment.date())
        if rank > last_rank:
            domain |= is_same_moment
        elif rank == last_rank:
            domain |= is_same_moment & Domain("id", "<", last_id)
        return domain

    @api.model
    def _prepare_entry(self, source, rank, record):
        """Return one line of the timeline."""
        moment = record[source.day_field]
        if record._fields[source.day_field].type == "date":
            day, shown_time = moment, False
            moment = datetime.combine(moment, time.min)
        else:
            local = fields.Datetime.context_timestamp(record, moment)
            day, shown_time = local.date(), local.strftime("%H:%M")
        entry = {
            "kind": source.kind,
            "at": fields.Datetime.to_string(moment),
            "day": fields.Date.to_string(day),
            "time": shown_time,
            "model": record._name,
            "res_id": record.id,
            "icon": source.icon,
            "cursor": [fields.Datetime.to_string(moment), -rank, record.id],
            "title": "",
            "text": "",
            "store": False,
            **source.describe(record),
        }
        if not self._sees_prices():
            entry.pop("amount", None)
        return entry

    @api.model
    def _sees_prices(self):
        return self.env.user.has_group("cr_dealership.group_cr_dealership_price")

    # === SUBJECT === #

    @api.model
    def _get_subject(self, res_model, res_id):
        """Return the customer or car of a story, if the user may read it."""
        if not self.env.su and not self.env.user.has_group(CR_USER):
            raise AccessError(
                self.env._(
                    "The story of a customer is open to the staff of the CR suite only."
                    " Ask your administrator for a post in it."
                )
            )
        if res_model not in _SUBJECTS:
            raise UserError(
                self.env._(
                    "“%s” has no story. Open the story of a customer or of a car.",
                    res_model,
                )
            )
        record = self.env[res_model].browse(int(res_id)).exists()
        record.check_access("read")
        if not record:
            raise UserError(
                self.env._(
                    "This file was deleted or merged meanwhile. Search for the"
                    " customer again."
                )
            )
        return record

    @api.model
    def _get_action(self, record):
        """Return the client action that shows the story of one record."""
        record.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "cr_dealership.cr_story_action"
        )
        return {
            **action,
            "display_name": self.env._("Story of %s", record.display_name),
            "params": {"res_model": record._name, "res_id": record.id},
            "context": {"active_model": record._name, "active_id": record.id},
        }

    @api.model
    def _get_car_domain(self, record, day_name, has_partner=True):
        """Return the domain of what was done to the car, or to the customer's cars.

        A customer's story holds what happened while he had a role for the car, and
        what carries his own name.

        :param record: the customer or the car
        :param str day_name: stored date field of the model that is searched
        :param bool has_partner: whether the model names a customer itself
        """
        if record._name == "cr.vehicle":
            return Domain("vehicle_id", "=", record.id)
        # sudo: which cars he had is asked; what is shown of them is searched with
        # the user's own rights.
        cars = record.sudo().cr_role_ids.vehicle_id
        partner_id = record.id
        domain = Domain("vehicle_id", "in", cars.ids) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "EXISTS (SELECT FROM cr_vehicle_role held WHERE held.partner_id = %s"
                " AND held.vehicle_id = %s AND %s >= held.date_from"
                " AND (held.date_to IS NULL OR %s <= held.date_to))",
                partner_id,
                SQL.identifier(alias, "vehicle_id"),
                SQL.identifier(alias, day_name),
                SQL.identifier(alias, day_name),
            )
        )
        if has_partner:
            domain |= Domain("partner_id", "=", partner_id)
        return domain
