from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..const_relation import COURTESY_PLACES


class CrCourtesyCheck(models.Model):
    """A look at how a colleague keeps the standards of courtesy (COM-10).

    Whoever appraises ticks each standard; the colleague reads it when it is shown to
    him, and from then on it stays as it is.
    """

    _name = "cr.courtesy.check"
    _description = "Courtesy check"
    _inherit = ["cr.settled.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "day desc, id desc"
    _rec_name = "user_id"
    _check_company_auto = True

    _settled_columns = frozenset(("state", "judge_id"))

    company_id = fields.Many2one(
        "res.company",
        string="Store",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users", string="Colleague", required=True, index=True
    )
    judge_id = fields.Many2one(
        "res.users",
        string="Looked at by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    day = fields.Date(required=True, default=fields.Date.context_today)
    place = fields.Selection(
        COURTESY_PLACES, string="Where", required=True, default="phone"
    )
    attempt_id = fields.Many2one(
        "cr.call.attempt",
        string="Call listened to",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('agent_id', '=', user_id)]",
    )
    line_ids = fields.One2many(
        "cr.courtesy.check.line",
        "check_id",
        string="Standards",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    kept_rate = fields.Float(
        string="Kept (%)",
        compute="_compute_kept_rate",
        store=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the standards that arose.",
    )
    advice = fields.Text(string="What to practise")
    state = fields.Selection(
        [("draft", "Draft"), ("shown", "Shown to the colleague")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )

    # === COMPUTE === #

    @api.depends("place")
    def _compute_line_ids(self):
        standards = self.env["cr.courtesy.standard"].search([("active", "=", True)])
        by_place = standards.grouped("place")
        for check in self:
            mine = by_place.get(check.place, standards.browse())
            check.line_ids = [
                Command.clear(),
                *(
                    Command.create({"standard_id": one.id, "sequence": number})
                    for number, one in enumerate(mine)
                ),
            ]

    @api.depends("line_ids.verdict")
    def _compute_kept_rate(self):
        for check in self:
            verdicts = check.line_ids.mapped("verdict")
            kept, missed = verdicts.count("kept"), verdicts.count("missed")
            check.kept_rate = kept and 100 * kept / (kept + missed)

    # === CRUD === #

    def write(self, vals):
        """Keep what was shown; a new look is a new check."""
        shown = self.filtered(lambda check: check.state == "shown")
        if shown and not self.env.su and set(vals) - {"message_follower_ids"}:
            shown._refuse_change()
        return super().write(vals)

    # === ACTIONS === #

    def action_show(self):
        """Show it to the colleague, who gets a task to read it."""
        for check in self.filtered(lambda check: check.state == "draft"):
            if set(check.line_ids.mapped("verdict")) <= {"none"}:
                raise UserError(
                    self.env._(
                        "Say of at least one standard whether %s kept it.",
                        check.user_id.name,
                    )
                )
            check._settle(state="shown")
            check.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=check.user_id.id,
                summary=self.env._("Read how you keep the standards of courtesy"),
            )

    @api.model
    def _refuse_by_hand(self):
        raise AccessError(
            self.env._("A check is shown by its button, and names who made it.")
        )

    def _refuse_change(self):
        """Raise the sentence that says why a check stays as it is."""
        raise UserError(
            self.env._(
                "This check of %(day)s was shown to %(colleague)s and stays as it is;"
                " make a new one.",
                day=fields.Date.to_string(self[0].day),
                colleague=self[0].user_id.name,
            )
        )
