from odoo import api, models

from ..tools.identity import mask_phone


class CrStoryHeadMixin(models.AbstractModel):
    """What stands above the timeline: who it is, how to reach him, what is due."""

    _name = "cr.story.head.mixin"
    _description = "Head of a story"

    @api.model
    def _get_head(self, record):
        """Return stage, classes, consent, telephones, what is due, and the cars.

        Hook: other addons add what they know.

        :param record: the customer or the car
        :rtype: dict
        """
        partner = record
        vehicles = record
        if record._name == "cr.vehicle":
            partner = record.owner_id._filtered_access("read")
        else:
            vehicles = self._get_vehicles(record)
        return {
            "id": record.id,
            "model": record._name,
            "name": record.display_name,
            **self._prepare_person(partner),
            "cars": [self._prepare_car(vehicle) for vehicle in vehicles],
            "due": [chip for car in vehicles for chip in self._prepare_dues(car)],
        }

    @api.model
    def _get_vehicles(self, partner):
        """Return the cars for which a customer has an open role, main car first."""
        vehicles = self.env["cr.vehicle"]
        if not vehicles.has_access("read"):
            return vehicles
        today = partner._cr_today()
        vehicles = vehicles.search(
            [
                (
                    "role_ids",
                    "any",
                    [
                        ("partner_id", "=", partner.id),
                        "|",
                        ("date_to", "=", False),
                        ("date_to", ">=", today),
                    ],
                )
            ]
        )
        main = vehicles & partner.cr_main_vehicle_id
        return main | vehicles

    @api.model
    def _prepare_person(self, partner):
        """Return who it is and how to reach him; empty for an unknown owner."""
        if not partner:
            return {"partner_id": False, "phones": [], "consent": [], "labels": []}
        return {
            "partner_id": partner.id,
            "partner_name": partner.display_name,
            "stage": partner.cr_stage,
            "labels": self._get_labels(partner),
            "consent": partner._cr_consent_summary().get(partner.id, []),
            "hours": partner.cr_preferred_hours or "",
            "phones": self._prepare_phones(partner),
            "verified_on": partner.cr_verified_on,
            "completeness": partner.cr_completeness,
            "missing": partner.cr_missing_fields or "",
        }

    @api.model
    def _get_labels(self, partner):
        """Return stage and classes as chips of words."""
        names = ("cr_stage", "cr_value_class", "cr_frequency_class", "cr_need_class")
        labels = []
        for name in names:
            field = partner._fields[name]
            if partner[name]:
                text = dict(field._description_selection(self.env))[partner[name]]
                labels.append({"name": name, "code": partner[name], "text": text})
        return labels

    @api.model
    def _prepare_phones(self, partner):
        """Return the numbers; masked for who only dials and never edits the file."""
        shows_all = partner.has_access("write")
        numbers = dict.fromkeys(filter(None, (partner.mobile, partner.phone)))
        return [
            {"number": number, "text": number if shows_all else mask_phone(number)}
            for number in numbers
        ]

    @api.model
    def _prepare_car(self, vehicle):
        """Return one car as a card."""
        return {
            "id": vehicle.id,
            "plate": vehicle.plate or "",
            "vin_tail": (vehicle.vin or "")[-6:],
            "model_name": vehicle.model_id.sudo().name or "",
            "estimated_km": vehicle.estimated_km,
            "last_visit_on": vehicle.last_visit_on,
            "due_on": vehicle.due_on,
            "due_reason": vehicle.due_reason or "",
            "due_state": self._get_due_state(vehicle.due_on),
        }

    @api.model
    def _prepare_dues(self, vehicle):
        """Return everything that is due for a car as chips."""
        kinds = dict(vehicle._fields["due_kind"]._description_selection(self.env))
        dates = {
            "first_service": vehicle.first_service_on,
            "maintenance": vehicle.service_on,
            "insurance": vehicle.insurance_on,
            "inspection": vehicle.inspection_on,
        }
        return [
            {
                "vehicle_id": vehicle.id,
                "kind": kind,
                "text": kinds[kind],
                "plate": vehicle.plate or "",
                "on": day,
                "state": self._get_due_state(day),
            }
            for kind, day in sorted(
                ((kind, day) for kind, day in dates.items() if day),
                key=lambda item: item[1],
            )
        ]

    @api.model
    def _get_due_state(self, day):
        """Return "late", "today" or "later"; colours hang on it."""
        if not day:
            return "none"
        today = self.env.company._cr_today()
        if day < today:
            return "late"
        return "today" if day == today else "later"
