import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLACEHOLDERS = (
    "customer",
    "title",
    "plate",
    "model",
    "agent",
    "store",
    "date",
    "order",
)
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
# What may still be changed on a version that callbacks were opened under.
_FREE_FIELDS = {"note", "state", "valid_to"}


class CrScriptVersion(models.Model):
    """One wording of a script; a callback keeps the one it was opened under (CB-10).

    Once in force the wording does not change any more: a new version replaces it.
    """

    _name = "cr.script.version"
    _description = "Version of a call script"
    _order = "script_id, number desc"

    script_id = fields.Many2one(
        "cr.script", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(
        string="Version number",
        required=True,
        readonly=True,
        default=1,
        aggregator=None,
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force"), ("retired", "Retired")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    origin = fields.Selection(
        [("maker", "Issued by the manufacturer"), ("own", "Our own text")],
        required=True,
        default="own",
    )
    note = fields.Char()
    line_ids = fields.One2many("cr.script.line", "version_id", copy=True)

    _number_unique = models.Constraint(
        "UNIQUE (script_id, number)", "This script already has that version."
    )

    @api.depends("script_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.script_id.name or ''} V{version.number}"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions of each script."""
        last = dict(
            self._read_group(
                [("script_id", "in", [vals.get("script_id") for vals in vals_list])],
                ["script_id"],
                ["number:max"],
            )
        )
        last = {script.id: number for script, number in last.items()}
        for vals in vals_list:
            script_id = vals.get("script_id")
            last[script_id] = last.get(script_id, 0) + 1
            vals["number"] = last[script_id]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change a wording that callbacks were opened under."""
        if set(vals) - _FREE_FIELDS:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse deletion of what was read to customers."""
        self._check_draft()

    def _check_draft(self):
        """Raise when one of the versions is in force or retired."""
        if fixed := self.filtered(lambda version: version.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "%(version)s was read to customers and stays as it is; make a new"
                    " version of the script instead.",
                    version=fixed.display_name,
                )
            )

    # === ACTIONS === #

    def action_put_in_force(self):
        """Use this wording for callbacks opened from its first day on."""
        for version in self:
            if version.state != "draft" or not version.line_ids:
                raise UserError(
                    self.env._(
                        "%(version)s needs lines and must be a draft; add what the"
                        " agent says first.",
                        version=version.display_name,
                    )
                )
        self.state = "in_force"
        self._retire_superseded(fields.Date.context_today(self))

    def action_new_version(self):
        """Copy the wording into a draft that may be changed."""
        self.ensure_one()
        version = self.copy({"valid_from": fields.Date.context_today(self)})
        return {
            "type": "ir.actions.act_window",
            "res_model": "cr.script.version",
            "res_id": version.id,
            "view_mode": "form",
        }

    # === BUSINESS === #

    @api.model
    def _retire_superseded(self, today):
        """Retire the versions that a later one has replaced by today."""
        in_force = self.search(
            [("state", "=", "in_force"), ("valid_from", "<=", today)],
            order="script_id, valid_from desc, number desc",
        )
        for versions in in_force.grouped("script_id").values():
            versions[1:].write({"state": "retired"})

    def _get_script(self, values, remarks):
        """Return the lines to read, filled in, with care remarks at the end.

        :param values: {placeholder: text}
        :param remarks: the `cr.script.remark` that hold today for this kind of call
        :return: [{"id": …, "kind": "say" | "ask" | "remind", "text": …}]
        """
        lines = [
            {"id": line.id, "kind": line.kind, "text": line._fill(values)}
            for line in self.line_ids
        ]
        return lines + [
            {"id": f"remark_{remark.id}", "kind": "remind", "text": remark.text}
            for remark in remarks
        ]


class CrScriptLine(models.Model):
    """One line of a script: say it, ask it, or a reminder for the agent."""

    _name = "cr.script.line"
    _description = "Line of a call script"
    _order = "version_id, sequence, id"

    version_id = fields.Many2one(
        "cr.script.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=None)
    kind = fields.Selection(
        [("say", "Say"), ("ask", "Ask"), ("remind", "For the agent")],
        required=True,
        default="say",
    )
    text = fields.Text(
        required=True,
        translate=True,
        help="{customer} {title} {plate} {model} {agent} {store} {date} {order}"
        " are filled in during the call.",
    )

    @api.constrains("text")
    def _check_placeholders(self):
        """Refuse a placeholder that nothing fills in."""
        for line in self:
            unknown = set(_PLACEHOLDER.findall(line.text or "")) - set(PLACEHOLDERS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "{%(name)s} cannot be filled in; use one of %(known)s.",
                        name=min(unknown),
                        known=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new lines in a wording that was read to customers."""
        lines = super().create(vals_list)
        lines.version_id._check_draft()
        return lines

    def write(self, vals):
        """Refuse to change a wording that was read to customers."""
        self.version_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to take a line out of what was read to customers."""
        self.version_id._check_draft()

    def _fill(self, values):
        """Return the text with its placeholders filled in; unknown ones vanish."""
        self.ensure_one()
        return _PLACEHOLDER.sub(
            lambda found: str(values.get(found[1]) or ""), self.text or ""
        )
