from odoo import api, fields, models
from odoo.tools import SQL

from ..const_event import SEATED

_COUNTS = {
    "cr_listed_count": ("todo", "invited", "waiting", "refused", *SEATED),
    "cr_seated_count": SEATED,
    "cr_waiting_count": ("waiting",),
    "cr_attended_count": ("attended",),
    "cr_absent_count": ("absent",),
    "cr_refused_count": ("refused",),
    "cr_proposed_count": ("proposed",),
}
_RESULTS = {
    "cr_lead_count": "lead",
    "cr_order_count": "order",
    "cr_suggestion_count": "suggestion",
}
# Who of an event's guests brought a car to the shop within some days after it.
_RETURNED = """
SELECT guest.event_id, guest.state = 'attended' AS came,
       AVG(CASE WHEN EXISTS (
           SELECT FROM cr_service_order visit
            WHERE visit.partner_id = guest.partner_id AND visit.state = 'settled'
              AND visit.in_at >= event.date_end
              AND visit.in_at < event.date_end + %(days)s * INTERVAL '1 day')
       THEN 100.0 ELSE 0 END)::float
  FROM cr_event_invitation guest JOIN event_event event ON event.id = guest.event_id
 WHERE guest.event_id = ANY(%(events)s) AND guest.state IN ('attended', 'absent',
       'refused')
 GROUP BY guest.event_id, came
"""
_RETURN_DAYS = 90


class CrEventFiguresMixin(models.AbstractModel):
    """Figures of an event: guests, money, results, what it brought (EVT-08, EVT-16)."""

    _name = "cr.event.figures.mixin"
    _description = "Event: figures"

    cr_listed_count = fields.Integer(string="Listed", compute="_compute_cr_counts")
    cr_seated_count = fields.Integer(
        string="Seats taken", compute="_compute_cr_counts", help="Companions too."
    )
    cr_waiting_count = fields.Integer(string="Waiting", compute="_compute_cr_counts")
    cr_attended_count = fields.Integer(
        string="Were there", compute="_compute_cr_counts"
    )
    cr_absent_count = fields.Integer(
        string="Absent", compute="_compute_cr_counts"
    )
    cr_refused_count = fields.Integer(
        string="Said no", compute="_compute_cr_counts"
    )
    cr_proposed_count = fields.Integer(
        string="Proposals to look at", compute="_compute_cr_counts"
    )
    cr_rating = fields.Float(
        string="Evaluation (1 to 5)", compute="_compute_cr_counts", digits=(3, 1)
    )
    cr_lead_count = fields.Integer(
        string="New intentions", compute="_compute_cr_results"
    )
    cr_order_count = fields.Integer(
        string="Signed orders", compute="_compute_cr_results"
    )
    cr_suggestion_count = fields.Integer(
        string="Suggestions", compute="_compute_cr_results"
    )
    cr_open_result_count = fields.Integer(
        string="To follow up", compute="_compute_cr_results"
    )
    cr_return_rate = fields.Float(
        string="Came back (%)",
        compute="_compute_cr_return_rate",
        digits=(5, 1),
        help="Of those who attended: a visit to the shop within 90 days.",
    )
    cr_return_rate_others = fields.Float(
        string="Others came back (%)",
        compute="_compute_cr_return_rate",
        digits=(5, 1),
        help="Of those who declined or stayed away: the same.",
    )

    @api.depends("cr_invitation_ids.state", "cr_invitation_ids.persons")
    def _compute_cr_counts(self):
        rows = self.env["cr.event.invitation"]._read_group(
            [("event_id", "in", self._origin.ids)],
            ["event_id", "state"],
            ["__count", "persons:sum", "rating:sum", "rated:sum"],
        )
        figures = {}
        for event, state, *numbers in rows:
            figures.setdefault(event.id, {})[state] = [one or 0 for one in numbers]
        for event in self:
            own = figures.get(event._origin.id, {})
            for name, states in _COUNTS.items():
                # Companions have seats of their own.
                column = 1 if name == "cr_seated_count" else 0
                event[name] = _sum_up(own, states, column)
            rated = _sum_up(own, own, 3)
            event.cr_rating = _sum_up(own, own, 2) / rated if rated else 0

    @api.depends("cr_result_ids.kind", "cr_result_ids.state")
    def _compute_cr_results(self):
        rows = self.env["cr.event.result"]._read_group(
            [("event_id", "in", self._origin.ids)],
            ["event_id", "kind", "state"],
            ["__count"],
        )
        for event in self:
            own = [row for row in rows if row[0].id == event._origin.id]
            for name, kind in _RESULTS.items():
                event[name] = sum(row[3] for row in own if row[1] == kind)
            event.cr_open_result_count = sum(row[3] for row in own if row[2] == "open")

    @api.depends("cr_cost_ids.amount", "cr_budget")
    def _compute_cr_cost(self):
        totals = dict(
            self.env["cr.event.cost"]._read_group(
                [("event_id", "in", self._origin.ids)], ["event_id"], ["amount:sum"]
            )
        )
        for event in self:
            event.cr_cost_total = totals.get(event._origin, 0)
            event.cr_budget_left = event.cr_budget - event.cr_cost_total

    def _compute_cr_return_rate(self):
        self.env["cr.event.invitation"].flush_model()
        self.env["cr.service.order"].flush_model()
        rows = self.env.execute_query(
            SQL(_RETURNED, events=self._origin.ids, days=_RETURN_DAYS)
        )
        found = {(event_id, came): rate for event_id, came, rate in rows}
        for event in self:
            event.cr_return_rate = found.get((event._origin.id, True), 0)
            event.cr_return_rate_others = found.get((event._origin.id, False), 0)

    # === ACTIONS === #

    def _get_list_action(self, xmlid, **context):
        """Return an action on what belongs to the event."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {
            **action,
            "domain": [("event_id", "=", self.id)],
            "context": {"default_event_id": self.id, **context},
        }

    def action_cr_view_guests(self):
        """Open the list of guests."""
        return self._get_list_action(
            "cr_club.cr_event_invitation_action", hide_event=True
        )

    def action_cr_view_results(self):
        """Open what the event brought and who follows it up."""
        return self._get_list_action("cr_club.cr_event_result_action")


def _sum_up(figures, states, column):
    """Return the sum of a column of figures over some states of guests."""
    return sum(figures[state][column] for state in states if state in figures)
