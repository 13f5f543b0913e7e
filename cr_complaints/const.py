"""Codes and tables of the complaints addon. Labels are selections, Odoo translates."""

STAGES = [
    ("received", "Received"),
    ("classified", "Classified"),
    ("answered", "Answered at once"),
    ("investigating", "Investigating"),
    ("plan", "Plan"),
    ("handling", "Handling"),
    ("feedback", "Told the customer"),
    ("verification", "Follow-up call"),
    ("review", "Case review"),
    ("closed", "Closed"),
]
OPEN_STAGES = tuple(code for code, _label in STAGES if code != "closed")
CHANNELS = [
    ("phone", "Telephone"),
    ("callback", "Callback"),
    ("lounge", "Lounge or front desk"),
    ("portal", "Customer's page"),
    ("email", "E-mail"),
    ("hotline", "Manufacturer's 400 hotline"),
    ("consumer", "Consumer association (12315)"),
    ("group", "Group company"),
    ("media", "Media"),
    ("social", "Social media"),
    ("letter", "Letter"),
    ("visit", "Visit"),
]
CLOCKS = [
    ("answer", "First answer"),
    ("promise", "Next promise"),
    ("solve", "Solution"),
    ("outside", "Outside body"),
]
CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Kept"),
    ("missed", "Missed"),
    ("cancelled", "Ended"),
]
# What stands in the log. The first group moves clocks.
EVENTS = [
    ("received", "Received"),
    ("graded", "Graded"),
    ("calendar", "Working time changed"),
    ("paused", "Clocks paused"),
    ("resumed", "Clocks go on"),
    ("answered", "First answer given"),
    ("told", "Customer told"),
    ("solved", "Solved"),
    ("reopened", "Opened again"),
    ("closed", "Closed"),
    ("dispatched", "Passed to the department"),
    ("moved", "Stage changed"),
    ("alerted", "Escalated"),
    ("acknowledged", "Acknowledged"),
    ("breached", "Deadline missed"),
    ("daily", "Daily note"),
    ("media", "Media watch"),
    ("customer", "The customer says"),
]
EMOTIONS = [
    ("calm", "Calm"),
    ("upset", "Upset"),
    ("angry", "Angry"),
    ("threatening", "Threatens with consequences"),
]
FACTS = [
    ("is_injury", "Somebody was hurt"),
    ("is_media", "Media are involved"),
    ("is_regulator", "An authority is involved"),
    ("is_crowd", "A group may form"),
    ("is_repeat", "Complained before"),
    ("is_guarantee", "Three-guarantees claim"),
]
WARRANTY_KINDS = [
    ("same_fault", "Repairs of the same fault"),
    ("shop_days", "Days in the shop"),
    ("early", "Repair right after the delivery"),
    ("early_60", "Repair in the first weeks or km"),
]
