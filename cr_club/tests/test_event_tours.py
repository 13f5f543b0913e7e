from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .event_common import EventCommon

MORNING = "2026-11-20 02:00:00"

# The page loads no script of ours, so the test brings its own, in a frame as wide as a
# telephone: it types what the scanner reads.
_DOOR = """
(async () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: location.href, width: 390, height: 844 });
    document.body.replaceChildren(frame);
    const find = async (selector, text) => {
        for (let tries = 0; tries < 200; tries++) {
            const page = frame.contentDocument;
            const all = page?.querySelectorAll(selector) || [];
            const found = [...all].find((one) => one.textContent.includes(text));
            if (found && page.readyState === "complete") {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`${selector} with “${text}” did not show`);
    };
    const scan = async (code) => {
        (await find("input[name=code]", "")).value = code;
        (await find("button.button", "Check in")).click();
    };
    await find(".car", "0 came, 1 expected");
    await scan("WRONG");
    await find(".error", "no invitation of ours");
    await scan("RIGHT");
    await find(".booked h2", "Test owner");
    await find(".car", "1 came, 0 expected");
    const wide = frame.contentDocument.documentElement.scrollWidth;
    if (wide > 390) {
        throw new Error(`the page is ${wide} px wide`);
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestEventTours(EventCommon, HttpCase):
    """From the plan of a class to its summary, on the screens that people use."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.persona("head") | cls.persona("lounge")).lang = "en_US"

    def run_tour(self, name, moment):
        with freeze_time(moment, tick=True):
            self.start_tour("/odoo/club-events", name, login=self.persona("head").login)
        self.env.invalidate_all()

    def test_a_class_from_the_plan_to_the_summary(self):
        self.run_tour("cr_event_invite", MORNING)
        guest = self.event.cr_invitation_ids
        self.assertEqual((guest.partner_id, guest.state), (self.owner, "accepted"))
        with freeze_time(self.BEGIN, tick=True):
            code = f"https://shop.example/cr/checkin/code/{guest.sudo().token}"
            self.browser_js(
                f"/cr/checkin/{self.event.id}",
                _DOOR.replace("RIGHT", code).replace("WRONG", "abc"),
                login=self.persona("lounge").login,
                timeout=60,
            )
            self.env.invalidate_all()
            self.assertEqual(guest.state, "attended")
            self.finish_tasks()
        self.run_tour("cr_event_sum_up", self.BEGIN + timedelta(hours=4))
        self.assertEqual(self.event.cr_state, "summarised")
        self.assert_points(self.owner, 50)
