"""Give the demonstration an owners' club that has been running for years.

Everybody and everything is invented. Points come from the store's own work orders by
the posting that people use; every step is taken by the user whose step it is.
"""

import base64
from datetime import datetime, time, timedelta

from odoo.fields import Command

LANGUAGE = "zh_CN"
CLUB = "庐陵车主俱乐部"
CLUB_YEARS = 5
NEWS = "本月到店保养,会员卡友免费检测空调一次。"
CHARTER = (
    "<p>一、会员卡限本人及家人使用。二、积分不兑换现金。"
    "三、会员凭卡享受对应等级的专属礼遇。</p>"
)
WASH = "精致洗车一次"
PROSPECTS = ("邱晓峰", "曹丽华", "戴文静", "廖志刚", "熊美芳", "袁子轩", "邹建平", "段雅琴")
# How many buyers the first members brought.
BROUGHT = (5, 3, 3, 1, 1, 2)
FORMER_VIPS = 3
# Every so many of the members … balance of the former card system
FORMER_BALANCE_EVERY, FORMER_BALANCE = 5, 15000
JOBS = (
    "ir_cron_club_review_tiers",
    "ir_cron_club_score_members",
    "ir_cron_redemption_expire",
    "ir_cron_points_prove",
)
# reward, how far it goes
REDEMPTIONS = (
    ("umbrella", "draft"),
    ("umbrella", "requested"),
    ("hour", "requested"),
    ("umbrella", "approved"),
    ("voucher", "approved"),
    ("wash", "settled"),
    ("umbrella", "settled"),
    ("umbrella", "handed"),
    ("voucher", "handed"),
    ("hour", "handed"),
    ("umbrella", "refused"),
    ("umbrella", "cancelled"),
    ("umbrella", "expired"),
)
# name, trade, what members get, points a yuan, for a point: the shop pays, gets
SHOPS = (
    ("庐陵人家酒楼", "dining", "会员卡消费 9 折,送果盘一份", 1, 0.012, 0.01),
    ("青原山亲子农庄", "leisure", "门票 8 折,儿童免票", 2, 0.015, 0),
)
# days ago, who of the members, money spent or points paid
RECEIPTS = (
    (41, 3, 286.0, 0),
    (38, 8, 152.5, 0),
    (36, 12, 0, 2000),
    (34, 21, 418.0, 0),
    (9, 8, 96.0, 0),
    (5, 30, 233.0, 0),
    (3, 17, 0, 1500),
)
PLACE = "本店二楼客户课堂"
LESSONS = ("日常保养要看哪几样", "胎压与用车安全", "现场互动与答疑")
OPINIONS = (
    (5, "讲得很实在,希望多办几次。", "call"),
    (4, "时间有点紧,想多看看实车。", "sms"),
    (5, "点心很好吃,孩子也喜欢。", "friend"),
    (3, "停车不太方便。", "shop"),
)
PORTAL = "chezhu"


