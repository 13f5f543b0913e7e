from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .event_common import EventCommon

_NEW = date(2026, 10, 1)


@freeze_time("2026-11-20 02:00:00")
@tagged("post_install", "-at_install")
class TestCrEventProposal(EventCommon):
    """Departments propose by filter; each person stands on the list once (EVT-05)."""

    def make_owner(self, delivered_on=_NEW, **values):
        """Return a customer with a car; its facts are fresh."""
        partner = self.make_partner(**values)
        car = self.make_vehicle(
            owner=partner, delivered_on=delivered_on, company_id=self.store.id
        )
        car.role_ids.is_purchase = True
        return partner

    def propose(self, lane="sales", people=None, role=None, **filters):
        """Return a proposal of some of the people, carried out."""
        ids = people.ids if people else []
        proposal = self.env["cr.event.proposal"].create(
            {
                "event_id": self.event.id,
                "lane": lane,
                "domain": f"[('id', 'in', {ids})]",
                **filters,
            }
        )
        if role:
            proposal = self.as_persona(proposal, role)
        proposal.action_propose()
        return proposal

    def names(self):
        return self.event.cr_invitation_ids.partner_id

    def test_filters_choose_customers(self):
        new, old = self.make_owner(), self.make_owner(date(2024, 1, 1))
        hobby = self.env["res.partner.category"].create({"name": "Fishing"})
        old.category_id = hobby
        self.make_member(new, "gold")
        everybody = new | old | self.make_partner()
        model = self.env["fleet.vehicle.model"].search([], limit=1)
        new.cr_main_vehicle_id.model_id = model
        for filters, people in (
            ({"new_car_days": 90}, new),
            ({"tag_ids": [(6, 0, hobby.ids)]}, old),
            ({"tier_ids": [(6, 0, self.tier("gold").ids)]}, new),
            ({"is_members_only": True}, new),
            ({"model_ids": [(6, 0, model.ids)]}, new),
            ({"is_with_prospects": True}, everybody),
        ):
            with self.subTest(**filters):
                proposal = self.env["cr.event.proposal"].new(
                    {
                        "event_id": self.event.id,
                        "domain": f"[('id', 'in', {everybody.ids})]",
                        **filters,
                    }
                )
                found = self.env["res.partner"].search(proposal._get_audience())
                self.assertEqual(found, people)

    def test_proposals_of_departments_are_merged(self):
        first, both, last = (self.make_owner() for _number in range(3))
        sales = self.propose("sales", first | both, role="manager")
        service = self.propose("service", both | last, role="specialist")
        self.assertEqual(self.names(), first | both | last)
        self.assertEqual((sales.new_count, sales.merged_count), (2, 0))
        self.assertEqual((service.new_count, service.merged_count), (1, 1))
        guests = self.event.cr_invitation_ids
        guest = guests.filtered(lambda one: one.partner_id == both)
        self.assertEqual(guest.proposal_ids, (sales | service).sudo(False))
        self.assertEqual(guest.state, "proposed")

    def test_a_sales_consultant_proposes_his_own_customers(self):
        people = self.make_owner() | self.make_owner()
        employee = self.make_employee(user_id=self.persona("sales").id)
        people[0].cr_main_vehicle_id.consultant_id = employee
        self.propose("sales", people, role="sales")
        self.assertEqual(self.names(), people[0])

    def test_two_files_with_one_number_are_invited_once(self):
        one = self.make_owner(mobile="13800009999")
        other = self.make_owner(mobile="138 0000 9999")
        proposal = self.propose(people=one | other)
        self.assertEqual((proposal.new_count, proposal.merged_count), (1, 1))
        again = self.propose("service", one | other)
        self.assertEqual((again.new_count, again.merged_count), (0, 2))

    def test_the_list_starts_when_it_is_taken_over(self):
        self.propose(people=self.make_owner())
        self.event.action_cr_take_over()
        guest = self.event.cr_invitation_ids
        self.assertEqual(guest.state, "todo")
        self.assertFalse(guest.call_on)
        self.begin_inviting()
        self.assertEqual(str(guest.call_on), "2026-11-30")
        with self.assertRaisesRegex(UserError, "Nobody is proposed"):
            self.event.action_cr_take_over()

    def test_open_proposals_hold_the_event_up(self):
        self.propose(people=self.make_owner())
        with self.assertRaisesRegex(UserError, "take over or strike out"):
            self.event.action_cr_invite()
        self.event.cr_invitation_ids.action_drop()
        self.assertEqual(self.event.cr_invitation_ids.state, "dropped")
        self.event.cr_invitation_ids.action_take_back()
        self.assertEqual(self.event.cr_invitation_ids.state, "todo")

    def test_a_fixed_list_takes_no_proposals(self):
        self.event.sudo().cr_state = "confirmed"
        with self.assertRaisesRegex(UserError, "takes no proposals any more"):
            self.propose(people=self.make_owner())

    def test_a_filter_that_cannot_be_read_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be found"):
            self.env["cr.event.proposal"].create(
                {"event_id": self.event.id, "domain": "[('nothing', '=', 1)]"}
            )

    def test_the_list_costs_the_same_for_many(self):
        few = self.make_owner()
        many = self.env["res.partner"].union(
            *(self.make_owner() for _number in range(40))
        )
        one = self.count_queries(self.propose, people=few)
        forty = self.count_queries(self.propose, people=many)
        self.assertLess(forty, one + 5)
        other = self.make_event()
        self.event.cr_invitation_ids[1:].sudo().event_id = other
        single = self.count_queries(self.event.action_cr_take_over)
        lot = self.count_queries(other.action_cr_take_over)
        self.assertLess(lot, single + 5)
