"""Take a card as an agent, as the server does for a click: take_card.py LOGIN ID.

Says "ready", waits for a line, and prints the client action or the sentence.
"""

import json
import sys

from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import retrying

login, callback_id = sys.argv[1:]
user = env["res.users"].search([("login", "=", login)])  # noqa: F821 by with_env.py
env = api.Environment(
    env.cr,  # noqa: F821
    user.id,
    {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"},
)


def take():
    """Take the card in a new transaction each time it is tried."""
    return env["cr.callback"].browse(int(callback_id)).action_take()


# What was read so far must not be what the transaction sees.
env.cr.commit()
env.invalidate_all()
print("ready", flush=True)
sys.stdin.readline()
try:
    print(json.dumps({"action": retrying(take, env)}, default=str), flush=True)
except UserError as error:
    env.cr.rollback()
    print(json.dumps({"refused": str(error)}), flush=True)
