from odoo import fields, models


class CrClubProgramRewardMixin(models.AbstractModel):
    """What a club says about redeeming, what a point costs, how many shops join."""

    _name = "cr.club.program.reward.mixin"
    _description = "Club programme: redeeming"

    reward_ids = fields.One2many("cr.club.reward", "program_id", string="Catalogue")
    redeem_free_points = fields.Integer(
        string="Redeemed without approval up to",
        default=1000,
        tracking=True,
        help="Points; 0: every redemption is approved. Assumed.",
    )
    redeem_manager_points = fields.Integer(
        string="Approved by a manager up to",
        default=10000,
        tracking=True,
        help="Points; beyond that a director decides. Assumed.",
    )
    redeem_days = fields.Integer(
        string="To be fetched within (days)",
        default=30,
        tracking=True,
        help="Afterwards the points go back. Assumed.",
    )

    # --- month-end of finance (PTS-12) ---
    point_cost = fields.Float(
        string="A point costs",
        digits=(16, 4),
        default=0.01,
        tracking=True,
        help="Money for a point; what is set aside at the month-end. Assumed.",
    )
    breakage_percent = fields.Float(
        string="Never redeemed (%)",
        tracking=True,
        help="Nothing is set aside for this part. Assumed: every point is redeemed.",
    )
    expense_account_id = fields.Many2one(
        "account.account",
        string="Expense for points",
        check_company=True,
        tracking=True,
        help="What points cost that customers earned; the draft of the month-end.",
    )
    liability_account_id = fields.Many2one(
        "account.account",
        string="Liability for points",
        check_company=True,
        tracking=True,
        help="What the points that are out will cost.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        string="Revenue from redeemed points",
        check_company=True,
        tracking=True,
    )
    # --- partner shops (CLB-25) ---
    merchant_product_id = fields.Many2one(
        "product.product",
        string="Product on bills of partner shops",
        check_company=True,
        tracking=True,
        help="May stay empty.",
    )
    merchant_income_id = fields.Many2one(
        "account.account",
        string="Income from partner shops",
        check_company=True,
        tracking=True,
        help="What shops pay for points that members collected there.",
    )
    merchant_expense_id = fields.Many2one(
        "account.account",
        string="Expense for partner shops",
        check_company=True,
        tracking=True,
        help="What shops get for points that members spent there.",
    )
    merchant_target = fields.Integer(
        string="New partner shops a month", default=2, tracking=True
    )

    _redeem_order = models.Constraint(
        "CHECK (redeem_free_points >= 0 AND redeem_days > 0"
        " AND redeem_manager_points >= redeem_free_points)",
        "What needs no approval is not more than what a manager approves; a reward is"
        " fetched within a day at least.",
    )
    _cost_sane = models.Constraint(
        "CHECK (COALESCE(point_cost, 0) >= 0 AND COALESCE(merchant_target, 0) >= 0"
        " AND COALESCE(breakage_percent, 0) BETWEEN 0 AND 100)",
        "A point costs nothing or more; what nobody redeems is between 0 and 100 %.",
    )
