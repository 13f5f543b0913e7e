"""Codes and tables of the care plans. Labels are selections, translated by Odoo."""

SUBJECTS = [
    ("first_service", "First service"),
    ("maintenance", "Maintenance"),
    ("insurance", "Insurance renewal"),
    ("inspection", "Annual inspection"),
    ("licence", "Driving licence check"),
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
    ("founded", "Founding day of the company"),
    ("festival", "Festival"),
    ("campaign", "Day of a campaign"),
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
    ("missed", "Nobody called in time"),
    ("failed", "Could not be delivered"),
]
# Why a case was cancelled.
CANCEL_REASONS = [
    ("owner", "The car has another owner"),
    ("gone", "The car is no longer in use"),
    ("served", "Was served before the case was opened"),
    ("not_due", "No longer due"),
    ("hand", "Cancelled by hand"),
]
