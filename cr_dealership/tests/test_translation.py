from odoo.tests import TransactionCase, tagged

from .translation_common import TranslationCases


@tagged("post_install", "-at_install")
class TestTranslation(TranslationCases, TransactionCase):
    """The Chinese catalogue is complete, current and consistent."""
