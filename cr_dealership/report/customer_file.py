from odoo import api, models
from odoo.tools import format_date

_PERSON = (
    "mobile",
    "phone",
    "email",
    "contact_address_inline",
    "cr_gender",
    "birthdate_date",
    "cr_id_masked",
    "cr_marital",
    "cr_residence",
    "cr_employer",
    "cr_occupation",
)
_ORGANIZATION = (
    "phone",
    "email",
    "contact_address_inline",
    "website",
    "vat",
    "cr_organization_type",
    "industry_id",
    "cr_founded_on",
    "cr_company_size",
    "cr_main_business",
    "cr_principal_id",
)
_FILE = (
    "cr_source_id",
    "cr_region_id",
    "cr_consultant_id",
    "cr_stage",
    "cr_frequency_class",
    "cr_value_class",
    "cr_need_class",
    "cr_bought_count",
    "cr_last_delivery_on",
    "cr_last_visit_on",
    "cr_spend",
    "cr_preferred_hours",
    "cr_consent_text",
    "cr_verified_on",
    "cr_missing_fields",
)


class CustomerFile(models.AbstractModel):
    """Values of the printed customer file; what the user may not see is not printed."""

    _name = "report.cr_dealership.customer_file"
    _description = "Customer file"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the files as sections of labelled values, with cars and relatives."""
        partners = self.env["res.partner"].browse(docids)
        return {
            "doc_ids": docids,
            "data": data,
            "doc_model": "res.partner",
            "docs": partners,
            "sheets": [self._prepare_sheet(partner) for partner in partners],
        }

    @api.model
    def _prepare_sheet(self, partner):
        """Return one customer's file."""
        names = _ORGANIZATION if partner.is_company else _PERSON
        family = self.env["cr.family.member"]
        if partner._has_field_access(partner._fields["cr_family_ids"], "read"):
            family = partner.cr_family_ids
        return {
            "partner": partner,
            "contact": self._prepare_rows(partner, names),
            "file": self._prepare_rows(partner, _FILE),
            "cars": self.env["cr.story"]._get_vehicles(partner),
            "family": family,
        }

    @api.model
    def _prepare_rows(self, partner, names):
        """Return (label, text) of the fields that have a value and may be seen."""
        rows = []
        for name in names:
            field = partner._fields[name]
            if partner._has_field_access(field, "read") and partner[name]:
                label = field._description_string(self.env)
                rows.append((label, self._format(field, partner)))
        return rows

    @api.model
    def _format(self, field, record):
        """Return the value of a field as people read it."""
        value = record[field.name]
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "many2one":
            return value.display_name
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "float":
            return f"{value:,.2f}"
        return str(value)
