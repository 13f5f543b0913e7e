from odoo import api, models
from odoo.exceptions import AccessError


class CrSettledMixin(models.AbstractModel):
    """Columns that follow from the buttons: nobody writes them by hand.

    A model names them in `_settled_columns` and says in `_refuse_by_hand` which buttons
    write them; the buttons call `_settle`. The web client, an import and RPC so meet
    the same guard.
    """

    _name = "cr.settled.mixin"
    _description = "Columns that buttons write"

    _settled_columns = frozenset(("state",))
    # The state every new record begins with; None: new records are not looked at.
    _first_state = "draft"

    @api.model_create_multi
    def create(self, vals_list):
        """Let new records begin at the beginning, whoever makes them."""
        if not self.env.su and self._first_state:
            for vals in vals_list:
                self._check_new(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse what only the buttons write."""
        if not self.env.su and not self._settled_columns.isdisjoint(vals):
            self._refuse_by_hand()
        return super().write(vals)

    @api.model
    def _check_new(self, vals):
        """Refuse a new record that claims what only the buttons bring."""
        given = {name for name in self._settled_columns if vals.get(name)}
        begins = vals.get("state", self._first_state) == self._first_state
        if given - {"state"} or not begins:
            self._refuse_by_hand()

    @api.model
    def _refuse_by_hand(self):
        """Raise the sentence that names the buttons; models say it in their words."""
        raise AccessError(
            self.env._("This follows from what happens; use the buttons.")
        )

    def _settle(self, **values):
        """Write what a button brings; who may not write the record may not press it."""
        self.check_access("write")
        # Raised rights: nobody writes these columns but here.
        self.sudo().write(values)
