import itertools

from odoo import api, fields, models
from odoo.tools import ormcache

from ..tools import roster

HEAD_CODE = "cr_head"


class CrRole(models.Model):
    """A post of the dealership whose work never lands on nobody (ROL-02 … ROL-10).

    Roles are the same in every store; who holds them is said per store by
    `cr.role.holder`. Other models ask `_on_duty`.
    """

    _name = "cr.role"
    _description = "Post of the dealership"
    _inherit = ["cr.cached.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    department = fields.Char(translate=True)
    description = fields.Text(translate=True)
    state = fields.Selection(
        [
            ("active", "Normal"),
            ("suspended", "Suspended"),
            ("delegated", "Delegated"),
        ],
        required=True,
        default="active",
        help="Work of a suspended or delegated role goes to the delegate or fallback.",
    )
    delegate_role_id = fields.Many2one("cr.role", string="Delegated to")
    fallback_role_id = fields.Many2one(
        "cr.role",
        string="Fallback",
        help="Answers when no holder of this role is there and nobody stands in.",
    )
    holder_ids = fields.One2many("cr.role.holder", "role_id", string="Holders")
    on_duty_ids = fields.Many2many(
        "res.users", string="On duty today", compute="_compute_on_duty"
    )
    is_vacant = fields.Boolean(
        compute="_compute_on_duty",
        help="Nobody holds this role in the current store today.",
    )
    duty_text = fields.Char(string="Why", compute="_compute_on_duty")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is already a role with this code."
    )
    _delegate_named = models.Constraint(
        "CHECK (state != 'delegated' OR delegate_role_id IS NOT NULL)",
        "Say to which role the work is delegated.",
    )

    @api.depends("state", "delegate_role_id", "fallback_role_id", "holder_ids")
    @api.depends_context("company")
    def _compute_on_duty(self):
        company, today = self.env.company, fields.Date.context_today(self)
        duties = self._get_duties(company, [today])
        for role in self:
            line = role._prepare_duty_line(duties.get((role.id, company.id, today), []))
            role.on_duty_ids = line["user_ids"]
            role.is_vacant = line["is_vacant"]
            role.duty_text = line["note"]

    # === WHO IS ON DUTY === #

    @api.model
    def _get_head(self):
        """Return the role that answers when nobody else does."""
        return self.search([("code", "=", HEAD_CODE)], limit=1)

    def _on_duty(self, company, day):
        """Return the users who answer for this role in a store on a day.

        :param company: the store
        :param day: date
        :return: `res.users`, empty only when no role of the chain has anybody
        """
        self.ensure_one()
        duties = self._get_duties(company, [day])
        users = [duty.user for duty in duties[self.id, company.id, day]]
        return self.env["res.users"].browse(users)

    def _on_duty_map(self, companies, days):
        """Return {(role id, store id, day): res.users} for the roles in `self`.

        The number of queries does not depend on stores, days or roles.
        """
        users = self.env["res.users"]
        return {
            key: users.browse([duty.user for duty in found])
            for key, found in self._get_duties(companies, days).items()
        }

    def _on_duty_today(self, companies):
        """Return {(role id, store id): res.users} of each store's own today.

        Every pair is there, empty where nobody answers; see `_on_duty_map`.
        """
        # sudo: the clock of a store is no secret.
        today = {company.id: company.sudo()._cr_today() for company in companies}
        duty = self._on_duty_map(companies, set(today.values())) if companies else {}
        return {
            (role_id, company_id): users
            for (role_id, company_id, day), users in duty.items()
            if day == today[company_id]
        }

    @api.model
    def _get_desk(self, company):
        """Return {code of a role: res.users} who answer in a store today.

        Asked for with every complaint: kept until a role, holder, absence or user
        changes.
        """
        # sudo: the clock of a store is no secret.
        desk = self._get_desk_ids(company.id, company.sudo()._cr_today())
        users = self.env["res.users"]
        return {code: users.browse(user_ids) for code, user_ids in desk.items()}

    @api.model
    @ormcache("company_id", "day")
    def _get_desk_ids(self, company_id, day):
        company = self.env["res.company"].browse(company_id)
        # sudo: roles are no secret; see _get_duties.
        roles = self.sudo().search([("active", "in", (True, False))])
        duty = roles._on_duty_map(company, [day])
        return {role.code: duty[role.id, company_id, day]._ids for role in roles}

    def _get_duties(self, companies, days):
        """Return {(role id, store id, day): [roster.Duty]} for the roles in `self`.

        Reads with raised rights: everybody may know who is on duty, while the
        absences of colleagues are narrower.
        """
        days = list(days)
        if not days:
            return {}
        all_roles = self.sudo().search([("active", "in", (True, False))])
        roles = {role.id: role._prepare_roster_role() for role in all_roles}
        head = all_roles.filtered(lambda role: role.code == HEAD_CODE).id or None
        absences = self.env["cr.absence"]._get_spans(min(days), max(days))
        held = self.env["cr.role.holder"]._get_holders(companies, min(days), max(days))
        staff = self._get_staff(companies)
        duties = {}
        for company, day in itertools.product(companies, days):
            holders = {
                role: [user for user, start, end in spans if start <= day <= end]
                for role, spans in held.get(company.id, {}).items()
            }
            for role_id in self.ids:
                duties[role_id, company.id, day] = roster.on_duty(
                    role_id, day, roles, holders, absences, head, staff[company.id]
                )
        return duties

    def _prepare_roster_role(self):
        """Return what the roster must know about the role; archived: suspended."""
        self.ensure_one()
        return roster.Role(
            self.state if self.active else "suspended",
            self.delegate_role_id.id or None,
            self.fallback_role_id.id or None,
        )

    @api.model
    def _get_staff(self, companies):
        """Return {store id: set of ids of active users who may work there}."""
        staff = {company.id: set() for company in companies}
        groups = (
            self.env["res.users"]
            .sudo()
            ._read_group(
                [("company_ids", "in", companies.ids), ("active", "=", True)],
                ["company_ids"],
                ["id:array_agg"],
            )
        )
        for company, user_ids in groups:
            if company.id in staff:
                staff[company.id].update(user_ids)
        return staff

    def _prepare_duty_line(self, duties):
        """Return in fields and words who answers for the role, see _get_duties."""
        self.ensure_one()
        return {
            "role_id": self.id,
            "user_ids": [fields.Command.set([duty.user for duty in duties])],
            "is_vacant": all(duty.role != self.id for duty in duties),
            "note": self._get_duty_text(duties),
        }

    def _get_duty_text(self, duties):
        """Return in words why these people are on duty for the role."""
        self.ensure_one()
        if not duties:
            return self.env._("Nobody: name a holder or a fallback role")
        users = self.env["res.users"]
        if duties[0].role != self.id:
            role = self.browse(duties[0].role)
            return self.env._("Vacant: %(role)s answers", role=role.name)
        covered = [duty for duty in duties if duty.user != duty.holder]
        return "; ".join(
            self.env._(
                "%(substitute)s for %(holder)s",
                substitute=users.browse(duty.user).name,
                holder=users.browse(duty.holder).name,
            )
            for duty in covered
        )
