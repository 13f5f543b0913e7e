from odoo import fields, models

from ..const_figure import PHASES


class CrImprovementTemplate(models.Model):
    """The eight steps that every new project begins with (IMP-01, IMP-02)."""

    _name = "cr.improvement.template"
    _description = "Template of steps"
    _order = "number, id"

    number = fields.Integer(string="Step", required=True, aggregator=None)
    name = fields.Char(required=True, translate=True)
    phase = fields.Selection(PHASES, required=True)
    help_text = fields.Char(string="What is asked for", translate=True)
    active = fields.Boolean(string="Switched on", default=True)

    def _prepare_step(self, user):
        """Return the values of the step of a project.

        :param user: who is responsible for the project
        """
        self.ensure_one()
        return {
            "number": self.number,
            "name": self.name,
            "phase": self.phase,
            "help_text": self.help_text,
            "user_id": user.id,
        }
