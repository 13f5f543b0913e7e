from . import cr_import
