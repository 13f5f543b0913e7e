"""Leave something in every room of the addon: a customer, his car, a work order."""

from datetime import datetime, timedelta

env = env  # noqa: F821, PLW0127 given by with_env.py
now = datetime.now().replace(microsecond=0)
customer = env["res.partner"].create({"name": "曾晓燕", "mobile": "13807960001"})
car = env["cr.vehicle"].create(
    {
        "vin": "LFMAYAC08M0000017",
        "plate": "赣D12345",
        "role_ids": [(0, 0, {"partner_id": customer.id, "date_from": "2024-03-01"})],
    }
)
env["cr.service.order"].create(
    {
        "number": "RO1",
        "vehicle_id": car.id,
        "partner_id": customer.id,
        "type_id": env["cr.service.type"].search([], limit=1).id,
        "state": "settled",
        "in_at": now - timedelta(days=1, hours=3),
        "out_at": now - timedelta(days=1),
    }
)
env["cr.access.log"]._log("dial", "res.partner", res_id=customer.id)
env["cr.callback.rule"]._open_callbacks(now.date())
