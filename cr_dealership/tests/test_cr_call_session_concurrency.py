import threading
from random import randrange
from uuid import uuid4

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCrCallSessionConcurrency(BaseCase):
    """Two agents press "Call" in the same moment, each with a connection of his own.

    The data is committed, for only then two connections see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.user_ids = [
                new_test_user(
                    env,
                    login=f"cr_test_concurrent_{number}_{uuid4()}",
                    name=f"Agent {number}",
                    groups="base.group_user,cr_dealership.group_cr_dealership_agent",
                    context={"no_reset_password": True},
                ).id
                for number in (1, 2)
            ]
            partner = env["res.partner"].create(
                {"name": "Zeng Xiaoyan", "mobile": "13800000001"}
            )
            callback = env["cr.callback"].create({"partner_id": partner.id})
            callback.write({"agent_id": False})
            self.partner_id, self.callback_id = partner.id, callback.id
        self.addCleanup(self.remove_data)

    def remove_data(self):
        """Remove what was committed."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cr.call.session"].search(
                [("partner_id", "=", self.partner_id)]
            ).unlink()
            env["cr.callback"].browse(self.callback_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            users = env["res.users"].browse(self.user_ids)
            contacts = users.partner_id
            users.unlink()
            contacts.unlink()

    def open_environment(self, cr, number):
        """Return the environment of one of the two agents."""
        user_id = self.user_ids[number]
        return api.Environment(cr, user_id, {"lang": "en_US"})

    def test_who_comes_second_waits_and_is_told_who_was_first(self):
        """The second connection waits for the first one's commit, then is refused."""
        second = self.registry.cursor()
        self.addCleanup(second.close)
        answers = []

        def take_second():
            env = self.open_environment(second, 1)
            try:
                retrying(
                    lambda: env["cr.callback"].browse(self.callback_id).action_take(),
                    env,
                )
            except UserError as error:
                answers.append(error.args[0])

        with self.registry.cursor() as first:
            env = self.open_environment(first, 0)
            action = env["cr.callback"].browse(self.callback_id).action_take()
            thread = threading.Thread(target=take_second)
            thread.start()
            thread.join(timeout=1)
            self.assertTrue(thread.is_alive(), "the second must wait for the first")
        thread.join(timeout=30)
        self.assertEqual(action["tag"], "cr_call_workplace")
        self.assertEqual(len(answers), 1)
        self.assertIn("Agent 1 has been talking with Zeng Xiaoyan", answers[0])

    def test_the_same_card_is_not_given_to_two_as_the_next_one(self):
        """The first connection holds the card's row, so the second one skips it."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            found, other = (
                self.open_environment(cr, number)["cr.callback"]._find_next(lock=True)
                for number, cr in enumerate((first, second))
            )
            self.assertEqual(found.id, self.callback_id)
            self.assertNotEqual(other.id, self.callback_id)

    def test_a_snapshot_from_before_does_not_open_a_second_conversation(self):
        """A transaction that began earlier gets a conflict, never a second row."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            early = self.open_environment(second, 1)
            # The first query fixes what this transaction sees.
            early["cr.callback"].search_count([])
            env = self.open_environment(first, 0)
            env["cr.callback"].browse(self.callback_id).action_take()
            first.commit()
            with self.assertRaises(SerializationFailure):
                early["cr.callback"].browse(self.callback_id).action_take()
            second.rollback()


@tagged("post_install", "-at_install")
class TestCrCallbackRuleConcurrency(BaseCase):
    """Two nodes run the nightly job in the same moment."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.today = env.company._cr_today()
            car = env["cr.vehicle"].create({"vin": f"LFMAYAC0{randrange(10**9):09d}"})
            order = env["cr.service.order"].create(
                {
                    "number": str(uuid4()),
                    "vehicle_id": car.id,
                    "type_id": env.ref("cr_dealership.cr_service_type_repair").id,
                    "in_on": self.today,
                    "out_on": self.today,
                    "state": "settled",
                }
            )
            order.callback_pending = True
            self.car_id, self.order_id = car.id, order.id
        self.addCleanup(self.remove_data)

    def remove_data(self):
        """Remove what was committed."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cr.callback"].search([("vehicle_id", "=", self.car_id)]).unlink()
            order = env["cr.service.order"].browse(self.order_id)
            order.state = "open"
            order.unlink()
            env["cr.vehicle"].browse(self.car_id).unlink()

    def open_callbacks(self, cr):
        """Run one batch and return how many callbacks stand for the order."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["cr.callback.rule"]._open_callbacks(self.today)
        return env["cr.callback"].search_count([("order_id", "=", self.order_id)])

    def test_what_one_node_works_on_the_other_skips(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertEqual(self.open_callbacks(first), 1)
            self.assertEqual(self.open_callbacks(second), 0)
        with self.registry.cursor() as third:
            self.assertEqual(self.open_callbacks(third), 1)
