from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import BAY_KINDS
from ..tools import slots


class CrCapacity(models.Model):
    """How many places a store has for a kind of work in a part of the day (APT-06).

    Rules make the slots that can be booked, see `cr.appointment.slot`. An exception
    stands in for the rules on its days: closed (no places), fewer or more of them.
    """

    _name = "cr.capacity"
    _description = "Capacity of the shop"
    _order = "is_override desc, bay_kind, weekday, hour_from, id"

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        default=lambda self: self.env.company,
        help="Empty: in every store that has no rule of its own for this work.",
    )
    is_override = fields.Boolean(
        string="Exception", help="Stands in for the rules on these days."
    )
    bay_kind = fields.Selection(
        BAY_KINDS, string="Kind of work", help="Empty: all kinds, for closed days."
    )
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        help="Empty: every working day. A make-up day counts as the day it works like.",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    hour_from = fields.Float(string="From hour", required=True, default=9)
    hour_to = fields.Float(string="To hour", required=True, default=12)
    slot_minutes = fields.Integer(
        string="Minutes a slot", required=True, default=60, aggregator=None
    )
    places = fields.Integer(
        required=True, default=1, help="Cars a slot. An exception with 0 is closed."
    )
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
    note = fields.Char()

    _hours_order = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to <= 24 AND hour_to > hour_from)",
        "The hours must follow each other, from 0 to 24.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day lies before the first one."
    )
    _slot_length = models.Constraint(
        "CHECK (slot_minutes BETWEEN 15 AND 720)",
        "A slot lasts from 15 minutes to 12 hours.",
    )
    _places_positive = models.Constraint(
        "CHECK (places >= 0)", "There cannot be fewer than no places."
    )
    _kind_named = models.Constraint(
        "CHECK (bay_kind IS NOT NULL OR (is_override AND places = 0))",
        "Name the kind of work; only an exception that closes may leave it out.",
    )

    @api.depends("bay_kind", "weekday", "is_override", "hour_from", "hour_to")
    def _compute_display_name(self):
        kinds = dict(self._fields["bay_kind"]._description_selection(self.env))
        days = dict(self._fields["weekday"]._description_selection(self.env))
        for rule in self:
            parts = (kinds.get(rule.bay_kind), days.get(rule.weekday), rule.note)
            hours = f"{_clock(rule.hour_from)}–{_clock(rule.hour_to)}"
            rule.display_name = " · ".join((*filter(None, parts), hours))

    @api.constrains("is_override", "date_from")
    def _check_exception_has_days(self):
        for rule in self:
            if rule.is_override and not rule.date_from:
                raise ValidationError(
                    self.env._(
                        "%(rule)s is an exception: say from which day on it holds.",
                        rule=rule.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Have the slots follow at once."""
        rules = super().create(vals_list)
        rules._sync_slots(rules._get_stores())
        return rules

    def write(self, vals):
        """Have the slots follow, in the store before and in the one after."""
        stores = self._get_stores()
        result = super().write(vals)
        self._sync_slots(stores | self._get_stores())
        return result

    def unlink(self):
        """Have the slots follow; what is booked stays booked."""
        stores = self._get_stores()
        result = super().unlink()
        self._sync_slots(stores)
        return result

    # === BUSINESS === #

    def _get_stores(self):
        """Return the stores for which the rules hold."""
        if self.filtered(lambda rule: not rule.company_id):
            # A shared rule holds in stores its author does not see.
            return self.env["cr.appointment"]._get_stores()
        return self.company_id.sudo()

    @api.model
    def _sync_slots(self, stores):
        """Work the coming slots of the stores out again."""
        self.env["cr.appointment.slot"]._sync_coming(stores)

    @api.model
    def _get_rules(self, stores):
        """Return {store id: [slots.Rule]}, in one query."""
        found = self.sudo().search(
            [("company_id", "in", (False, *stores.ids))], order="id"
        )
        return {
            store.id: [
                rule._prepare_rule()
                for rule in found
                if rule.company_id.id in (False, store.id)
            ]
            for store in stores
        }

    def _prepare_rule(self):
        """Return the rule as `tools.slots` takes it."""
        self.ensure_one()
        return slots.Rule(
            kind=self.bay_kind or None,
            hour_from=self.hour_from,
            hour_to=self.hour_to,
            places=self.places,
            minutes=self.slot_minutes,
            weekday=int(self.weekday) if self.weekday else None,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            is_override=self.is_override,
            is_own=bool(self.company_id),
        )


def _clock(hour):
    """Return an hour as people read it."""
    minutes = round((hour or 0) * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
