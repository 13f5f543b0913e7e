from odoo import fields, models


class CrAppointmentCheckMixin(models.AbstractModel):
    """A visit at which a repair that was not solved is looked at again (CB-23)."""

    _name = "cr.appointment.check.mixin"
    _description = "Appointment: check after a repair"

    check_problem_id = fields.Many2one(
        "cr.problem",
        string="Check because of",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
