"""Write the small set of exports in exports/, with its truth: make_sample.py [DIR].

Forty cars of one store as its own system hands them over: every way of writing a date,
an amount, a number plate or a telephone number that real files mix comes up, and every
reason for which a row must be refused. Nothing is random: the same files every time.
"""

import csv
import datetime as dt
import itertools
import json
import sys
from pathlib import Path

import xlsxwriter

TODAY = dt.date(2026, 11, 20)
CARS = 40
MODELS = (("卡罗拉", "COROLLA"), ("RAV4荣放", "荣放"), ("凯美瑞", "全新凯美瑞"))
ADVISORS = ("刘晓燕", "陈志强", "黄丽娟")
COMPANY = "吉安市顺达物流有限公司"
GIVEN = "晓燕文斌丽娟志强"
WORDS = ("", "刹车异响", "换机油机滤", "洗车没洗干净")
KINDS = {"first": "首保", "maintenance": "定期保养", "repair": "一般维修"}
SALES_HEADER = (
    *("序号", "合同号", "客户名称", "证件号码", "联系电话", "联系地址", "品牌车型"),
    *("外观颜色", "车架号", "发动机号", "车牌号", "订车日期", "交车日期", "成交价"),
    *("优惠金额", "销售顾问", "客户来源", "购车用途", "备注"),
)
SERVICE_HEADER = (
    *("工单号", "维修类型", "车牌号", "VIN", "车型", "车主", "车主电话", "送修人"),
    *("送修人电话", "进厂时间", "出厂时间", "行驶里程", "工时费", "材料费", "合计金额"),
    *("服务顾问", "下次保养里程", "下次保养日期", "结算状态", "客户描述"),
)
POLICY_HEADER = (
    *("保单号", "车牌号", "车架号", "被保险人", "联系电话", "保险公司", "险种"),
    *("起保日期", "终保日期", "保费", "是否本店投保"),
)
# What is wrong with the delivery or the first visit of a car, by the car's number.
BAD_SALES = {5: "vin_length", 14: "date", 23: "name_missing"}
BAD_VISITS = {7: "vin_characters", 16: "date", 25: "amount"}
WRONG_ODOMETER = (9, 18)
# Bought elsewhere: they only come to the shop.
STRANGERS = (3, 11, 19, 27)

_ways = itertools.count()


def one_of(*ways):
    """Return the next way of writing something."""
    return ways[next(_ways) % len(ways)]


def phone(number):
    """Return a telephone number as somebody typed it."""
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    two = f"{number}/0796-8212345"
    return one_of(number, spaced, f"+86-{number}", two, int(number))


def plate(text):
    """Return a number plate as somebody typed it."""
    return one_of(text, f"{text[:2]}·{text[2:]}", text.lower(), f" {text} ")


def vin(text):
    """Return a VIN as somebody typed it."""
    return one_of(text, text.lower(), f"{text} ")


def money(amount):
    """Return an amount as somebody typed it."""
    return one_of(amount, f"{amount:,.2f}", f"¥{amount:.2f}", f"{amount}元")


def day(date):
    """Return a date as some program wrote it."""
    slashed = f"{date.year}/{date.month}/{date.day}"
    chinese = f"{date.year}年{date.month}月{date.day}日"
    return one_of(date, date.isoformat(), slashed, f"{date:%Y%m%d}", chinese)


def moment(date, hour):
    """Return a date and time as some program wrote them."""
    stamp = dt.datetime.combine(date, dt.time(hour, 10))
    return one_of(stamp, f"{stamp:%Y-%m-%d %H:%M}", f"{stamp:%Y/%m/%d %H:%M:%S}")


def make_vin(number):
    """Return a VIN with a right check digit."""
    body = f"{number:08d}"
    # The eight characters before the check digit are worth 136.
    total = 136 + sum(int(char) * (9 - place) for place, char in enumerate(body))
    return f"LFMAYAC0{'X' if total % 11 == 10 else total % 11}{body}"


