"""Words of the import: fields, states, and the sentence for every code of the tools."""

from odoo.tools.translate import LazyTranslate

from .tools import import_rows

_lt = LazyTranslate(__name__)

IMPORT_KINDS = [
    (import_rows.DELIVERY, "Deliveries"),
    (import_rows.ORDER, "Work orders"),
    (import_rows.POLICY, "Insurance policies"),
]
IMPORT_STATES = [
    ("draft", "Columns"),
    ("staging", "Reading"),
    ("checked", "To check"),
    ("loading", "Loading"),
    ("done", "Done"),
    ("failed", "Stopped"),
    ("cancelled", "Cancelled"),
]
RUNNING_STATES = ("staging", "loading")
ROW_STATES = [
    ("ready", "Ready"),
    ("refused", "Refused"),
    ("superseded", "Replaced by a later row"),
    ("new", "New"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
]

# Whose post brings which kind of file; the groups of the addon without their prefix.
KIND_GROUPS = {
    import_rows.DELIVERY: ("head", "admin", "specialist", "sales"),
    import_rows.ORDER: ("head", "admin", "specialist"),
    import_rows.POLICY: ("head", "admin", "specialist", "insurance", "sales"),
}

# What our own column of a returned workbook begins with; it is never read.
REASON_MARK = "※"

FIELD_LABELS = {
    "number": _lt("Number"),
    "name": _lt("Customer's name"),
    "id_number": _lt("ID number"),
    "phone": _lt("Telephone"),
    "address": _lt("Address"),
    "model": _lt("Model"),
    "variant": _lt("Variant (SFX)"),
    "color": _lt("Colour"),
    "vin": _lt("VIN"),
    "engine_number": _lt("Engine number"),
    "plate": _lt("Plate"),
    "registered_on": _lt("First registered"),
    "ordered_on": _lt("Ordered on"),
    "delivered_on": _lt("Delivered on"),
    "price": _lt("Price"),
    "discount": _lt("Discount"),
    "offers": _lt("Offers"),
    "consultant": _lt("Sales consultant"),
    "source": _lt("Source"),
    "usage": _lt("Use"),
    "type": _lt("Service type"),
    "brought_by_name": _lt("Brought by"),
    "brought_by_phone": _lt("Telephone of who brought it"),
    "in_at": _lt("Came in"),
    "out_at": _lt("Left the shop"),
    "odometer_km": _lt("Odometer (km)"),
    "amount_labour": _lt("Labour"),
    "amount_material": _lt("Material"),
    "amount_other": _lt("Other"),
    "amount_total": _lt("Total"),
    "advisor": _lt("Service advisor"),
    "next_km": _lt("Stated next service (km)"),
    "next_on": _lt("Stated next service"),
    "state": _lt("Settled?"),
    "customer_words": _lt("What the customer said"),
    "insurer": _lt("Insurer"),
    "policy_kind": _lt("Kind of insurance"),
    "date_start": _lt("Begins on"),
    "date_end": _lt("Ends on"),
    "premium": _lt("Premium"),
    "is_bought_here": _lt("Bought here?"),
    "specialist": _lt("Insurance specialist"),
}
NUMBER_LABELS = {
    import_rows.DELIVERY: _lt("Contract number"),
    import_rows.ORDER: _lt("Work order number"),
    import_rows.POLICY: _lt("Policy number"),
}

ROW_REASONS = [
    ("amount", "Amount can't be read"),
    ("date", "Date can't be read"),
    ("date_missing", "Date missing"),
    ("date_order", "Ends before it begins"),
    ("key_missing", "Number missing"),
    ("name_missing", "Name missing"),
    ("vin_characters", "VIN with a wrong character"),
    ("vin_length", "VIN too short or too long"),
    ("vin_missing", "VIN missing"),
    ("vehicle_unknown", "Unknown plate"),
    ("vehicle_ambiguous", "Plate of several cars"),
    ("row_failed", "Can't be recorded"),
]
# In full: what is wrong, the rule, the way out. %(value)s is the cell.
REASONS = {
    "amount": _lt("“%(value)s” is no amount; write a number, 0 if nothing is paid."),
    "date": _lt("“%(value)s” is no date; write it like 2026-01-31."),
    "date_missing": _lt("The date is missing; fill it in."),
    "date_order": _lt("It ends on %(value)s, before it begins; correct the dates."),
    "key_missing": _lt("The number is missing; without it a row can't be found again."),
    "name_missing": _lt("The customer's name is missing; fill it in."),
    "vin_characters": _lt(
        "The VIN “%(value)s” has a character that no VIN has (I, O, Q or a sign);"
        " correct it from the car's papers."
    ),
    "vin_length": _lt(
        "The VIN “%(value)s” has not 17 characters; correct it from the car's papers."
    ),
    "vin_missing": _lt("The VIN is missing; fill it in."),
    "vehicle_unknown": _lt(
        "No car with the plate “%(value)s” is known; fill in its VIN."
    ),
    "vehicle_ambiguous": _lt(
        "Several cars have the plate “%(value)s”; fill in the VIN of the right one."
    ),
    "row_failed": _lt(
        "The row can't be recorded: %(value)s Correct it and hand it in again."
    ),
}

# What was tidied up in a row, or what a person should look at.
NOTES = {
    "full_width": _lt("full-width characters made plain"),
    "phone_separators": _lt("blanks and dashes taken out"),
    "phone_country_code": _lt("country code taken off"),
    "phone_trunk_zero": _lt("leading zero taken off"),
    "phone_two_numbers": _lt("two numbers, mobile and landline told apart"),
    "phone_extra_dropped": _lt("more numbers than we keep: “%(value)s”"),
    "phone_part_invalid": _lt("a part that is no number was left out: “%(value)s”"),
    "phone_from_number": _lt("number cell read as text"),
    "phone_text": _lt("words taken out: “%(value)s”"),
    "phone_foreign": _lt("foreign number"),
    "phone_invalid": _lt("“%(value)s” is no telephone number; left empty"),
    "phone_missing": _lt("no telephone number; the customer can't be called"),
    "plate_format": _lt("dots, blanks and small letters made uniform"),
    "plate_none": _lt("“%(value)s” means no plate yet"),
    "plate_unusual": _lt("“%(value)s” is no ordinary plate; kept as it is"),
    "vin_format": _lt("blanks and small letters made uniform"),
    "vin_check_digit": _lt("the check digit of “%(value)s” is wrong; please compare"),
    "id_number_invalid": _lt("“%(value)s” fails its check digit; please compare"),
    "id_number_old": _lt("an ID number of the old kind, 15 digits"),
    "date_from_serial": _lt("date read from Excel's day number"),
    "amount_ten_thousand": _lt("“%(value)s” counted in units of 10,000"),
    "amount_rounded": _lt("“%(value)s” rounded to cents"),
    "amount_missing": _lt("no amount given; taken as 0"),
    "amount_other_from_total": _lt("%(value)s more than labour and material: Other"),
    "amounts_differ": _lt("the total differs from its parts by %(value)s"),
    "odometer_ten_thousand": _lt("“%(value)s” counted in units of 10,000 km"),
    "odometer_unreadable": _lt("“%(value)s” is no odometer reading; left empty"),
    "boolean_unreadable": _lt("“%(value)s” is neither yes nor no; left empty"),
    "unreadable": _lt("“%(value)s” can't be read; left empty"),
    "in_future": _lt("%(value)s is in the future"),
    "kind_unknown": _lt("“%(value)s” is not known; taken as other"),
    "leaves_before_arrival": _lt(
        "%(value)s is before it came in; left empty"
    ),
    "name_missing": _lt("no customer's name"),
    "name_differs": _lt(
        "the telephone number belongs to %(value)s, whose file was taken"
    ),
    "owner_differs": _lt("the owner on record is %(value)s, who stays the owner"),
    "owner_phone_shared": _lt(
        "the new telephone number already belongs to another file: %(value)s"
    ),
    "owner_changed": _lt("change of owner: before it was %(value)s"),
    "owner_former": _lt("recorded as an earlier owner; today it is %(value)s"),
    "phone_changed": _lt("the owner's number was %(value)s before"),
    "state_unknown": _lt("“%(value)s” is no known state; told from the leaving day"),
    "type_unknown": _lt("“%(value)s” is no known service type; taken as other"),
    "usage_unknown": _lt("“%(value)s” is no known use; left empty"),
    "model_created": _lt("“%(value)s” is a new model in the catalogue"),
    "source_created": _lt("“%(value)s” is a new customer source"),
    "staff_unknown": _lt("“%(value)s” is no employee of the store; kept as text"),
    "vehicle_by_plate": _lt("car found by its plate"),
    "vin_moved": _lt("this number stood with another car before: %(value)s"),
    "duplicate_key_in_file": _lt("a later row of the file has the same number"),
}

# Why a whole file can't be read.
FILE_ERRORS = {
    "file_damaged": _lt("The file is damaged; export it again and hand that in."),
    "file_empty": _lt("The file is empty; export it again with the rows you need."),
    "file_encrypted": _lt(
        "The file is locked with a password; save it without one and hand that in."
    ),
    "file_no_header": _lt(
        "No row of the file names its columns; keep the header row of the export."
    ),
    "file_not_table": _lt(
        "The file is no table; hand in an Excel workbook (XLSX, XLS) or a CSV file."
    ),
    "file_sheet_unknown": _lt(
        "The file has no sheet “%(sheet)s”; choose one of its own."
    ),
    "file_too_large": _lt(
        "The file is larger than 200 MB; export a shorter period and hand that in."
    ),
}
