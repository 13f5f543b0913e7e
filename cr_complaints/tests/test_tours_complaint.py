import re

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from odoo.addons.cr_dealership.tests.test_tours import MORNING, TourCommon

from .complaint_common import ComplaintCommon

SIGN = "/odoo/action-cr_complaints.cr_complaint_compensation_action"
PORTAL = "base.group_portal"
# The page loads no script of ours: the test presses what the customer presses, in a
# frame as wide as his telephone.
_DRIVER = """
(() => {
    const frame = document.createElement("iframe");
    let isSent = false;
    frame.addEventListener("load", () => {
        const page = frame.contentDocument;
        if (!page.querySelector("main")) {
            return;
        }
        const wide = page.documentElement.scrollWidth;
        if (wide > 390) {
            console.error(`the page is ${wide} px wide`);
        } else if (page.querySelector("a.card-body")) {
            page.querySelector("a.card-body").click();
        } else if (!isSent) {
            isSent = true;
            page.querySelector("summary").click();
            page.querySelector("textarea").value = "It still knocks";
            page.querySelector("form button").click();
        } else if (page.body.textContent.includes("working on it")) {
            console.log("test successful");
        } else {
            console.error(page.body.textContent);
        }
    });
    Object.assign(frame, { src: location.href, width: 390, height: 844 });
    document.body.replaceChildren(frame);
})();
"""


@tagged("post_install", "-at_install")
class TestComplaintTours(ComplaintCommon, TourCommon):
    """The way of an agent and of the head in the browser."""

    @classmethod
    def setUpClass(cls):
        with freeze_time(MORNING):
            super().setUpClass()

    def test_a_call_becomes_a_complaint_and_goes_on(self):
        self.make_callback(vehicle_id=self.car.id)
        self.run_tour("cr_complaint_from_call")
        made = self.env["cr.complaint"].search([("subject", "like", "rude")])
        self.assertEqual((made.channel, made.vehicle_id), ("callback", self.car))

    def test_the_head_goes_on_with_a_complaint(self):
        with freeze_time(MORNING):
            complaint = self.make()
        self.run_tour("cr_complaint_manager", user=self.head, url="/odoo/cr-complaints")
        self.assertEqual(complaint.stage, "classified")

    def test_from_the_plan_to_a_customer_who_is_asked_by_another(self):
        (self.manager | self.director).lang = "en_US"
        with freeze_time(MORNING):
            complaint = self.make()
            complaint.with_user(self.head)._set_grade(self.grade("grievance"), "Upset")
            complaint.action_next()
            complaint.action_next()
        page = f"/odoo/cr-complaints/{complaint.id}"
        self.run_tour("cr_complaint_plan", user=self.manager, url=page)
        refund = complaint.compensation_ids
        self.assertEqual((refund.state, refund.amount), ("asked", 3000))
        self.assertEqual(complaint.stage, "plan")
        self.run_tour("cr_complaint_sign", user=self.director, url=SIGN)
        self.assertEqual(
            (refund.state, refund.approved_by_id), ("approved", self.director)
        )
        self.run_tour("cr_complaint_carry_out", user=self.manager, url=page)
        call = complaint.callback_ids
        self.assertEqual((complaint.stage, call.agent_id), ("verification", self.agent))
        # The measure was the head's: he does not ask whether it helped.
        card = f"/odoo/cr.callback/{call.id}"
        self.run_tour("cr_complaint_verify_refused", user=self.head, url=card)
        self.assertEqual(call.state, "todo")
        self.run_tour("cr_complaint_verify")
        self.assertEqual(complaint.verified_by_id, self.agent)
        self.assertEqual((complaint.stage, complaint.is_satisfied), ("review", "yes"))


@tagged("post_install", "-at_install")
class TestComplaintTourPhone(ComplaintCommon, TourCommon):
    """The customer's page on a telephone of 390 pixels."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_customer_says_on_his_telephone_that_it_is_not_solved(self):
        self.customer.lang = "en_US"
        with freeze_time(MORNING, tick=True):
            complaint = self.make(result="Explained")
            complaint.action_on_the_spot()
            path = re.search("/cr/complaint/.*", complaint._get_customer_url())[0]
            self.browser_js(path, _DRIVER, login=None, timeout=60)
        self.env.invalidate_all()
        self.assertEqual((complaint.stage, complaint.round), ("investigating", 2))

    def test_a_customer_finds_and_answers_his_complaint_behind_his_login(self):
        user = new_test_user(
            self.env, login="complainer", password="complainer", groups=PORTAL
        )
        user.partner_id.lang = user.lang = "en_US"
        with freeze_time(MORNING, tick=True):
            complaint = self.make(
                user=self.head, partner_id=user.partner_id.id, result="Explained"
            )
            complaint.action_on_the_spot()
            self.browser_js("/my/complaints", _DRIVER, login=user.login, timeout=60)
        self.env.invalidate_all()
        said = complaint.event_ids.filtered(lambda one: one.kind == "customer")
        self.assertEqual(said.text, "It still knocks")
        self.assertEqual((complaint.stage, complaint.round), ("investigating", 2))
