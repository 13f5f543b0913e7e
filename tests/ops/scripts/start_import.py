"""Hand a file in and leave it to the job: start_import.py FILE staging|loading."""

import sys
import time
from pathlib import Path

path, state = Path(sys.argv[1]), sys.argv[2]
batch = env["cr.import.batch"]._receive(path.name, path.read_bytes())  # noqa: F821
if batch.state == "draft":
    batch.action_stage()
if state == "loading":
    batch._run(time.monotonic() + 600)
    batch.action_load()
assert batch.state == state, (batch.state, batch.error)
