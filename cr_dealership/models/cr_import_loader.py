import json

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from .cr_import_row import KIND_MODELS

# What one bad row may cause. Conflicts with other transactions are not among them:
# the whole step is done again.
_ROW_FAULTS = (psycopg2.DataError, psycopg2.IntegrityError, UserError)

# Nothing of this is told to anybody, and facts are worked out at the end.
QUIET = {
    "cr_dealership_skip_facts": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class CrImportLoader(models.AbstractModel):
    """Records staged rows; each kind of file inherits it as `cr.import.loader.<kind>`.

    A kind says what a row tells about the car, and writes its own records. Cars and
    people are the same for all. The number of queries does not depend on the number
    of rows.
    """

    _name = "cr.import.loader"
    _description = "Loader of imported rows"

    _kind = None

    @api.model
    def _load(self, batch, rows):
        """Record rows and note what became of them; a bad row fails alone.

        :param batch: the import, locked by the caller
        :param list rows: staged rows, those of one car one after the other
        """
        try:
            with self.env.cr.savepoint():
                self._load_together(batch, rows)
        except _ROW_FAULTS as error:
            self.env.invalidate_all(flush=False)
            for row in rows:
                row.reset()
            if len(rows) == 1:
                self._refuse(batch, rows[0], error)
                return
            middle = len(rows) // 2
            self._load(batch, rows[:middle])
            self._load(batch, rows[middle:])

    @api.model
    def _load_together(self, batch, rows):
        self.env.flush_all()
        names = self.env["cr.import.names"]._read(batch, rows)
        cars = self.env["cr.import.cars"]._find(batch, self, names, rows)
        live = [row for row in rows if row.state == "ready"]
        self.env["cr.import.people"]._find(batch, names, live)
        others = self._record(batch, names, live)
        self._store_keys(batch, live)
        self._close(batch, rows)
        self._note_followers(batch, cars, live, others)

    @api.model
    def _refuse(self, batch, row, error):
        """Refuse the one row that the database or a rule does not take."""
        if isinstance(error, UserError):
            message = str(error)
        else:
            message = self._get_model()._sql_error_to_message(error)
        row.refuse("row_failed", "number", message)
        self._close(batch, [row])

    @api.model
    def _close(self, batch, rows):
        """Note what became of the rows, and count it."""
        self.env["cr.import.row"]._store_outcomes(rows)
        states = [row.state for row in rows]
        batch._add_counts(
            ready=-len(rows),
            **{
                state: states.count(state)
                for state in ("new", "changed", "unchanged", "refused")
            },
        )

    @api.model
    def _store_keys(self, batch, rows):
        """Remember which record a number is, and the row it came from."""
        if not rows:
            return
        # As one document: the database takes twice as long to read so many values.
        self.env.cr.execute(
            """
            INSERT INTO cr_import_key AS k
                   (company_id, system, kind, number, res_id, digest, extra)
            SELECT %s, %s, %s, number, res_id, digest, extra
              FROM json_to_recordset(%s)
                   AS told(number varchar, res_id integer, digest varchar, extra jsonb)
            ON CONFLICT (company_id, system, kind, number) DO UPDATE
               SET res_id = EXCLUDED.res_id, digest = EXCLUDED.digest,
                   extra = COALESCE(EXCLUDED.extra, k.extra)
             WHERE (k.res_id, k.digest) IS DISTINCT FROM
                   (EXCLUDED.res_id, EXCLUDED.digest)
            """,
            (
                batch.company_id.id,
                batch.profile_id.system,
                batch.kind,
                json.dumps(
                    [
                        {
                            "number": row.number,
                            "res_id": row.record_id,
                            "digest": row.digest,
                            "extra": row.data.get("extra") or None,
                        }
                        for row in rows
                        if row.record_id
                    ],
                    ensure_ascii=False,
                ),
            ),
        )

    @api.model
    def _note_followers(self, batch, cars, rows, others):
        """Note whose facts are to be worked out anew after these rows.

        :param others: ids of cars that lost a record to another one
        """
        changed = [row for row in rows if row.state != "unchanged"]
        touched = {row.car.id for row in changed} | set(others)
        touched |= {car.id for car in cars if car.is_touched}
        people = {row.person.id for row in changed if row.person}
        if touched:
            self.env["cr.import.follow"]._note(
                batch, touched, people, {row.record_id for row in changed}
            )

    @api.model
    def _get_known(self, batch, rows):
        """Return {number: id of its record} of the rows that came before."""
        self.env.cr.execute(
            """
            SELECT number, res_id FROM cr_import_key
             WHERE company_id = %s AND system = %s AND kind = %s AND number = ANY(%s)
            """,
            (
                batch.company_id.id,
                batch.profile_id.system,
                batch.kind,
                [row.number for row in rows],
            ),
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _get_reason(self, batch, line):
        """Return where a change comes from, as the chatter tells it."""
        return self.env._(
            "Import “%(file)s”, row %(line)s", file=batch.name, line=line
        )

    @api.model
    def _get_model(self):
        """Return the model of the records."""
        return self.env[KIND_MODELS[self._kind]]

    @api.model
    def _follow(self, vehicles, people, records):
        """Work out anew what cars and people come to after rows were recorded.

        :param records: the records that are new or changed
        """
        del records
        vehicles._refresh_facts(people)

    # === WHAT A KIND SAYS === #

    @api.model
    def _prepare_sale(self, names, row):
        """Return what a row knows for sure about its car. Hook of the kinds."""
        del names, row
        return {}

    @api.model
    def _record(self, batch, names, rows):
        """Write the records of the rows; set their `state` and `record_id`.

        Hook of the kinds.

        :return: ids of cars from which a record was taken away
        """
        raise NotImplementedError
