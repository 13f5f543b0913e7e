import datetime

from odoo import api, models

from ..tools.import_owners import CHANGEABLE, Owner, Person, Register, Settlement
from .cr_import_loader import QUIET

_ONE_DAY = datetime.timedelta(days=1)
_OWNERS_QUERY = """
    SELECT vehicle_id, partner_id, id, date_from, date_to, is_purchase
      FROM cr_vehicle_role
     WHERE vehicle_id = ANY(%s) AND role = 'owner'
  ORDER BY id
"""
# Each branch of `found` asks one index and nothing else: with a second condition the
# database would combine it with the index of all partners without a store. Of a
# number that more files share, twenty are enough to see that it is nobody's.
_PEOPLE_QUERY = """
    WITH found AS (
        SELECT same.id FROM unnest(%(numbers)s::text[]) AS told(number)
         CROSS JOIN LATERAL (
               SELECT id FROM res_partner
                WHERE string_to_array(cr_phone_digits, ' ') @> ARRAY[told.number]
                LIMIT 20) AS same
         UNION
        SELECT id FROM res_partner WHERE cr_id_number = ANY(%(identities)s)
         UNION
        SELECT id FROM res_partner WHERE name = ANY(%(companies)s)
    )
    SELECT id, name, is_company, mobile, phone, cr_id_number, street, cr_source_id,
           cr_verification, string_to_array(cr_phone_digits, ' ')
      FROM res_partner
     WHERE id = ANY(%(owners)s || ARRAY(SELECT id FROM found))
       AND (id = ANY(%(owners)s)
            OR active AND (company_id IS NULL OR company_id = %(company)s))
  ORDER BY id
"""


class CrImportPeople(models.AbstractModel):
    """Reads the people whom rows may mean, has it settled who owns the cars, and
    writes what came of it.
    """

    _name = "cr.import.people"
    _description = "People of imported rows"

    @api.model
    def _find(self, batch, names, rows):
        """Give every row its person, and every car its owner.

        :param rows: staged rows that have a car
        """
        cars = {row.car.id: row.car for row in rows}
        self.env.cr.execute(_OWNERS_QUERY, (list(cars),))
        roles = self.env.cr.fetchall()
        register = self._read_people(batch, rows, {role[1] for role in roles})
        for vehicle_id, partner_id, role_id, since, until, is_purchase in roles:
            car, person = cars[vehicle_id], register.by_id[partner_id]
            car.owner_ids.add(partner_id)
            if until is None:
                car.owner = Owner(person, since, role_id, bool(is_purchase))
                car.see(since)
        settlement = Settlement(register, batch.kind, names.get_source)
        for row in sorted(rows, key=lambda row: (row.day, row.line)):
            settlement.settle(row)
        self._create_people(register.new)
        self._write_people(batch, register.by_id.values())
        self._write_roles(settlement)

    @api.model
    def _read_people(self, batch, rows, owner_ids):
        """Return the customers whom the rows may mean, and all owners of the cars."""
        numbers, identities, companies = set(), set(), set()
        for row in rows:
            numbers.update((row.data.get("mobile"), row.data.get("landline")))
            identities.add(row.data.get("id_number"))
            if row.data.get("organization"):
                companies.add(row.data["name"])
        self.env.cr.execute(
            _PEOPLE_QUERY,
            {
                "company": batch.company_id.id,
                "owners": list(owner_ids),
                "numbers": [number.replace("-", "") for number in numbers if number],
                "identities": list(identities - {None}),
                "companies": list(companies),
            },
        )
        register = Register()
        fields = ("name", "is_company", *CHANGEABLE, "cr_verification")
        for person_id, *values, digits in self.env.cr.fetchall():
            register.add(
                Person(dict(zip(fields, values, strict=True)), person_id), digits or ()
            )
        return register

    @api.model
    def _create_people(self, people):
        partners = (
            self.env["res.partner"]
            .with_context(**QUIET)
            .create(
                [
                    {name: value for name, value in person.values.items() if value}
                    for person in people
                ]
            )
        )
        for person, partner in zip(people, partners, strict=True):
            person.id = partner.id

    @api.model
    def _write_people(self, batch, people):
        """Write what changed on known customers, and leave its trace."""
        changed = {person.id: person for person in people if person.changes}
        if not changed:
            return
        third_party_ids = self.env["res.partner"]._cr_get_third_party_ids(
            [person.values for person in changed.values()]
        )
        writer, loader = self.env["cr.import.writer"], batch._get_loader()
        values, traces, reasons = {}, {}, {}
        for person_id, person in changed.items():
            values[person_id] = {name: person.values[name] for name in CHANGEABLE}
            values[person_id]["cr_verification"] = person.values["cr_verification"] or (
                "unverified" if person.is_from(third_party_ids) else None
            )
            # Nobody may read an ID number, not even in the trace.
            person.changes.pop("cr_id_number", None)
            traces[person_id] = person.changes
            reasons[person_id] = loader._get_reason(batch, person.line)
        writer._update("res.partner", values)
        writer._trace("res.partner", traces, reasons)

    @api.model
    def _write_roles(self, settlement):
        """Record who owns the cars; a hand-over goes the way of every hand-over."""
        rows = [
            self._prepare_role(car, owner.person, owner.since, None, owner.is_purchase)
            for car, owner in settlement.opened
        ]
        rows += [
            self._prepare_role(car, person, since, max(since, until - _ONE_DAY), True)
            for car, person, since, until in settlement.former
        ]
        writer = self.env["cr.import.writer"]
        writer._insert("cr.vehicle.role", rows)
        writer._update(
            "cr.vehicle.role",
            {
                role_id: {"date_from": owner.since, "is_purchase": True}
                for role_id, owner in settlement.bought.items()
            },
        )
        for car, owner in settlement.handed:
            self.env["cr.vehicle"].browse(car.id)._set_owner(
                self.env["res.partner"].browse(owner.person.id),
                owner.since,
                is_purchase=True,
            )

    @api.model
    def _prepare_role(self, car, person, since, until, is_purchase):
        return {
            "vehicle_id": car.id,
            "partner_id": person.id,
            "role": "owner",
            "date_from": since,
            "date_to": until,
            "is_purchase": is_purchase,
        }
