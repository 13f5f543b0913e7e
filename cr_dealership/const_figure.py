"""Codes of figures, reports and improvements. Labels are selections."""

FIGURE_UNITS = [
    ("count", "Whole number"),
    ("percent", "Percent"),
    ("points", "Points of 1,000"),
]
FIGURE_DIRECTIONS = [("up", "More is better"), ("down", "Less is better")]
PERIODS = [("week", "Week"), ("month", "Month")]
PHASES = [
    ("plan", "P · Plan"),
    ("do", "D · Do"),
    ("check", "C · Check"),
    ("act", "A · Act"),
]
IMPROVEMENT_STATES = [
    ("plan", "P · Plan"),
    ("do", "D · Do"),
    ("check", "C · Check"),
    ("act", "A · Standardise"),
    ("done", "Standardised"),
    ("cancelled", "Given up"),
]
OPEN_IMPROVEMENT_STATES = ("plan", "do", "check", "act")
IMPROVEMENT_SOURCES = [
    ("callback", "Callback"),
    ("survey", "Survey"),
    ("complaint", "Complaint"),
    ("checklist", "Checklist of the manufacturer"),
    ("supervision", "Supervision on site"),
    ("suggestion", "Suggestion of a customer"),
    ("manufacturer", "Item of the manufacturer"),
    ("insurance", "Refused renewals"),
    ("weekly", "Weekly or monthly report"),
    ("next", "Next goal of a project"),
]
