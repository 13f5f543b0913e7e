"""Builders of exports as other systems write them; not one test stands here."""

import csv
import io
import math

import openpyxl
import xlwt

from odoo.tools import SQL

from .common import DealershipCommon, make_vin

# Friday, 10 o'clock in the store; UTC, as the server's clock runs.
NOW = "2026-11-20 02:00:00"

COLUMNS = {
    "delivery": {
        "number": "合同号",
        "name": "客户名称",
        "id_number": "证件号码",
        "phone": "联系电话",
        "address": "联系地址",
        "model": "品牌车型",
        "variant": "配置(SFX)",
        "vin": "车架号",
        "plate": "车牌号",
        "delivered_on": "交车日期",
        "price": "成交价",
        "consultant": "销售顾问",
        "source": "客户来源",
        "usage": "购车用途",
    },
    "order": {
        "number": "工单号",
        "type": "维修类型",
        "plate": "车牌号",
        "vin": "VIN",
        "model": "车型",
        "name": "车主",
        "phone": "车主电话",
        "brought_by_name": "送修人",
        "in_at": "进厂时间",
        "out_at": "出厂时间",
        "odometer_km": "行驶里程",
        "amount_labour": "工时费",
        "amount_material": "材料费",
        "amount_total": "合计金额",
        "advisor": "服务顾问",
        "state": "结算状态",
    },
    "policy": {
        "number": "保单号",
        "plate": "车牌号",
        "vin": "车架号",
        "name": "被保险人",
        "phone": "联系电话",
        "insurer": "保险公司",
        "policy_kind": "险种",
        "date_start": "起保日期",
        "date_end": "终保日期",
        "premium": "保费",
        "is_bought_here": "是否本店投保",
        "specialist": "保险专员",
    },
}
TITLES = {"delivery": "交车明细表", "order": "维修工单明细", "policy": "保险台账"}
# What an import may write.
TABLES = (
    "cr_import_key",
    "cr_insurance_policy",
    "cr_odometer_reading",
    "cr_service_order",
    "cr_vehicle",
    "cr_vehicle_role",
    "mail_message",
    "res_partner",
)


