"""Codes and tables of the club. Labels are selections, Odoo translates."""

MEMBER_STATES = [
    ("applied", "Applied"),
    ("verified", "Verified"),
    ("active", "Member"),
    ("expired", "Expired"),
    ("refused", "Refused"),
    ("cancelled", "Left the club"),
]
# A person has one of these at a time in a club.
OPEN_STATES = ("applied", "verified", "active", "expired")
CLUB_INVITATION_STATES = [
    ("todo", "To be asked"),
    ("joined", "Joins"),
    ("later", "Thinks about it"),
    ("refused", "Does not join"),
]
RULE_KINDS = [
    ("vehicles", "Cars bought"),
    ("referrals", "Buyers brought"),
    ("points", "Points collected"),
    ("legacy", "VIP of former years"),
    ("score", "Loyalty score"),
    ("manual", "By a person only"),
]
CHANGE_KINDS = [
    ("join", "Joined"),
    ("up", "Upgrade"),
    ("down", "Downgrade"),
    ("manual", "Set by a person"),
]
CHANGE_STATES = [
    ("proposed", "Waits for a decision"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("lapsed", "No longer needed"),
]
PRIVILEGE_KINDS = [
    ("courtesy", "Courtesy"),
    ("priority", "Priority service"),
    ("offer", "Exclusive offer"),
    ("upgrade", "Upgraded service"),
]
# --- points ---
ENTRY_KINDS = [
    ("order", "Work order"),
    ("purchase", "Purchase of a car"),
    ("referral", "Buyer brought"),
    ("event", "Event"),
    ("campaign", "Reward of a campaign"),
    ("merchant", "Partner shop"),
    ("adjust", "Correction by a person"),
    ("opening", "Balance of the former system"),
    ("reverse", "Taken back"),
    ("redeem", "Redeemed"),
    ("return", "Given back"),
    ("expire", "Expired"),
    ("transfer_out", "Passed on"),
    ("transfer_in", "Received from another"),
    ("merge_out", "Moved to the merged file"),
    ("merge_in", "From the merged file"),
]
# What is taken although the points are gone already; the account owes them then.
ARREARS_KINDS = ("reverse", "merge_in", "adjust")
# What somebody hands in awards for; the other kinds have a method of their own.
AWARD_KINDS = (
    "purchase",
    "referral",
    "event",
    "campaign",
    "merchant",
    "adjust",
    "opening",
)
POINT_BASES = [
    ("labour", "Labour"),
    ("material", "Material"),
    ("other", "Other"),
    ("total", "Total"),
]
PURCHASE_BASES = [
    ("car", "The same points for each car"),
    ("price", "Points by its price"),
]
ROUNDINGS = [
    ("down", "Down"),
    ("half", "To the nearest"),
    ("up", "Up"),
]
SOURCES = [
    ("service", "Work orders"),
    ("purchase", "Purchase of a car"),
    ("referral", "Buyer brought"),
]
PASS_ON_RULES = [
    ("no", "Nobody"),
    ("household", "The own household"),
    ("anybody", "Anybody with an account"),
]
PREPAID_KINDS = [
    ("deposit", "Paid in"),
    ("use", "Used for a work order"),
    ("refund", "Paid back"),
    ("merge_out", "Moved to the merged file"),
    ("merge_in", "From the merged file"),
]
REFERRAL_STATES = [
    ("open", "Named"),
    ("verified", "Bought"),
    ("refused", "Does not count"),
]
AUDIT_KINDS = [
    ("balance", "Balance differs from its entries"),
    ("lots", "Balance differs from what is left of its points"),
    ("lot", "What is left differs from what was used"),
    ("chain", "An entry was changed"),
]
# --- redemption, gifts, partner shops ---
REWARD_KINDS = [
    ("goods", "Goods"),
    ("labour", "Labour hours"),
    ("voucher", "Voucher"),
]
REDEMPTION_STATES = [
    ("draft", "Draft"),
    ("requested", "Waits for approval"),
    ("approved", "Waits for finance"),
    ("settled", "To be handed over"),
    ("handed", "Handed over"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
    ("expired", "Not fetched in time"),
]
# Points and goods are taken, and nothing was handed over yet.
REDEMPTION_OPEN = ("requested", "approved", "settled")
GIFT_KINDS = [
    ("gift", "Club gift"),
    ("sticker", "Car sticker"),
    ("goods", "Goods for points"),
]
GIFT_MOVE_KINDS = [
    ("receive", "Came in"),
    ("issue", "Given out"),
    ("redeem", "Set aside for points"),
    ("back", "Put back"),
    ("correct", "Counted anew"),
]
# How a movement changes the stock.
GIFT_SIGNS = {"receive": 1, "issue": -1, "redeem": -1, "back": 1, "correct": 1}
# --- month-end of finance, partner shops ---
CUT_STATES = [
    ("draft", "Being worked out"),
    ("signed", "Signed off"),
]
TRADES = [
    ("dining", "Dining"),
    ("hotel", "Hotel and travel"),
    ("leisure", "Sport and leisure"),
    ("beauty", "Beauty and health"),
    ("retail", "Retail"),
    ("education", "Education"),
    ("fuel", "Fuel and charging"),
    ("finance", "Bank and insurance"),
    ("other", "Other"),
]
DEAL_KINDS = [
    ("earn", "Spent there, collects points"),
    ("redeem", "Pays there with points"),
]
BOARD_PLACES = [
    ("sales", "Sales area"),
    ("service", "After-sales area"),
    ("lounge", "Lounge"),
    ("other", "Other"),
]
# --- loyalty ---
LOYALTY_FACTORS = [
    ("frequency", "Visits to the workshop"),
    ("amount", "Spend in the window"),
    ("referral", "Buyers named"),
    ("complaint", "Complaints a visit"),
]
# Factors of which less is better.
INVERSE_FACTORS = ("complaint",)
CARE_GRADES = [("A", "A: closest care"), ("B", "B: close care"), ("C", "C: usual care")]
MOVE_DIRECTIONS = [
    ("new", "Scored for the first time"),
    ("up", "Rose"),
    ("same", "Stayed"),
    ("down", "Fell"),
]
INCENTIVE_OCCASIONS = [
    ("reach", "Comes to the grade"),
    ("fall", "Falls to the grade"),
]
INCENTIVE_KINDS = [
    ("points", "Points"),
    ("gift", "Gift"),
    ("other", "Something else"),
]
GRANT_STATES = [
    ("todo", "To be given"),
    ("given", "Given"),
    ("dropped", "Not given"),
]
