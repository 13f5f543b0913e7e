from odoo import api, models

from ..tools import import_rows


class CrImportLoaderPolicy(models.AbstractModel):
    """Records insurance policies; their end is what renewal hangs on (INS-01)."""

    _name = "cr.import.loader.policy"
    _inherit = ["cr.import.loader.document"]
    _description = "Loader of insurance policies"

    _kind = import_rows.POLICY
    _empty_values = {"kind": "other", "premium": 0.0, "is_bought_here": False}

    @api.model
    def _prepare(self, names, row):
        data = row.data
        return {
            "company_id": names.company_id,
            "system": names.system,
            "number": row.number,
            "vehicle_id": row.car.id,
            "partner_id": row.person.id if row.person else None,
            "insurer": data.get("insurer"),
            "kind": data.get("policy_kind"),
            "date_start": row.day,
            "date_end": row.get_day("date_end"),
            "premium": data.get("premium"),
            "is_bought_here": data.get("is_bought_here"),
            "specialist_id": names.staff.get(data.get("specialist")),
            "specialist_name": data.get("specialist"),
            "advisor_id": names.staff.get(data.get("advisor")),
            "advisor_name": data.get("advisor"),
        }
