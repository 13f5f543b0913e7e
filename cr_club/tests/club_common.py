"""Cast and builders of the club's tests; not one test stands here."""

from datetime import date

from odoo.addons.cr_dealership.tests.common import DealershipCommon


class ClubCommon(DealershipCommon):
    """A store with a club of the card scheme, a member and a customer who is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.make_program()
        cls.owner = cls.make_partner("Test owner")
        cls.car = cls.make_vehicle(
            owner=cls.owner, delivered_on=date(2025, 1, 10), company_id=cls.store.id
        )
        cls.member = cls.make_member(cls.owner)
        cls.guest = cls.make_partner("Test guest")

    # === CLUB === #

    @classmethod
    def tier(cls, code):
        """Return a tier: ordinary, green, green_1, green_2, gold, loyal_gold …"""
        return cls.env.ref(f"cr_club.cr_club_tier_{code}")

    @classmethod
    def make_program(cls, company=None, scheme="card", **values):
        """Return a club with one point for a yuan of material and of labour."""
        company = company or cls.store
        program = cls.env["cr.club.program"].create(
            {
                "name": f"Club of {company.name}",
                "company_id": company.id,
                "scheme_id": cls.env.ref(f"cr_club.cr_club_scheme_{scheme}").id,
                "points_from": "2020-01-01",
                "hold_days": 0,
                **values,
            }
        )
        cls.make_rule(program, "Material", basis="material", counts_as_material=True)
        cls.make_rule(program, "Labour", basis="labour")
        return program

    @classmethod
    def make_rule(cls, program=None, name="Rule", **values):
        return cls.env["cr.points.rule"].create(
            {"name": name, "program_id": (program or cls.program).id, **values}
        )

    @classmethod
    def make_member(cls, partner=None, tier=None, **values):
        """Return a member, verified and with a card; `tier` is a code."""
        member = cls.env["cr.club.member"].create(
            {
                "program_id": cls.program.id,
                "partner_id": (partner or cls.make_partner()).id,
                **values,
            }
        )
        member.action_verify()
        member.action_activate()
        if tier:
            member._give_tier(cls.tier(tier), "Test")
        return member

    # === POINTS === #

    @classmethod
    def account(cls, partner=None, program=None):
        return cls.env["cr.points.account"]._get_account(
            partner or cls.owner, program or cls.program
        )

    @classmethod
    def award(cls, points, partner=None, key=None, **values):
        """Return the entry of points that an event brought."""
        return cls.env["cr.points.account"]._award(
            [
                {
                    "program": cls.program,
                    "partner": partner or cls.owner,
                    "kind": "event",
                    "points": points,
                    "key": key or f"test:{next(cls._numbers)}",
                    "day": cls.TODAY,
                    **values,
                }
            ]
        )

    @classmethod
    def spend(cls, points, partner=None, key=None, day=None):
        """Return the entry that spends points."""
        return cls.env["cr.points.account"]._spend(
            [
                {
                    "account": cls.account(partner),
                    "points": points,
                    "key": key or f"test:{next(cls._numbers)}",
                }
            ],
            day=day or cls.TODAY,
        )

    # === ASSERTS === #

    def assert_proven(self):
        """All balances equal their entries and lots, all links of the chain hold."""
        audit = self.env["cr.points.audit"]._prove()
        faults = [(f.kind, f.account_id.id, f.found) for f in audit.fault_ids]
        self.assertEqual(faults, [])

    def assert_points(self, partner, balance, arrears=0):
        account = self.account(partner)
        self.assertEqual((account.balance, account.arrears), (balance, arrears))
