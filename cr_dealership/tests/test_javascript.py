from odoo.tests import HttpCase, no_retry, tagged

SUITE = "@cr_dealership"


def suite_id(name):
    """Return the id under which Odoo's test page knows a suite."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestJavascript(HttpCase):
    """The unit tests of our own scripts, and only those."""

    @no_retry
    def test_the_unit_tests_of_our_scripts_pass(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&id={suite_id(SUITE)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
