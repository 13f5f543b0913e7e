"""Fire a job as a person does by hand: fire_cron.py XMLID [go].

Without the name of an addon before it, the job is one of cr_dealership's.
With "go" it says "ready" first and waits for a line, so that two can begin at once.
"""

import sys

from odoo.exceptions import UserError

xmlid, *words = sys.argv[1:]
name = xmlid if "." in xmlid else f"cr_dealership.{xmlid}"
cron = env.ref(name)  # noqa: F821 given by with_env.py
if words:
    print("ready", flush=True)
    sys.stdin.readline()
try:
    answer = cron.method_direct_trigger()
    # A job that failed answers with what the client is to show.
    print("done" if answer is True else answer, flush=True)
except UserError as error:
    if "already executing" not in str(error):
        raise
    print("already executing", flush=True)
