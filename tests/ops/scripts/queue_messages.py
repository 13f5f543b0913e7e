"""Queue SMS for a gateway that listens here: queue_messages.py COUNT ADDRESS."""

import sys

count, address = int(sys.argv[1]), sys.argv[2]
store = env.company  # noqa: F821 given by with_env.py
store.write({"cr_sms_provider": "http", "cr_quiet_from": 0, "cr_quiet_until": 0})
env["cr.sms.gateway"].create({"company_id": store.id, "url": address})  # noqa: F821
customers = env["res.partner"].create(  # noqa: F821
    [
        {"name": f"Customer {number}", "mobile": f"1380796{number:04d}"}
        for number in range(count)
    ]
)
env["cr.message"]._queue(  # noqa: F821
    [
        {
            "partner_id": customer.id,
            "channel": "sms",
            "purpose": "service",
            "body": f"Your car is ready, {customer.name}.",
            "key": f"kill:{customer.id}",
        }
        for customer in customers
    ]
)
env.cr.commit()  # noqa: F821 the job reads it with a connection of its own
