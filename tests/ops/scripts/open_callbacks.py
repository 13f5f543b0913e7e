"""Run the nightly callback run past the lock of its job, as a second node might.

Says "ready", waits for a line, and prints how many batches it gave up to the other.
"""

import sys

import psycopg2.errors

rules = env["cr.callback.rule"]  # noqa: F821 given by with_env.py
env.cr.commit()  # noqa: F821
given_up = 0
print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        rules._cron_open_callbacks()
        break
    except psycopg2.errors.SerializationFailure:
        # The other was faster with these rows: the job's next run goes on.
        env.cr.rollback()  # noqa: F821
        given_up += 1
print(given_up, flush=True)
