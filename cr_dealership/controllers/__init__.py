from . import cr_appointment
from . import cr_import
from . import cr_interview
from . import cr_sms