class Car:
    """A car, who owns it, and how often it came."""

    def __init__(self, number):
        self.number = number
        self.vin = make_vin(number * 317 + 40)
        self.plate = f"赣D{number * 97 + 10000:05d}"
        self.model = MODELS[number % len(MODELS)]
        # The haulier has three cars under one name and number.
        owner = 1 if number in (2, 3) else number
        self.phone = f"1380796{owner:04d}"
        self.name = COMPANY if owner == 1 else f"曾{GIVEN[owner % len(GIVEN)]}"
        age = 5 if number % 13 == 0 else 90 + number * 31
        self.delivered = TODAY - dt.timedelta(days=age)
        self.is_ours = number not in STRANGERS and number not in BAD_SALES
        self.is_known = self.is_ours

    def visits(self):
        """Return the days on which the car came to the shop."""
        day = self.delivered + dt.timedelta(days=75 + self.number)
        while day < TODAY - dt.timedelta(days=10):
            yield day
            day += dt.timedelta(days=170 + self.number % 7)
        # Every sixth left the shop the day before yesterday.
        if self.number % 6 == 0:
            yield TODAY - dt.timedelta(days=2)


class Sample:
    """The rows of all files, and what a right import of them holds."""

    def __init__(self):
        self.cars = [Car(number) for number in range(1, CARS + 1)]
        self.refused = []
        self.orders = {}
        self.sales = [self.make_sale(car) for car in self.cars if self.has_sale(car)]
        self.service = [row for car in self.cars for row in self.make_visits(car)]
        self.update = self.make_update()
        self.policies = [self.make_policy(car) for car in self.cars if car.is_known]

    def has_sale(self, car):
        """Return whether the store has a row about selling the car."""
        return car.number not in STRANGERS

    def refuse(self, file, key, reason):
        """Note a row that must be refused."""
        self.refused.append({"file": file, "key": key, "reason": reason})

    def make_sale(self, car):
        """Return the row of a delivery, spoilt if it is one of the bad ones."""
        ordered = car.delivered - dt.timedelta(days=20)
        contract = f"XS{car.delivered:%Y%m}{car.number:04d}"
        row = [
            *(car.number, contract, car.name, "", phone(car.phone)),
            *(f"江西省吉安市吉州区{car.number}号", one_of(*car.model), "珍珠白"),
            *(vin(car.vin), f"M20A{car.number:06d}", plate(car.plate)),
            *(day(ordered), day(car.delivered), money(150_000 + car.number * 1000)),
            *(money(car.number * 100), "罗子涵", "展厅来店", "家用", ""),
        ]
        reason = BAD_SALES.get(car.number)
        if reason:
            self.refuse("sales.xlsx", contract, reason)
            column, value = {
                "vin_length": (8, car.vin[:16]),
                "date": (12, "待定"),
                "name_missing": (2, ""),
            }[reason]
            row[column] = value
        return row

    def make_visits(self, car):
        """Return the rows of a car's work orders; the first may be a bad one."""
        for place, date in enumerate(car.visits()):
            kind = ("first", "maintenance", "repair")[min(place, 1 + place % 2)]
            labour, parts = 100 + place * 10, 0 if kind == "first" else 300 + car.number
            row = self.make_visit(car, date, kind, labour, parts)
            reason = None if place else BAD_VISITS.get(car.number)
            if reason:
                self.refuse("service.xlsx", row[0], reason)
                column, value = {
                    "vin_characters": (3, car.vin.replace("C", "O")),
                    "date": (9, "2026-13-45"),
                    "amount": (14, "面议"),
                }[reason]
                row[column] = value
            else:
                wrong = car.number in WRONG_ODOMETER and place == 1
                if wrong:
                    row[11] = self.get_km(car, date) * 10
                self.note_order(car, row[0], kind, date, labour + parts, wrong)
            yield row

    def get_km(self, car, date):
        """Return what the odometer showed on a day."""
        return (date - car.delivered).days * (25 + car.number) + 120

    def make_visit(self, car, date, kind, labour, parts):
        """Return the row of one work order."""
        km = self.get_km(car, date)
        is_other = car.number % 5 == 0
        return [
            *(f"RO{date:%y%m%d}{car.number:04d}", KINDS[kind], plate(car.plate)),
            *(vin(car.vin), one_of(*car.model), car.name, phone(car.phone)),
            *("王师傅" if is_other else car.name, "" if is_other else phone(car.phone)),
            *(moment(date, 9), moment(date, 11), one_of(km, f"{km}km", f"{km:,}")),
            *(money(labour), money(parts), money(labour + parts)),
            *(one_of(*ADVISORS), (km // 5000 + 1) * 5000),
            *(day(date + dt.timedelta(days=180)), "已结算", one_of(*WORDS)),
        ]

    def note_order(self, car, number, kind, date, amount, wrong=False):
        """Note an order that a right import holds."""
        car.is_known = True
        self.orders[number] = {
            "vin": car.vin,
            "kind": kind,
            "date": date.isoformat(),
            "amount": amount,
            "wrong_odometer": wrong,
        }

    def make_update(self):
        """Return the next day's rows: repeated, corrected, and new ones."""
        rows = []
        accepted = [row for row in self.service if row[0] in self.orders]
        for place, row in enumerate(accepted[::9]):
            row = list(row)
            order = self.orders[row[0]]
            if place % 2:
                order["amount"] += 100
                row[13], row[14] = "", order["amount"]
                row[12] = order["amount"]
            rows.append(row)
        for car in self.cars[1::8]:
            row = self.make_visit(car, TODAY, "maintenance", 120, 380)
            self.note_order(car, row[0], "maintenance", TODAY, 500)
            rows.append(row)
        return [[as_text(value) for value in row] for row in rows]

    def make_policy(self, car):
        """Return the row of the insurance policy of a car."""
        years = (TODAY - car.delivered).days // 365
        start = car.delivered + dt.timedelta(days=365 * years)
        end = start + dt.timedelta(days=364)
        return [
            *(f"PD{end:%Y}{car.number:08d}", car.plate, car.vin, car.name, car.phone),
            *("人保财险", "交强+商业", start.isoformat(), end.isoformat()),
            *(2000 + car.number * 10, one_of("是", "否")),
        ]

    def get_truth(self):
        """Return what a right import of all files holds."""
        known = [car for car in self.cars if car.is_known]
        left = TODAY - dt.timedelta(days=3)
        delivered = TODAY - dt.timedelta(days=7)
        orders = self.orders.values()
        return {
            "today": TODAY.isoformat(),
            "vehicles": len(known),
            "customers": len({car.phone for car in known}),
            "work_orders": len(orders),
            "work_order_amount": sum(order["amount"] for order in orders),
            "wrong_odometer": sum(order["wrong_odometer"] for order in orders),
            "delivered_by_us": sum(car.is_ours for car in self.cars),
            "policies": len(self.policies),
            "refused": self.refused,
            "left_shop_in_last_3_days": sum(
                order["date"] >= left.isoformat() for order in orders
            ),
            "delivered_in_last_7_days": sum(
                car.is_ours and car.delivered >= delivered for car in self.cars
            ),
            "orders": self.orders,
        }


def as_text(value):
    """Return a cell as a text file has it."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)


def write_xlsx(path, title, header, rows, footer):
    """Write a workbook with a title above the header and a total below the rows."""
    book = xlsxwriter.Workbook(path)
    # Without it every run would give another file.
    book.set_properties({"created": dt.datetime(2026, 11, 20)})
    formats = {
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet = book.add_worksheet(title)
    for line, row in enumerate([[title], [], header, *rows, footer]):
        for column, value in enumerate(row):
            if value != "":
                sheet.write(line, column, value, formats.get(type(value)))
    book.close()


def write_csv(path, header, rows):
    """Write a text file as Windows Excel saves it in China."""
    with open(path, "w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def main(folder):
    """Write all files."""
    folder.mkdir(parents=True, exist_ok=True)
    sample = Sample()
    sales, service = sample.sales, sample.service
    write_xlsx(
        *(folder / "sales.xlsx", "整车销售交车明细", SALES_HEADER, sales),
        ["合计", "", f"{len(sales)}台"],
    )
    write_xlsx(
        *(folder / "service.xlsx", "售后维修工单明细", SERVICE_HEADER, service),
        ["合计", f"{len(service)}单"],
    )
    write_csv(folder / "service_update.csv", SERVICE_HEADER, sample.update)
    write_csv(folder / "insurance.csv", POLICY_HEADER, sample.policies)
    truth = json.dumps(sample.get_truth(), ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(truth + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else Path(__file__).parent / "exports"))
