import contextlib
import logging
import math
import time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const_import import FILE_ERRORS, RUNNING_STATES
from ..tools.errors import RuleError
from .cr_import_follow import CONFLICT_RETRIES, CONFLICTS, Follower

_logger = logging.getLogger(__name__)

# How long one call of the job works, and how long on one import while others wait;
# well within the server's limit for a job.
RUN_SECONDS = 45
SLICE_SECONDS = 15
LOAD_ROWS = 2000


class CrImportWorkMixin(models.AbstractModel):
    """The work on an import, in steps that are committed one by one.

    A step locks the import first, so that two workers never do the same. After a
    crash the next call goes on with the rows that are left.
    """

    _name = "cr.import.work.mixin"
    _description = "Work on an import"

    def _trigger_job(self):
        """Wake the job up."""
        # Users have no right to jobs; this one only does what an action allowed.
        self.env.ref("cr_dealership.ir_cron_cr_import_run").sudo()._trigger()

    def _run_to_end(self):
        """Read and load this import at once, without waiting for a person or the job.

        For scripts: it commits. Returns the import, whose state tells how it ended.
        """
        self.ensure_one()
        while self.state in (*RUNNING_STATES, "checked"):
            if self.state == "checked":
                self.write({"state": "loading", "queued_at": fields.Datetime.now()})
            if not self._run(math.inf):
                break
        return self

    def _run(self, until):
        """Work on this import until it waits for a person or the time has come.

        :param float until: monotonic time at which to stop
        :return: False when another worker has the import
        """
        batch = self._in_its_own_words()
        with Follower(batch) as follower:
            is_ours = batch._run_steps(until, follower)
        if batch.state == "failed":
            self.env["cr.import.follow"]._leave_to_job(batch)
            self.env["ir.cron"]._commit_progress()
        return is_ours

    def _run_steps(self, until, follower):
        """Work step by step; return False when another worker has the import."""
        conflicts = 0
        while self.state in RUNNING_STATES and time.monotonic() < until:
            try:
                if not self._step_beside(follower, until, is_alone=conflicts > 0):
                    return False
                conflicts = 0
            except CONFLICTS:
                # Somebody else wrote the same rows: the step has not happened.
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > CONFLICT_RETRIES:
                    raise
            except Exception as error:  # noqa: B902 whatever it is, people must read it
                self.env.cr.rollback()
                self._stop(error)
        return True

    def _step_beside(self, follower, until, is_alone):
        """Do the next step beside the follower; after a conflict it has to wait."""
        with follower.turn if is_alone else contextlib.nullcontext():
            is_ours = self._step(until, follower)
        follower.finish_closed()
        return is_ours

    def _in_its_own_words(self):
        """Return the import as its author: name, language, clock and store are his.

        His rights are not: a post may import what it may not type in by hand.
        """
        self.ensure_one()
        author = self.create_uid
        return (
            self.with_user(author)
            .sudo()
            .with_company(self.company_id)
            .with_context(
                lang=author.lang,
                tz=author.tz,
                allowed_company_ids=self.company_id.ids,
            )
        )

    def _step(self, until, follower=None):
        """Do the next step; return False when another worker has the import.

        :param Follower follower: works out facts beside this, from when there is much
        """
        if self.state == "staging":
            return self.env["cr.import.reader"]._stage(self, until)
        began = time.monotonic()
        if not self._lock("loading"):
            return False
        if follower:
            follower.help_with(self)
        done = self._load_next(follower and follower.is_working())
        self.load_seconds += time.monotonic() - began
        self._commit_step(done)
        if follower and not done:
            follower.close()
        return True

    def _lock(self, state, line=None):
        """Lock the import for this transaction, if it still stands where we think.

        :param str state: the state that it must be in
        :param int line: the last line that must have been staged
        """
        if not self.try_lock_for_update():
            return False
        self.invalidate_recordset()
        return self.state == state and line in (None, self.staged_line)

    def _load_next(self, has_follower=False):
        """Load the next rows; close the import when nothing is left to do.

        :param bool has_follower: somebody else works out meanwhile what follows
        :return: how many rows were loaded
        """
        rows = self.env["cr.import.row"]._take_ready(self, LOAD_ROWS)
        if rows:
            self._get_loader()._load(self, rows)
        if not has_follower:
            is_found = self.env["cr.import.follow"]._follow_next(self)
            if not rows and not is_found:
                self._finish()
        return len(rows)

    def _get_loader(self):
        """Return the model that records this kind of rows; other kinds add theirs."""
        return self.env[f"cr.import.loader.{self.kind}"]

    def _commit_step(self, done):
        """Commit what a step did, and forget the records it read."""
        self.worked_at = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress(done)
        self.env.invalidate_all()

    # === WHEN IT FAILS === #

    def _stop(self, error):
        """Put the import aside and say why; it can go on later from where it stood."""
        if not isinstance(error, (RuleError, UserError, ValidationError)):
            _logger.error("Import %s stopped", self.id, exc_info=error)
        self.write(
            {
                "state": "failed",
                "stopped_state": self.state,
                "error": self._explain(error),
            }
        )
        self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _explain(self, error):
        """Return what went wrong with a file as a sentence with the way out."""
        if isinstance(error, RuleError) and error.code in FILE_ERRORS:
            text = self.env._(FILE_ERRORS[error.code])
            return text % error.params
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "The import stopped because of something unexpected (%(error)s). What was"
            " recorded before stays; press “Go on” to try again, and tell the"
            " administrator if it stops again.",
            error=type(error).__name__,
        )

    # === JOB === #

    @api.model
    def _next_to_run(self):
        """Return the import that waits longest, locked for this transaction.

        In a store one import is loaded after the other, in the order in which people
        released them; reading waits for nobody.
        """
        self.env.cr.execute(
            """
            SELECT b.id FROM cr_import_batch b
             WHERE b.state = 'staging'
                OR b.state = 'loading' AND NOT EXISTS (
                    SELECT 1 FROM cr_import_batch o
                     WHERE o.company_id = b.company_id AND o.state = 'loading'
                       AND (o.queued_at, o.id) < (b.queued_at, b.id))
             ORDER BY b.worked_at NULLS FIRST, b.id
             LIMIT 1
             FOR UPDATE OF b SKIP LOCKED
            """
        )
        found = self.env.cr.fetchone()
        return self.browse(found)

    @api.model
    def _cron_run(self):
        """Read and load the imports that wait, a slice of each in turn."""
        until = time.monotonic() + RUN_SECONDS
        running = [("state", "in", RUNNING_STATES)]
        waiting = self.search_count(running)
        while time.monotonic() < until and (batch := self._next_to_run()):
            # Stopping costs: the file is read from its beginning again.
            share = SLICE_SECONDS if waiting > 1 else RUN_SECONDS
            done = batch._run(min(until, time.monotonic() + share))
            waiting = self.search_count(running)
            if not done:
                # Another worker has it; that one, or the next call, sees to the rest.
                waiting = 0
                break
        self.env["ir.cron"]._commit_progress(remaining=waiting)
