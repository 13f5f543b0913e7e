from . import customer_file
from . import cr_daily_report_xlsx
