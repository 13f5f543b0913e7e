"""Fill a new database with a store's life; a second run adds nothing.

`env` is in scope. Everybody is invented. The files of docker/native/demo_data go
through the import that people use, and the nightly jobs run through their own records,
so that the callback agent finds calls to make today.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.fields import Command

sys.path.insert(0, str(Path(__file__).resolve().parent / "demo_data"))
from demo_club import DemoClub  # noqa: E402  (the path is set just above)
from demo_interviews import DemoInterviews  # noqa: E402  (as above)
from sample_export import write_exports  # noqa: E402  (as above)

STORE = "吉安庐陵汽车销售服务有限公司"
DEPARTMENT = "客户关怀部"
ZONE, LANGUAGE = "Asia/Shanghai", "zh_CN"
# login (also the password): name, group, department, post, roles with calls a day
STAFF = {
    "huifang": ("陈小兰", "agent", "客户关怀部", "客户回访员", {"callback_agent": 30}),
    "huifang2": ("李娜", "agent", "客户关怀部", "客户回访员", {"callback_agent": 20}),
    "guanhuai": ("周雪梅", "specialist", "客户关怀部", "客户关怀专员", {"cr_specialist": 0}),
    "baoxian": (
        "吴海燕",
        "insurance",
        "客户关怀部",
        "保险专员",
        {"insurance_specialist": 0},
    ),
    "batai": ("郭婷婷", "lounge", "客户关怀部", "吧台专员", {"lounge_attendant": 0}),
    "zhuguan": ("彭建华", "head", "客户关怀部", "CR主管", {"cr_head": 0}),
    "xiaoshou": ("罗春明", "sales", "销售部", "销售顾问", {"sales_consultant": 0}),
    "xsjingli": ("谢雨桐", "manager", "销售部", "销售经理", {"sales_manager": 0}),
    "fuwu": ("肖文斌", "advisor", "售后服务部", "服务顾问", {"service_advisor": 0}),
    "fwjingli": ("刘建军", "manager", "售后服务部", "服务经理", {"service_manager": 0}),
    "caiwu": ("温丽萍", "finance", "财务部", "财务经理", {"finance_manager": 0}),
    "zongjingli": ("邓国平", "director", "总经办", "总经理", {"general_manager": 0}),
}
# in short, category, what else is known
COMPLAINTS = (
    ("变速箱换挡异响,修过两次", "repair_3", {"part": "变速箱"}),
    ("接待等待超过一小时", "waiting_1", {"emotion": "upset"}),
    ("交车时承诺的脚垫没有给", "sales_2", {"demand_amount": 1200}),
    ("12315 转来:保养收费不透明", "price_3", {"channel": "consumer"}),
    ("称要找媒体曝光漆面问题", "quality_4", {"is_media": True, "emotion": "threatening"}),
    ("前台服务态度冷淡", "attitude_1", {"channel": "lounge"}),
)
BOOKED = 12
NIGHTLY_JOBS = (
    "ir_cron_cr_vehicle_refresh_facts",
    "ir_cron_cr_callback_open",
    "ir_cron_care_birthday",
    "ir_cron_care_open",
    "ir_cron_care_take",
    "ir_cron_cr_callback_share_out",
)


class DemoStore:
    """What a new database needs to look like a store that works with it."""

    def __init__(self, env):
        self.env = env(context={"no_reset_password": True, "tracking_disable": True})
        self.store = self.env.ref("base.main_company")
        self.today = fields.Date.context_today(
            self.env["res.users"].with_context(tz=ZONE)
        )

    def fill(self):
        """Make everything that is not there yet."""
        self.set_up_store()
        users = self.hire()
        self.give_roles(users)
        self.load_holidays()
        club = DemoClub(self) if "cr.club.program" in self.env else None
        if club:
            club.open()
        self.bring_files(users["zhuguan"])
        self.run_nightly_jobs()
        self.make_first_calls(users["huifang"])
        self.book_visits(users["fuwu"])
        DemoInterviews(self).fill()
        if "cr.complaint" in self.env:
            self.make_complaints(users)
        if club:
            club.fill(users)
        self.tell()

    def set_up_store(self):
        """Name the store and let everybody read Chinese by the store's clock."""
        self.env["res.lang"]._activate_lang(LANGUAGE)
        currency = self.env.ref("base.CNY")
        currency.active = True
        self.store.write(
            {
                "name": STORE,
                "country_id": self.env.ref("base.cn").id,
                "currency_id": currency.id,
                "phone": "0796-8222000",
                "cr_department_label": DEPARTMENT,
            }
        )
        self.store.partner_id.write({"tz": ZONE, "lang": LANGUAGE})
        self.store.resource_calendar_id.tz = ZONE
        admin = self.env.ref("base.user_admin")
        admin.write({"name": "系统管理员", "lang": LANGUAGE, "tz": ZONE, **self.quiet()})
        self.env["ir.default"].set("res.partner", "lang", LANGUAGE)
        self.env["ir.default"].set("res.partner", "tz", ZONE)

    def hire(self):
        """Make a user and an employee for every post; return them by login."""
        users = self.env["res.users"].search([("login", "in", list(STAFF))])
        users = {user.login: user for user in users}
        for login, (name, group, department, post, _roles) in STAFF.items():
            if login not in users:
                users[login] = self.make_user(login, name, group)
                self.make_employee(users[login], department, post)
        return users

    def make_user(self, login, name, group):
        """Make a user whose password is his login."""
        return self.env["res.users"].create(
            {
                "name": name,
                "login": login,
                "password": login,
                "lang": LANGUAGE,
                "tz": ZONE,
                **self.quiet(),
                "company_id": self.store.id,
                "company_ids": [Command.set(self.store.ids)],
                "group_ids": [
                    Command.set(
                        self.env.ref(f"cr_dealership.group_cr_dealership_{group}").ids
                    )
                ],
            }
        )

    def quiet(self):
        """Return the values that keep the chat robot from greeting new users."""
        is_there = "odoobot_state" in self.env["res.users"]._fields
        return {"odoobot_state": "disabled"} if is_there else {}

    def make_employee(self, user, department, post):
        """Make the employee of a user in his department and post."""
        self.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": self.store.id,
                "department_id": self.find_or_make("hr.department", department).id,
                "job_id": self.find_or_make("hr.job", post).id,
                "job_title": post,
            }
        )

    def find_or_make(self, model, name):
        """Return the record of a name, made if it is not there."""
        records = self.env[model].with_context(lang=LANGUAGE)
        found = records.search([("name", "=", name)], limit=1)
        return found or records.create({"name": name, "company_id": self.store.id})

    def give_roles(self, users):
        """Put everybody on the roster; the agents share the calls by their quota."""
        roles = self.env["cr.role"].search([])
        by_code = {role.code: role for role in roles}
        holders = self.env["cr.role.holder"]
        taken = {
            (holder.role_id.code, holder.user_id.login) for holder in holders.search([])
        }
        holders.create(
            [
                {
                    "role_id": by_code[code].id,
                    "company_id": self.store.id,
                    "user_id": users[login].id,
                    "date_from": self.today - timedelta(days=90),
                    "daily_quota": quota,
                }
                for login, person in STAFF.items()
                for code, quota in person[-1].items()
                if (code, login) not in taken
            ]
        )

    def load_holidays(self):
        """Load the public holidays and make-up days of this year and the next."""
        self.store.resource_calendar_id.action_cr_load_holidays()

    def bring_files(self, user):
        """Import the store's files as a person would; leave out what was imported."""
        imports = self.env["cr.import.batch"].with_user(user)
        with tempfile.TemporaryDirectory() as folder:
            for path in write_exports(folder, self.today).values():
                if imports.search_count([("name", "=", path.name)], limit=1):
                    continue
                batch = imports._receive(path.name, path.read_bytes())
                if batch.state == "draft":
                    batch.action_stage()
                batch.sudo()._run_to_end()
                print(
                    f"{batch.name}: {batch.new_count} 新增, {batch.refused_count} 未通过"
                )

    def run_nightly_jobs(self):
        """Run the jobs that fill the agents' lists, each through its record."""
        for name in NIGHTLY_JOBS:
            self.env.ref(f"cr_dealership.{name}").method_direct_trigger()
        # The jobs worked in transactions of their own; begin anew to see their work.
        self.env["ir.cron"]._commit_progress()

    def make_first_calls(self, agent):
        """Let an agent make two calls: one in vain, one that reached the customer."""
        if self.env["cr.call.attempt"].search_count([], limit=1):
            return
        callbacks = self.env["cr.callback"].with_user(agent)
        for code, note in (("phone_off", False), ("reached", "客户对保养很满意。")):
            action = callbacks.take_next()
            if action["tag"] != "cr_call_workplace":
                return
            session_id = action["params"]["session_id"]
            session = callbacks.env["cr.call.session"].browse(session_id)
            session.set_outcome(
                self.env.ref(f"cr_dealership.cr_call_outcome_{code}").id,
                session.callback_ids.ids,
                note=note,
                take_next=False,
            )

    def book_visits(self, advisor):
        """Book the coming days: every other place in time, every third to confirm."""
        visits = self.env["cr.appointment"].with_user(advisor)
        if visits.search_count([], limit=1):
            return
        coming = self.env["cr.appointment.slot"]._find_coming(
            self.store, "maintenance", days=4
        )
        due = self.env["cr.care.case"].search(
            [
                ("plan_id.code", "in", ("maintenance", "recall", "first_service")),
                ("state", "=", "open"),
            ]
        )
        cars = due.vehicle_id[:BOOKED]
        for number, (car, slot) in enumerate(zip(cars, coming[::2], strict=False)):
            visit = visits.create(
                {
                    "slot_id": slot.id,
                    "partner_id": car.owner_id.id,
                    "vehicle_id": car.id,
                    "channel": "phone",
                }
            )
            if number % 3:
                visit.action_confirm()

    def make_complaints(self, users):
        """Let customers complain: one of each grade, in several stages."""
        complaints = self.env["cr.complaint"]
        if complaints.search_count([], limit=1):
            return
        cars = self.env["cr.vehicle"].search([("owner_id", "!=", False)], limit=6)
        for car, (subject, category, facts) in zip(cars, COMPLAINTS, strict=False):
            made = complaints.with_user(users["huifang"]).create(
                {
                    "company_id": self.store.id,
                    "partner_id": car.owner_id.id,
                    "vehicle_id": car.id,
                    "subject": subject,
                    "content": f"客户来电:{subject}。",
                    "demand": "要求尽快给出说法并解决。",
                    "category_id": self.env.ref(
                        f"cr_complaints.cr_complaint_category_{category}"
                    ).id,
                    **facts,
                }
            )
            made = made.with_env(self.env)
            if "is_media" not in facts:
                made.action_next()
            if category == "repair_3":
                made.action_next()
                made._answer("已安排试车,下午给答复。")
        self.env["cr.complaint.case"].create(
            {
                "name": "变速箱换挡异响",
                "company_id": self.store.id,
                "category_id": self.env.ref(
                    "cr_complaints.cr_complaint_category_repair_3"
                ).id,
                "part": "变速箱",
                "cause": "支架螺栓未按力矩紧固",
                "improvement": "班组配备扭力扳手,质检复核",
            }
        )

    def tell(self):
        """Print who can log in; the password is the login."""
        for login, (name, _group, _department, post, _roles) in STAFF.items():
            print(f"{login:12} {name:6} {post}")


if __name__ == "__main__":
    DemoStore(env).fill()  # noqa: F821  (given by with_env.py)
