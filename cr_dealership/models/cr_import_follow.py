import json
import logging
import threading

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

CONFLICT_RETRIES = 5
CONFLICTS = (
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.SerializationFailure,
)

# A second thread and its connection are worth while from so many rows on.
_HELP_FROM_ROWS = 2000
# Nobody tells what another worker has left.
_LOOK_SECONDS = 0.5


class CrImportFollow(models.Model):
    """What is still to be worked out after rows of an import were recorded (VEH-12).

    Written in the transaction that records the rows, deleted in the one that works
    their facts out: whoever dies in between leaves it to the next.
    """

    _name = "cr.import.follow"
    _description = "Facts that follow an import"
    _order = "id"
    _log_access = False

    batch_id = fields.Many2one(
        "cr.import.batch",
        string="Import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    vehicles = fields.Json(export_string_translation=False)
    people = fields.Json(export_string_translation=False)
    records = fields.Json(export_string_translation=False)

    @api.model
    def _note(self, batch, vehicle_ids, partner_ids, record_ids):
        """Note the cars, people and records of rows that were recorded."""
        lists = (vehicle_ids, partner_ids, record_ids)
        self.env.cr.execute(
            "INSERT INTO cr_import_follow (batch_id, vehicles, people, records)"
            " VALUES (%s, %s, %s, %s)",
            (batch.id, *(json.dumps(sorted(ids)) for ids in lists)),
        )

    @api.model
    def _follow_next(self, batch):
        """Work out what was noted first; if another one is at it, wait for him.

        What he did meanwhile is a conflict, after which all is looked at again.

        :return: whether there was anything
        :rtype: bool
        """
        self.env.cr.execute(
            "SELECT id, vehicles, people, records FROM cr_import_follow"
            " WHERE batch_id = %s ORDER BY id LIMIT 1 FOR UPDATE",
            (batch.id,),
        )
        notes = self.env.cr.fetchall()
        for note_id, vehicles, people, records in notes:
            loader = batch._get_loader()
            loader._follow(
                self.env["cr.vehicle"].browse(vehicles),
                self.env["res.partner"].browse(people),
                # Somebody may have deleted one since.
                loader._get_model().browse(records).exists(),
            )
            self.env.cr.execute(
                "DELETE FROM cr_import_follow WHERE id = %s", (note_id,)
            )
        return bool(notes)

    @api.model
    def _leave_to_job(self, batch):
        """Have the job refresh cars of an import that stopped before it came to them.

        What else follows is done when it goes on.
        """
        left = self.search([("batch_id", "=", batch.id)])
        if left:
            vehicle_ids = [vehicle_id for note in left for vehicle_id in note.vehicles]
            self.env["cr.vehicle"]._mark_stale(SQL("id = ANY(%s)", vehicle_ids))


class Follower:
    """Has facts follow in a thread of its own while this one records the next rows.

    Use it with ``with``. What it leaves undone, because it failed or was stopped, is
    still noted, and done by whoever works on the import.
    """

    def __init__(self, batch):
        self._batch = batch
        self._thread = None
        self._is_last = self._is_over = False
        self._has_news = threading.Event()
        # Held while it writes; who comes into conflict with it takes it for himself.
        self.turn = threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._is_over = True
        self.finish()

    def help_with(self, batch):
        """Look what there is to do, if the rows make it worth while (VEH-12)."""
        self._has_news.set()
        if not self._thread and batch.ready_count > _HELP_FROM_ROWS:
            self._thread = threading.Thread(
                target=self._work, name=f"import {batch.id}", daemon=True
            )
            self._thread.start()

    def is_working(self):
        """Say whether it takes what is noted (VEH-12)."""
        return bool(self._thread) and self._thread.is_alive()

    def close(self):
        """Tell it that nothing more is noted (VEH-12)."""
        self._is_last = True
        self._has_news.set()

    def finish(self):
        """Wait until nothing is noted any more, if it began at all (VEH-12)."""
        self.close()
        if self._thread:
            self._thread.join()

    def finish_closed(self):
        """Wait for it if it was told that nothing more is noted (VEH-12)."""
        if self._is_last:
            self.finish()

    def _work(self):
        env = self._batch.env
        # For the log.
        threading.current_thread().dbname = env.registry.db_name
        # How far the job is, the other thread tells.
        context = dict(env.context, ir_cron_progress_id=False)
        try:
            with env.registry.cursor() as cursor:
                own = env(cr=cursor, context=context)
                self._follow(self._batch.with_env(own))
        except Exception:  # noqa: B902 who works on the import will meet it and tell
            _logger.warning("Import %s: facts follow later", self._batch.id, exc_info=1)

    def _follow(self, batch):
        conflicts = 0
        while conflicts <= CONFLICT_RETRIES and not self._is_over:
            # Before looking: what is told meanwhile is looked for again.
            self._has_news.clear()
            is_last = self._is_last
            with self.turn:
                try:
                    is_found = batch.env["cr.import.follow"]._follow_next(batch)
                    batch.env["ir.cron"]._commit_progress()
                    conflicts = 0
                except CONFLICTS:
                    batch.env.cr.rollback()
                    is_found = True
                    conflicts += 1
            batch.env.invalidate_all()
            if is_last and not is_found:
                break
            self._has_news.wait(0 if is_found else _LOOK_SECONDS)
