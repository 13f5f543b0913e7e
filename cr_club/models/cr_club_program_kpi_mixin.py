from odoo import fields, models

from odoo.addons.cr_dealership.tools.offsets import add_months

# Buyers of so many months are asked how many are members.
_CONVERSION_MONTHS = 12


class CrClubProgramKpiMixin(models.AbstractModel):
    """Conversion, sales by members, events of the year: the club's aims (KPI-09)."""

    _name = "cr.club.program.kpi.mixin"
    _description = "Club programme: key figures"

    board_conversion = fields.Float(
        string="Owners who are members (%)",
        compute="_compute_kpis",
        digits=(5, 1),
        help="Of those who bought within 12 months.",
    )
    board_buyers = fields.Integer(string="Buyers", compute="_compute_kpis")
    board_referrals = fields.Integer(
        string="Cars sold through members this year", compute="_compute_kpis"
    )
    board_events = fields.Integer(
        string="Events held this year", compute="_compute_kpis"
    )

    # === COMPUTE === #

    def _compute_kpis(self):
        conversions = self._group_by_club(
            "cr.club.conversion", "conversion", "rate:avg"
        )
        buyers = self._group_by_club(
            "cr.club.conversion", "conversion", "buyer_count:sum"
        )
        referrals = self._group_by_club("cr.referral", "referrals", "__count")
        held = dict(
            self.env["event.event"]._read_group(
                self._get_kpi_domain("events"), ["company_id"], ["__count"]
            )
        )
        for program in self:
            program.board_conversion = conversions.get(program.id, 0)
            program.board_buyers = buyers.get(program.id, 0)
            program.board_referrals = referrals.get(program.id, 0)
            program.board_events = sum(
                held.get(store, 0) for store in program._get_stores()
            )

    def _group_by_club(self, model, name, aggregate):
        """Return {club id: figure} over the rows that a figure counts."""
        groups = self.env[model]._read_group(
            [("program_id", "in", self.ids), *self._get_kpi_domain(name)],
            ["program_id"],
            [aggregate],
        )
        return {program.id: figure for program, figure in groups}

    def _get_kpi_domain(self, name):
        """Return the condition behind a figure."""
        today = self.env.company._cr_today()
        year = today.replace(month=1, day=1)
        return {
            "conversion": [
                ("day", ">", add_months(today, -_CONVERSION_MONTHS)),
                ("day", "<=", today),
            ],
            "referrals": [("state", "=", "verified"), ("verified_on", ">=", year)],
            "events": [
                ("cr_state", "in", ("done", "summarised")),
                ("cr_day", ">=", year),
                ("cr_day", "<=", today),
                ("company_id", "in", self._get_stores().ids),
            ],
        }[name]

    # === ACTIONS === #

    def action_board_open(self):
        """Open the events that the board counts; they belong to stores."""
        if self.env.context.get("board") != "events":
            return super().action_board_open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_club.event_event_action"
        )
        return {**action, "domain": self._get_kpi_domain("events"), "context": {}}

    def _get_board_target(self, name):
        """Return the action and the condition behind a figure."""
        actions = {
            "conversion": "cr_club_conversion_action",
            "referrals": "cr_referral_action",
        }
        if name in actions:
            return actions[name], self._get_kpi_domain(name)
        return super()._get_board_target(name)
