"""Codes and tables of events. Labels are selections, Odoo translates."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

EVENT_STATES = [
    ("plan", "Planning"),
    ("invite", "Inviting"),
    ("confirmed", "Confirmed"),
    ("done", "Took place"),
    ("summarised", "Summed up"),
    ("cancelled", "Called off"),
]
LANES = [
    ("planning", "Planning and marketing"),
    ("sales", "Sales"),
    ("service", "Service"),
    ("cr", "Customer relations"),
]
INVITATION_STATES = [
    ("proposed", "Proposed"),
    ("todo", "To invite"),
    ("invited", "Invited"),
    ("waiting", "Waiting list"),
    ("accepted", "Accepted"),
    ("confirmed", "Intention confirmed"),
    ("reminded", "Reminded"),
    ("attended", "Attended"),
    ("absent", "Did not come"),
    ("refused", "Declined"),
    ("dropped", "Taken off the list"),
]
# Who is expected; whoever has come or stayed away keeps his seat.
EXPECTED = ("accepted", "confirmed", "reminded")
SEATED = (*EXPECTED, "attended", "absent")
# Where a guest stands before he has answered.
UNANSWERED = ("todo", "invited")
# What a yes on the telephone means, by where the guest stands.
NEXT_STAGE = {
    "todo": "accepted",
    "invited": "accepted",
    "waiting": "accepted",
    "refused": "accepted",
    "accepted": "confirmed",
    "confirmed": "reminded",
}
INVITED_HOW = [
    ("phone", "Telephone"),
    ("sms", "SMS"),
    ("link", "His own page"),
    ("face", "Face to face"),
]
REFUSALS = [
    ("time", "Has no time that day"),
    ("far", "Too far away"),
    ("subject", "Not interested in the subject"),
    ("ill", "Illness or family"),
    ("sold", "Has no car of ours any more"),
    ("unhappy", "Is unhappy with us"),
    ("other", "Other"),
]
JOINED_HOW = [
    ("invited", "By our invitation"),
    ("friend", "With a friend"),
    ("walk_in", "Came by himself"),
    ("online", "Signed up online"),
]
INFO_CHANNELS = [
    ("call", "Our call"),
    ("sms", "SMS"),
    ("shop", "In the shop"),
    ("friend", "Friends or family"),
    ("social", "Social media"),
    ("press", "Newspaper, radio, television"),
    ("other", "Other"),
]
DUTIES = [
    ("lead", "Leads the event"),
    ("invite", "Invitation"),
    ("reception", "Reception and check-in"),
    ("buffet", "Cold buffet and cakes"),
    ("drinks", "Drinks"),
    ("hall", "Hall and tidying"),
    ("interaction", "Interaction with guests"),
    ("gifts", "Handing out gifts"),
    ("photo", "Photography and media"),
    ("safety", "Safety"),
    ("other", "Other"),
]
RESULT_KINDS = [
    ("lead", "New intention to buy"),
    ("need", "Potential need"),
    ("suggestion", "Suggestion"),
    ("order", "Signed order"),
]
COST_KINDS = [
    ("materials", "Materials"),
    ("venue", "Venue"),
    ("catering", "Food and drinks"),
    ("gifts", "Gifts"),
    ("photo", "Photography and media"),
    ("travel", "Travel"),
    ("other", "Other"),
]
LINK_KINDS = [
    ("photo", "Photographs"),
    ("media", "Media report"),
    ("social", "Social media"),
]
# Who sees money of events.
COST_GROUPS = ",".join(
    f"cr_dealership.group_cr_dealership_{role}"
    for role in ("specialist", "manager", "finance", "head", "director")
)
CHECK_IN_SENTENCES = {
    "unknown": _lt(
        "This code is no invitation of ours and no member's card. Look for the guest"
        " by name in the list."
    ),
    "no_digits": _lt(
        "No guest of “%(event)s” has a card or a telephone with %(digits)s. Look for"
        " the guest by name in the list."
    ),
    "many_digits": _lt(
        "%(digits)s may be %(guests)s. Type more digits, or choose the name in the"
        " list."
    ),
    "other_event": _lt(
        "This invitation is for “%(other)s” on %(day)s, not for “%(event)s”. Open that"
        " event to check the guest in."
    ),
    "other_store": _lt(
        "This invitation is for an event of %(store)s, not for “%(event)s”. Send the"
        " guest there."
    ),
    "other_club": _lt(
        "This is a card of “%(club)s”; “%(event)s” belongs to another club. Look for"
        " the guest by name in the list."
    ),
    "not_listed": _lt(
        "%(guest)s is not on the list of “%(event)s”. Add the guest to the list first."
    ),
    "other_day": _lt(
        "“%(event)s” is on %(day)s. Guests are checked in on the day of the event."
    ),
    "closed": _lt(
        "“%(event)s” is %(state)s. Guests are checked in while it is inviting or"
        " confirmed."
    ),
}
