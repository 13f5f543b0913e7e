"""Cast and builders of the dealership's tests; not one test stands here."""

import itertools
from datetime import date, datetime, time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_VIN_VALUES = dict(
    zip(_VIN_LETTERS, [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

ROLES = (
    "user",
    "agent",
    "specialist",
    "insurance",
    "lounge",
    "sales",
    "advisor",
    "manager",
    "finance",
    "head",
    "director",
    "admin",
)


def make_vin(number, prefix="LFMAYAC0"):
    """Return a VIN with a right check digit; the same number gives the same VIN."""
    chars = list(f"{prefix}0{number:08d}")
    total = sum(
        int(char if char.isdigit() else _VIN_VALUES[char]) * weight
        for char, weight in zip(chars, _VIN_WEIGHTS, strict=True)
    )
    chars[8] = "X" if total % 11 == 10 else str(total % 11)
    return "".join(chars)


class DealershipCommon(TransactionCase):
    """Two stores, a persona for every post, builders for customers, cars and orders.

    `store` is the company of the environment, `other_store` is not in it. Personas
    are made when first asked for: `self.persona("agent")`.
    """

    TODAY = date(2026, 11, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._numbers = itertools.count(1)
        china = cls.env.ref("base.cn")
        currency = cls.env.ref("base.CNY")
        currency.active = True
        cls.store, cls.other_store = cls.env["res.company"].create(
            [
                {"name": name, "country_id": china.id, "currency_id": currency.id}
                for name in ("Test store A", "Test store B")
            ]
        )
        (cls.store | cls.other_store).partner_id.tz = "Asia/Shanghai"
        (cls.store | cls.other_store).resource_calendar_id.tz = "Asia/Shanghai"
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                no_reset_password=True,
                mail_create_nosubscribe=True,
                allowed_company_ids=cls.store.ids,
                tz="Asia/Shanghai",
            )
        )

    # === PEOPLE === #

    @classmethod
    def persona(cls, role, stores=None):
        """Return the user of a post (see ROLES), working in `stores`."""
        stores = stores or cls.store
        login = f"cr_test_{role}_{'_'.join(map(str, stores.ids))}"
        user = cls.env["res.users"].search([("login", "=", login)])
        return user or new_test_user(
            cls.env,
            login=login,
            name=f"Test {role}",
            groups=f"base.group_user,cr_dealership.group_cr_dealership_{role}",
            company_id=stores[0].id,
            company_ids=[Command.set(stores.ids)],
            tz="Asia/Shanghai",
        )

    @classmethod
    def as_persona(cls, records, role, stores=None):
        """Return the records in the environment of the user of a post."""
        stores = stores or cls.store
        return records.with_user(cls.persona(role, stores)).with_context(
            allowed_company_ids=stores.ids
        )

    @classmethod
    def make_partner(cls, name=None, **values):
        """Return a customer with a mobile number of his own."""
        number = next(cls._numbers)
        return cls.env["res.partner"].create(
            {
                "name": name or f"Test customer {number}",
                "mobile": f"1380{number:07d}",
                **values,
            }
        )

    @classmethod
    def make_employee(cls, name=None, company=None, **values):
        """Return an employee of the store."""
        return cls.env["hr.employee"].create(
            {
                "name": name or f"Test employee {next(cls._numbers)}",
                "company_id": (company or cls.store).id,
                **values,
            }
        )

    # === CARS AND ORDERS === #

    @classmethod
    def make_vehicle(cls, owner=None, owner_from=None, **values):
        """Return a car; `owner` gets an open owner's role since `owner_from`."""
        number = next(cls._numbers)
        values = {"vin": make_vin(number), "plate": f"赣D{number:05d}", **values}
        if owner:
            since = owner_from or values.get("delivered_on") or date(2020, 1, 1)
            values["role_ids"] = [
                Command.create(
                    {"partner_id": owner.id, "role": "owner", "date_from": since}
                )
            ]
        return cls.env["cr.vehicle"].create(values)

    @classmethod
    def service_type(cls, code="maintenance"):
        """Return a service type: first, maintenance, repair, body, rework …"""
        return cls.env.ref(f"cr_dealership.cr_service_type_{code}")

    @classmethod
    def prepare_order(cls, vehicle, day, code="maintenance", **values):
        """Return the values of a settled work order of a day."""
        return {
            "number": f"RO{next(cls._numbers):06d}",
            "company_id": cls.store.id,
            "vehicle_id": vehicle.id,
            "partner_id": vehicle.owner_id.id,
            "type_id": cls.service_type(code).id,
            "state": "settled",
            "in_at": datetime.combine(day, time(1, 30)),
            "out_at": datetime.combine(day, time(3, 30)),
            **values,
        }

    @classmethod
    def make_order(cls, vehicle, day, code="maintenance", **values):
        """Return a work order; settled unless `state` says otherwise."""
        return cls.env["cr.service.order"].create(
            cls.prepare_order(vehicle, day, code, **values)
        )

    # === ASSERTS === #

    def count_queries(self, function, *args, **kwargs):
        """Return how many SQL queries a call needs, caches emptied before."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args, **kwargs)
        self.env.flush_all()
        return self.cr.sql_log_count - before
