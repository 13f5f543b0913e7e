from odoo import api, fields, models

from ..const import CLOCK_STATES, CLOCKS
from ..tools.complaint_log import ALWAYS


class CrComplaintClock(models.Model):
    """A deadline of a complaint: first answer, next promise, solution, outside body.

    Everything here is worked out from `cr.complaint.event` and the calendar;
    `_recompute_from_log` gives the same again, always. Each round after reopening
    has clocks of its own, so what was missed before stays visible.
    """

    _name = "cr.complaint.clock"
    _description = "Clock of a complaint"
    _inherit = ["cr.complaint.ladder.mixin"]
    _order = "deadline_at, id"

    complaint_id = fields.Many2one(
        "cr.complaint", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    kind = fields.Selection(CLOCKS, required=True, readonly=True)
    round = fields.Integer(required=True, default=1, readonly=True, aggregator=None)
    state = fields.Selection(CLOCK_STATES, required=True, default="running")
    target_hours = fields.Float(string="Working hours", readonly=True, aggregator="avg")
    started_at = fields.Datetime(readonly=True)
    deadline_at = fields.Datetime(string="By", readonly=True)
    left_hours = fields.Float(
        string="Left when it stopped", readonly=True, aggregator=None
    )
    stopped_at = fields.Datetime(readonly=True)
    breached_at = fields.Datetime(
        string="Missed since",
        readonly=True,
        help="Stays after closing and reopening.",
    )
    next_at = fields.Datetime(
        readonly=True,
        help="When the ladder is looked at again; empty: nothing is due any more.",
    )
    outside_id = fields.Many2one(
        "cr.complaint.outside", ondelete="cascade", index="btree_not_null"
    )
    alert_ids = fields.One2many("cr.complaint.alert", "clock_id", string="Escalations")

    _kind_unique = models.UniqueIndex(
        "(complaint_id, kind, round, COALESCE(outside_id, 0))",
        "This complaint already has that clock.",
    )
    _next_index = models.Index("(next_at, id) WHERE next_at IS NOT NULL")
    _live_index = models.Index(
        "(company_id, deadline_at) WHERE state IN ('running', 'paused')"
    )

    # === WORKING OUT === #

    @api.model
    def _follow(self, complaints, spans=None):
        """Work out the clocks of complaints from their logs; see `_recompute_from_log`.

        The number of queries does not depend on the number of complaints.

        :param spans: working times, if they are known
        """
        clocks = self.sudo()
        known = clocks.search(
            [("complaint_id", "in", complaints.ids), ("kind", "!=", "outside")]
        )
        by_key = {(one.complaint_id.id, one.kind, one.round): one for one in known}
        late = known.filtered("breached_at")
        lines = complaints._get_lines()
        spans = spans or complaints._get_spans()
        new = []
        for complaint in complaints:
            for kind, values in self._work_out(lines[complaint.id], spans).items():
                found = by_key.get((complaint.id, kind, complaint.round))
                if found:
                    found._note(values)
                else:
                    new.append(
                        {
                            "complaint_id": complaint.id,
                            # Known here: it need not be looked up for each.
                            "company_id": complaint.company_id.id,
                            "kind": kind,
                            "round": complaint.round,
                            **values,
                        }
                    )
        found = known | clocks.create(new)
        (found.filtered("breached_at") - late)._log_breaches(fields.Datetime.now())
        found._plan_next(lines, spans)
        return found

    @api.model
    def _start(self, complaints, lines):
        """Start the clocks of new complaints in one statement; see `_follow`.

        :param complaints: all of them
        :param dict lines: {those whose log begins alike: that line}
        """
        spans, samples = complaints._get_spans(), []
        for group, line in lines.items():
            first = group[0]
            found = self._work_out([line], spans)
            for kind, values in found.items():
                sample = {
                    "company_id": first.company_id.id,
                    "kind": kind,
                    "round": first.round,
                    **values,
                }
                # Thought of, not yet there: asks the ladder as a real one does.
                clock = self.new({"complaint_id": first.id, **sample})
                sample["next_at"] = clock._get_next_moment([line], spans)
                samples.append((group, sample))
            # Raised rights: what follows from the clocks is nobody's to write.
            group.sudo().with_context(tracking_disable=True).write(
                get_outlook(found.values())
            )
        if not samples:
            return
        complaints._insert_alike(self._name, samples)
        if any(sample["breached_at"] for _group, sample in samples):
            domain = [("complaint_id", "in", complaints.ids)]
            late = self.sudo().search([*domain, ("breached_at", "!=", False)])
            late._log_breaches(fields.Datetime.now())

    @api.model
    def _work_out(self, lines, spans):
        """Return {kind: values} of the clocks that a log makes."""
        now, found = fields.Datetime.now(), {}
        for kind in ("answer", "promise", "solve"):
            state = spans.state_of(kind, lines)
            if state is None or state.left is None:
                continue
            is_missed = state.is_missed(now)
            found[kind] = {
                "state": _get_state(state, is_missed),
                "target_hours": _get_target(kind, lines),
                "started_at": lines[0].at,
                "deadline_at": state.deadline or False,
                "left_hours": state.left.total_seconds() / 3600,
                "stopped_at": state.stopped_at or False,
                "breached_at": (is_missed and state.deadline) or False,
            }
        return found

    def _note(self, values):
        """Write what changed; a deadline once missed stays missed."""
        self.ensure_one()
        if self.breached_at and not values.get("breached_at"):
            values = {**values, "breached_at": self.breached_at}
            if values["stopped_at"]:
                values["state"] = "missed"
        changed = {
            name: value for name, value in values.items() if self[name] != value
        }
        if changed:
            self.write(changed)

    def _plan_next(self, lines=None, spans=None):
        """Note when the ladder of each clock is looked at next.

        :param dict lines: logs of the complaints, if they are known
        :param spans: working times, if they are known
        """
        lines = lines or self.complaint_id._get_lines()
        spans = spans or self.complaint_id._get_spans()
        for one in self:
            next_at = one._get_next_moment(lines[one.complaint_id.id], spans)
            if one.next_at != next_at:
                one.next_at = next_at

    def _get_next_moment(self, lines, spans):
        """Return when something has to be done for a clock, False if never."""
        self.ensure_one()
        if self.state != "running":
            return False
        told = self.alert_ids.filtered(lambda alert: not alert.turn).rung_id
        waiting = [
            at for rung, at in self._get_rung_moments(lines, spans) if rung not in told
        ]
        waiting += filter(None, self.alert_ids.mapped("next_at"))
        if self.deadline_at and not self.breached_at:
            waiting.append(self.deadline_at)
        return min(waiting, default=False)

    def _get_rung_moments(self, lines, spans):
        """Return [(rung, moment)] of the ladder of the clock's complaint, in order.

        :param list lines: log of the complaint
        :param spans: working times of calendars
        """
        self.ensure_one()
        complaint = self.complaint_id
        rungs = complaint.grade_id.rung_ids.filtered(
            lambda rung: rung.clock == self.kind
        )
        if not rungs or not self.deadline_at:
            return []
        moments = [
            (rung, spans.state_of(self.kind, lines, rung.after_hours).deadline)
            for rung in rungs
        ]
        return sorted(
            ((rung, at) for rung, at in moments if at),
            key=lambda pair: (pair[1], pair[0].id),
        )

    def _recompute_from_log(self):
        """Return {clock: deadline} worked out anew from the log alone.

        Anybody may ask; it must equal `deadline_at`, which a test holds for many logs.
        """
        found = {}
        for one in self.filtered(lambda clock: clock.kind != "outside"):
            complaint = one.complaint_id
            lines = complaint._get_lines(one.round)[complaint.id]
            state = complaint._get_spans().state_of(one.kind, lines)
            found[one] = (state and state.deadline) or False
        return found


def _get_state(state, is_missed):
    """Return the code of how a clock stands."""
    if state.stopped_at:
        return "missed" if is_missed else "met"
    return "paused" if state.is_paused else "running"


def get_outlook(clocks):
    """Return what a complaint shows of its clocks.

    :param clocks: mappings or records with state, deadline_at and breached_at
    """
    moments = [one["deadline_at"] for one in clocks if one["state"] == "running"]
    return {
        "next_deadline_at": min(filter(None, moments), default=False),
        "is_breached": any(one["breached_at"] for one in clocks),
    }


def _get_target(kind, lines):
    """Return the working hours that a log sets last for a clock."""
    return [line.hours.get(kind) or 0 for line in lines if line.hours is not None][-1]


def make_spans(calendars):
    """Return the working times of calendars as `tools.clock` asks for them."""
    read = calendars._cr_make_spans()

    def spans(calendar_id, start, end):
        if calendar_id == ALWAYS:
            return [(start, end)] if start < end else []
        return read(calendar_id, start, end)

    return spans
