"""Two servers do the same at the same moment: it happens once."""

import json

import databases
from conftest import OPEN_JOB, PENDING, SCRIPTS
from faults import start_together, start_waiting


def test_callback_run_on_two_nodes_opens_every_callback_once(scratch, group):
    name = scratch.copy(group, "nodes")
    script = SCRIPTS / "open_callbacks.py"
    start_together([start_waiting(name, script) for _node in range(2)])
    [[made, events]] = databases.query(
        name,
        "SELECT COUNT(*), COUNT(DISTINCT (rule_id, origin_model, origin_id))"
        "  FROM cr_callback WHERE state = 'todo'",
    )
    assert (made, events) == (PENDING, PENDING)
    assert databases.query(
        name, "SELECT COUNT(*) FROM cr_service_order WHERE callback_pending"
    ) == [(0,)]


def test_job_on_two_nodes_runs_once(scratch, group):
    name = scratch.copy(group, "jobs")
    script = SCRIPTS / "fire_cron.py"
    outputs = start_together(
        [start_waiting(name, script, OPEN_JOB, "go") for _node in range(2)]
    )
    assert sorted(outputs) == ["already executing", "done"]


def test_two_agents_take_the_same_customer(scratch, opened):
    name = scratch.copy(opened, "agents")
    # Two cards of one customer: it is the person who must not be called twice.
    [[store, cards]] = databases.query(
        name,
        """
        SELECT MIN(company_id), array_agg(id ORDER BY id) FROM cr_callback
         WHERE state = 'todo' AND block_code IS NULL AND partner_id IS NOT NULL
         GROUP BY partner_id ORDER BY COUNT(*) DESC, MIN(id) LIMIT 1
        """,
    )
    logins = [
        login
        for (login,) in databases.query(
            name,
            "SELECT login FROM res_users WHERE company_id = %s AND id > 2 ORDER BY id",
            store,
        )
    ]
    outputs = start_together(
        [
            start_waiting(name, SCRIPTS / "take_card.py", login, card)
            for login, card in zip(logins[:2], (cards[0], cards[-1]), strict=True)
        ]
    )
    answers = sorted((json.loads(output) for output in outputs), key=str)
    _assert_one_got_it(name, answers)


def _assert_one_got_it(name, answers):
    """One has the conversation; the other is told with whom the customer talks."""
    taken, refused = answers
    assert taken["action"]["tag"] == "cr_call_workplace"
    assert "has been talking with" in refused["refused"]
    [[agent, open_sessions]] = databases.query(
        name,
        "SELECT MIN(p.name), COUNT(*) FROM cr_call_session s"
        "  JOIN res_users u ON u.id = s.agent_id"
        "  JOIN res_partner p ON p.id = u.partner_id WHERE s.closed_at IS NULL",
    )
    assert open_sessions == 1
    assert refused["refused"].startswith(agent)
