"""The floor of a piece of work: the rows it made, made again by plain SQL.

They go into twins of the tables, which have the same indexes.
"""

from contextlib import contextmanager

_FOREIGN_KEYS = """
    SELECT pg_get_constraintdef(oid) FROM pg_constraint
     WHERE conrelid = %s::regclass AND contype = 'f'
"""


@contextmanager
def twins(env, tables, with_keys=False):
    """Give {table: name of its empty twin}; they are gone afterwards.

    :param bool with_keys: with the same foreign keys, too
    """
    names = {table: f"bench_{table}" for table in tables}
    for table, twin in names.items():
        env.cr.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
        env.cr.execute(_FOREIGN_KEYS, [table])
        for (definition,) in env.cr.fetchall() if with_keys else ():
            env.cr.execute(f"ALTER TABLE {twin} ADD {definition}")
    env.cr.commit()
    yield names
    for twin in names.values():
        env.cr.execute(f"DROP TABLE {twin}")


def copy_rows(env, table, twin, first_id, last_id=None):
    """Insert the rows of a table behind an id into its twin, by one statement.

    :param int last_id: only up to this one
    """
    env.cr.execute(
        f"INSERT INTO {twin} SELECT * FROM {table} WHERE id > %s AND id <= %s",
        [first_id, last_id or 2**31 - 1],
    )
