from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.errors import NOTE_VIN_CHECK_DIGIT, RuleError
from ..tools.identity import clean_plate, clean_vin, digits

# Fewer digits are rather a part of a plate.
_PHONE_MIN = 4


class CrVehicleIdentityMixin(models.AbstractModel):
    """VIN and plate of a car: cleaned, checked, shown and searched (VEH-01, CUS-33).

    The host is a mail thread and has an owner and a model.
    """

    _name = "cr.vehicle.identity.mixin"
    _description = "Identity of a car"
    _rec_names_search = ["plate", "vin"]

    vin = fields.Char("VIN", required=True, tracking=True, index="trigram")
    vin_warning = fields.Char(string="VIN warning", compute="_compute_vin_warning")
    plate = fields.Char(tracking=True, index="trigram")

    _vin_unique = models.Constraint(
        "UNIQUE (vin)",
        "There is already a car with this VIN; look for it, also among the archived.",
    )

    # === COMPUTE === #

    @api.depends("plate", "vin", "model_id.name")
    def _compute_display_name(self):
        for vehicle in self:
            name = vehicle.plate or f"…{(vehicle.vin or '')[-6:]}"
            model_name = vehicle.model_id.name
            vehicle.display_name = f"{name} · {model_name}" if model_name else name

    @api.depends("vin")
    @api.depends_context("lang")
    def _compute_vin_warning(self):
        for vehicle in self:
            vehicle.vin_warning = vehicle._get_vin_warning(vehicle.vin)

    @api.model
    def _search_display_name(self, operator, value):
        """Find by part of plate or VIN, or by the owner's name, pinyin or number."""
        if operator != "ilike" or not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        found = self._get_owner_domain(value.strip())
        code = "".join(char for char in value if char.isalnum()).upper()
        if code:
            found |= Domain("plate", "ilike", code) | Domain("vin", "ilike", code)
        return found

    # === ONCHANGE === #

    @api.onchange("vin")
    def _onchange_vin(self):
        warning = self._get_vin_warning(self.vin)
        if warning:
            title = self.env._("Check the VIN")
            return {"warning": {"title": title, "message": warning}}
        return None

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Store VIN and plate clean and note a doubtful VIN."""
        vehicles = super().create([self._clean_identity(vals) for vals in vals_list])
        vehicles._log_vin_warnings()
        return vehicles

    def write(self, vals):
        """Store VIN and plate clean and note a doubtful VIN."""
        result = super().write(self._clean_identity(vals))
        if "vin" in vals:
            self._log_vin_warnings()
        return result

    # === SEARCH === #

    @api.model
    def _get_owner_domain(self, term):
        """Return the domain of the cars of owners with a name, pinyin or number."""
        key = term.lower()
        owner = (
            Domain("name", "ilike", term)
            | Domain("cr_pinyin", "=ilike", f"{key}%")
            | Domain("cr_pinyin", "=ilike", f"% {key}%")
        )
        if len(digits(term)) >= _PHONE_MIN:
            owner |= Domain("cr_phone_digits", "ilike", digits(term))
        owners = self.env["res.partner"]._search(owner)
        # An array, for a sub-select beside OR makes the database read all cars.
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(ARRAY%s)",
                SQL.identifier(alias, "owner_id"),
                owners.subselect(),
            )
        )

    # === IDENTITY === #

    @api.model
    def _clean_identity(self, vals):
        """Return the values with VIN and plate as they are stored."""
        cleaned = dict(vals)
        if vals.get("vin"):
            cleaned["vin"] = self._clean_vin(vals["vin"])
        if vals.get("plate"):
            cleaned["plate"] = clean_plate(vals["plate"])[0]
        return cleaned

    @api.model
    def _clean_vin(self, raw):
        """Return the VIN as it is stored; refuse what cannot be one."""
        try:
            return clean_vin(raw)[0]
        except RuleError as error:
            values = {"vin": raw, "length": error.params.get("length")}
            if error.code == "vin_length":
                message = self.env._(
                    "VIN %(vin)s has %(length)s characters, but every VIN has 17."
                    " Compare it with the registration certificate.",
                    **values,
                )
            else:
                message = self.env._(
                    "VIN %(vin)s has a character that no VIN has: only digits and"
                    " letters, never I, O or Q. Mostly 1 or 0 is meant.",
                    **values,
                )
            raise ValidationError(message) from error

    @api.model
    def _get_vin_warning(self, vin):
        """Return why a VIN is doubtful though it is accepted, or False."""
        try:
            notes = clean_vin(vin)[1]
        except RuleError:
            return False
        if NOTE_VIN_CHECK_DIGIT not in notes:
            return False
        return self.env._(
            "The check digit of VIN %s is wrong. Compare it with the registration"
            " certificate; it is kept as it is.",
            vin,
        )

    def _log_vin_warnings(self):
        doubtful = self.filtered("vin_warning")
        if doubtful:
            doubtful._message_log_batch(
                {vehicle.id: vehicle.vin_warning for vehicle in doubtful}
            )
