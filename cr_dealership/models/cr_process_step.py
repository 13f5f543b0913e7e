from odoo import api, fields, models


class CrProcessStep(models.Model):
    """A step of a department's standard work; problems say where it was not kept.

    A low score names its step in words; a step that is not known yet is added, so the
    weak steps of a department can be counted (CB-34, IMP-18).
    """

    _name = "cr.process.step"
    _description = "Step of the standard process"
    _order = "department_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    standard = fields.Text(translate=True, help="What is to be done in this step.")

    @api.model
    def _ensure(self, names):
        """Return {name: step} of names, in two queries; what is not known is added.

        :param names: iterable of names as they were written down
        """
        names = {name.strip() for name in names if name and name.strip()}
        # Raised rights: an agent's call may name a step for the first time.
        steps = self.sudo().search([("name", "in", list(names))])
        found = {step.name: step for step in reversed(steps)}
        new = [{"name": name} for name in sorted(names - set(found))]
        found.update((step.name, step) for step in self.sudo().create(new))
        return found