def make_xlsx(rows, title="明细"):
    """Return a workbook as bytes."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_xls(rows):
    """Return a workbook of the old kind as bytes."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("明细")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_csv(rows, encoding="utf-8"):
    """Return a text file as bytes."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


class ImportCommon(DealershipCommon):
    """Files of the three kinds, and the way of a file from the page to the records.

    A row is a dict {field: cell}; `order()`, `delivery()` and `policy()` fill in what
    a test does not care about. Cells are messy on purpose.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Sentences are compared as they stand in the source.
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})

    # Only the job may commit, and it has a cursor of its own.
    _is_job = False

    def setUp(self):
        super().setUp()
        if not self._is_job:
            # A step commits; here it only hands over to the database.
            cron = self.env.registry["ir.cron"]
            self.patch(cron, "_commit_progress", lambda *_, **__: self.env.flush_all())

    @classmethod
    def persona(cls, role, stores=None):
        """Return the user of a post; the import speaks the language of its author."""
        user = super().persona(role, stores)
        user.lang = "en_US"
        return user

    # === ROWS === #

    def order(self, number, car=1, **cells):
        """Return the row of a settled work order of a car."""
        return {
            "number": number,
            "type": "定期保养",
            "plate": f"赣d·{car:05d}",
            "vin": f" {make_vin(car).lower()}",
            "model": "凯美瑞",
            "name": f"Owner {car:05d}",
            "phone": f"137 {car:04d} 5566",
            "brought_by_name": "Brother Wu",
            "in_at": "2026/11/10 09:05:00",
            "out_at": "2026-11-10 11:40",
            "odometer_km": "12,400km",
            "amount_labour": "￥200.00",
            "amount_material": "300.50元",
            "amount_total": "500.50",
            "advisor": "Sister Peng",
            "state": "已结算",
            **cells,
        }

    def delivery(self, number, car=1, **cells):
        """Return the row of a car that was delivered."""
        return {
            "number": number,
            "name": f"Owner {car:05d}",
            "id_number": "",
            "phone": f"+86-137{car:04d}5566",
            "address": "8 River Road",
            "model": "凯美瑞",
            "variant": "2.0G",
            "vin": make_vin(car),
            "plate": f"赣D{car:05d}",
            "delivered_on": "2025年10月8日",
            "price": "189,800.00",
            "consultant": "Brother Luo",
            "source": "车展",
            "usage": "家用",
            **cells,
        }

    def policy(self, number, car=1, **cells):
        """Return the row of a policy that runs for a year."""
        return {
            "number": number,
            "plate": f"赣D {car:05d}",
            "vin": make_vin(car),
            "name": f"Owner {car:05d}",
            "phone": f"137{car:04d}5566/0796-8221345",
            "insurer": "人保财险",
            "policy_kind": "交强+商业",
            "date_start": "20260301",
            "date_end": "2027-02-28",
            "premium": "3,450.00",
            "is_bought_here": "是",
            "specialist": "Sister Zeng",
            **cells,
        }

    def sheet(self, kind, *rows, titled=True, footer=True):
        """Return all lines of a file: title, blank line, header, rows, total."""
        names = COLUMNS[kind]
        lines = [[TITLES[kind]], []] if titled else []
        lines.append(list(names.values()))
        lines += [[row.get(field, "") for field in names] for row in rows]
        if footer:
            lines.append(["合计", f"{len(rows)}"])
        return lines

    # === THE WAY OF A FILE === #

    def receive(self, content, name="export.xlsx", role="head", store=None):
        """Hand a file in as a post; return the import."""
        model = self.as_persona(self.env["cr.import.batch"], role, store)
        return model._receive(name, content)

    def work(self, batch):
        """Let the job work on an import until it waits for a person."""
        batch.sudo()._run(math.inf)
        return batch

    def check(self, batch):
        """Confirm the columns, unless they are known, and have the file read."""
        if batch.state == "draft":
            batch.action_stage()
        return self.work(batch)

    def load(self, batch):
        """Take an import to its end."""
        self.check(batch)
        if batch.state == "checked":
            batch.action_load()
            self.work(batch)
        return batch

    def bring(self, kind, *rows, store=None, role="head", titled=True):
        """Import rows of a kind as a workbook; return the finished import."""
        content = make_xlsx(self.sheet(kind, *rows, titled=titled))
        batch = self.load(self.receive(content, f"{kind}.xlsx", role, store))
        self.assertEqual((batch.state, batch.error), ("done", False))
        return batch

    def count_import_queries(self, kind, first, count):
        """Return how many queries it takes to read and to record rows of new cars."""
        rows = [
            getattr(self, kind)(f"{kind}-{car}", car)
            for car in range(first, first + count)
        ]
        batch = self.receive(make_xlsx(self.sheet(kind, *rows)))
        self.assertEqual(batch.state, "staging")
        reading = self.count_queries(self.work, batch)
        batch.action_load()
        recording = self.count_queries(self.work, batch)
        self.assertEqual((batch.new_count, batch.ready_count), (count, 0))
        return reading, recording

    # === WHAT BECAME OF IT === #

    def find_car(self, car):
        """Return the car of a number."""
        return self.env["cr.vehicle"].search([("vin", "=", make_vin(car))])

    def find_order(self, number, store=None):
        """Return the work order of a number in a store."""
        return self.env["cr.service.order"].search(
            [("number", "=", number), ("company_id", "=", (store or self.store).id)]
        )

    def find_customers(self, mobile):
        """Return the customers with a mobile number."""
        return self.env["res.partner"].search([("mobile", "=", mobile)])

    def row_of(self, batch, number):
        """Return the last row of an import that has a number."""
        return self.env["cr.import.row"].search(
            [("batch_id", "=", batch.id), ("number", "=", number)],
            order="line desc",
            limit=1,
        )

    def note_codes(self, batch, number):
        """Return the codes of what was noticed about a row."""
        return {note[0] for note in self.row_of(batch, number).notes or []}

    def refusals(self, batch):
        """Return {number: code of the first reason} of the refused rows."""
        rows = self.env["cr.import.row"].search(
            [("batch_id", "=", batch.id), ("state", "=", "refused")]
        )
        return {row.number: row.reason for row in rows}

    def traces(self, record):
        """Return {field: (old, new)} of what the chatter tells, and its sentences."""
        values, sentences = {}, []
        for message in record.message_ids:
            sentences.append(str(message.body))
            for value in message.sudo().tracking_value_ids:
                values[value.field_id.name] = (
                    value.old_value_char or value.old_value_float,
                    value.new_value_char or value.new_value_float,
                )
        return values, " ".join(sentences)

    def snapshot(self, *tables):
        """Return where each row of the tables lies: it moves whenever it is written."""
        self.env.flush_all()
        found = {}
        for table in tables or TABLES:
            query = SQL("SELECT id, ctid::text FROM %s", SQL.identifier(table))
            self.env.cr.execute(query)
            found[table] = dict(self.env.cr.fetchall())
        return found