class DemoClub:
    """The club of the demonstration's store."""

    def __init__(self, store):
        self.store = store
        # What is written here is written in Chinese, as by the people of the store.
        self.env = store.env(context={**store.env.context, "lang": LANGUAGE})
        self.company = store.store
        self.today = store.today
        self.program = self.env.ref("cr_club.cr_club_program_main")

    def open(self):
        """Open the club before the store's files come, so that orders bring points."""
        if self.program.reward_ids.filtered(lambda one: one.name == WASH):
            return
        self.program.write(
            {
                "name": CLUB,
                "points_from": self.today - timedelta(days=365 * CLUB_YEARS),
                "branch_name": "吉安庐陵店",
                "hotline": "0796-8222000",
                "news": NEWS,
                "owner_department": "客户关怀部",
                "joint_departments": "销售部、售后服务部",
            }
        )
        charter = self.env["cr.club.charter"].create(
            {
                "name": "会员章程",
                "program_id": self.program.id,
                "version_ids": [
                    Command.create(
                        {"text": CHARTER, "valid_from": self.today - timedelta(days=30)}
                    )
                ],
            }
        )
        charter.version_ids.action_put_in_force()
        self.env["cr.club.reward"].create(
            {
                "name": WASH,
                "program_id": self.program.id,
                "kind": "voucher",
                "points": 900,
                "value": 30,
                "sequence": 5,
            }
        )

    def fill(self, users):
        """Let people join, collect, redeem and come to events; only once."""
        if self.env["cr.club.member"].search_count([], limit=1):
            return
        self.users = users
        members = self.enrol()
        self.take_over_former_balances(members)
        self.bring_buyers(members)
        # Loyalty has a before, so that the list of who fell is not empty.
        self.program._score_members(self.today - timedelta(days=120))
        self.make_shops(members)
        self.redeem(members)
        self.close_month()
        self.hold_class(members)
        self.plan_class()
        self.env["cr.club.board"].create(
            {
                "name": "展厅俱乐部看板",
                "company_id": self.company.id,
                "place": "sales",
                "user_id": self.users["guanhuai"].id,
            }
        )
        self.plan_year()
        self.run_jobs()
        self.make_portal_user(members)

    # --- members ---

    def enrol(self):
        """Let the owners join: the long-standing ones have cards, the last wait.

        :return: the members, in the order of their cards
        """
        owners = self.env["res.partner"].search(
            [("cr_vehicle_count", ">", 0), ("is_company", "=", False)],
            order="cr_last_delivery_on, id",
        )
        # Every fourteenth never asked for a card: somebody to win.
        owners = owners.filtered(lambda one: one.id % 14)
        prospects = self.env["res.partner"].create(
            [
                {"name": name, "mobile": f"1387961{number:04d}"}
                for number, name in enumerate(PROSPECTS, start=1)
            ]
        )
        fresh = owners[-12:]
        cards = self.env["cr.club.member"]
        members = cards.with_user(self.users["xiaoshou"]).create(
            [
                {
                    "program_id": self.program.id,
                    "partner_id": person.id,
                    "is_prospect": person in prospects,
                }
                for person in owners | prospects
            ]
        )
        members = members.with_user(self.users["guanhuai"])
        waiting = members.filtered(lambda one: one.partner_id in fresh)
        settled = members - waiting
        (settled | waiting[:5]).action_verify()
        settled.action_activate()
        waiting[-1].decision_note = "重复申请,家人已入会"
        waiting[-1].action_refuse()
        self.date_back(settled)
        settled[20].action_leave()
        settled[5 : len(settled) // 2]._accept_charter("desk")
        return (settled - settled[20]).with_env(self.env)

    def date_back(self, members):
        """Let cards be as old as the cars; set-based, however many there are."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE cr_club_member m
               SET joined_on = life.day, applied_on = life.day, verified_on = life.day,
                   tier_since = life.day, card_issued_on = life.day + 2,
                   welcomed_on = life.day + 2,
                   sticker_on = CASE WHEN m.id %% 5 > 0 THEN life.day + 2 END
              FROM (SELECT p.id, LEAST(
                           COALESCE(p.cr_last_delivery_on + 5, %(today)s::date - 20),
                           %(today)s::date - 15) AS day
                      FROM res_partner p) AS life
             WHERE life.id = m.partner_id AND m.id = ANY(%(ids)s)
            """,
            {"today": self.today, "ids": members.ids},
        )
        self.env.cr.execute(
            """
            UPDATE cr_club_tier_change c
               SET day = m.joined_on, told_on = m.joined_on + 2
              FROM cr_club_member m
             WHERE m.id = c.member_id AND m.id = ANY(%s)
            """,
            [members.ids],
        )
        self.env.invalidate_all()

    def take_over_former_balances(self, members):
        """Post what stood on the cards of the former system."""
        day = self.today - timedelta(days=300)
        self.env["cr.points.account"]._award(
            [
                {
                    "program": self.program,
                    "partner": member.partner_id,
                    "kind": "opening",
                    "points": FORMER_BALANCE + 500 * (number % 7),
                    "qualifying": 0,
                    "key": f"opening:{member.card_number}",
                    "day": day,
                    "note": "旧系统积分结转",
                }
                for number, member in enumerate(members)
                if number % FORMER_BALANCE_EVERY == 0
            ]
        )

    def bring_buyers(self, members):
        """Let members bring buyers, who bought the cars that came last."""
        cars = self.env["cr.vehicle"].search(
            [("owner_id", "!=", False), ("delivered_on", "!=", False)],
            order="delivered_on desc, id",
            limit=sum(BROUGHT) + 4,
        )
        referrals = self.env["cr.referral"].with_user(self.users["guanhuai"])
        rows = [
            {
                "member_id": members[number].id,
                "name": car.owner_id.name,
                "phone": car.owner_id.mobile,
                "partner_id": car.owner_id.id,
                "vehicle_id": car.id,
                "named_on": car.delivered_on - timedelta(days=20),
            }
            for (number, car) in zip(self.spread(BROUGHT), cars, strict=False)
        ]
        referrals.create(rows).action_verify()
        referrals.create(
            [
                {"member_id": members[number].id, "name": name, "phone": "13979611111"}
                for number, name in ((7, "孔令辉"), (11, "苏晓梅"))
            ]
        )
        one_car = members.filtered(lambda one: one.partner_id.cr_vehicle_count == 1)
        one_car[-FORMER_VIPS:].write(
            {"is_legacy_vip": True, "legacy_on": "2016-05-01"}
        )

    @staticmethod
    def spread(counts):
        """Return the number of a member for each of his buyers."""
        return [number for number, count in enumerate(counts) for _one in range(count)]

    # --- rewards and shops ---

    def redeem(self, members):
        """Redeem points, and leave a redemption in every state."""
        umbrella = self.env.ref("cr_club.cr_club_gift_umbrella")
        self.env["cr.club.gift.move"].create(
            {"gift_id": umbrella.id, "kind": "receive", "quantity": 40}
        )
        rewards = {
            "umbrella": self.env.ref("cr_club.cr_club_reward_umbrella"),
            "hour": self.env.ref("cr_club.cr_club_reward_hour"),
            "voucher": self.env.ref("cr_club.cr_club_reward_voucher"),
            "wash": self.program.reward_ids.filtered(lambda one: one.name == WASH),
        }
        rich = members.sorted(lambda one: (-one.points_available, one.id))
        for member, (reward, state) in zip(rich, REDEMPTIONS, strict=False):
            one = self.env["cr.redemption"].create(
                {
                    "partner_id": member.partner_id.id,
                    "reward_id": rewards[reward].id,
                    "company_id": self.company.id,
                }
            )
            self.lead_redemption(one, state)

    def lead_redemption(self, one, state):
        """Take a redemption to a state, each step by whose it is."""
        care, head, finance, director = (
            one.with_user(self.users[login])
            for login in ("guanhuai", "zhuguan", "caiwu", "zongjingli")
        )
        if state == "draft":
            return
        care.action_request()
        if state == "cancelled":
            care.action_cancel()
        if state == "refused":
            head.note = "客户本月已兑换过一次"
            head.action_refuse()
        if state == "expired":
            # The nightly job gives back what was not fetched.
            one._settle(expires_on=self.today - timedelta(days=2))
        if state not in ("approved", "settled", "handed"):
            return
        if one.state == "requested":
            (director if one.kind == "labour" else head).action_approve()
        if state == "approved":
            return
        finance.action_settle()
        if state == "handed":
            if one.kind == "labour":
                care.order_id = self.find_order(one)
            care.action_hand_over()

    def find_order(self, one):
        """Return a work order that comes to more than the hours."""
        return self.env["cr.service.order"].search(
            [("partner_id", "=", one.partner_id.id), ("amount_total", ">", one.value)],
            order="out_on desc",
            limit=1,
        )

    def make_shops(self, members):
        """Win partner shops and book their receipts; one statement is signed."""
        since = self.today - timedelta(days=200)
        shops = self.env["cr.club.merchant"].create(
            [
                {
                    "name": name,
                    "program_id": self.program.id,
                    "trade": trade,
                    "offer": offer,
                    "earn_rate": rate,
                    "earn_price": pays,
                    "redeem_price": gets,
                    "opened_on": since,
                    "date_from": since,
                    "contact": "王经理",
                    "phone": "0796-8333111",
                    "address": "吉州区文山路 66 号",
                    "developer_id": self.users["zhuguan"].id,
                }
                for name, trade, offer, rate, pays, gets in SHOPS
            ]
        )
        for number, (days, who, amount, points) in enumerate(RECEIPTS, start=1):
            day, person = self.today - timedelta(days=days), members[who].partner_id
            if points:
                shops[0]._redeem(person, points, day, f"LL{number:05d}")
            else:
                shops[number % 2]._earn(person, amount, day, f"LL{number:05d}")

    def close_month(self):
        """Let finance sign the month before last off and work the last one out."""
        finance = self.users["caiwu"]
        months = self.env["cr.points.settlement"].with_user(finance)
        last = months._get_last_month_end()
        before = last.replace(day=1) - timedelta(days=1)
        for day in (before, last):
            made = months.create({"program_id": self.program.id, "date_to": day})
            made.action_work_out()
            if day == before:
                made.action_sign()
        shops = self.env["cr.club.merchant"].search([], order="id")
        shops.with_user(finance).action_statement()
        statements = self.env["cr.club.merchant.statement"].search([], order="id")
        statements[0].with_user(finance).action_sign()

    # --- events ---

    def plan_class(self):
        """Plan a class in twelve days: some accepted, the rest is to be called."""
        event = self.make_event("爱车课堂:冬季用车", days=20)
        self.propose(event)
        event.action_cr_invite()
        late = event._get_open_tasks().filtered(
            lambda task: task.date_deadline < self.today
        )
        late.action_feedback()
        guests = event.cr_invitation_ids.filtered(lambda one: one.state == "todo")
        for number, guest in enumerate(guests[:9]):
            answer = {"action": "accept", "persons": str(1 + number % 2)}
            guest._submit({"action": "decline"} if number % 4 == 3 else answer)

    def hold_class(self, members):
        """Hold a class three weeks ago, with who came, opinions and results."""
        event = self.make_event("爱车课堂:新车主第一课", days=1)
        self.propose(event)
        event.action_cr_invite()
        guests = event.cr_invitation_ids.filtered(lambda one: one.state == "todo")
        for guest in guests[:12]:
            guest._submit({"action": "accept", "persons": "1"})
        guests[12:].action_drop()
        event.cr_invitation_ids.filtered("block_code").action_drop()
        event.action_cr_confirm()
        tasks = event._get_open_tasks().with_user(self.users["guanhuai"])
        tasks.action_feedback()
        event.date_begin = self.at(-21)
        coming = event.cr_invitation_ids.filtered(lambda one: one.state == "accepted")
        coming[:10].with_user(self.users["batai"]).action_check_in()
        event.action_cr_mark_absent()
        event.action_cr_done()
        for guest, (rating, opinion, channel) in zip(coming, OPINIONS, strict=False):
            guest._submit(
                {
                    "action": "evaluate",
                    "rating": str(rating),
                    "opinion": opinion,
                    "channel": channel,
                }
            )
        self.note_results(event, coming)

    def note_results(self, event, guests):
        """Note what the class cost and brought, and sum it up."""
        moved = {"invited_at": self.at(-35), "accepted_at": self.at(-30)}
        guests.sudo().write(moved)
        guests[:10].sudo().write({"attended_at": self.at(-21)})
        self.env["cr.event.result"].create(
            {
                "event_id": event.id,
                "invitation_id": guests[1].id,
                "kind": "need",
                "name": "想了解延长保修",
                "user_id": self.users["fuwu"].id,
            }
        )
        event.write(
            {
                "cr_opinions": "客户喜欢现场拆解讲解,希望周末上午举办。",
                "cr_lessons_learned": "提前一天布置停车引导;讲义多印五份。",
                "cr_cost_ids": [
                    Command.create({"name": "茶点", "kind": "materials", "amount": 680})
                ],
            }
        )
        event.action_cr_summarise()

    def plan_year(self):
        """Say who opens the events of the year plan, and when the next ones are."""
        lines = self.env["cr.event.year.line"].search([], order="id")
        for number, line in enumerate(lines, start=1):
            line.next_on = self.today + timedelta(days=55 + 12 * number)
        lines.write({"user_id": self.users["guanhuai"].id})

    def make_event(self, name, days):
        """Return a class so many days ahead that lacks nothing but its list."""
        paper = base64.b64encode(f"{name} 活动方案".encode())
        return self.env["event.event"].create(
            {
                "name": name,
                "event_type_id": self.env.ref("cr_club.event_type_care_class").id,
                "company_id": self.company.id,
                "user_id": self.users["guanhuai"].id,
                "date_begin": self.at(days),
                "date_tz": "Asia/Shanghai",
                "seats_limited": True,
                "seats_max": 20,
                "cr_place": PLACE,
                "cr_plan_file": paper,
                "cr_plan_filename": "活动方案.txt",
                "cr_budget": 3000,
                "cr_host_ids": [Command.set(self.users["guanhuai"].ids)],
                "cr_lesson_ids": [
                    Command.create({"name": lesson, "courseware": paper})
                    for lesson in LESSONS
                ],
            }
        )

    def propose(self, event):
        """Put owners of newer cars on the list, as the sales department would."""
        self.env["cr.event.proposal"].create(
            {
                "event_id": event.id,
                "lane": "sales",
                "new_car_days": 450,
                "is_members_only": True,
                "user_id": self.users["xiaoshou"].id,
            }
        ).action_propose()
        event.action_cr_take_over()

    def at(self, days):
        """Return ten o'clock by the clock of the store, so many days from today."""
        return datetime.combine(self.today + timedelta(days=days), time(2))

    # --- jobs and the member's own login ---

    def run_jobs(self):
        """Run the club's nightly jobs, each through its record."""
        self.env["ir.cron"]._commit_progress()
        for name in JOBS:
            self.env.ref(f"cr_club.{name}").method_direct_trigger()
        self.env["ir.cron"]._commit_progress()

    def make_portal_user(self, members):
        """Let the member with the most points look at his card himself."""
        member = members.sorted(lambda one: (-one.points_available, one.id))[0]
        self.env["res.users"].create(
            {
                "name": member.partner_id.name,
                "login": PORTAL,
                "password": PORTAL,
                "partner_id": member.partner_id.id,
                "lang": LANGUAGE,
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        print(f"{PORTAL:12} {member.partner_id.name:6} 会员 {member.card_number}")
