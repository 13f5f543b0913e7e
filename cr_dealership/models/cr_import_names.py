import datetime
from typing import NamedTuple

from odoo import api, models

from ..tools import import_rows

# The field of each kind that names one of our employees.
STAFF_FIELD = {
    import_rows.DELIVERY: "consultant",
    import_rows.ORDER: "advisor",
    import_rows.POLICY: "specialist",
}


class Names(NamedTuple):
    """What the names in a file stand for, and what is the same for all its rows.

    The dicts hold {key of the name: id of the record}.
    """

    company_id: int
    system: str
    timezone: datetime.tzinfo
    other_type_id: int
    models: dict
    types: dict
    sources: dict
    staff: dict

    def get_model(self, data):
        """Return the model that a row names, None without one."""
        return self.models.get(import_rows.name_key(data.get("model")))

    def get_type(self, data):
        """Return the service type that a row names, “other” for an unknown one."""
        key = import_rows.name_key(data.get("type"))
        return self.types.get(key, self.other_type_id)

    def get_source(self, data):
        """Return the source that a row names, None without one."""
        return self.sources.get(import_rows.name_key(data.get("source")))


class CrImportNames(models.AbstractModel):
    """Finds what the names in a file stand for; new models and sources are created."""

    _name = "cr.import.names"
    _description = "Names in imported files"

    @api.model
    def _get_known_names(self):
        """Return the names that need no new record, to tell the others before loading.

        :return: {field of a row: (known keys, note for an unknown name)}
        """
        return {
            "model": (
                set(self.env["cr.model.alias"]._get_model_by_key()),
                "model_created",
            ),
            "type": (
                set(self.env["cr.service.type"]._get_type_by_key()),
                "type_unknown",
            ),
            "source": (set(self._get_sources()), "source_created"),
        }

    # === FOR LOADING === #

    @api.model
    def _read(self, batch, rows):
        """Return what all names of some rows stand for.

        :rtype: Names
        """
        texts = {
            field: {row.data[field] for row in rows if row.data.get(field)}
            for field in ("model", "source")
        }
        field = STAFF_FIELD[batch.kind]
        people = {row.data[field] for row in rows if row.data.get(field)}
        staff = self._get_staff(batch, people)
        self._note_unknown_staff(batch, people - staff.keys())
        return Names(
            batch.company_id.id,
            batch.profile_id.system,
            batch.company_id._cr_timezone(),
            self.env.ref("cr_dealership.cr_service_type_other").id,
            self._ensure_models(batch, texts["model"]),
            self.env["cr.service.type"]._get_type_by_key(),
            self._ensure_sources(texts["source"]),
            staff,
        )

    @api.model
    def _ensure_models(self, batch, texts):
        """Return {key: model}; those the catalogue lacks come under the profile's
        brand.
        """
        known = self.env["cr.model.alias"]._get_model_by_key()
        missing = {import_rows.name_key(text): text for text in sorted(texts)}
        missing = {key: text for key, text in missing.items() if key not in known}
        if missing:
            brand = batch.profile_id.brand_id or self.env.ref(
                "cr_dealership.fleet_vehicle_model_brand_unknown"
            )
            created = self.env["fleet.vehicle.model"].create(
                [{"name": text, "brand_id": brand.id} for text in missing.values()]
            )
            known.update(zip(missing, created.ids, strict=True))
        return known

    @api.model
    def _get_sources(self):
        """Return {key: source} of the names in every language, archived ones too."""
        self.env["cr.source"].flush_model(["name"])
        self.env.cr.execute(
            "SELECT s.id, n.value FROM cr_source s, jsonb_each_text(s.name) n"
            " ORDER BY s.active, s.id DESC"
        )
        return {
            import_rows.name_key(name): source_id
            for source_id, name in self.env.cr.fetchall()
        }

    @api.model
    def _ensure_sources(self, texts):
        """Return {key: source}; a source that is not known yet is created."""
        if not texts:
            return {}
        known = self._get_sources()
        missing = {import_rows.name_key(text): text for text in sorted(texts)}
        missing = {key: text for key, text in missing.items() if key not in known}
        if missing:
            created = self.env["cr.source"].create(
                [{"name": text} for text in missing.values()]
            )
            known.update(zip(missing, created.ids, strict=True))
        return known

    @api.model
    def _get_staff(self, batch, texts):
        """Return {name: employee} of the store; a name that two have tells nobody."""
        if not texts:
            return {}
        found, twice = {}, set()
        for employee in self.env["hr.employee"].search_fetch(
            [("company_id", "=", batch.company_id.id), ("name", "in", list(texts))],
            ["name"],
        ):
            twice.update({employee.name} & found.keys())
            found[employee.name] = employee.id
        return {name: found[name] for name in found.keys() - twice}

    @api.model
    def _note_unknown_staff(self, batch, texts):
        """Remember who is no employee, for the result page to offer."""
        known = set(batch.unknown_staff or [])
        if texts - known:
            batch.unknown_staff = sorted(known | texts)
