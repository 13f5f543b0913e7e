from freezegun import freeze_time

from odoo.tests import tagged

from .interview_common import InterviewCommon
from .test_tours import MORNING, TourCommon

# The page loads no script of ours, so the test brings its own: it presses what the
# customer presses, in a frame as wide as his telephone.
_DRIVER = """
(async () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: location.href, width: 390, height: 844 });
    document.body.replaceChildren(frame);
    const wait = () => new Promise((resolve) => setTimeout(resolve, 50));
    const find = async (selector) => {
        for (let tries = 0; tries < 200; tries++) {
            const page = frame.contentDocument;
            const found = page?.querySelector(selector);
            if (found && page.readyState === "complete") {
                return found;
            }
            await wait();
        }
        throw new Error(`${selector} did not show`);
    };
    const press = async (selector) => {
        const target = await find(selector);
        const page = frame.contentDocument;
        if (page.documentElement.scrollWidth > 390) {
            throw new Error(`the page is ${page.documentElement.scrollWidth} px wide`);
        }
        target.click();
        for (let tries = 0; frame.contentDocument === page && tries < 200; tries++) {
            await wait();
        }
    };
    const score = (value) => press(`.scale button[value="${value}"]`);
    const lowest = (await find('.scale button[value="1"]')).getBoundingClientRect();
    if (lowest.height < 44 || lowest.bottom > 844) {
        throw new Error("the scale does not fit under the thumb");
    }
    await score(10);
    await score(9);
    await score(6);
    (await find('textarea[name="comment"]')).value = "He <b>did not</b> listen";
    await press("button.button");
    await press(".steps a");
    await find('.scale button.chosen[value="6"]');
    const before = frame.contentDocument;
    frame.src = location.href;
    while (frame.contentDocument === before) {
        await wait();
    }
    await score(10);
    await press('button[value="skip"]');
    await press(".choices button");
    await press(".choices button");
    await score(9);
    await score(9);
    for (const text of ["", "", "Nothing"]) {
        (await find('textarea[name="value"]')).value = text;
        await press("button.button");
    }
    await press("button.button");
    await find(".tick");
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestInterviewTours(InterviewCommon, TourCommon):
    """An interview by the keyboard alone, and one that a colleague goes on with."""

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()

    def setUp(self):
        super().setUp()
        with freeze_time(MORNING):
            self.callback = self.make_order_callback()

    def valid(self, number, part="answer"):
        interview = self.interviews.search([("callback_id", "=", self.callback.id)])
        return interview._get_valid(self.question(number), part)

    def test_an_agent_asks_everything_by_the_keyboard(self):
        self.run_tour("cr_interview_keys")
        interview = self.interviews.search([("callback_id", "=", self.callback.id)])
        self.assertEqual(interview.state, "done")
        scores = [self.valid(number).score for number in (1, 2, 3, 4, 5, 8, 9)]
        self.assertEqual(scores, [9, 10, 9, 0, 4, 10, 9])
        self.assertEqual(self.valid(5, "comment").text, "It still squeaks")
        self.assertEqual(self.valid(6).choice_id, self.choice(6, 2))
        self.assertEqual(self.valid(6, "comment").text, "The noise is there again")
        self.assertEqual(self.valid(7).choice_id, self.choice(7, 1))
        self.assertEqual(self.valid(11).text, "Mr. Chen was friendly")
        self.assertFalse(self.valid(10))
        self.assertEqual(self.callback.state, "done")

    def test_a_colleague_goes_on_and_closing_the_page_loses_nothing(self):
        with freeze_time(MORNING):
            session = self.take(self.callback)
            session.save_answer(self.callback.id, self.question(1).id, "9")
            session.release()
        other = self.second_agent()
        other.lang = "en_US"
        with freeze_time(MORNING):
            self.hold(self.agent_role, other)
            self.callback.agent_id = other
        self.run_tour("cr_interview_resume", user=other)
        self.assertEqual(self.valid(2).score, 10)
        kept = self.valid(12).text
        if not kept:
            draft = self.env["cr.call.session"].search([], limit=1).draft
            [kept] = draft["interviews"].values()
        self.assertEqual(kept, "Nobody called me back")


@tagged("post_install", "-at_install")
class TestInterviewTourPhone(InterviewCommon, TourCommon):
    """The customer's page on a telephone of 390 pixels."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()

    def test_a_customer_answers_on_his_telephone(self):
        self.customer.lang = "zh_CN"
        with freeze_time(MORNING, tick=True):
            callback = self.make_order_callback()
            interview = self.interviews._open_for(callback, self.version(), "sms")
            path = f"/cr/ask/{interview.token}"
            self.browser_js(path, _DRIVER, login=None, timeout=60)
        self.env.invalidate_all()
        self.assertEqual((interview.state, interview.channel), ("done", "sms"))
        scores = [
            interview._get_valid(self.question(number), "answer").score
            for number in (1, 2, 3, 4, 5, 8, 9)
        ]
        self.assertEqual(scores, [10, 9, 6, 10, 0, 9, 9])
        comment = interview._get_valid(self.question(3), "comment")
        self.assertEqual(comment.text, "He <b>did not</b> listen")
        last = interview._get_valid(self.question(12), "answer")
        self.assertEqual(last.text, "Nothing")
        self.assertEqual(callback.state, "done")
