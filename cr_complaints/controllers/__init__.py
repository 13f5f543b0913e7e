from . import cr_complaint
