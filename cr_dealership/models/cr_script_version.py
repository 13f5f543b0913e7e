from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.message import CALL_PLACEHOLDERS, fill, find_unknown


class CrScriptVersion(models.Model):
    """One wording of a script; a callback keeps the one it was opened under (CB-10).

    Once in force the wording does not change any more: a new version replaces it.
    """

    _name = "cr.script.version"
    _description = "Version of a call script"
    _inherit = ["cr.version.mixin"]
    _order = "script_id, number desc"

    _version_of = "script_id"

    script_id = fields.Many2one(
        "cr.script", required=True, index=True, ondelete="cascade"
    )
    origin = fields.Selection(
        [("maker", "Issued by the manufacturer"), ("own", "Our own text")],
        required=True,
        default="own",
    )
    line_ids = fields.One2many("cr.script.line", "version_id", copy=True)

    _number_unique = models.Constraint(
        "UNIQUE (script_id, number)", "This script already has that version."
    )

    @api.depends("script_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    # === BUSINESS === #

    def _describe_fixed(self):
        return self.env._(
            "%(version)s was read to customers and stays as it is; make a new"
            " version of the script instead.",
            version=self.display_name,
        )

    def _describe_obstacle(self):
        if self.state == "draft" and self.line_ids:
            return None
        return self.env._(
            "%(version)s needs lines and must be a draft; add what the"
            " agent says first.",
            version=self.display_name,
        )

    def _get_script(self, values, remarks):
        """Return the lines to read, filled in, with care remarks at the end.

        :param values: {placeholder: text}
        :param remarks: the `cr.script.remark` that hold today for this kind of call
        :return: [{"id": …, "kind": "say" | "ask" | "remind", "text": …, "topic_id": …,
            "is_optional": …}]
        """
        lines = [
            {
                "id": line.id,
                "kind": line.kind,
                "text": line._fill(values),
                "topic_id": line.topic_id.id,
                "is_optional": line.is_optional,
            }
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
    _inherit = ["cr.version.line.mixin"]
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
    topic_id = fields.Many2one(
        "cr.care.topic",
        index="btree_not_null",
        ondelete="restrict",
        help="Ticking the line in the call notes that the customer heard of it.",
    )
    is_optional = fields.Boolean(
        string="Optional", help="The agent may leave it out when it does not fit."
    )

    @api.constrains("text")
    def _check_placeholders(self):
        """Refuse a placeholder that nothing fills in."""
        for line in self:
            if unknown := find_unknown(line.text, CALL_PLACEHOLDERS):
                raise ValidationError(
                    self.env._(
                        "{%(name)s} cannot be filled in; use one of %(known)s.",
                        name=unknown[0],
                        known=" ".join(f"{{{name}}}" for name in CALL_PLACEHOLDERS),
                    )
                )

    def _fill(self, values):
        """Return the text with its placeholders filled in; unknown ones vanish."""
        self.ensure_one()
        return fill(self.text, values)
