from . import cr_complaint_report
