"""Wait for what a database shows, and end a process there as a power cut would."""

import subprocess
import time

import databases

_SECONDS = 120
_POLL_SECONDS = 0.01
_OTHERS = """
    SELECT COUNT(*) FROM pg_stat_activity
     WHERE datname = current_database() AND pid != pg_backend_pid()
"""


def wait_for(name, statement, is_reached, process=None):
    """Return what a query gives once it satisfies a condition.

    :param is_reached: function of the query's first row
    :param process: whoever works on it; must not end before
    """
    end = time.monotonic() + _SECONDS
    with databases.connect(name) as cursor:
        while time.monotonic() < end:
            cursor.execute(statement)
            row = cursor.fetchone()
            if is_reached(row):
                return row
            assert not process or process.poll() is None, "it ended before its time"
            time.sleep(_POLL_SECONDS)
    raise TimeoutError(f"{statement} still gives {row}")


def kill_when(name, process, statement, is_reached):
    """End a process by SIGKILL as soon as the database shows something.

    Returns when the server has noticed too, so that nothing more can be committed.
    """
    try:
        wait_for(name, statement, is_reached, process)
    finally:
        process.kill()
        process.communicate()
    wait_for(name, _OTHERS, lambda row: not row[0])


def start_together(processes):
    """Let processes that wait for a line go on at once; return what each printed."""
    for process in processes:
        assert process.stdout.readline().strip() == "ready"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=_SECONDS)[0] for process in processes]
    for process, output in zip(processes, outputs, strict=True):
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, "script", output)
    return [output.strip() for output in outputs]


def start_waiting(name, script, *arguments):
    """Start a script that says "ready" and waits for a line."""
    return databases.start_script(
        name,
        script,
        *arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
