"""Codes of interviews, questionnaires and indices. Labels are translated by Odoo."""

INTERVIEW_KINDS = [
    ("ssi", "SSI"),
    ("csi", "CSI"),
    ("first_week", "First week with the car"),
    ("complaint", "After complaint"),
    ("visit", "Important customer, face to face"),
    ("event", "Event"),
    ("mail", "Mail-out"),
]
INTERVIEW_CHANNELS = [
    ("phone", "Telephone"),
    ("sms", "Link by SMS"),
    ("email", "Link by e-mail"),
    ("visit", "Face to face"),
    ("letter", "On paper"),
]
INTERVIEW_STATES = [
    ("invited", "Invited"),
    ("agreed", "Agreed to meet"),
    ("started", "Begun"),
    ("done", "Completed"),
    ("broken", "Broken off"),
    ("expired", "Never answered"),
    ("declined", "Declined"),
]
# Interviews that still take answers.
OPEN_INTERVIEW_STATES = ("invited", "agreed", "started")
ANSWER_PARTS = [("answer", "Answer"), ("comment", "Comment")]

INDEX_OWNERS = [("maker", "Car maker"), ("store", "Our own")]
# What a question is about, step by step of buying and of a visit to the shop (SUR-01).
PROCESS_STEPS = [
    ("online", "Contact before the visit"),
    ("reception", "Reception in the showroom"),
    ("advice", "Advice and test drive"),
    ("deal", "Negotiation and contract"),
    ("handover", "Hand-over of the car"),
    ("booking", "Booking of the visit"),
    ("intake", "Intake and diagnosis"),
    ("work", "Work in the shop"),
    ("lounge", "Waiting and lounge"),
    ("settlement", "Explanation of the bill"),
    ("pickup", "Return of the car"),
    ("after", "Care after the visit"),
    ("complaint", "Handling of a complaint"),
    ("event", "Event"),
]
# What a question measures (SUR-08).
QUESTION_DIMENSIONS = [
    ("process", "Standard process carried out"),
    ("wish", "Service the customer wishes for"),
    ("concern", "What the customer cares about"),
]
# What a free answer is.
QUESTION_WORDS = [
    ("grievance", "Grievance"),
    ("praise", "Praise"),
    ("suggestion", "Suggestion"),
    ("profile", "About the customer"),
]
# What a choice calls for.
CHOICE_FOLLOWS = [
    ("none", "Nothing"),
    ("why", "Ask why, open a problem"),
    ("visit", "Ask why, invite for a check of the car"),
]
QUESTION_TYPES = ("scale", "simple_choice", "text_box")
SCORE_MIN, SCORE_MAX = 1, 10
FOLLOW_BELOW = 9
TEXT_MAX = 5000
# Months between purchase and interview that the maker's study asks about.
STUDY_WINDOWS = {"ssi": (2, 6), "csi": (13, 48)}
WINDOW_STATES = [
    ("in", "In the study's window"),
    ("out", "Outside the study's window"),
    ("unknown", "Day of delivery unknown"),
]
# A gift handed over so many days around an interview stands beside its score.
GIFT_DAYS = 7
FIGURE_DIMENSIONS = [
    ("store", "Store"),
    ("department", "Department"),
    ("advisor", "Advisor"),
    ("model", "Model"),
    ("agent", "Callback agent"),
]
