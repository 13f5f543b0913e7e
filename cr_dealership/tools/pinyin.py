"""Search keys of names in latin letters (CUS-38).

Apart from the other rules about names: the dictionary takes 60 MB of memory, which who
only cleans rows need not have.
"""

import functools
import re

import pypinyin

from .cleaning import fold

_CACHE_SIZE = 4096

# Surnames whose reading differs from the commonest one of the character.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou",
    "朴": "piao", "盖": "ge", "乐": "yue", "翟": "zhai", "种": "chong", "秘": "bi",
    "繁": "po", "缪": "miao", "员": "yun", "贠": "yun", "覃": "qin", "召": "shao",
    "逄": "pang", "郗": "chi", "隗": "wei", "佴": "nai", "乜": "nie", "牟": "mu",
    "祭": "zhai", "句": "gou", "阚": "kan", "折": "she", "黑": "he", "洗": "xian",
    "冼": "xian", "石": "shi", "重": "chong", "都": "du", "那": "na", "宿": "su",
    "粘": "nian", "沈": "shen", "贾": "jia", "长": "chang", "车": "che", "薄": "bo",
    "柏": "bai", "万": "wan", "干": "gan", "过": "guo", "曲": "qu", "宁": "ning",
    "应": "ying", "俞": "yu", "葛": "ge", "藏": "zang", "卜": "bu", "晁": "chao",
    "谌": "chen", "相": "xiang", "教": "jiao", "令": "ling", "哈": "ha", "盛": "sheng",
    "撒": "sa", "幺": "yao", "仉": "zhang", "郇": "xun", "强": "qiang", "尉": "wei",
    "尉迟": "yu chi", "单于": "chan yu", "万俟": "mo qi", "长孙": "zhang sun",
    "澹台": "tan tai", "宰父": "zai fu", "谷梁": "gu liang", "子车": "zi ju",
    "乐正": "yue zheng", "令狐": "ling hu", "拓跋": "tuo ba", "夹谷": "jia gu",
    "鲜于": "xian yu", "呼延": "hu yan", "濮阳": "pu yang", "欧阳": "ou yang",
    "夏侯": "xia hou", "诸葛": "zhu ge", "皇甫": "huang fu", "亓官": "qi guan",
}  # fmt: skip
_NAME_RUN = re.compile(r"[0-9A-Za-z'À-ɏ]+|[㐀-鿿𠀀-𱍊]")
_PERSON_LENGTH = 4


def pinyin_keys(name):
    """Return the search keys of a name: initials, blank, full pinyin (CUS-38).

    "曾晓燕" gives "zxy zengxiaoyan", with the reading that a character has as a
    surname; "John Smith" gives "js john smith".

    :param str name: name of a person or an organisation
    :rtype: str
    """
    return _pinyin_keys(name) if name else ""


@functools.lru_cache(maxsize=_CACHE_SIZE)
def _pinyin_keys(name):
    runs = _NAME_RUN.findall(fold(name))
    if not runs:
        return ""
    if all(_is_latin(run) for run in runs):
        words = [run.lower() for run in runs]
        return "".join(word[0] for word in words) + " " + " ".join(words)
    words = _readings(runs)
    initials = (word if word.isdigit() else word[:1] for word in words)
    return "".join(initials) + " " + "".join(words)


def _is_latin(run):
    return len(run) > 1 or run < "㐀"


def _readings(runs):
    """Return one lower-case reading for each character or latin run."""
    if len(runs) > _PERSON_LENGTH and not any(_is_latin(run) for run in runs):
        # Long names are organisations: their words decide the reading (重庆, 银行).
        return pypinyin.lazy_pinyin("".join(runs))
    surname = "".join(runs[:2])
    if len(runs) <= 2 or surname not in _SURNAMES:
        surname = runs[0]
    words = _SURNAMES.get(surname, "").split()
    return words + [_reading(run) for run in runs[len(words) :]]


@functools.lru_cache(maxsize=_CACHE_SIZE)
def _reading(run):
    return run.lower() if _is_latin(run) else pypinyin.lazy_pinyin(run)[0]
