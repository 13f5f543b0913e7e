"""Codes and tables of the care plans. Labels are selections, translated by Odoo."""

SUBJECTS = [
    ("first_service", "First service"),
    ("maintenance", "Maintenance"),
    ("insurance", "Insurance renewal"),
    ("inspection", "Annual inspection"),
    ("licence", "Driving licence check"),
    ("violation", "Traffic violation"),
    ("recruiting", "Maintenance recruiting"),
    ("recall", "Recall"),
    ("thanks", "Thank-you"),
    ("calendar", "Relationship calendar"),
    ("birthday", "Birthday"),
    ("festival", "Festival"),
    ("campaign", "Campaign or notice"),
]
# What day N is: label, table, column. The column is stored and indexed.
ANCHORS = [
    ("first_service", "First service is due"),
    ("maintenance", "Maintenance is due"),
    ("insurance", "Insurance ends"),
    ("inspection", "Inspection is due"),
    ("delivery", "Car was delivered"),
    ("last_visit", "Last visit to the shop"),
    ("birthday", "Birthday"),
    ("licence", "Driving licence is to be checked"),
    ("violation", "Traffic violation is to be settled"),
    ("founded", "Founding day of the company"),
    ("festival", "Festival"),
    ("campaign", "Day of a campaign"),
    ("damage", "Damage in an incident was reported"),
]
ANCHOR_COLUMNS = {
    "first_service": ("cr.vehicle", "first_service_on"),
    "maintenance": ("cr.vehicle", "service_on"),
    "insurance": ("cr.vehicle", "insurance_on"),
    "inspection": ("cr.vehicle", "inspection_on"),
    "delivery": ("cr.vehicle", "delivered_on"),
    "last_visit": ("cr.vehicle", "last_visit_on"),
    "birthday": ("res.partner", "cr_birthday_on"),
    "licence": ("res.partner", "cr_licence_on"),
    "violation": ("cr.traffic.violation", "deadline_on"),
    "damage": ("cr.care.damage", "reported_on"),
    "founded": ("res.partner", "cr_founded_on"),
}
# Anchors that move when a reading or an order arrives; open cases move with them.
MOVING_ANCHORS = ("first_service", "maintenance", "insurance", "inspection", "licence")
STOPS = [
    ("none", "Nothing: all steps are taken"),
    ("visit", "Any visit to the shop"),
    ("service", "A maintenance or first service"),
    ("policy", "A new insurance policy"),
    ("inspection", "A passed inspection"),
]
# What a booked visit settles.
SETTLED_BY_VISIT = ("visit", "service")
CASE_STATES = [
    ("open", "Open"),
    ("booked", "Booked"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
]
LIVE_CASE_STATES = ("open", "booked")
TASK_STATES = [
    ("todo", "Planned"),
    ("held", "Held back"),
    ("ready", "To do"),
    ("done", "Done"),
    ("skipped", "Left out"),
    ("cancelled", "Cancelled"),
]
WAITING_TASK_STATES = ("todo", "held")
OPEN_TASK_STATES = ("todo", "held", "ready")
TASK_CHANNELS = [
    ("list", "List to confirm"),
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("call", "Call"),
    ("task", "Task"),
]
MESSAGE_CHANNELS = ("sms", "email", "letter")
LANES = [
    ("sales", "Sales"),
    ("cr", "Customer relations"),
    ("insurance", "Insurance"),
    ("after_sales", "After-sales"),
    ("customer", "Customer"),
]
CONDITIONS = [
    ("open", "While the customer has not decided"),
    ("not_reached", "While nobody reached him"),
    ("refused", "If he refused"),
    ("always", "In any case"),
]
ANSWERS = [
    ("agreed", "Agrees"),
    ("coming", "Will come"),
    ("later", "Later"),
    ("refused", "Refuses"),
]
# What falls due so many days ahead is spoken about in the same call.
HOUSEHOLD_DAYS = 60
# Why a step was held back or left out; the codes of `BLOCK_REASONS` come on top.
TASK_REASONS = [
    ("cap", "Was contacted often enough lately"),
    ("unconfirmed", "The list is not confirmed yet"),
    ("too_late", "The day had passed"),
    ("not_needed", "Not needed any more"),
    ("ended", "The case ended"),
    ("booked", "The customer has booked a visit"),
    ("satisfied", "Another case of the car says it already"),
    ("no_text", "The text cannot be filled in"),
    ("repeated", "The customer gets the same words already"),
    ("missed", "Nobody called in time"),
    ("failed", "Could not be delivered"),
]
CAMPAIGN_KINDS = [
    ("festival", "Festival"),
    ("weather", "Weather"),
    ("notice", "Notice"),
    ("promotion", "Promotion"),
    ("free", "Free service"),
    ("offer", "Recommendation"),
    ("care", "Care by grade"),
    ("incident", "Incident"),
]
# These are offers with a period; without a last day they would never end.
DATED_KINDS = ("promotion", "free")
PROMOTION_AREAS = [
    ("sales", "Sales"),
    ("repair", "Repair and maintenance"),
    ("parts", "Parts and accessories"),
    ("body", "Body and paint"),
    ("pr", "Public relations"),
]
# What a customer did or did not; counted in days (COM-13).
BEHAVIOURS = [
    ("away", "Has not come for (days)"),
    ("came", "Came within (days)"),
    ("bought", "Took a new car within (days)"),
    ("due", "Something falls due within (days)"),
    ("declined", "Has declined work open"),
    ("risk", "Is at risk of staying away"),
]
CARE_FORMS = [
    ("message", "Message"),
    ("call", "Call"),
    ("card", "Greeting card"),
    ("gift", "Gift"),
    ("trip", "Trip"),
    ("visit", "Visit"),
    ("event", "Event"),
]
PROGRAM_STATES = [
    ("draft", "Draft"),
    ("asked", "To approve"),
    ("approved", "Approved"),
    ("running", "Running"),
    ("reviewed", "Reviewed"),
]
# Who bears the damage of a car; whether it was insured decides (CAM-10).
ROUTES = [
    ("insurer", "The insurer pays first, we support the rest"),
    ("support", "Not insured: our support only"),
]
SCRAP_STATES = [
    ("none", "Not asked"),
    ("asked", "Asked of the manufacturer"),
    ("repair", "To be repaired"),
    ("scrap", "To be scrapped"),
]
PLATFORMS = [("wechat", "WeChat"), ("weibo", "Weibo"), ("douyin", "Douyin")]
# Why a case was cancelled.
CANCEL_REASONS = [
    ("owner", "The car has another owner"),
    ("gone", "The car is no longer in use"),
    ("served", "Was served before the case was opened"),
    ("not_due", "No longer due"),
    ("hand", "Cancelled by hand"),
]
