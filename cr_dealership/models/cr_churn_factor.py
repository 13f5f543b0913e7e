from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHURN_FACTORS
from ..tools import churn

_WEIGHTS = frozenset(("code", "points", "threshold", "cap", "active", "date_from"))


class CrChurnFactor(models.Model):
    """What a sign of churn weighs, from a day on (RCL-08, RCL-15+).

    The newest row of a code counts; older ones stay, so that anybody can see what a
    score of last month was made of. Changing a weight has every car scored again.
    """

    _name = "cr.churn.factor"
    _description = "Weight of a sign of churn"
    _order = "sequence, code, date_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(CHURN_FACTORS, string="Warning sign", required=True)
    sequence = fields.Integer(default=10, aggregator=None)
    points = fields.Integer(
        required=True, default=10, aggregator=None, help="For each full step."
    )
    threshold = fields.Integer(
        string="Step",
        required=True,
        default=1,
        aggregator=None,
        help="Days, percent, kilometres or pieces that bring the points once.",
    )
    cap = fields.Integer(
        string="At most", required=True, default=10, aggregator=None
    )
    date_from = fields.Date(
        string="In force from",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    active = fields.Boolean(string="Switched on", default=True)
    is_assumed = fields.Boolean(
        string="Assumed", help="A default of ours that no source confirms."
    )
    formula = fields.Char(string="In words", compute="_compute_formula")

    _code_day_unique = models.Constraint(
        "UNIQUE (code, date_from)",
        "This sign already has a weight from this day on; change that one.",
    )
    _weight_positive = models.Constraint(
        "CHECK (points > 0 AND threshold > 0 AND cap >= points)",
        "Points and step must be above zero, and “at most” no less than the points.",
    )

    # === COMPUTE === #

    @api.depends("code", "points", "threshold", "cap")
    @api.depends_context("lang")
    def _compute_formula(self):
        units = self._get_units()
        for factor in self:
            factor.formula = self.env._(
                "+%(points)s for every %(step)s %(unit)s, at most +%(cap)s",
                points=factor.points,
                step=factor.threshold,
                unit=units.get(factor.code, ""),
                cap=factor.cap,
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Score every car again with the new weights."""
        factors = super().create(vals_list)
        self.env["cr.vehicle"]._mark_all_churn()
        return factors

    def write(self, vals):
        """Keep what older scores were made of; score again with what changed."""
        if not _WEIGHTS.isdisjoint(vals):
            self._check_new()
        result = super().write(vals)
        if not _WEIGHTS.isdisjoint(vals):
            self.env["cr.vehicle"]._mark_all_churn()
        return result

    def unlink(self):
        """Score every car again without these weights."""
        result = super().unlink()
        self.env["cr.vehicle"]._mark_all_churn()
        return result

    def _check_new(self):
        """Raise for weights that older scores rest on."""
        today = fields.Date.context_today(self)
        old = self.filtered(lambda factor: factor.date_from < today)
        if old:
            raise UserError(
                self.env._(
                    "%(factors)s: scores since %(date)s rest on these weights. Use “New"
                    " weight from today” and change the new one.",
                    factors=", ".join(old.mapped("name")),
                    date=fields.Date.to_string(min(old.mapped("date_from"))),
                )
            )

    # === ACTIONS === #

    def action_new_version(self):
        """Have a copy of the weight hold from today on, to be changed (RCL-08)."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        newest = self.with_context(active_test=False).search(
            [("code", "=", self.code)], order="date_from desc", limit=1
        )
        if newest.date_from < today:
            newest = newest.copy({"date_from": today, "is_assumed": False})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": newest.id,
            "view_mode": "form",
        }

    # === WEIGHTS === #

    @api.model
    def _get_in_force(self, today):
        """Return the factors in force on a day: the newest of each code, if on."""
        newest = {}
        for factor in self.with_context(active_test=False).search(
            [("date_from", "<=", today)], order="date_from, id"
        ):
            newest[factor.code] = factor.id
        return self.search([("id", "in", list(newest.values()))])

    @api.model
    def _get_weights(self, today):
        """Return {code: churn.Weight} in force on a day.

        :param datetime.date today: the day
        """
        return {
            factor.code: churn.Weight(factor.points, factor.threshold, factor.cap)
            for factor in self._get_in_force(today)
        }

    # === WORDS === #

    @api.model
    def _get_units(self):
        """Return {code: what a step counts}, in the user's language."""
        return {
            "overdue": self.env._("% past its rhythm of visits"),
            "mileage": self.env._("km past the next service"),
            "visits": self.env._("visits fewer than in the year before"),
            "spend": self.env._("% less spent than in the year before"),
            "unanswered": self.env._("contacts without an answer"),
            "renewal": self.env._("insurance not renewed with us"),
            "declined": self.env._("declined jobs still open"),
            "complaint": self.env._("open complaint"),
        }

    @api.model
    def _describe(self, reasons):
        """Return the reasons of a score as sentences in the user's language.

        :param list reasons: dicts as `churn.Verdict.reasons`, or empty
        :rtype: list[str]
        """
        return [
            self.env._(
                "%(reason)s: +%(points)s",
                reason=self._describe_one(reason),
                points=reason["points"],
            )
            for reason in reasons or ()
        ]

    @api.model
    def _describe_one(self, reason):
        """Return one reason in words, without its points."""
        jobs = ", ".join(reason.get("jobs", ()))
        texts = {
            "overdue": self._describe_overdue,
            "mileage": lambda why: self.env._("%(km)s km past its next service", **why),
            "visits": lambda why: self.env._(
                "%(last)s visits in 12 months, %(before)s in the 12 before", **why
            ),
            "spend": lambda why: self.env._("spend fell by %(percent)s %%", **why),
            "unanswered": lambda why: self.env._(
                "%(count)s contacts without an answer", **why
            ),
            "renewal": self._describe_renewal,
            "declined": lambda why: self.env._("declined work still open: %s", jobs),
            "complaint": lambda why: self.env._("open complaint"),
        }
        return texts[reason["code"]](reason)

    @api.model
    def _describe_overdue(self, reason):
        if reason["is_own"]:
            return self.env._(
                "%(days)s days past its own rhythm of %(rhythm)s days", **reason
            )
        return self.env._("%(days)s days past the usual %(rhythm)s days", **reason)

    @api.model
    def _describe_renewal(self, reason):
        if reason["how"] == "refused":
            return self.env._("refused the renewal")
        if reason["how"] == "elsewhere":
            return self.env._("insured elsewhere since %(on)s", **reason)
        return self.env._("did not renew the insurance with us")
