from odoo.tests import TransactionCase, tagged

from odoo.addons.cr_dealership.tests.translation_common import TranslationCases


@tagged("post_install", "-at_install")
class TestClubTranslation(TranslationCases, TransactionCase):
    """The Chinese catalogue of the club is complete, current and consistent."""

    MODULE = "cr_club"
