from odoo import api, fields, models


class CrServiceOrderVisitMixin(models.AbstractModel):
    """Who brought the car, whether he had booked, and how long he waited (APT-09)."""

    _name = "cr.service.order.visit.mixin"
    _description = "Work order: visit"

    brought_by_name = fields.Char(string="Brought by")
    brought_by_phone = fields.Char(string="Telephone of who brought it")
    appointment_id = fields.Many2one(
        "cr.appointment",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="Empty: the customer came without an appointment.",
    )
    work_started_at = fields.Datetime(string="Work began at", copy=False)
    waiting_minutes = fields.Integer(
        string="Waited (minutes)",
        compute="_compute_waiting_minutes",
        store=True,
        aggregator="avg",
        help="From the arrival, as reception noted it or else as the order says, until"
        " the work began.",
    )

    @api.depends("work_started_at", "in_at", "appointment_id.arrived_at")
    def _compute_waiting_minutes(self):
        for order in self:
            arrived = order.appointment_id.sudo().arrived_at or order.in_at
            waited = 0
            if arrived and order.work_started_at and order.work_started_at > arrived:
                seconds = (order.work_started_at - arrived).total_seconds()
                waited = int(seconds // 60)
            order.waiting_minutes = waited

    def action_start_work(self):
        """The work begins now; waiting ends."""
        waiting = self.filtered(lambda order: not order.work_started_at)
        waiting.work_started_at = fields.Datetime.now()
