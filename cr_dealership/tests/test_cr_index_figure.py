from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .callback_common import NOW
from .interview_common import InterviewCommon

MONTH = date(2026, 11, 1)
FACTORS = ("quality", "pickup", "facility", "advisor", "initiation")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrIndexFigure(InterviewCommon):
    """Beside every index stands how it came about."""

    def figure(self, dimension="store", name="csi_store_1", **domain):
        """Return the figure of this month and store."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["cr.index.figure"].search(
            [
                ("company_id", "=", self.store.id),
                ("month", "=", MONTH),
                ("version_id", "=", self.index_version(name).id),
                ("dimension", "=", dimension),
                *((field, "=", value.id) for field, value in domain.items()),
            ]
        )

    def fill(self, score, agent=None, count=1, advisor=None):
        """Return completed interviews with one score everywhere."""
        found = self.interviews
        for _number in range(count):
            interview = self.make_interview(
                advisor=advisor, agent_id=(agent or self.agent).id
            )
            found |= self.answer(interview, dict.fromkeys(FACTORS, score))
        return found

    def test_an_index_stands_beside_its_interval(self):
        for score in (6, 7, 8, 9, 10):
            self.fill(score)
        figure = self.figure()
        self.assertEqual((figure.mean, figure.count), (800, 5))
        # Deviation 158.1, Student 2.776: 800 ± 196; nobody gives more than tens.
        low, high = (
            int(end.replace(",", "")) for end in figure.interval_text.split(" – ")
        )
        self.assertAlmostEqual(low, 604, delta=3)
        self.assertAlmostEqual(high, 996, delta=3)

    def test_four_interviews_have_an_index_but_no_interval(self):
        self.fill(9, count=4)
        self.assertEqual(self.figure().interval_text, "—")

    def test_the_funnel_counts_whom_nobody_called(self):
        callbacks = self.make_order_callback()
        for _number in range(3):
            callbacks |= self.make_order_callback(partner=self.make_partner())
        done, vain, _untouched, refused = callbacks
        session = self.take(done)
        session.save_answer(done.id, self.question(3).id, "9")
        session.save_answer(done.id, self.question(5).id, "10")
        self.finish(session, "reached", done)
        self.finish(self.take(vain), "busy", vain)
        self.finish(self.take(refused), "refused", refused)
        figure = self.figure()
        self.assertEqual(
            (figure.eligible, figure.called, figure.reached, figure.completed),
            (4, 3, 2, 1),
        )
        by_advisor = self.figure("advisor", advisor_id=self.advisor)
        self.assertEqual(by_advisor.eligible, 4)
        self.assertEqual(by_advisor.count, 1)

    def test_a_call_after_a_low_score_stands_beside_it(self):
        callback = self.make_order_callback()
        session = self.take(callback)
        session.save_answer(callback.id, self.question(5).id, "3")
        self.finish(session, "appointment", callback, next_at="2026-11-20 05:00:00")
        interview = self.interviews.search([("callback_id", "=", callback.id)])
        self.assertEqual(interview.redial_count, 0, "The call itself is none.")
        with freeze_time("2026-11-20 05:00:00"):
            session = self.take(callback)
            session.save_answer(callback.id, self.question(5).id, "10")
            session.save_answer(callback.id, self.question(3).id, "10")
            self.finish(session, "reached", callback)
        self.assertEqual((interview.redial_count, interview.raise_count), (1, 1))
        figure = self.figure()
        self.assertEqual((figure.redial_count, figure.raise_count), (1, 1))

    def test_a_gift_near_the_score_stands_beside_it(self):
        interview = self.fill(10)
        self.assertFalse(interview.is_gift_near)
        gift = self.env["cr.care.gift.request"].create(
            {"partner_id": self.customer.id, "occasion": "other"}
        )
        gift.sudo().write({"sent_on": "2026-11-26"})
        self.assertTrue(interview.is_gift_near)
        self.assertEqual(self.figure().gift_count, 1)
        gift.sudo().write({"sent_on": "2026-12-20"})
        self.assertFalse(interview.is_gift_near)

    def test_an_agent_whose_customers_all_give_tens_strikes(self):
        other = self.second_agent()
        for score in (6, 7, 8, 9, 7, 8, 6, 9):
            self.fill(score)
        self.fill(10, agent=other, count=8)
        figure = self.figure("agent", agent_id=other)
        self.assertTrue(figure.is_striking)
        self.assertEqual((figure.mean, figure.rest_mean), (1000, 750))
        self.assertFalse(self.figure().is_striking)

    def test_agents_alike_do_not_strike(self):
        other = self.second_agent()
        for score in (6, 7, 8, 9, 10, 8):
            self.fill(score)
            self.fill(score, agent=other)
        self.assertFalse(self.figure("agent", agent_id=other).is_striking)

    def test_a_figure_opens_the_interviews_that_it_counts(self):
        other = self.make_employee("Other advisor")
        self.fill(8, count=2)
        self.fill(10, advisor=other, count=3)
        figure = self.figure("advisor", advisor_id=other)
        action = figure.action_open_interviews()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(rows), figure.count)
        self.assertEqual(sum(rows.mapped("score")) / len(rows), figure.mean)
        self.assertEqual(rows[0].action_open_interview()["res_model"], "cr.interview")

    def test_scores_are_read_by_factor_and_step(self):
        self.answer(self.make_interview(), {"quality": 4, "facility": 10})
        report = self.env["cr.answer.report"]
        domain = [("company_id", "=", self.store.id)]
        by_step = dict(report._read_group(domain, ["step"], ["score:avg"]))
        self.assertEqual(by_step, {"work": 4, "lounge": 10})
        [(role, low)] = report._read_group(
            [*domain, ("low_count", ">", 0)], ["role_id"], ["low_count:sum"]
        )
        self.assertEqual((role.code, low), (self.question(5).cr_role_id.code, 1))

    def test_questions_say_what_they_measure(self):
        measured = self.version()._get_questions().mapped("cr_dimension")
        self.assertLessEqual({"process", "wish", "concern"}, set(measured))
        self.answer(self.make_interview(), {"quality": 4})
        report = self.env["cr.answer.report"]
        [(dimension, mean)] = report._read_group(
            [("company_id", "=", self.store.id)], ["dimension"], ["score:avg"]
        )
        self.assertEqual((dimension, mean), ("process", 4))

    def test_another_stores_figures_do_not_show(self):
        self.fill(9, count=2)
        other = self.persona("head", self.other_store)
        for name in ("cr.index.figure", "cr.index.report", "cr.interview"):
            model = (
                self.env[name]
                .with_user(other)
                .with_context(allowed_company_ids=self.other_store.ids)
            )
            self.assertFalse(model.search([("company_id", "=", self.store.id)]), name)

    def test_the_forms_print_blank_and_filled(self):
        interview = self.fill(9)
        reports = self.env["ir.actions.report"]
        html, _kind = reports._render_qweb_html(
            "cr_dealership.report_cr_interview", interview.ids
        )
        self.assertIn("Test advisor", html.decode())
        html, _kind = reports._render_qweb_html(
            "cr_dealership.report_cr_questionnaire", self.version().ids
        )
        self.assertIn("□10", html.decode())
        self.assertIn(self.question(5).cr_role_id.name, html.decode())
