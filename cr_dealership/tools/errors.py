"""Codes that the tools give instead of words, and the error that carries one.

The tools know no language: whoever shows a code to a person translates it.
"""

# What a cleaner changed or doubts; the row is kept.
NOTE_FULL_WIDTH = "full_width"
NOTE_PHONE_SEPARATORS = "phone_separators"
NOTE_PHONE_COUNTRY_CODE = "phone_country_code"
NOTE_PHONE_TRUNK_ZERO = "phone_trunk_zero"
NOTE_PHONE_TWO_NUMBERS = "phone_two_numbers"
NOTE_PHONE_EXTRA_DROPPED = "phone_extra_dropped"
NOTE_PHONE_PART_INVALID = "phone_part_invalid"
NOTE_PHONE_FROM_NUMBER = "phone_from_number"
NOTE_PHONE_TEXT = "phone_text"
NOTE_PHONE_FOREIGN = "phone_foreign"
NOTE_PHONE_INVALID = "phone_invalid"
NOTE_PLATE_FORMAT = "plate_format"
NOTE_PLATE_NONE = "plate_none"
NOTE_PLATE_UNUSUAL = "plate_unusual"
NOTE_VIN_FORMAT = "vin_format"
NOTE_VIN_CHECK_DIGIT = "vin_check_digit"
NOTE_ID_NUMBER_INVALID = "id_number_invalid"
NOTE_ID_NUMBER_OLD = "id_number_old"
NOTE_DATE_FROM_SERIAL = "date_from_serial"
NOTE_AMOUNT_TEN_THOUSAND = "amount_ten_thousand"
NOTE_AMOUNT_ROUNDED = "amount_rounded"
NOTE_ODOMETER_TEN_THOUSAND = "odometer_ten_thousand"
NOTE_ODOMETER_UNREADABLE = "odometer_unreadable"
NOTE_BOOLEAN_UNREADABLE = "boolean_unreadable"

NOTE_CODES = tuple(
    sorted(value for name, value in globals().items() if name.startswith("NOTE_"))
)

# Why a row is not imported. The cleaners raise the first four; the importer, which
# knows what is required and what exists, gives the others.
ROW_REASONS = (
    "amount",
    "date",
    "vin_characters",
    "vin_length",
    "amount_missing",
    "date_missing",
    "date_order",
    "duplicate_key_in_file",
    "key_missing",
    "kind_unknown",
    "model_unknown",
    "name_missing",
    "phone_missing",
    "plate_missing",
    "row_failed",
    "store_unknown",
    "vehicle_ambiguous",
    "vehicle_unknown",
    "vin_missing",
)

# Why a whole file is not read.
FILE_REASONS = (
    "file_damaged",
    "file_empty",
    "file_encrypted",
    "file_no_header",
    "file_not_table",
    "file_sheet_unknown",
    "file_too_large",
)

# Why a setting or a year can't be used.
SETTING_REASONS = ("holidays_unknown", "hours_unreadable")

REASON_CODES = ROW_REASONS + FILE_REASONS + SETTING_REASONS


class RuleError(ValueError):
    """A value, row or file that a rule refuses.

    ``code`` is one of :data:`REASON_CODES`; ``params`` holds the facts that the
    translated sentence names.
    """

    def __init__(self, code, **params):  # noqa: B042 (copies keep __dict__)
        super().__init__(code)
        self.code = code
        self.params = params
