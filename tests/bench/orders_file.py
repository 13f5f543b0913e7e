"""Write work orders as a dealership's own system exports them, as an XLSX file."""

import datetime

import xlsxwriter

HEADER = (
    *("工单号", "维修类型", "车牌号", "VIN", "车型", "车主", "车主电话"),
    *("送修人", "进厂时间", "出厂时间", "行驶里程", "工时费", "材料费", "合计金额"),
    *("服务顾问", "下次保养里程", "下次保养日期", "结算状态", "客户描述"),
)
_TYPES = ("定保", "保养", "一般维修", "事故", "首保")
_MODELS = ("卡罗拉", "RAV4荣放", "凯美瑞", "汉兰达", "雷凌")
_ADVISORS = ("刘晓燕", "陈志强", "黄丽娟", "彭建华", "肖文斌", "曾海燕")
_WORDS = (None, "刹车异响", None, "换机油机滤", None, "空调不凉")
_DAYS_BETWEEN = 180


def write_orders(path, cars, count, today, extra=0):
    """Write so many work orders of the cars, as untidy as real exports.

    :param list cars: (VIN, plate, name and telephone of the owner)
    :param int count: how many orders; car after car, then the next visit of each
    :param datetime.date today: day of the last visits
    :param int extra: so many orders more, of today
    """
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("工单明细")
    clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write(0, 0, "售后维修工单明细")
    sheet.write_row(2, 0, HEADER)
    visits = -(-count // len(cars))
    for n in range(count + extra):
        visit, place = divmod(n, len(cars))
        back = 0 if n >= count else (visits - visit) * _DAYS_BETWEEN + place % 90
        day = today - datetime.timedelta(days=back)
        _write_row(sheet, n + 3, _make_row(n, visit, cars[place], day), clock)
    sheet.write_row(count + extra + 3, 0, ["合计", f"{count + extra}单"])
    book.close()


def _write_row(sheet, line, values, clock):
    for column, value in enumerate(values):
        if isinstance(value, datetime.datetime):
            sheet.write_datetime(line, column, value, clock)
        elif value is not None:
            sheet.write(line, column, value)


def _make_row(n, visit, car, day):
    """Return the cells of order n, each written in one of several ways."""
    vin, plate, name, phone = car
    km = 4_000 + visit * 7_000 + n % 900
    labour, parts = n % 80 * 10, 100 + n % 290 * 10
    come = datetime.datetime.combine(day, datetime.time(8 + n % 8, n % 60))
    leave = come + datetime.timedelta(hours=2)
    return (
        f"RO{day:%y%m%d}{n:07d}",
        _TYPES[n % len(_TYPES)],
        (plate, f"{plate[:2]}·{plate[2:]}", plate.lower())[n % 3],
        (vin, vin.lower(), f" {vin}", vin)[n % 4],
        _MODELS[n % len(_MODELS)],
        name,
        (phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"+86-{phone}")[n % 3],
        name,
        come if n % 2 else f"{come:%Y-%m-%d %H:%M}",
        leave if n % 2 else f"{leave:%Y/%m/%d %H:%M:%S}",
        (km, f"{km}km", f"{km:,}")[n % 3],
        labour,
        (parts, f"{parts:,.2f}", f"¥{parts:.2f}", f"{parts}元")[n % 4],
        labour + parts,
        _ADVISORS[n % len(_ADVISORS)],
        (km // 5_000 + 1) * 5_000,
        (day + datetime.timedelta(days=_DAYS_BETWEEN)).isoformat(),
        "已结算",
        _WORDS[n % len(_WORDS)],
    )
