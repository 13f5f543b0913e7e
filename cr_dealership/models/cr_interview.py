from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const_interview import (
    INTERVIEW_CHANNELS,
    INTERVIEW_KINDS,
    INTERVIEW_STATES,
    OPEN_INTERVIEW_STATES,
    STUDY_WINDOWS,
    WINDOW_STATES,
)
from ..tools.interview import study_window
from ..tools.tokens import make_token


class CrInterview(models.Model):
    """One customer asked once, by whatever channel (SUR-05, CB-08).

    The database keeps to one interview per callback, so that call, link and visit end
    in the same record. It is written by its methods only; what was answered stands in
    `cr.interview.answer` and is never changed.
    """

    _name = "cr.interview"
    _description = "Interview"
    _inherit = [
        "cr.interview.save.mixin",
        "cr.interview.end.mixin",
        "cr.interview.link.mixin",
        "cr.interview.page.mixin",
        "cr.interview.print.mixin",
    ]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, index=True, readonly=True
    )
    version_id = fields.Many2one(
        "cr.questionnaire.version",
        string="Questionnaire",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    kind = fields.Selection(INTERVIEW_KINDS, required=True, readonly=True)
    callback_id = fields.Many2one(
        "cr.callback", index="btree_not_null", ondelete="restrict", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    vehicle_id = fields.Many2one(
        "cr.vehicle", string="Car", index="btree_not_null", readonly=True
    )
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    order_id = fields.Many2one(
        "cr.service.order", string="Work order", index="btree_not_null", readonly=True
    )
    advisor_id = fields.Many2one(
        "hr.employee",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="Who served the customer: service advisor or sales consultant of then.",
    )
    department_id = fields.Many2one(
        "hr.department",
        readonly=True,
        help="Department of the advisor at the time of the interview.",
    )
    agent_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, help="Empty: by link."
    )
    channel = fields.Selection(
        INTERVIEW_CHANNELS, required=True, default="phone", readonly=True
    )
    state = fields.Selection(
        INTERVIEW_STATES, required=True, default="invited", readonly=True
    )
    started_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(string="Ended at", readonly=True)
    day = fields.Date(readonly=True, help="Day of the end by the store's clock.")
    meet_at = fields.Datetime(string="Meeting agreed for", readonly=True)
    window_state = fields.Selection(
        WINDOW_STATES,
        string="Study",
        readonly=True,
        help="SSI studies ask 2 to 6 months after the purchase, CSI studies 13 to 48.",
    )
    # --- what stands beside a score (integrity) ---
    low_count = fields.Integer(string="Low scores", readonly=True)
    change_count = fields.Integer(
        string="Changed entries", readonly=True, help="Entries that correct another."
    )
    raise_count = fields.Integer(
        string="Raised scores", readonly=True, help="Corrections to a higher score."
    )
    redial_count = fields.Integer(
        string="Calls after a low score",
        readonly=True,
        help="Calls for the same callback after a low score was recorded.",
    )
    is_gift_near = fields.Boolean(
        string="Gift near the score",
        readonly=True,
        help="A gift was handed over within 7 days of the interview.",
    )
    answer_ids = fields.One2many("cr.interview.answer", "interview_id", readonly=True)
    score_ids = fields.One2many("cr.interview.score", "interview_id", readonly=True)
    # --- the customer's link ---
    token = fields.Char(
        required=True, readonly=True, copy=False, groups="base.group_system"
    )
    expires_on = fields.Date(string="Link opens until", required=True, readonly=True)

    _callback_unique = models.UniqueIndex(
        "(callback_id) WHERE callback_id IS NOT NULL",
        "This callback already has its interview.",
    )
    _token_unique = models.UniqueIndex("(token)", "This link is taken already.")
    _counted_index = models.Index(
        "(kind, day, company_id) WHERE state IN ('done', 'broken')"
    )
    _expires_index = models.Index(
        "(expires_on) WHERE state IN ('invited', 'agreed', 'started')"
    )

    @api.depends("kind", "partner_id.name", "day")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for interview in self:
            day = interview.day and fields.Date.to_string(interview.day)
            parts = (labels.get(interview.kind), interview.partner_id.name, day)
            interview.display_name = " · ".join(filter(None, parts))

    # === MAKING === #

    @api.model
    def _open_for(self, callback, version, channel="phone"):
        """Return the interview of a callback; begin it if there is none.

        :param version: the version that is asked; one that ran already stays
        """
        # sudo: interviews are written by their methods only.
        interviews = self.sudo()
        found = interviews.search([("callback_id", "=", callback.id)], limit=1)
        return found or interviews.create(
            {
                **self._prepare_interview(
                    version,
                    callback.company_id,
                    callback.partner_id,
                    callback.vehicle_id,
                    callback.order_id,
                ),
                "callback_id": callback.id,
                "channel": channel,
            }
        )

    @api.model
    def _prepare_interview(self, version, store, partner, vehicle, order=None):
        """Return the values of an interview: who is asked what, and who served him.

        :param version: the version of the questionnaire that is asked
        :param store: the store whose interview it is
        :param vehicle: the car it is about, may be empty
        :param order: the work order it is about, if any
        """
        # sudo: who served the customer is told with the score.
        advisor = (order and order.advisor_id or vehicle.consultant_id).sudo()
        questionnaire = version.sudo().questionnaire_id
        days = timedelta(days=questionnaire.link_days)
        return {
            "company_id": store.id,
            "version_id": version.id,
            "kind": questionnaire.kind,
            "partner_id": partner.id,
            "vehicle_id": vehicle.id,
            "model_id": vehicle.model_id.id,
            "order_id": order and order.id,
            "advisor_id": advisor.id,
            "department_id": advisor.department_id.id,
            "token": make_token(),
            "expires_on": store._cr_today() + days,
            "window_state": self._get_window_state(version, vehicle, store),
        }

    @api.model
    def _get_window_state(self, version, vehicle, store):
        """Return whether the maker's study would ask this customer now."""
        bought = vehicle.delivered_on
        today = store._cr_today()
        months = None
        if bought:
            months = (today.year - bought.year) * 12 + today.month - bought.month
            months -= today.day < bought.day
        return study_window(months, STUDY_WINDOWS.get(version.sudo().kind))

    # === ACTIONS === #

    def action_agree(self):
        """Note that the customer agreed to meet us (SUR-07)."""
        self._check_handler()._move("agreed", ("invited",))

    def action_decline(self):
        """Note that the customer does not want to be asked."""
        self._check_handler()._move("declined", OPEN_INTERVIEW_STATES)

    def action_ask_now(self):
        """Open the questions, one a screen, to fill them with the customer."""
        self.ensure_one()
        interview = self._check_handler()
        if interview.state not in OPEN_INTERVIEW_STATES:
            raise UserError(interview._describe_closed())
        return {
            "type": "ir.actions.act_url",
            "url": f"/cr/ask/{interview.token}",
            "target": "new",
        }

    def _check_handler(self):
        """Return the interviews with raised rights, if I may handle them."""
        self.check_access("read")
        groups = ("agent", "specialist", "sales", "advisor", "head")
        if not any(
            self.env.user.has_group(f"cr_dealership.group_cr_dealership_{name}")
            for name in groups
        ):
            raise UserError(
                self.env._(
                    "Interviews are led by callback agents, CR specialists and"
                    " advisors; ask one of them."
                )
            )
        # sudo: interviews are written by their methods only.
        return self.sudo()

    def _move(self, state, sources):
        """Take the interviews that stand in one of the states to another."""
        moved = self.filtered(lambda interview: interview.state in sources)
        if not moved:
            raise UserError(self[:1]._describe_closed())
        moved.state = state
        return moved

    def _describe_closed(self):
        """Return why an interview takes no answers any more, and the way out."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "The interview “%(interview)s” is closed (%(state)s); correct a single"
            " answer with its reason instead.",
            interview=self.display_name,
            state=labels[self.state],
        )
