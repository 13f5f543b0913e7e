"""A clock that stands still, for Python and for the database."""

from datetime import datetime, timedelta

import psycopg2
from freezegun import freeze_time

# NOW() of the statements under trial must tell the same time as Python; a function of
# our own comes before the built-in one.
_SET_UP = """
    CREATE TABLE year_clock (at timestamptz NOT NULL);
    INSERT INTO year_clock VALUES ('2000-01-01');
    CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE
        AS 'SELECT at FROM public.year_clock';
    ALTER DATABASE {name} SET search_path = public, pg_catalog;
"""
_HOURS_AHEAD = timedelta(hours=8)


def stop_database_clock(name):
    """Have NOW() of a database tell what `Clock` says; before anybody connects."""
    connection = psycopg2.connect(dbname=name)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(_SET_UP.format(name=name))
    connection.close()


class Clock:
    """Moves both clocks; times are those of the store, eight hours ahead of UTC."""

    def __init__(self, cursor, day):
        self.cursor = cursor
        self.now = datetime.combine(day, datetime.min.time())
        self._freezer = freeze_time(self.now)
        self._frozen = None

    def __enter__(self):
        self._frozen = self._freezer.start()
        return self

    def __exit__(self, *_exc):
        self._freezer.stop()

    def set(self, day, hour, minute=0):
        """Make it this time of a day in the store."""
        local = datetime(day.year, day.month, day.day, hour, minute)
        self.now = local - _HOURS_AHEAD
        self._frozen.move_to(self.now)
        self.cursor.execute("UPDATE year_clock SET at = %s", [f"{self.now} UTC"])
        self.cursor.commit()
