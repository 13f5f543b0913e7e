import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

_PEOPLE, _STOCK = 8, 3


@tagged("post_install", "-at_install")
class TestCrClubGiftConcurrency(BaseCase):
    """Eight people give out the last three gifts, each on his own connection.

    The data is committed, for only then other connections see it, and removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove_data)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            gift = env["cr.club.gift"].create({"name": "Race gift"})
            self.gift_id = gift.id
            self.move(env, "receive", _STOCK)

    def remove_data(self):
        """Remove what was committed, the ledger too, which nobody else may."""
        with self.registry.cursor() as cr:
            trigger = "TRIGGER cr_club_gift_move_append_only"
            cr.execute(f"ALTER TABLE cr_club_gift_move DISABLE {trigger}")
            cr.execute(
                "DELETE FROM cr_club_gift_move WHERE gift_id = %s", [self.gift_id]
            )
            cr.execute(f"ALTER TABLE cr_club_gift_move ENABLE {trigger}")
            cr.execute("DELETE FROM cr_club_gift WHERE id = %s", [self.gift_id])

    def move(self, env, kind, quantity=1):
        return env["cr.club.gift.move"].create(
            {"gift_id": self.gift_id, "kind": kind, "quantity": quantity}
        )

    def give(self, barrier, answers):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
            # What everybody sees: there are some left.
            env["cr.club.gift"].browse(self.gift_id).mapped("stock")
            barrier.wait(timeout=60)
            try:
                retrying(lambda: self.move(env, "issue"), env)
                answers.append("given")
            except UserError as error:
                answers.append(error.args[0])

    def test_no_more_than_there_are(self):
        barrier, answers = threading.Barrier(_PEOPLE), []
        threads = [
            threading.Thread(target=self.give, args=(barrier, answers))
            for _number in range(_PEOPLE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
            self.assertFalse(thread.is_alive())
        self.assertEqual(answers.count("given"), _STOCK)
        refused = [answer for answer in answers if answer != "given"]
        self.assertEqual(len(refused), _PEOPLE - _STOCK)
        self.assertTrue(all("0 are left" in answer for answer in refused), refused)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertEqual(env["cr.club.gift"].browse(self.gift_id).stock, 0)
