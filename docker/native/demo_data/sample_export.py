"""Make the files that a store's own system would hand over, for the demonstration.

Everybody and everything in them is invented. The days lie around the day given, so
that somebody is to be called today; the rest depends on the seed alone.
"""

import csv
import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import Workbook

CARS = 260
DELIVERED_LATELY = 9
LEFT_SHOP_LATELY = 14
SYSTEM_TITLE = "庐陵汽车 DMS"

FAMILY_NAMES = "曾彭李王刘陈张黄周吴罗郭肖胡谢邓温钟"
GIVEN_NAMES = (
    "晓燕 建华 军 伟 丽萍 志强 海波 雪梅 小兰 国平 秀珍 鹏 婷婷 文斌 春生 美玲"
    " 永红 佳怡 子豪 俊杰 思琪 明辉 凤英 云龙 玉兰 少华 红霞 立新 雅静 浩然"
).split()
COMPANIES = ("庐陵陶瓷有限公司", "赣江水运有限公司", "白鹭洲旅行社")
MODELS = (
    ("凯美瑞", "2.0G 豪华版", 189800),
    ("汉兰达", "2.5L 双擎 精英版", 268800),
    ("雷凌", "185T 运动版", 129800),
    ("威兰达", "2.0L 领先版", 171800),
    ("赛那", "2.5L 混动 舒适版", 309800),
)
COLOURS = ("珍珠白", "炫晶黑", "极光银", "宝石蓝", "热力红")
SELLERS = ("罗春明", "谢雨桐", "胡志远")
ADVISORS = ("肖文斌", "黄丽娟", "刘建军")
SOURCES = ("展厅来店", "转介绍", "网络", "车展", "老客户")
INSURERS = ("人保财险", "平安产险", "太平洋产险")
STREETS = ("吉州区井冈山大道", "青原区正气路", "吉安县庐陵大道", "泰和县白凤大道")
WORDS = (
    "空调制冷效果差,请检查",
    "刹车时有轻微异响",
    "右前轮胎压偏低",
    "更换雨刮片",
    "",
    "",
)

SALES_HEADER = (
    "合同号 客户名称 联系电话 性别 出生日期 联系地址 车型 配置 颜色 车架号 发动机号"
    " 车牌号 订车日期 交车日期 成交价 优惠金额 销售顾问 客户来源"
).split()
ORDER_HEADER = (
    "工单号 车牌号 车架号 车主 送修人 送修电话 维修类型 进厂时间 出厂时间 结算时间"
    " 行驶里程 服务顾问 客户描述 工时费 材料费 结算金额 下次保养日期 下次保养里程"
).split()
POLICY_HEADER = "车牌号 车架号 车主 保险公司 保单号 起保日期 到期日期 保费".split()

