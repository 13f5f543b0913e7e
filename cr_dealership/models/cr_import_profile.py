import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const_import import (
    FIELD_LABELS,
    IMPORT_KINDS,
    KIND_GROUPS,
    NUMBER_LABELS,
    REASON_MARK,
)
from ..tools import import_rows, workbook

# So many different headers one profile remembers; the oldest gives way.
_SHAPES_KEPT = 50


class CrImportProfile(models.Model):
    """How the exports of another system are read: which column holds what (VEH-12).

    Another system is another profile, not code. A profile learns the names of columns
    that a person confirmed, and the shape of the header they stood in: the next file
    of that shape needs no mapping.
    """

    _name = "cr.import.profile"
    _description = "Import profile"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    kind = fields.Selection(IMPORT_KINDS, required=True, default=import_rows.ORDER)
    system = fields.Char(
        required=True,
        default="dms",
        help="Short name of the system the files come from. Numbers are unique within"
        " a system: two systems may both have an order 1.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Store",
        index="btree_not_null",
        help="Empty: for all stores.",
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        string="Brand of new models",
        help="Models that the catalogue does not know are created under this brand.",
    )
    column_ids = fields.One2many("cr.import.profile.column", "profile_id", copy=True)
    shapes = fields.Json(
        copy=False,
        help="Headers this profile has read before, and what their columns hold.",
        export_string_translation=False,
    )

    @api.depends("name", "kind", "system")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for profile in self:
            parts = (profile.name, kinds.get(profile.kind))
            profile.display_name = " · ".join(filter(None, parts))

    # === WHO MAY === #

    @api.model
    def _get_allowed_kinds(self):
        """Return the kinds of files that the user's post brings."""
        user = self.env.user
        return [
            kind
            for kind, groups in KIND_GROUPS.items()
            if self.env.su
            or any(
                user.has_group(f"cr_dealership.group_cr_dealership_{g}") for g in groups
            )
        ]

    # === COLUMNS === #

    @api.model
    def _get_labels(self, kind):
        """Return {field: label in the user's language} of a kind."""
        labels = {
            name: self.env._(FIELD_LABELS[name])
            for name in import_rows.TARGET_NAMES[kind]
        }
        labels["number"] = self.env._(NUMBER_LABELS[kind])
        return labels

    def _get_aliases(self):
        """Return {field: names its column may have}, in the order of the table."""
        self.ensure_one()
        names = {column.field_code: column._get_names() for column in self.column_ids}
        return {
            field: names.get(field, []) for field in import_rows.TARGET_NAMES[self.kind]
        }

    def _recall(self, header):
        """Return what was confirmed for a header of this shape, None for a new one.

        :param list header: names of the columns as written
        :return: {"mapping": {field: column}, "kept": [column, …]}
        :rtype: dict | None
        """
        self.ensure_one()
        return (self.shapes or {}).get(self._get_shape(header))

    def _learn(self, header, mapping, kept):
        """Remember the header, and the names of the columns that a person confirmed.

        :param list header: names of the columns as written
        :param dict mapping: field -> index of its column
        :param list kept: indexes of columns kept although they have no field
        """
        self.ensure_one()
        shape = self._get_shape(header)
        shapes = {key: old for key, old in (self.shapes or {}).items() if key != shape}
        for oldest in list(shapes)[: len(shapes) + 1 - _SHAPES_KEPT]:
            del shapes[oldest]
        self.shapes = {**shapes, shape: {"mapping": mapping, "kept": kept}}
        by_field = {column.field_code: column for column in self.column_ids}
        for field, index in mapping.items():
            if not header[index]:
                continue
            column = by_field.get(field) or self.env["cr.import.profile.column"].create(
                {"profile_id": self.id, "field_code": field}
            )
            column._add_name(header[index])
        for field, column in by_field.items():
            # A name that now belongs to another field must not lead back.
            column._drop_names(
                [header[index] for other, index in mapping.items() if other != field]
            )

    @api.model
    def _get_shape(self, header):
        """Return a digest of a header; what we added to a returned file is left out.

        :param list header: names of the columns as written
        """
        return workbook.row_digest(
            workbook.normalise_header(name)
            for name in header
            if not name.startswith(REASON_MARK)
        )


class CrImportProfileColumn(models.Model):
    """The names that the column of one field may have in a system's exports."""

    _name = "cr.import.profile.column"
    _description = "Column of an import profile"
    _order = "sequence, id"

    profile_id = fields.Many2one(
        "cr.import.profile", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    field_code = fields.Selection(
        selection="_selection_field_code", string="Field", required=True
    )
    names = fields.Char(
        string="Names of the column",
        help="As the file writes them, the usual one first, divided by | signs.",
    )

    _field_unique = models.Constraint(
        "UNIQUE (profile_id, field_code)",
        "This field already has a line; add the name of the column there.",
    )

    @api.model
    def _selection_field_code(self):
        return [(code, self.env._(label)) for code, label in FIELD_LABELS.items()]

    @api.constrains("field_code", "profile_id")
    def _check_field_of_kind(self):
        for column in self:
            if (
                column.field_code
                not in import_rows.TARGET_NAMES[column.profile_id.kind]
            ):
                raise ValidationError(
                    self.env._(
                        "%(profile)s has no field “%(field)s”, which belongs to"
                        " another kind of file. Choose another field.",
                        profile=column.profile_id.display_name,
                        field=self.env._(FIELD_LABELS[column.field_code]),
                    )
                )

    def _get_names(self):
        """Return the names as a list."""
        return [name.strip() for name in (self.names or "").split("|") if name.strip()]

    def _add_name(self, name):
        """Add a name unless the column has it; a | within it can't be kept."""
        clean = re.sub(r"\s*\|\s*", " ", name)
        key = workbook.normalise_header(clean)
        names = self._get_names()
        if key not in map(workbook.normalise_header, names):
            self.names = " | ".join([*names, clean])

    def _drop_names(self, others):
        """Take away the names that a person gave to another field."""
        keys = set(map(workbook.normalise_header, others))
        names = self._get_names()
        kept = [name for name in names if workbook.normalise_header(name) not in keys]
        if len(kept) < len(names):
            self.names = " | ".join(kept)
