from . import cr_appointment_report
from . import cr_appointment_sheet
from . import cr_care_effect
from . import cr_care_report
from . import cr_daily_report_xlsx
from . import customer_file