_VIN_LETTERS, _VIN_DIGITS = "ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789"
_VIN_VALUES = {
    letter: int(digit)
    for letter, digit in zip(_VIN_LETTERS, _VIN_DIGITS, strict=True)
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def make_vin(number):
    """Return a VIN with a right check digit."""
    chars = list(f"LVGDC46A0K{number:07d}")
    total = sum(
        (_VIN_VALUES.get(char) or int(char)) * weight
        for char, weight in zip(chars, _VIN_WEIGHTS, strict=True)
    )
    chars[8] = "X" if total % 11 == 10 else str(total % 11)
    return "".join(chars)


class SampleStore:
    """A little store: people, their cars and what was done to them."""

    def __init__(self, today, seed=4):
        self.today = today
        self.random = random.Random(seed)
        self.people = [self._make_person(number) for number in range(CARS * 4 // 5)]
        self.cars = [self._make_car(number) for number in range(CARS)]

    # --- people and cars ---

    def _make_person(self, number):
        """Return an owner; every thirtieth is a company."""
        pick = self.random.choice
        if number % 30 == 7:
            name = COMPANIES[number // 30 % len(COMPANIES)]
            return {"name": name, "phone": f"1387{number:07d}", "is_company": True}
        return {
            "name": pick(FAMILY_NAMES) + pick(GIVEN_NAMES),
            "phone": f"1397{number * 7919 % 10**7:07d}",
            "is_company": False,
            "gender": pick("男女"),
            "birth": date(
                pick(range(1962, 2002)), pick(range(1, 13)), pick(range(1, 29))
            ),
        }

    def _make_car(self, number):
        """Return a car; the first few were delivered in the last days."""
        days = number % 6 + 1 if number < DELIVERED_LATELY else None
        if days is None:
            days = int(self.random.triangular(20, 1800, 500))
        # Some people own a second car, so that one call can settle two things.
        owner = self.people[number % len(self.people)]
        model, trim, price = self.random.choice(MODELS)
        return {
            "number": number,
            "owner": owner,
            "vin": make_vin(number + 1),
            "plate": f"赣D{'ABCDEFGH'[number % 8]}{number * 83 % 10000:04d}",
            "model": model,
            "trim": trim,
            "price": price,
            "delivered": self.today - timedelta(days=days),
            "km_day": self.random.choice((20, 28, 36, 45, 60)),
        }

    # --- the three files ---

    def sales_rows(self):
        """Return the delivered cars, with two rows that cannot be imported."""
        rows = [self._sales_row(car) for car in self.cars]
        wrong_vin = list(rows[20])
        wrong_vin[0], wrong_vin[9] = "XS-A", "LVGDC46A"
        no_name = list(rows[21])
        no_name[0], no_name[1], no_name[2] = "XS-B", "", ""
        no_name[9], no_name[11] = make_vin(9001), "赣DX9001"
        return rows + [wrong_vin, no_name]

    def _sales_row(self, car):
        owner, pick = car["owner"], self.random.choice
        delivered = car["delivered"]
        return [
            f"XS{delivered:%y%m}{car['number']:04d}",
            owner["name"],
            pick((owner["phone"], f"{owner['phone'][:3]} {owner['phone'][3:]}")),
            owner.get("gender", ""),
            owner.get("birth", "") if self.random.random() < 0.7 else "",
            f"{pick(STREETS)}{self.random.randrange(1, 260)}号",
            car["model"],
            car["trim"],
            pick(COLOURS),
            pick((car["vin"], car["vin"].lower())),
            f"M20{self.random.randrange(10**5, 10**6)}",
            pick((car["plate"], f"{car['plate'][:2]}·{car['plate'][2:]}")),
            delivered - timedelta(days=self.random.randrange(4, 40)),
            pick((delivered, f"{delivered:%Y/%m/%d}")),
            f"{car['price']:,}",
            self.random.randrange(0, 12) * 1000,
            pick(SELLERS),
            pick(SOURCES),
        ]

    def order_rows(self):
        """Return the work orders, oldest first, with one that cannot be imported."""
        visits = []
        for car in self.cars[DELIVERED_LATELY:]:
            day = car["delivered"] + timedelta(days=self.random.randrange(60, 110))
            while day < self.today - timedelta(days=6):
                visits.append((day, car))
                day += timedelta(days=self.random.randrange(150, 230))
        for number, car in enumerate(self._cars_just_serviced()):
            visits.append((self.today - timedelta(days=number % 3 + 1), car))
        visits.sort(key=lambda visit: (visit[0], visit[1]["number"]))
        rows = [
            self._order_row(number, day, car)
            for number, (day, car) in enumerate(visits, start=1)
        ]
        no_car = list(rows[5])
        no_car[0], no_car[1], no_car[2] = "RO-A", "", ""
        return rows + [no_car]

    def _cars_just_serviced(self):
        """Return the cars that left the shop lately; two of them have one owner."""
        second_cars = len(self.people) + DELIVERED_LATELY
        cars = self.cars[DELIVERED_LATELY : DELIVERED_LATELY + LEFT_SHOP_LATELY - 2]
        return cars + self.cars[second_cars : second_cars + 2]

    def _order_row(self, number, day, car):
        owner, pick = car["owner"], self.random.choice
        came = datetime.combine(day, time(pick(range(8, 15)), pick((0, 10, 25, 40))))
        left = came + timedelta(minutes=self.random.randrange(70, 260))
        days = (day - car["delivered"]).days
        odometer = 60 + days * car["km_day"] + self.random.randrange(0, 90)
        is_first = days < 120
        kind = "首保" if is_first else pick(("定期保养", "定期保养", "一般维修", "钣喷"))
        labour = pick((0, 120, 180, 260)) if not is_first else 0
        material = pick((280, 420, 560, 980)) if not is_first else 0
        is_service = kind in ("首保", "定期保养")
        return [
            f"RO{day:%y%m}{number:05d}",
            car["plate"],
            car["vin"],
            owner["name"],
            owner["name"] if not owner["is_company"] else "",
            owner["phone"],
            kind,
            came,
            left,
            pick((left, f"{left:%Y-%m-%d %H:%M}")),
            pick((odometer, f"{odometer:,}", f"{odometer}km")),
            pick(ADVISORS),
            pick(WORDS),
            labour,
            material,
            f"{labour + material:.2f}",
            day + timedelta(days=183) if is_service else "",
            odometer + 5000 if is_service else "",
        ]

    def policy_rows(self):
        """Return the insurance policies the store knows of."""
        return [
            self._policy_row(number, car)
            for number, car in enumerate(self.cars, start=1)
            if number % 3
        ]

    def _policy_row(self, number, car):
        years = (self.today - car["delivered"]).days // 365
        start = car["delivered"] + timedelta(days=365 * years)
        end = start + timedelta(days=364)
        return [
            car["plate"],
            car["vin"],
            car["owner"]["name"],
            self.random.choice(INSURERS),
            f"PDAA{start:%Y%m}{number:06d}",
            start.isoformat(),
            end.isoformat(),
            self.random.randrange(26, 58) * 100,
        ]


def write_workbook(path, title, header, rows):
    """Write a table as such systems do: a title above it, the sum below it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append([f"{SYSTEM_TITLE} {title}"])
    sheet.append(list(header))
    for row in rows:
        sheet.append(row)
    sheet.append(["合计", f"{len(rows)} 条"])
    book.save(path)


def write_exports(folder, today):
    """Write the files of a day and return {kind: path}, in the order of importing."""
    folder, store = Path(folder), SampleStore(today)
    paths = {
        "sale": folder / "交车明细.xlsx",
        "order": folder / "维修工单.xlsx",
        "policy": folder / "车险台账.csv",
    }
    write_workbook(paths["sale"], "交车明细", SALES_HEADER, store.sales_rows())
    write_workbook(paths["order"], "维修工单", ORDER_HEADER, store.order_rows())
    with open(paths["policy"], "w", encoding="gb18030", newline="") as table:
        csv.writer(table).writerows([POLICY_HEADER, *store.policy_rows()])
    return paths
