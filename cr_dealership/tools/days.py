"""Days as people write them in their language."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton


@lru_cache
def find_locale(lang):
    """Return the locale of a language code, the English one if there is none.

    Finding it takes longer than writing a day, and a night writes thousands.

    :param str lang: such as "zh_CN"
    :rtype: babel.Locale
    """
    try:
        return Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=1024)
def write_short(day, lang):
    """Return a day with its month and without its year.

    :param datetime.date day: the day
    :param str lang: such as "zh_CN"
    :rtype: str
    """
    return format_skeleton("MMMd", day, locale=find_locale(lang))
