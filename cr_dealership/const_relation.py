"""Codes of what the house keeps about its relations. Labels are selections."""

from .const import TOUCH_CHANNELS

# How a wish or a question before the purchase reaches us.
WISH_CHANNELS = TOUCH_CHANNELS + [("web", "Link on the telephone")]
WISH_KINDS = [
    ("suggestion", "Suggestion"),
    ("service", "Service beyond the usual"),
    ("expectation", "Expectation"),
    ("praise", "Praise"),
    ("referral", "Recommends somebody"),
    ("usage", "How he uses the car"),
]
# What the customer is told about afterwards.
ANSWERED_WISH_KINDS = ("suggestion", "service", "expectation")
VOICE_TONES = [
    ("positive", "Positive"),
    ("neutral", "Neutral"),
    ("negative", "Negative"),
]
WISH_TITLE_MAX = 60
WISH_STATES = [
    ("new", "New"),
    ("handed", "With the department"),
    ("done", "Fulfilled"),
    ("declined", "Not possible"),
]
OPEN_WISH_STATES = ("new", "handed")
OCCASIONS = [
    ("founding", "Founding day"),
    ("opening", "Opening"),
    ("wedding", "Wedding"),
    ("honour", "Honour or award"),
    ("other", "Other celebration"),
]
GOAL_STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("reached", "Aim reached"),
    ("given_up", "Given up"),
]
CONSULTATION_TOPICS = [
    ("price", "Price and discount"),
    ("finance", "Financing"),
    ("insurance", "Insurance"),
    ("trade_in", "Used car taken in payment"),
    ("delivery", "Time of delivery"),
    ("product", "Technique and equipment"),
    ("service", "Warranty and service"),
    ("other", "Something else"),
]
CONSULTATION_STATES = [
    ("open", "Thinks about it"),
    ("bought", "Bought"),
    ("lost", "Does not buy"),
]
COURTESY_PLACES = [
    ("phone", "On the telephone"),
    ("reception", "At the reception"),
    ("delivery", "When a car is handed over"),
    ("lounge", "In the lounge"),
]
