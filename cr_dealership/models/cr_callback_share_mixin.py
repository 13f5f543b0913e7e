from odoo import api, models
from odoo.tools import SQL

from ..tools import roster

BATCH = 1000


class CrCallbackShareMixin(models.AbstractModel):
    """The nightly care of open cards: end, re-check, and share out among agents."""

    _name = "cr.callback.share.mixin"
    _description = "Callback: sharing out"

    # === END OF THE WINDOW === #

    @api.model
    def _expire(self, today, limit=BATCH):
        """Close open callbacks whose last day has passed as missed, with the reason.

        :return: how many were closed
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cr_callback c
                   SET state = 'missed', closed_at = NOW() AT TIME ZONE 'UTC',
                       next_at = NULL, write_date = NOW() AT TIME ZONE 'UTC',
                       missed_reason = CASE
                           WHEN block_code IS NOT NULL THEN 'blocked'
                           WHEN attempt_count > 0 THEN 'not_reached'
                           ELSE 'not_called' END
                 WHERE id IN (
                       SELECT due.id FROM cr_callback due
                        WHERE due.state IN ('todo', 'retry')
                          AND due.expires_on < %(today)s
                          AND NOT EXISTS (
                              SELECT FROM cr_call_session s
                               WHERE s.partner_id = due.partner_id
                                 AND s.closed_at IS NULL)
                        ORDER BY due.expires_on, due.id
                        LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED)
                RETURNING id
                """,
                today=today,
                limit=limit,
            )
        )
        self.invalidate_model()
        self.browse([row[0] for row in rows])._after_missed()
        return len(rows)

    # === CONSENT === #

    @api.model
    def _recheck_blocks(self, today, after_id=0, limit=BATCH):
        """Check again whether the customers of a batch of open cards may be called.

        A card without customer gets the one who is on file for the car by now.

        :param after_id: go on behind this card
        :return: (how many were looked at, id of the last one)
        """
        self.flush_model()
        self.env["cr.contact.preference"]._flush_blocks()
        rows = self.env.execute_query(
            SQL(
                """
                WITH batch AS (
                    SELECT c.id, c.purpose, c.vehicle_id, c.block_code AS old_code,
                           COALESCE(c.partner_id, v.owner_id, v.driver_id) AS partner_id
                      FROM cr_callback c
                      LEFT JOIN cr_vehicle v ON v.id = c.vehicle_id
                     WHERE c.state IN ('todo', 'retry') AND c.id > %(after)s
                     ORDER BY c.id LIMIT %(limit)s
                ), checked AS (
                    SELECT batch.*, %(block)s AS code FROM batch
                ), changed AS (
                    UPDATE cr_callback c
                       SET block_code = checked.code, partner_id = checked.partner_id,
                           write_date = NOW() AT TIME ZONE 'UTC'
                      FROM checked
                     WHERE c.id = checked.id
                       AND (checked.code IS DISTINCT FROM checked.old_code
                            OR c.partner_id IS DISTINCT FROM checked.partner_id)
                )
                SELECT COUNT(*), MAX(id) FROM batch
                """,
                after=after_id,
                limit=limit,
                block=self._block_sql("batch", today),
            )
        )
        self.invalidate_model()
        return rows[0]

    # === SHARING OUT === #

    def _assign(self, today, limit=BATCH):
        """Share out the cards that may be called among who is on duty.

        All open cards of a customer go to one agent; who has him keeps him. Cards of
        absent agents go to their substitutes and come back afterwards (ROL-07).

        :param limit: how many customers to share out
        :return: how many cards got another agent
        """
        self.flush_model()
        self._refresh_priority(today)
        moved = self._return_cards(today) + self._offer_cards(today)
        moved += self._keep_customers(today)
        moved += self._share_customers(today, limit)
        self.invalidate_model()
        return moved

    @api.model
    def _move_cards(self, pairs, condition):
        """Give the open cards of agents to others: UPDATE in one statement.

        :param pairs: [(agent now, agent then or None)]
        :param condition: SQL about card `c` and the pair `move`
        """
        if not pairs:
            return 0
        values = SQL(", ").join(SQL("(%s::int, %s::int)", *pair) for pair in pairs)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cr_callback c
                   SET agent_id = move.agent_then,
                       regular_agent_id = CASE
                           WHEN move.agent_then = c.regular_agent_id THEN NULL
                           ELSE COALESCE(c.regular_agent_id, move.agent_now) END
                  FROM (VALUES %s) AS move(agent_now, agent_then)
                 WHERE c.state IN ('todo', 'retry') AND %s
                   AND NOT EXISTS (SELECT FROM cr_call_session s
                                    WHERE s.partner_id = c.partner_id
                                      AND s.closed_at IS NULL)
                RETURNING c.id
                """,
                values,
                condition,
            )
        )
        return len(rows)

    @api.model
    def _return_cards(self, today):
        """Give cards back to regular agents who are there again."""
        regulars = self.env.execute_query(
            SQL("""SELECT DISTINCT c.regular_agent_id FROM cr_callback c
                     JOIN res_users u ON u.id = c.regular_agent_id AND u.active
                    WHERE c.state IN ('todo', 'retry')
                      AND c.regular_agent_id IS NOT NULL""")
        )
        absences = self.env["cr.absence"]._get_spans(today, today)
        back = [agent for [agent] in regulars if agent not in absences]
        return self._move_cards(
            [(agent, agent) for agent in back],
            SQL("c.regular_agent_id = move.agent_now"),
        )

    @api.model
    def _offer_cards(self, today):
        """Give cards of absent or archived agents to who stands in, or to nobody."""
        absences = self.env["cr.absence"]._get_spans(today, today)
        agents = self.env.execute_query(
            SQL(
                """SELECT DISTINCT c.agent_id, u.active FROM cr_callback c
                     JOIN res_users u ON u.id = c.agent_id
                    WHERE c.state IN ('todo', 'retry')
                      AND (NOT u.active OR u.id = ANY(%s))""",
                list(absences),
            )
        )
        staff = {
            user
            for users in self.env["cr.role"]
            ._get_staff(self.env["res.company"].sudo().search([]))
            .values()
            for user in users
        }
        pairs = [
            (agent, roster.stand_in(agent, today, absences, staff))
            for agent, _active in agents
        ]
        return self._move_cards(pairs, SQL("c.agent_id = move.agent_now"))

    @api.model
    def _keep_customers(self, today):
        """Give cards nobody has to the agent who has the customer in this store."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cr_callback c SET agent_id = held.agent_id
                  FROM (SELECT w.id, (
                               SELECT k.agent_id FROM cr_callback k
                                WHERE k.state IN ('todo', 'retry')
                                  AND k.partner_id = w.partner_id
                                  AND k.company_id = w.company_id
                                  AND k.agent_id IS NOT NULL
                                ORDER BY k.taken_at DESC NULLS LAST, k.id LIMIT 1
                               ) AS agent_id
                          FROM cr_callback w
                         WHERE w.state IN ('todo', 'retry') AND w.agent_id IS NULL
                           AND w.earliest_on <= %s AND w.block_code IS NULL) held
                 WHERE c.id = held.id AND held.agent_id IS NOT NULL
                RETURNING c.id
                """,
                today,
            )
        )
        return len(rows)

    @api.model
    def _share_customers(self, today, limit):
        """Share out customers whom nobody has, by quota and least load."""
        waiting = self.env.execute_query(
            SQL(
                """SELECT company_id, role_id, partner_id, MIN(due_on) AS due_on
                     FROM cr_callback
                    WHERE state IN ('todo', 'retry') AND agent_id IS NULL
                      AND earliest_on <= %s AND block_code IS NULL
                    GROUP BY company_id, role_id, partner_id
                    ORDER BY MAX(priority) DESC, due_on, partner_id LIMIT %s""",
                today,
                limit,
            )
        )
        by_role, seen = {}, set()
        for company_id, role_id, partner_id, _due_on in waiting:
            if (company_id, partner_id) not in seen:
                seen.add((company_id, partner_id))
                by_role.setdefault((company_id, role_id), []).append(partner_id)
        quotas = self._get_quotas_on_duty(by_role, today)
        loads = self._get_loads(today)
        rows = []
        for key, partner_ids in by_role.items():
            people = {
                agent: (quota, loads.get((key[0], agent), 0))
                for agent, quota in quotas.get(key, {}).items()
            }
            for partner_id, agent in roster.share_out(partner_ids, people).items():
                loads[key[0], agent] = loads.get((key[0], agent), 0) + 1
                rows.append((key[0], partner_id, agent))
        return self._write_agents(rows, today)

    @api.model
    def _get_quotas_on_duty(self, keys, today):
        """Return {(store id, role id): {agent id: calls a day}} of who is on duty."""
        companies = self.env["res.company"].browse({company for company, _role in keys})
        roles = self.env["cr.role"].browse({role for _company, role in keys if role})
        duties = roles._get_duties(companies, [today])
        quotas = self.env["cr.role.holder"]._get_quotas(companies, today)
        return {
            (company, role): {
                # A substitute works at the pace of whom he stands in for.
                duty.user: quotas.get((company, duty.holder), 0)
                for duty in duties.get((role, company, today), [])
            }
            for company, role in keys
        }

    @api.model
    def _get_loads(self, today):
        """Return {(store id, agent id): cards that may be called today}."""
        rows = self.env.execute_query(
            SQL(
                """SELECT company_id, agent_id, COUNT(*) FROM cr_callback
                    WHERE state IN ('todo', 'retry') AND agent_id IS NOT NULL
                      AND earliest_on <= %s GROUP BY company_id, agent_id""",
                today,
            )
        )
        return {(company, agent): count for company, agent, count in rows}

    @api.model
    def _write_agents(self, rows, today):
        """Write the agents of customers: UPDATE in one statement per 1,000.

        :param rows: [(store id, customer id, agent id)]
        """
        count = 0
        for start in range(0, len(rows), BATCH):
            values = SQL(", ").join(
                SQL("(%s, %s, %s)", *row) for row in rows[start : start + BATCH]
            )
            count += len(
                self.env.execute_query(
                    SQL(
                        """UPDATE cr_callback c SET agent_id = share.agent_id
                             FROM (VALUES %s) AS share(company_id, partner_id, agent_id)
                            WHERE c.state IN ('todo', 'retry') AND c.agent_id IS NULL
                              AND c.company_id = share.company_id
                              AND c.partner_id = share.partner_id
                              AND c.earliest_on <= %s AND c.block_code IS NULL
                        RETURNING c.id""",
                        values,
                        today,
                    )
                )
            )
        return count

    @api.model
    def _refresh_priority(self, today):
        """Put cards of customers with a complaint first (CB-19).

        Hook: the complaints addon says for whom; without it nobody is first.
        """

    # === CRON === #

    @api.model
    def _cron_share_out(self):
        """End what is over, re-check consent, share out what may be called today."""
        cron = self.env["ir.cron"]
        today = self._get_today()
        while expired := self._expire(today):
            if not cron._commit_progress(expired, remaining=1):
                return
        # From here on the job ends what it began, however long: begun anew it would
        # check all cards again, and never come to those that nobody has.
        checked, last_id = self._recheck_blocks(today)
        while checked:
            cron._commit_progress(checked)
            checked, last_id = self._recheck_blocks(today, last_id)
        while moved := self._assign(today):
            cron._commit_progress(moved)
        cron._commit_progress(remaining=0)
