from . import cr_complaint_regrade
from . import cr_complaint_pause
from . import cr_complaint_tell
from . import cr_complaint_reopen
from . import cr_complaint_note
from . import cr_complaint_figures
