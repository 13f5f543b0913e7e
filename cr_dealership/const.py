"""Codes and tables that several files share. Labels are translated lazily."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# A customer's own page is kept by nobody on the way, and found by no search engine.
PRIVATE_HEADERS = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
]
CALLBACK_KINDS = [
    ("ssi", "SSI"),
    ("csi", "CSI"),
    ("care", "Care"),
    ("complaint", "After complaint"),
    ("event", "Event"),
    ("winback", "Win-back"),
    ("followup", "Second callback"),
]
CALLBACK_STATES = [
    ("todo", "To call"),
    ("retry", "Call again"),
    ("done", "Done"),
    ("lost", "Lost contact"),
    ("missed", "Window missed"),
    ("cancelled", "Cancelled"),
]
OPEN_CALLBACK_STATES = ("todo", "retry")
MISSED_REASONS = [
    ("known_late", "Became known too late"),
    ("not_reached", "Called, never reached in time"),
    ("not_called", "Nobody called in time"),
    ("blocked", "Was not allowed to be called"),
]
OUTCOME_KINDS = [
    ("reached", "Reached"),
    ("retry", "Not reached, try again"),
    ("refused", "Refused the interview"),
    ("wrong", "Wrong number"),
    ("appointment", "Wants a call at another time"),
]

# --- appointments (APT-01, APT-06) ---
BAY_KINDS = [
    ("maintenance", "Maintenance"),
    ("repair", "Repair"),
    ("body", "Body and paint"),
]
APPOINTMENT_STATES = [
    ("requested", "To confirm"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("done", "Done"),
    ("no_show", "Did not come"),
    ("cancelled", "Cancelled"),
]
# States in which the customer is still to come, and in which a car has its day.
COMING_STATES = ("requested", "confirmed")
ACTIVE_APPOINTMENT_STATES = (*COMING_STATES, "arrived")
APPOINTMENT_CHANNELS = [
    ("phone", "Telephone"),
    ("web", "Link on the telephone"),
    ("consultant", "Sales consultant"),
    ("advisor", "Service advisor"),
    ("walk_in", "At the desk"),
]

CHANNELS = [
    ("phone", "Telephone"),
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("wechat", "WeChat"),
]
# Where a customer and the store may meet; consent is asked for CHANNELS only (COM-01).
# What a customer calls about (APT-02).
TOUCH_SUBJECTS = [
    ("service", "Repair or maintenance"),
    ("sales", "Buying a car"),
    ("other", "Something else"),
]
TOUCH_CHANNELS = CHANNELS + [
    ("visit", "Face to face"),
    ("weibo", "Weibo"),
    ("douyin", "Douyin"),
]
PURPOSES = [
    ("all", "Everything"),
    ("satisfaction", "Satisfaction calls"),
    ("service", "Service reminders"),
    ("insurance", "Insurance renewal"),
    ("care", "Care and greetings"),
    ("marketing", "Events and offers"),
]
# Which consent a kind of callback needs (CUS-08).
KIND_PURPOSE = {
    "ssi": "satisfaction",
    "csi": "satisfaction",
    "complaint": "satisfaction",
    "care": "care",
    "event": "marketing",
    "winback": "marketing",
    "followup": "satisfaction",
}

DUE_KINDS = [
    ("first_service", "First service"),
    ("maintenance", "Maintenance"),
    ("insurance", "Insurance renewal"),
    ("inspection", "Annual inspection"),
]
# Relations of the family list who live together; friends and colleagues do not.
HOUSEHOLD_RELATIONS = ("spouse", "child", "parent", "relative")
DUE_BASES = [("date", "By date"), ("mileage", "By mileage")]

STAGES = [
    ("prospect", "Prospect"),
    ("in_purchase", "In purchase"),
    ("new_owner", "New owner"),
    ("active", "Active customer"),
    ("lapsing", "Lapsing"),
    ("lapsed", "Lapsed"),
    ("lost_contact", "Lost contact"),
    ("lost", "Lost"),
]
FREQUENCY_CLASSES = [
    ("first", "First-time buyer"),
    ("repeat", "Repeat buyer"),
    ("loyal", "Loyal buyer"),
]
VALUE_CLASSES = [("high", "High"), ("medium", "Medium"), ("low", "Low")]
NEED_CLASSES = [
    ("family", "Family car"),
    ("commercial", "Commercial car"),
    ("special", "Special use"),
]
COMPANY_SIZES = [
    ("micro", "Below 20 people"),
    ("small", "20 to 299 people"),
    ("medium", "300 to 999 people"),
    ("large", "1,000 people and more"),
]
VERIFICATION_STATES = [
    ("unverified", "To verify"),
    ("verified", "Verified"),
    ("rejected", "Rejected"),
]
READING_STATES = [
    ("confirmed", "Confirmed"),
    ("suspect", "Suspect"),
    ("rejected", "Rejected"),
]
VEHICLE_ROLES = [
    ("owner", "Owner"),
    ("driver", "Driver"),
    ("payer", "Payer"),
    ("contact", "Contact"),
]

# Why a customer may not be called; shown on the card (CUS-08, law of consent).
BLOCK_REASONS = [
    ("no_phone", "No telephone number"),
    ("do_not_call", "Does not want calls"),
    ("opt_out", "Opted out of this kind of call"),
    ("blacklist", "Number is on the blacklist"),
    ("unverified", "File is not verified yet"),
    ("no_customer", "Nobody is on file for the car"),
]
BLOCK_TEXTS = {
    "no_phone": _lt("there is no telephone number; add one to the file"),
    "do_not_call": _lt("the customer does not want to be called at all"),
    "opt_out": _lt("the customer opted out of this kind of call"),
    "blacklist": _lt("the number is on the blacklist"),
    "unverified": _lt("the file comes from a third party and is not verified yet"),
    "no_customer": _lt("nobody is on file for the car; name its owner"),
}

# What makes a file complete, with its weight (CUS-17). Assumed: the seeds ask for a
# complete file and name the fields, but no weights.
PERSON_WEIGHTS = {
    "name": 15,
    "mobile": 20,
    "cr_gender": 5,
    "birthdate_date": 10,
    "cr_id_masked": 10,
    "cr_marital": 3,
    "cr_occupation": 5,
    "cr_employer": 5,
    "street": 10,
    "email": 5,
    "cr_source_id": 7,
    "cr_need_class": 5,
}
ORGANIZATION_WEIGHTS = {
    "name": 15,
    "phone": 15,
    "street": 10,
    "email": 5,
    "website": 3,
    "industry_id": 7,
    "cr_organization_type": 10,
    "cr_founded_on": 5,
    "cr_company_size": 5,
    "cr_main_business": 5,
    "cr_principal_id": 10,
    "cr_source_id": 5,
    "cr_need_class": 5,
}

CHURN_LEVELS = [
    ("none", "Not at risk"),
    ("watch", "Watch"),
    ("warning", "Warning"),
    ("high", "High risk"),
    ("lost", "Counts as lost"),
]
# What the churn score is made of (RCL-15); measured by tools.churn.MEASURES.
CHURN_FACTORS = [
    ("overdue", "Past its rhythm of visits"),
    ("mileage", "Past its next service by mileage"),
    ("visits", "Fewer visits"),
    ("spend", "Spend fell"),
    ("unanswered", "Contacts without an answer"),
    ("renewal", "Insurance not renewed with us"),
    ("declined", "Declined work open"),
    ("complaint", "Open complaint"),
]

GIFT_OCCASIONS = [
    ("birthday", "Birthday"),
    ("festival", "Festival"),
    ("campaign", "Campaign"),
    ("complaint", "Complaint"),
    ("other", "Other"),
]
# Why a gift needs a person's eye before it is asked for (REL-13).
GIFT_HOLDS = [
    ("no_gift", "No gift in the menu fits"),
    ("over_limit", "Dearer than one gift may be"),
    ("over_quota", "Over the quota of the person"),
    ("opt_out", "Does not want greetings"),
]
VOUCHER_KINDS = [
    ("maintenance_coupon", "Maintenance coupon"),
    ("discount_card", "Discount card"),
    ("maintenance_card", "Maintenance card"),
    ("other", "Other"),
]

# Who works with the suite at all; others see a contact, not the customer file.
CR_USER = "cr_dealership.group_cr_dealership_user"

# --- messages (COM-03) ---
MESSAGE_CHANNELS = [("sms", "SMS"), ("email", "E-mail"), ("letter", "Letter")]
MESSAGE_STATES = [
    ("queued", "Queued"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("failed", "Failed"),
    ("held", "Held"),
    ("cancelled", "Cancelled"),
]
MESSAGE_BLOCK_REASONS = BLOCK_REASONS + [("no_address", "No address")]
# What somebody can mend in the file; other reasons are the customer's wish.
MENDABLE_BLOCKS = ("no_phone", "no_address", "unverified", "no_customer")
MESSAGE_BLOCK_TEXTS = {
    "no_phone": _lt("there is no mobile number; add one to the file"),
    "no_address": _lt("there is no address for this channel; add one to the file"),
    "do_not_call": _lt("the customer wants no messages on this channel"),
    "opt_out": _lt("the customer opted out of this kind of message"),
    "blacklist": _lt("the number is on the blacklist"),
    "unverified": _lt("the file comes from a third party and is not verified yet"),
    "no_customer": _lt("nobody is on file for the car; name its owner"),
}
MESSAGE_WAITS = [("quiet", "Quiet hours"), ("retry", "Gateway not reachable")]
MESSAGE_FAILURES = [
    ("refused", "Refused by the gateway"),
    ("tries", "Tried too often"),
    ("unknown", "Unknown whether it went out"),
    ("undelivered", "Not delivered"),
]
SMS_PROVIDERS = [
    ("log", "Only write to the log"),
    ("http", "HTTP gateway"),
    ("odoo", "As Odoo is set up"),
]
