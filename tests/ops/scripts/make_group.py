"""Fill the database with a small group of stores: make_group.py CARS ORDERS PENDING."""

import sys
from datetime import date

from fill import Size, fill
from stage import make_stores

size = Size(*map(int, sys.argv[1:]))
stores, agents = make_stores(env, 2)  # noqa: F821 given by with_env.py
fill(env.cr, size, date.today(), stores, agents)  # noqa: F821
