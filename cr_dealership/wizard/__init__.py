from . import base_partner_merge_automatic_wizard
from . import cr_vehicle_resell
from . import cr_care_touch_record
from . import cr_callback_reassign
from . import cr_role_duty
from . import cr_appointment_cancel
from . import cr_call_attempt_correct
from . import cr_care_case_answer
