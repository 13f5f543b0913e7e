from . import cr_complaint_report
from . import cr_complaint_figures_xlsx
