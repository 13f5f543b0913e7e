"""Codes of problems, voices and improvements. Labels are selections."""

# What is called about in which lane; the department of the lane answers (CB-30).
LANES = [
    ("sales", "Sales"),
    ("service", "After-sales"),
    ("relations", "Customer relations"),
]
KIND_LANE = {"ssi": "sales", "csi": "service"}

PROBLEM_KINDS = [
    ("problem", "Problem"),
    ("question", "Question nobody could answer"),
]
PROBLEM_WAYS = [
    ("department", "The department answers"),
    ("at_once", "Answered at once"),
    ("explained", "Cannot be changed; explained"),
]
PROBLEM_STATES = [
    ("new", "New for the department"),
    ("working", "Being solved"),
    ("calling", "Customer is called"),
    ("closed", "Closed"),
]
OPEN_PROBLEM_STATES = ("new", "working", "calling")
# States in which the department is at the move and its clock runs.
DEPARTMENT_STATES = ("new", "working")
PROBLEM_RESULTS = [
    ("satisfied", "Satisfied"),
    ("at_once", "Answered at once"),
    ("accepted", "Explanation accepted"),
    ("not_accepted", "Explanation not accepted"),
    ("unheard", "Customer gave no answer"),
    ("withdrawn", "Withdrawn"),
]
TITLE_MAX = 60
