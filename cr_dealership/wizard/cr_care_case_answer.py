from odoo import api, fields, models


class CrCareCaseAnswer(models.TransientModel):
    """Ask what a customer said: agrees, comes, refuses and why (INS-08, RCL-06)."""

    _name = "cr.care.case.answer"
    _description = "Answer of a customer to a care case"

    case_ids = fields.Many2many("cr.care.case", string="Cases", required=True)
    answer = fields.Selection(related="reason_id.answer")
    scope = fields.Char(compute="_compute_scope", export_string_translation=False)
    reason_id = fields.Many2one(
        "cr.care.reason",
        string="What the customer said",
        required=True,
        domain="[('is_for_care', '=', True), ('scope', 'in', ('all', scope))]",
    )
    needs_note = fields.Boolean(related="reason_id.needs_note")
    next_step = fields.Text(related="reason_id.next_step")
    note = fields.Char(string="In his own words")

    @api.depends("case_ids")
    def _compute_scope(self):
        for wizard in self:
            is_insurance = "insurance" in wizard.case_ids.mapped("subject")
            wizard.scope = "insurance" if is_insurance else "service"

    def action_apply(self):
        """Keep the answer and carry out what follows."""
        self.case_ids.check_access("read")
        self.case_ids._record_answer(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
