from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.cr_dealership.tools.periods import span_before, span_of


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    """Weeks begin on Monday, months on the first."""

    def test_spans(self):
        day = date(2026, 3, 1)
        self.assertEqual(span_of("week", day), (date(2026, 2, 23), date(2026, 3, 1)))
        self.assertEqual(span_of("month", day), (date(2026, 3, 1), date(2026, 3, 31)))

    def test_spans_before(self):
        day = date(2026, 3, 1)
        self.assertEqual(
            span_before("week", day), (date(2026, 2, 16), date(2026, 2, 22))
        )
        self.assertEqual(
            span_before("month", day), (date(2026, 2, 1), date(2026, 2, 28))
        )
        self.assertEqual(
            span_before("month", date(2027, 1, 5)),
            (date(2026, 12, 1), date(2026, 12, 31)),
        )
