"""Fire the job until the import is done; release its rows when it waits for that."""

job = env.ref("cr_dealership.ir_cron_cr_import_run")  # noqa: F821 given by with_env.py
batch = env["cr.import.batch"].search([], limit=1)  # noqa: F821
for _round in range(10):
    env.cr.commit()  # noqa: F821
    job.method_direct_trigger()
    # What the job did is seen by the next transaction only.
    env.cr.commit()  # noqa: F821
    batch.invalidate_recordset()
    if batch.state == "checked":
        batch.action_load()
    elif batch.state in ("done", "failed"):
        break
assert batch.state == "done", (batch.state, batch.error)
