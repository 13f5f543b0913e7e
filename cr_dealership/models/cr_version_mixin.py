from odoo import api, fields, models
from odoo.exceptions import UserError


class CrVersionMixin(models.AbstractModel):
    """One dated wording of a procedure: a draft, then in force and fixed for good.

    Whatever was begun under a version keeps it, so a version in force never changes: a
    new one replaces it. The host declares the link to what it is a version of, a
    unique index on that link and `number`, and the two sentences below.
    """

    _name = "cr.version.mixin"
    _description = "Version of a procedure"

    # The many2one of the host to what it is a version of.
    _version_of = None
    # What may still be changed on a version in force.
    _free_fields = frozenset(("note", "state"))

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
    note = fields.Char()

    # === COMPUTE === #

    @api.depends("number")
    def _compute_display_name(self):
        for version in self:
            name = version[self._version_of].name or ""
            version.display_name = f"{name} V{version.number}"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number the versions of each procedure."""
        link = self._version_of
        groups = self._read_group(
            [(link, "in", [vals.get(link) for vals in vals_list])],
            [link],
            ["number:max"],
        )
        last = {owner.id: number for owner, number in groups}
        for vals in vals_list:
            owner_id = vals.get(link)
            last[owner_id] = last.get(owner_id, 0) + 1
            vals["number"] = last[owner_id]
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what something was begun under."""
        if set(vals) - self._free_fields:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse deletion of what something was begun under."""
        self._check_draft()

    def _check_draft(self):
        """Raise when one of the versions is in force or retired."""
        if fixed := self.filtered(lambda version: version.state != "draft")[:1]:
            raise UserError(fixed._describe_fixed())

    # === ACTIONS === #

    def action_put_in_force(self):
        """Use the versions for whatever begins from their first day on.

        :raise UserError: one of them is not ready, or in force already
        """
        for version in self:
            if obstacle := version._describe_obstacle():
                raise UserError(obstacle)
        self.state = "in_force"
        self._retire_superseded(fields.Date.context_today(self))

    def action_new_version(self):
        """Copy the version into a draft that may be changed."""
        self.ensure_one()
        version = self.copy({"valid_from": fields.Date.context_today(self)})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    # === BUSINESS === #

    @api.model
    def _retire_superseded(self, today):
        """Retire the versions that a later one has replaced by today."""
        in_force = self.search(
            [("state", "=", "in_force"), ("valid_from", "<=", today)],
            order=f"{self._version_of}, valid_from desc, number desc",
        )
        for versions in in_force.grouped(self._version_of).values():
            versions[1:].write({"state": "retired"})

    # === HOOKS === #

    def _describe_fixed(self):
        """Return why the version stays as it is, and the way out. Hook of the host."""
        raise NotImplementedError

    def _describe_obstacle(self):
        """Return why the version can't be put in force, or None. Hook of the host."""
        raise NotImplementedError
