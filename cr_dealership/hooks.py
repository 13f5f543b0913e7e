"""What installing into a database that is already full of partners needs."""

from odoo.tools import SQL

from .models.cr_partner_search_mixin import fill_search_keys

# Columns that Odoo would otherwise compute partner by partner at install.
_PARTNER_KEY_COLUMNS = ("cr_pinyin", "cr_phone_digits")
_BATCH = 5000


def pre_init_hook(env):
    """Give the partners that are there their search keys, in batches.

    Before the models are set up, so that no index of ours is kept up to date row by
    row, and installing finds nothing left to compute.

    :param env: environment of the installation
    """
    env.cr.execute(SQL("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    for column in _PARTNER_KEY_COLUMNS:
        env.cr.execute(
            SQL(
                "ALTER TABLE res_partner ADD COLUMN IF NOT EXISTS %s VARCHAR",
                SQL.identifier(column),
            )
        )
    env.cr.execute("SELECT id FROM res_partner ORDER BY id")
    ids = [row[0] for row in env.cr.fetchall()]
    for start in range(0, len(ids), _BATCH):
        fill_search_keys(env.cr, ids[start : start + _BATCH])


def uninstall_hook(env):
    """Remove the database function that guards the append-only tables.

    :param env: environment of the removal
    """
    env.cr.execute("DROP FUNCTION IF EXISTS cr_refuse_change() CASCADE")
