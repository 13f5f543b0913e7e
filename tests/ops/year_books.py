"""Brings a store of the simulated year into Odoo, and tells the oracle the same."""

from datetime import datetime, time, timedelta

from year_oracle import Book
from year_store import START

_DAY = timedelta(days=1)
_POSTS = ("agent", "specialist", "insurance", "head")
# Festivals and notices of the year: day, plan, where its notice may be late.
CAMPAIGNS = ((2, 10, "festival"), (2, 29, "weather"), (10, 1, "festival"))


class Books:
    """Everything of the store that stands in Odoo, by the keys of the seed."""

    def __init__(self, env, store, oracle_class):
        self.env, self.store = env, store
        self.partners, self.cars = {}, {}
        self.keys, self.car_keys = {}, {}
        self.plans = {plan.id: plan.code for plan in env["cr.care.plan"].search([])}
        self.agent = None
        self._oracle_class = oracle_class
        self.oracle = None
        self._orders = 0

    def fill(self):
        """Bring in people and cars as they are before the first day."""
        self._set_up_store()
        self._add_people()
        self.oracle = self._oracle_class(
            self.store, {key: one.id for key, one in self.partners.items()}
        )
        self.oracle.today = START - _DAY
        self.add_cars([car for car in self.store.cars if car.delivered_on < START])
        self._add_campaigns()

    def _set_up_store(self):
        env = self.env
        company = env.company
        company.write({"country_id": env.ref("base.cn").id})
        company.partner_id.tz = company.resource_calendar_id.tz = "Asia/Shanghai"
        company.resource_calendar_id._cr_load_year(START.year)
        env["cr.callback.rule"].search([]).start_on = START
        env["cr.care.campaign"].search([]).state = "closed"
        env["cr.care.plan"].search([("code", "=", "recruiting")]).holdout_percent = 10
        groups = [f"cr_dealership.group_cr_dealership_{post}" for post in _POSTS]
        self.agent = env["res.users"].create(
            {
                "login": "year_agent",
                "name": "Year agent",
                "group_ids": [(4, env.ref(xmlid).id) for xmlid in groups],
                "tz": "Asia/Shanghai",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
            }
        )
        env["cr.role.holder"].create(
            [
                {
                    "role_id": role.id,
                    "user_id": self.agent.id,
                    "company_id": company.id,
                    "date_from": START - 400 * _DAY,
                    "daily_quota": 1000,
                }
                for role in env["cr.role"].search([])
            ]
        )

    def _add_people(self):
        env = self.env
        people = self.store.people
        partners = env["res.partner"].create(
            [
                {
                    "name": one.name,
                    "mobile": one.mobile,
                    "street": f"Year road {one.key}",
                    "company_id": env.company.id,
                    "is_company": bool(one.founded_on),
                    "birthdate_date": one.born_on,
                    "cr_is_lunar_birthday": one.is_lunar,
                    "cr_licence_on": one.licence_on,
                    "cr_founded_on": one.founded_on,
                }
                for one in people
            ]
        )
        self.partners = dict(zip((one.key for one in people), partners, strict=True))
        self.keys = {partner.id: key for key, partner in self.partners.items()}
        env["cr.contact.preference"].create(
            [
                self._prepare_wish(one.key, wish, START - 30 * _DAY)
                for one in people
                for wish in sorted(one.refusals)
            ]
        )

    def _prepare_wish(self, person, wish, day):
        return {
            "partner_id": self.partners[person].id,
            "purpose": wish[0],
            "channel": wish[1],
            "state": "refused",
            "date_from": day,
        }

    def _add_campaigns(self):
        env = self.env
        plans = {plan.code: plan for plan in env["cr.care.plan"].search([])}
        env["cr.care.campaign"].create(
            [
                {
                    "name": f"{code} {month}-{day}",
                    "plan_id": plans[code].id,
                    "kind": code,
                    "day": START.replace(month=month, day=day),
                    "text": "All the best",
                    "launch_by_date": True,
                }
                for month, day, code in CAMPAIGNS
            ]
        )

    # === CARS === #

    def add_cars(self, cars):
        """Bring in cars with what is known of them; tell the oracle."""
        quiet = self.env["cr.vehicle"].with_context(cr_dealership_skip_facts=True)
        vehicles = quiet.create([self._prepare_car(car) for car in cars])
        for car, vehicle in zip(cars, vehicles, strict=True):
            self.cars[car.key], self.car_keys[vehicle.id] = vehicle, car.key
        env = quiet.env
        env["cr.service.order"].create(
            [
                self.prepare_order(car, day, code)
                for car in cars
                for day, code in car.visits
            ]
        )
        env["cr.insurance.policy"].create(
            [
                self.prepare_policy(car, ends_on, is_here)
                for car in cars
                for ends_on, is_here in car.policies
            ]
        )
        vehicles = vehicles.with_env(self.env)
        vehicles._refresh_facts(vehicles.role_ids.partner_id)
        for car in cars:
            book = Book(car.owner, car.driver, car.is_ours, car.delivered_on)
            book.visits = list(car.visits)
            book.ends = [ends_on for ends_on, _is_here in car.policies]
            book.told = self.read_told(car)
            self.oracle.deliver(car.key, book)

    def _prepare_car(self, car):
        roles = [(car.owner, "owner", car.is_ours)]
        if car.driver is not None:
            roles.append((car.driver, "driver", False))
        return {
            "vin": car.vin,
            "plate": car.plate,
            "delivered_on": car.delivered_on,
            "company_id": self.env.company.id if car.is_ours else False,
            "role_ids": [
                (
                    *(0, 0),
                    {
                        "partner_id": self.partners[person].id,
                        "role": role,
                        "date_from": car.delivered_on,
                        "is_purchase": is_purchase,
                    },
                )
                for person, role, is_purchase in roles
            ],
        }

    def prepare_order(self, car, day, code):
        """Return the values of a settled work order of a day."""
        self._orders += 1
        km = (day - car.delivered_on).days * car.km_per_day
        return {
            "number": f"Y{self._orders:07d}",
            "vehicle_id": self.cars[car.key].id,
            "type_id": self.env.ref(f"cr_dealership.cr_service_type_{code}").id,
            "state": "settled",
            "in_at": datetime.combine(day, time(1, 30)),
            "out_at": datetime.combine(day, time(3, 30)),
            "odometer_km": km if car.has_readings and km > 0 else 0,
        }

    def prepare_policy(self, car, ends_on, is_here):
        """Return the values of a policy that ends on a day."""
        self._orders += 1
        return {
            "number": f"P{self._orders:07d}",
            "vehicle_id": self.cars[car.key].id,
            "date_start": ends_on - 364 * _DAY,
            "date_end": ends_on,
            "is_bought_here": is_here,
        }

    def read_told(self, car):
        """Return the due dates that follow the mileage of a car, None without."""
        if not car.has_readings:
            return None
        vehicle = self.cars[car.key]
        return {
            "first_service": vehicle.first_service_on or None,
            "maintenance": vehicle.service_on or None,
        }
