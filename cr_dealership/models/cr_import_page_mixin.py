from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const_import import REASON_MARK
from ..tools import identity, import_rows, workbook
from ..tools.errors import RuleError
from .cr_import_names import STAFF_FIELD
from .cr_import_row import KIND_MODELS

_ROWS_SHOWN = 20
_ROWS_MOST = 200
_SLICE = 1000
# What is understood as a choice, and the field of the record that has its labels.
_CHOICE_FIELDS = {"policy_kind": "kind", "state": "state", "usage": "usage"}
# What the page may ask rows by, as conditions.
_ROW_DOMAINS = {
    "ready": [("state", "=", "ready")],
    "doubtful": [("is_doubtful", "=", True), ("state", "!=", "refused")],
    "refused": [("state", "=", "refused")],
    "superseded": [("state", "=", "superseded")],
    "new": [("state", "=", "new")],
    "changed": [("state", "=", "changed")],
    "unchanged": [("state", "=", "unchanged")],
}


class CrImportPageMixin(models.AbstractModel):
    """What the page of an import shows, and what it hands in and out (screens, §4)."""

    _name = "cr.import.page.mixin"
    _description = "Page of an import"

    # === HANDING IN === #

    @api.model
    def _receive(self, name, content):
        """Take a file in, find out what it is, and start reading it if we know.

        :param str name: name of the file
        :param bytes content: the file
        :return: the import
        """
        profiles = self._get_profiles(self.env.company)
        if not profiles:
            raise UserError(
                self.env._(
                    "Importing files belongs to other posts. Hand “%(file)s” to the CR"
                    " head.",
                    file=name,
                )
            )
        # Users have no right to write imports; that they may import is checked above.
        batch = self.sudo().create({"name": name, "company_id": self.env.company.id})
        batch.attachment_id = batch.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                # Not as text, or Odoo would index every word of it.
                "mimetype": "application/octet-stream",
                "res_model": self._name,
                "res_id": batch.id,
            }
        )
        batch.checksum = batch.attachment_id.checksum
        try:
            is_known = batch.env["cr.import.reader"]._analyse(batch, profiles)
        except RuleError as error:
            # What cannot be read leaves nothing behind but the sentence.
            raise UserError(self._explain(error)) from error
        if is_known and not batch._get_missing_labels():
            batch._start_staging()
        return batch.sudo(False)

    @api.model
    def _get_profiles(self, company):
        """Return the profiles with which the user may import for a store."""
        profiles = self.env["cr.import.profile"]
        kinds = profiles._get_allowed_kinds()
        domain = [("company_id", "in", (False, company.id)), ("kind", "in", kinds)]
        # Other posts may not even read profiles; the caller tells them whom to ask.
        return profiles.search(domain) if kinds else profiles

    def action_analyse(self, profile_id=None, sheet=None):
        """Look at the columns again with another profile or on another sheet."""
        self.ensure_one()
        self._check_may("draft")
        profiles = self._get_profiles(self.company_id)
        if profile_id:
            profiles = profiles.filtered(lambda profile: profile.id == profile_id)
        # Users have no right to write imports; what they may is checked above.
        batch = self.sudo()
        try:
            batch.env["cr.import.reader"]._analyse(batch, profiles, sheet)
        except RuleError as error:
            raise UserError(self._explain(error)) from error
        return self.get_page()

    # === SHOWING === #

    def get_page(self):
        """Return everything the page shows of this import."""
        self.ensure_one()
        self.check_access("read")
        # The job of an import is nobody's secret who may see the import itself.
        batch = self.sudo()
        labels = self.env["cr.import.profile"]._get_labels(batch.kind)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "id": batch.id,
            "name": batch.name,
            "state": batch.state,
            "kind": batch.kind,
            "kind_label": kinds.get(batch.kind, ""),
            "profile_id": batch.profile_id.id,
            "profiles": [
                {"id": profile.id, "name": profile.display_name}
                for profile in self._get_profiles(batch.company_id)
            ],
            "store_id": batch.company_id.id,
            "store": batch.company_id.name,
            "sheet": batch.sheet,
            "sheets": batch.sheets or [],
            "columns": batch._get_columns(),
            "fields": batch._get_fields(labels),
            "counts": {
                name.removesuffix("_count"): batch[name]
                for name in batch._fields
                if name.endswith("_count")
            },
            "reasons": batch._get_reason_counts() if batch.refused_count else [],
            "error": batch.error or "",
            "rows_per_second": batch.rows_per_second,
            "repeated": batch._get_repeated(),
            "unknown_staff": batch.unknown_staff or [],
            "may_create_staff": self._may_create_staff(),
        }

    def _get_repeated(self):
        """Return which earlier import had the same file, or False."""
        earlier = self.repeated_id
        if not earlier:
            return False
        return {
            "name": earlier.name,
            "on": fields.Datetime.to_string(earlier.finished_at),
        }

    def _get_columns(self):
        """Return the columns of the file, each with examples and the field it fills."""
        field_of = {index: name for name, index in (self.mapping or {}).items()}
        kept = set(self.kept_columns or [])
        return [
            {
                "index": index,
                "name": name,
                "examples": examples,
                "field": field_of.get(index, False),
                "is_kept": index in kept,
            }
            for index, (name, examples) in enumerate(
                zip(self.header, self.examples, strict=False)
            )
            if (name or examples) and not name.startswith(REASON_MARK)
        ]

    def _get_fields(self, labels):
        """Return the fields a column may fill; `needed` tells which must have one."""
        needed = {
            name: "/".join(group)
            for group in import_rows.missing_columns(self.kind, ())
            for name in group
        }
        return [
            {"name": name, "label": labels[name], "needed": needed.get(name, False)}
            for name in import_rows.TARGET_NAMES[self.kind]
        ]

    def _get_reason_counts(self):
        """Return why rows are refused, the commonest reason first."""
        found = self.env["cr.import.row"]._read_group(
            [("batch_id", "=", self.id), ("state", "=", "refused")],
            ["reason"],
            ["__count"],
            order="__count desc, reason",
        )
        labels = dict(
            self.env["cr.import.row"]._fields["reason"]._description_selection(self.env)
        )
        return [
            {"code": code, "label": labels.get(code, code), "count": count}
            for code, count in found
        ]

    def get_rows(self, what, reason=None, offset=0, limit=_ROWS_SHOWN):
        """Return some rows as they were understood.

        :param str what: ready, doubtful, refused, superseded, new, changed, unchanged
        :param str reason: code of the reason, for refused rows only
        :return: {"total", "columns": labels, "rows"}
        """
        self.ensure_one()
        self.check_access("read")
        domain = [("batch_id", "=", self.id), *_ROW_DOMAINS[what]]
        row_model = self.env["cr.import.row"]
        if reason:
            domain.append(("reason", "=", reason))
        rows = row_model.search(
            domain, order="line", offset=offset, limit=min(limit, _ROWS_MOST)
        )
        labels = self.env["cr.import.profile"]._get_labels(self.kind)
        names = [
            name
            for name in import_rows.TARGET_NAMES[self.kind]
            if name in (self.mapping or {})
        ]
        return {
            "total": row_model.search_count(domain),
            "columns": [labels[name] for name in names],
            "rows": [
                {
                    "id": row.id,
                    "line": row.line,
                    "cells": [self._show_cell(row, name) for name in names],
                    "notes": row_model._get_note_texts(row.notes),
                    "reasons": row_model._get_reason_texts(row.reasons),
                    "has_record": bool(row.res_id),
                }
                for row in rows
            ],
        }

    def _show_cell(self, row, name):
        """Return what the page shows of a field: as understood, else as written."""
        data = row.data or {}
        if name in ("phone", "landline"):
            value = " / ".join(filter(None, (data.get("mobile"), data.get("landline"))))
        else:
            value = data.get(name)
        if value in (None, ""):
            index, raw = self.mapping[name], row.raw or []
            value = raw[index] if index < len(raw) else None
        if name == "id_number":
            value = identity.mask_id_number(str(value or ""))
        return "" if value is None else self._show_value(name, value)

    def _show_value(self, name, value):
        """Return a value as people say it: choices by label, amounts with cents."""
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, float):
            return f"{value:,.2f}"
        if name in _CHOICE_FIELDS:
            field = self.env[KIND_MODELS[self.kind]]._fields[_CHOICE_FIELDS[name]]
            return dict(field._description_selection(self.env)).get(value, str(value))
        return str(value)

    def action_open_rows(self, what):
        """Open rows of the import in a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_import_row_action"
        )
        return {**action, "domain": [("batch_id", "=", self.id), *_ROW_DOMAINS[what]]}

    # === HANDING BACK === #

    def _write_refused(self, stream):
        """Write the refused rows as a workbook that can be handed in again.

        Its columns are those of the file; what we add, the reader leaves out.

        :param stream: binary stream to write to
        """
        self.ensure_one()
        self.env["cr.access.log"]._log(
            "export",
            "cr.import.row",
            count=self.refused_count,
            detail=self.name,
        )
        reason = self.env._("Why it was not imported")
        header = [name or " " for name in self.header]
        workbook.write_table(
            stream, [*header, f"{REASON_MARK} {reason}"], self._iterate_refused()
        )

    def _iterate_refused(self):
        """Yield the refused rows as they stood in the file, with their reasons."""
        row_model, line = self.env["cr.import.row"], 0
        width = len(self.header)
        domain = [("batch_id", "=", self.id), ("state", "=", "refused")]
        while rows := row_model.search(
            [*domain, ("line", ">", line)], order="line", limit=_SLICE
        ):
            # What was refused only while it was recorded stands in the file alone.
            missing = set(rows.filtered(lambda row: not row.raw).mapped("line"))
            written = self.env["cr.import.reader"]._read_lines(self, missing)
            for row in rows:
                raw = list(row.raw or written.get(row.line, ()))[:width]
                yield [*raw, *[None] * (width - len(raw)), row.reason_text]
            line = rows[-1].line
            rows.invalidate_recordset()

    # === EMPLOYEES === #

    @api.model
    def _may_create_staff(self):
        return self.env.user.has_group("cr_dealership.group_cr_dealership_head")

    def action_create_staff(self):
        """Create the employees whom the file names and the store does not know."""
        self.ensure_one()
        self.check_access("read")
        if not self._may_create_staff():
            raise UserError(
                self.env._(
                    "New employees of %(store)s are for the CR head to create. Ask the"
                    " CR head to open this import.",
                    store=self.company_id.name,
                )
            )
        # The head may create employees from here, but has no right to HR's files.
        batch = self.sudo()
        names = batch.unknown_staff or []
        known = batch.env["cr.import.names"]._get_staff(batch, names)
        batch.env["hr.employee"].create(
            [
                {"name": name, "company_id": batch.company_id.id}
                for name in names
                if name not in known
            ]
        )
        batch._link_staff(names)
        batch.unknown_staff = []
        return self.get_page()

    def _link_staff(self, names):
        """Put the employees onto the records that carry only their names."""
        field = STAFF_FIELD[self.kind]
        model = self.env[KIND_MODELS[self.kind]]
        staff = self.env["cr.import.names"]._get_staff(self, names)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s r SET %s = s.id"
                " FROM unnest(%s::varchar[], %s::integer[]) AS s(name, id)"
                " WHERE r.company_id = %s AND r.%s = s.name AND r.%s IS NULL",
                SQL.identifier(model._table),
                SQL.identifier(f"{field}_id"),
                list(staff),
                list(staff.values()),
                self.company_id.id,
                SQL.identifier(f"{field}_name"),
                SQL.identifier(f"{field}_id"),
            )
        )
        model.invalidate_model([f"{field}_id"])
