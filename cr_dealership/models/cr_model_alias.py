from odoo import api, fields, models

from ..tools.cleaning import clean_text


class CrModelAlias(models.Model):
    """Another way in which other systems write the name of a car model (CUS-33)."""

    _name = "cr.model.alias"
    _description = "Model alias"
    _order = "name"

    name = fields.Char(string="Written as", required=True)
    key = fields.Char(compute="_compute_key", store=True, index=True)
    model_id = fields.Many2one(
        "fleet.vehicle.model", required=True, index=True, ondelete="cascade"
    )

    _key_unique = models.UniqueIndex(
        "(key)", "This spelling already stands for another model."
    )

    @api.depends("name")
    def _compute_key(self):
        for alias in self:
            alias.key = self._make_key(alias.name)

    @api.model
    def _make_key(self, text):
        """Return the spelling without case and blanks, as aliases are compared."""
        return (clean_text(text) or "").replace(" ", "").lower()

    @api.model
    def _get_model_by_key(self):
        """Return {key: id of the model} of all aliases and of the models' own names."""
        found = {
            self._make_key(model.name): model.id
            for model in self.env["fleet.vehicle.model"].search([])
        }
        found.update({alias.key: alias.model_id.id for alias in self.search([])})
        return found
