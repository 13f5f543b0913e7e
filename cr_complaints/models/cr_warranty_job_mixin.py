from odoo import api, models
from odoo.tools import SQL

from ..tools import warranty

BATCH = 500
_OUTDATED = "outdated"
_CLOSING = ("closed_because", "closed_on", "closed_by_id", "note")


class CrWarrantyJobMixin(models.AbstractModel):
    """Keeps the warnings true to the work orders; set-based and safe to replay."""

    _name = "cr.warranty.job.mixin"
    _description = "Three-guarantees warning: following the work orders"

    @api.model
    def _follow(self, vehicles, today=None):
        """Open, change and close the warnings of cars as their repairs say.

        The number of queries does not depend on the number of cars or orders.

        :param vehicles: `cr.vehicle`
        :param datetime.date today: counts stays that last; by default the store's day
        """
        vehicles = self._get_concerned(vehicles)
        if not vehicles:
            return
        today = today or self.env.company.sudo()._cr_today()
        # Raised rights: repairs of every store count; the right belongs to the car.
        warnings = self.sudo().with_context(tracking_disable=True)
        known = {
            (one.vehicle_id.id, one.rule_id.id, one.key): one
            for one in warnings.search([("vehicle_id", "in", vehicles.ids)])
        }
        warned = {vehicle_id for vehicle_id, _rule, _key in known}
        found = warnings._find(vehicles.sudo(), warned, today)
        # Two at once make one row: the unique index decides, not what was read.
        fresh = warnings._insert_new(
            [
                {**self._prepare_values(finding, key[0]), "opened_on": today}
                for key, finding in found.items()
                if key not in known and not finding.is_history
            ]
        )
        (fresh | warnings._update(known, found))._tell_manager(today)

    @api.model
    def _get_concerned(self, vehicles):
        """Return the cars with a repair or a warning: most orders are maintenance.

        One query; each import asks this for each of its batches.
        """
        if not vehicles:
            return vehicles
        self.env["cr.service.order"].flush_model(["vehicle_id", "state", "type_id"])
        self.env["cr.warranty.warning"].flush_model(["vehicle_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT ro.vehicle_id
                     FROM cr_service_order AS ro
                     JOIN cr_service_type AS kind ON kind.id = ro.type_id
                    WHERE ro.vehicle_id = ANY(%(cars)s) AND ro.state <> 'cancelled'
                      AND kind.is_maintenance IS NOT TRUE
                      AND kind.is_first_service IS NOT TRUE
                    UNION
                   SELECT vehicle_id FROM cr_warranty_warning
                    WHERE vehicle_id = ANY(%(cars)s)""",
                cars=vehicles.ids,
            )
        )
        return vehicles.browse([row[0] for row in rows])

    @api.model
    def _update(self, known, found):
        """Bring the warnings that are there up to date; return what got worse.

        :param dict known: {(car id, rule id, cause): warning}
        :param dict found: {(car id, rule id, cause): finding}
        """
        gone = [one.id for key, one in known.items() if key not in found]
        self.browse(gone)._close(_OUTDATED)
        worse = [
            warning.id
            for key, warning in known.items()
            if key in found and warning._take_over(found[key])
        ]
        return self.browse(worse)

    @api.model
    def _find(self, vehicles, warned, today):
        """Return {(car id, rule id, cause): finding}; five queries.

        :param warned: ids of cars that have warnings; of others old ones are skipped
        """
        rules = self.env["cr.warranty.rule"].sudo()._get_rules()
        starts = {one.id: one._get_guarantee_start() for one in vehicles}
        looked = [
            vehicle_id
            for vehicle_id, start in starts.items()
            if vehicle_id in warned or warranty.may_matter(rules, start, today)
        ]
        orders = self.env["cr.service.order"].sudo().search(
            [
                ("vehicle_id", "in", looked),
                ("state", "!=", "cancelled"),
                ("type_id.is_maintenance", "=", False),
                ("type_id.is_first_service", "=", False),
            ]
        )
        return {
            (vehicle.id, finding.rule_id, finding.key): finding
            for vehicle, some in orders.grouped("vehicle_id").items()
            for finding in warranty.find(
                rules,
                starts[vehicle.id],
                [one._prepare_repair() for one in some if one.in_on or one.out_on],
                today,
            )
        }

    @api.model
    def _prepare_values(self, finding, vehicle_id):
        """Return the values of the warning that a finding about a car means."""
        # Raised rights: see _follow.
        last = self.env["cr.service.order"].sudo().browse(finding.repairs[-1])
        return {
            "vehicle_id": vehicle_id,
            "rule_id": finding.rule_id,
            "key": finding.key,
            "company_id": last.company_id.id,
            "origin_model": last._name,
            "origin_id": last.id,
            "cause": finding.label or False,
            "count": finding.count,
            "repair_count": len(finding.repairs),
            "first_on": finding.first_on,
            "last_on": finding.last_on,
            "ends_on": finding.ends_on or False,
            "is_reached": finding.is_reached,
            "state": "open",
        }

    def _take_over(self, finding):
        """Write what changed; return whether the manager has to look at it anew.

        A closed warning opens again when it was closed by the facts, or when another
        repair came or the right arose since somebody closed it.
        """
        self.ensure_one()
        is_worse = (
            len(finding.repairs) > self.repair_count
            or finding.is_reached > self.is_reached
            or finding.last_on > self.last_on
        )
        is_back = self.state == "closed" and (
            is_worse or self.closed_because == _OUTDATED
        )
        vals = self._prepare_values(finding, self.vehicle_id.id)
        if not is_back:
            del vals["state"]
        new = {
            name: value
            for name, value in vals.items()
            if self._get_plain(name) != value
        }
        if is_back:
            new |= dict.fromkeys(_CLOSING)
        if new:
            self.write(new)
        return is_back or is_worse

    def _get_plain(self, name):
        """Return a value of the record as it is written."""
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value

    def _tell_manager(self, today):
        """Give the service manager on duty one to-do for each warning, in one go."""
        if not self:
            return
        role = self.env.ref("cr_dealership.cr_role_service_manager")
        # Raised rights: the roster is no secret.
        duty = role.sudo()._on_duty_map(self.company_id, {today})
        self._end_todos()
        self._give_todos(
            (warning, user, warning.display_name)
            for warning in self
            for user in duty.get((role.id, warning.company_id.id, today), ())
        )

    # === EACH DAY === #

    @api.model
    def _watch(self, today, after=0, limit=BATCH):
        """Look at cars that stand in the shop and at windows that are over.

        Nobody touches the order of a car that stands; its days count all the same.

        :param int after: id of the last car looked at
        :return: ids of the cars looked at
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT vehicle_id FROM (
                          SELECT vehicle_id FROM cr_service_order WHERE state = 'open'
                           UNION
                          SELECT vehicle_id FROM cr_warranty_warning
                           WHERE state = 'open' AND ends_on < %s) AS due
                    WHERE vehicle_id > %s ORDER BY vehicle_id LIMIT %s""",
                today,
                after,
                limit,
            )
        )
        vehicle_ids = [row[0] for row in rows]
        self._follow(self.env["cr.vehicle"].browse(vehicle_ids), today)
        return vehicle_ids

    @api.model
    def _cron_watch(self):
        """Look at every car that is due, a batch a transaction.

        It does not stop when its time is over: begun again, it would look at the
        first cars once more and never come to the last.
        """
        today, after = self.env.company._cr_today(), 0
        while looked := self._watch(today, after):
            after = looked[-1]
            self.env["ir.cron"]._commit_progress(len(looked))

    @api.model
    def _get_open(self, vehicle_ids):
        """Return {car id: its gravest open warning}; one query."""
        # Raised rights: a complaint is graded by it, whoever records it.
        warnings = self.sudo().search(
            [("vehicle_id", "in", vehicle_ids), ("state", "=", "open")],
            order="is_reached, last_on, id",
        )
        return {one.vehicle_id.id: one for one in warnings}
