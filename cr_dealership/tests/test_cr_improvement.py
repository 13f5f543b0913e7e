from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .callback_common import NOW
from .problem_common import ProblemCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestCrImprovement(ProblemCommon):
    """Eight steps round, measured before and after on the same figure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figure = cls.env.ref("cr_dealership.cr_figure_problems_opened")

    def project(self, **values):
        return self.as_user(self.env["cr.improvement"], self.manager).create(
            {
                "name": "Fewer squealing brakes",
                "figure_id": self.figure.id,
                "department_id": self.service.id,
                "before_from": date(2026, 11, 14),
                "before_to": date(2026, 11, 20),
                "target_value": 1,
                **values,
            }
        )

    def plan(self, project):
        """Write down goal, cause and one measure."""
        project.write(
            {
                "target_date": date(2026, 12, 31),
                "is_controllable": True,
                "is_timely": True,
            }
        )
        project.why_ids[0].write(
            {"question": "Why do they squeal?", "answer": "Dust", "is_cause": True}
        )
        project.action_ids = [
            (
                0,
                0,
                {
                    "name": "Blow out the dust",
                    "user_id": self.manager.id,
                    "until": date(2026, 11, 25),
                },
            )
        ]

    def carried_out(self, **values):
        """Return a project whose measures are carried out, measured on 28 November."""
        project = self.project(**values)
        self.plan(project)
        project.action_do()
        project.action_ids.action_done()
        with freeze_time("2026-11-28 02:00:00"):
            project.action_check()
        return project

    def test_a_project_begins_with_eight_steps_five_whys_and_its_figure(self):
        self.note()
        self.note()
        project = self.project()
        self.assertEqual(project.step_ids.mapped("number"), list(range(1, 9)))
        self.assertEqual(
            project.step_ids.mapped("phase"), ["plan"] * 5 + ["do", "check", "act"]
        )
        self.assertEqual(len(project.why_ids), 5)
        self.assertEqual(project.before_value, 2)
        action = project.action_view_records()
        self.assertEqual(self.env["cr.problem"].search_count(action["domain"]), 2)

    def test_without_goal_cause_and_measures_nothing_is_carried_out(self):
        project = self.project()
        with self.assertRaisesRegex(UserError, "true cause"):
            project.action_do()
        self.plan(project)
        project.action_do()
        self.assertEqual(project.state, "do")
        self.assertEqual(project.sudo().activity_ids.user_id, self.manager)
        with self.assertRaisesRegex(UserError, "not carried out"):
            project.action_check()
        with self.assertRaises(AccessError):
            project.state = "done"

    def test_what_did_not_improve_goes_back_and_is_counted(self):
        with freeze_time("2026-11-25 02:00:00"):
            self.note()
            self.note()
        project = self.carried_out()
        self.assertEqual((project.before_value, project.after_value), (0, 2))
        self.assertEqual(
            (project.after_from, project.after_to),
            (date(2026, 11, 21), date(2026, 11, 27)),
        )
        with self.assertRaisesRegex(UserError, "send it back"):
            project.action_improved()
        project.action_send_back()
        self.assertEqual((project.state, project.loop_count), ("plan", 1))

    def test_what_improved_is_standardised_and_opens_its_next_goal(self):
        project = self.carried_out()
        project.action_improved()
        with self.assertRaises(UserError):
            project.action_standardise()
        project.write(
            {
                "standard": "Blow out at every brake job",
                "summary": "Dust it was",
                "next_goal": 0,
            }
        )
        project.write({"next_goal": 0.5, "next_date": date(2027, 3, 31)})
        project.action_standardise()
        self.assertEqual(project.state, "done")
        follower = project.next_ids
        self.assertEqual(
            (follower.target_value, follower.before_from, follower.source),
            (0.5, project.after_from, "next"),
        )
        self.assertEqual(len(follower.step_ids), 8)

    def test_a_figure_that_falls_back_opens_the_project_again(self):
        project = self.carried_out()
        project.action_improved()
        project.write({"standard": "Blow out", "summary": "Dust"})
        project.action_standardise()
        improvements = self.env["cr.improvement"]
        with freeze_time("2027-01-04 02:00:00"):
            today = self.store._cr_today()
            self.assertFalse(improvements._look_back(self.store, today))
        with freeze_time("2027-01-15 02:00:00"):
            self.note()
            self.note()
        with freeze_time("2027-02-01 02:00:00"):
            today = self.store._cr_today()
            fallen = improvements._look_back(self.store, today)
            self.assertEqual(fallen.ids, project.ids)
            self.assertFalse(improvements._look_back(self.store, today))
        self.assertEqual((project.state, project.reopened_count), ("plan", 1))
        self.assertEqual(project.sudo().activity_ids.user_id, self.manager)

    def test_a_weak_figure_of_a_report_begins_a_project(self):
        with freeze_time("2026-11-23 02:00:00"):
            today = self.store._cr_today()
            self.env["cr.figure"]._freeze(self.store, "week", today)
            reports = self.env["cr.figure.report"]._issue(self.store, "week", today)
        report = reports.filtered(lambda one: one.department_id == self.service)
        action = self.as_user(report, self.manager).action_improve()
        project = self.project()
        created = project.with_context(**action["context"]).create(
            {"name": "From the report"}
        )
        self.assertEqual(created.source, "weekly")
        self.assertEqual(report.improvement_ids.ids, created.ids)
        self.as_user(report, self.manager).action_answer()
        self.assertEqual(report.state, "answered")
