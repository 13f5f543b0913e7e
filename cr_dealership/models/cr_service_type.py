from odoo import api, fields, models
from odoo.tools import SQL

from ..const import BAY_KINDS
from ..tools.cleaning import clean_text


class CrServiceType(models.Model):
    """Kind of work a shop does: first service, maintenance, repair … (VEH-09)."""

    _name = "cr.service.type"
    _description = "Service type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    aliases = fields.Char(
        help="Other spellings in exported files, separated by commas.",
    )
    is_first_service = fields.Boolean(string="Is a first service")
    is_maintenance = fields.Boolean(string="Counts as maintenance")
    is_rework = fields.Boolean(string="Counts as rework")
    bay_kind = fields.Selection(
        BAY_KINDS,
        string="Booked as",
        required=True,
        default="repair",
        help="Whose places an appointment for this work takes.",
    )
    host_role_id = fields.Many2one(
        "cr.role",
        string="Received by",
        help="Who is told besides the advisor when a customer arrives for this work.",
    )
    earns_points = fields.Boolean(string="Material spend counts to points")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a service type with this code."
    )

    # === CRUD === #

    def write(self, vals):
        """Have the due dates follow when a type begins or ends to be maintenance."""
        result = super().write(vals)
        if not {"is_first_service", "is_maintenance"}.isdisjoint(vals):
            self.env["cr.vehicle"]._mark_stale(
                SQL(
                    "id IN (SELECT vehicle_id FROM cr_service_order"
                    " WHERE type_id = ANY(%s))",
                    self.ids,
                )
            )
        return result

    # === BUSINESS === #

    @api.model
    def _get_type_by_key(self):
        """Return {spelling without case and blanks: id} of names, codes and aliases."""
        found = {}
        for service_type in self.search_fetch([], ["code", "name", "aliases"]):
            spellings = (service_type.aliases or "").replace("，", ",").split(",")
            for text in (service_type.code, service_type.name, *spellings):
                key = "".join((clean_text(text) or "").split()).lower()
                if key:
                    found.setdefault(key, service_type.id)
        return found
