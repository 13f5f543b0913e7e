from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import FACTS

_FACT_NAMES = tuple(name for name, _label in FACTS)
# Grades that a manager or director owns are those of the department's own.
_MANAGERS = ("service_manager", "sales_manager")
_DIRECTORS = ("service_director", "sales_director")
_SALES = ("sales_manager", "sales_director", "sales_consultant")
_SUPERVISORS = (
    "cr_dealership.group_cr_dealership_head",
    "cr_dealership.group_cr_dealership_director",
    "cr_dealership.group_cr_dealership_admin",
)


class CrComplaintGradeMixin(models.AbstractModel):
    """How grave a complaint is: set by facts, lowered by a supervisor (CPL-09)."""

    _name = "cr.complaint.grade.mixin"
    _inherit = ["cr.todo.mixin"]
    _description = "Complaint: grade and owner"

    grade_id = fields.Many2one(
        "cr.complaint.grade",
        index=True,
        ondelete="restrict",
        readonly=True,
        tracking=True,
    )
    grade_level = fields.Integer(related="grade_id.level", store=True, aggregator="max")
    is_crisis = fields.Boolean(related="grade_id.is_crisis", store=True)
    grade_reason = fields.Char(string="Why this grade", readonly=True)
    is_injury = fields.Boolean(string="Somebody was hurt")
    is_media = fields.Boolean(string="Media are involved")
    is_regulator = fields.Boolean(string="An authority is involved")
    is_crowd = fields.Boolean(string="A group may form")
    is_repeat = fields.Boolean(
        string="Complained before", help="Within the days of the store's settings."
    )
    is_guarantee = fields.Boolean(string="Three-guarantees claim")

    # === ACTIONS === #

    def action_change_grade(self):
        """Ask for another grade and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the grade"),
            "res_model": "cr.complaint.regrade",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    # === PRESETS === #

    def _preset_grade(self):
        """Set the grade that channel and facts mean, the mildest without any."""
        self._note_repeats()
        for (grade, reason), group in self.grouped(
            lambda complaint: complaint._get_preset()
        ).items():
            # Raised rights: nobody writes the grade but rules and the wizard.
            group.sudo().write({"grade_id": grade.id, "grade_reason": reason})

    def _get_preset(self):
        """Return (grade, why) of the gravest preset that holds."""
        self.ensure_one()
        # Raised rights: the store's scheme holds for everybody.
        store = self.company_id.sudo()
        scheme = store._cr_get_scheme()
        presets = scheme._get_presets(store._cr_get_message_lang())
        preset = next(preset for preset in presets if preset.holds_for(self))
        return self.env["cr.complaint.grade"].browse(preset.grade_id), preset.reason

    def _is_unresolved(self, level):
        """Say whether a complaint of at least a level was not solved in time."""
        self.ensure_one()
        return self.grade_id.level >= level and any(
            one.kind == "solve" and one.breached_at and one.state == "running"
            for one in self.clock_ids
        )

    def _raise_grade(self):
        """Raise the grade where what is known asks for more (CPL-07, CPL-09)."""
        for complaint in self.filtered("grade_id"):
            grade, reason = complaint._get_preset()
            if grade.level > complaint.grade_id.level:
                complaint._set_grade(grade, reason)

    def _note_repeats(self):
        """Mark who complained before, within the days of the store; one query."""
        for company, group in self.filtered("partner_id").grouped("company_id").items():
            days = company.sudo().cr_repeat_days
            first = min(group.mapped("received_at"))
            # Raised rights: a hidden complaint is one, too.
            before = self.env["cr.complaint"].sudo()._read_group(
                [
                    ("partner_id", "in", group.partner_id.ids),
                    ("received_at", ">=", fields.Datetime.subtract(first, days=days)),
                    ("id", "not in", group.ids),
                ],
                ["partner_id"],
            )
            known = {partner.id for (partner,) in before}
            # The file is not opened yet: its grade comes next, and says why.
            again = group.browse(
                [one.id for one in group if one.partner_id.id in known]
            )
            if again:
                again.is_repeat = True

    def _follow_facts(self, vals):
        """Raise the grade when a fact becomes known that asks for more."""
        if not set(vals) & {*_FACT_NAMES, "demand_amount", "channel"}:
            return
        self._raise_grade()

    # === CHANGING === #

    def _set_grade(self, grade, reason):
        """Give another grade: clocks, owner and the log follow (CPL-09).

        :param grade: `cr.complaint.grade` of the same scheme
        :param str reason: why
        :raise UserError: without a reason
        :raise AccessError: if it is lowered by somebody who is no supervisor
        """
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(complaint)s: say why the grade changes.", complaint=self.name
                )
            )
        if grade.level < self.grade_id.level and not self._is_supervisor():
            raise AccessError(
                self.env._(
                    "%(complaint)s: only the CR head or the general manager lowers a"
                    " grade; ask one of them.",
                    complaint=self.name,
                )
            )
        # Raised rights: nobody writes the grade but here.
        self.sudo().write({"grade_id": grade.id, "grade_reason": reason})
        self._record(
            "graded",
            text=reason,
            grade_id=grade.id,
            hours=grade._get_hours(),
            calendar_id=self._get_calendar().id,
        )
        self._hand_to_owner()

    @api.model
    def _is_supervisor(self):
        """Say whether the user may lower grades."""
        user = self.env.user
        return self.env.su or any(user.has_group(name) for name in _SUPERVISORS)

    # === OWNER === #

    def _hand_to_owner(self):
        """Give each complaint to whoever holds the role of its grade today (ROL-11).

        In the middle grades the department that it is about answers, if one is known.
        """
        roles, users = self.env["cr.role"], self.env["res.users"]
        desks = {store: roles._get_desk(store) for store in self.company_id}

        def get_owner(complaint):
            desk = desks[complaint.company_id]
            return desk.get(complaint._get_owner_role().code, users)[:1]

        for owner, group in self.grouped(get_owner).items():
            changing = group.filtered(lambda one, new=owner: one.owner_id != new)
            if owner and changing:
                changing._give_to(owner)

    def _get_owner_role(self):
        """Return the role that owns the complaint at its grade."""
        self.ensure_one()
        role = self.grade_id.role_id
        if role.code in _MANAGERS and self.role_id:
            return self.role_id
        if role.code in _DIRECTORS and self.role_id.code in _SALES:
            # Raised rights: roles are no secret.
            return self.env.ref("cr_complaints.cr_role_sales_director").sudo()
        return role

    def _give_to(self, owner):
        """Make a user responsible; he may read them and gets a to-do for each."""
        # Raised rights: who hands it over may lose sight of it.
        complaints = self.sudo()
        complaints.activity_ids.filtered(
            lambda activity: activity.user_id
            == complaints.browse(activity.res_id).owner_id
        ).unlink()
        complaints.write({"owner_id": owner.id, "reader_ids": [(4, owner.id)]})
        # Of the many columns of a contact these are asked for.
        owner.sudo().partner_id.fetch(["name", "active", "lang", "tz"])
        # The to-do speaks the language of whoever has to do it.
        spoken = self.with_context(lang=owner.lang).env
        self._give_todos(
            (one, owner, spoken._("Answer the customer: %s", one.subject))
            for one in complaints
        )
