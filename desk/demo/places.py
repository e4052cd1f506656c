"""云岫县 and its neighbours: invented towns, villages and people. No real place or person is meant."""

from __future__ import annotations

from random import Random
from typing import Final

COUNTY: Final = "云岫县"
REGION: Final = "619901"
SITE_CODE: Final = "6199010007"
NEIGHBOURS: Final = ("松泉县", "白石滩县")

TOWNS: Final = (
    "云门镇",
    "岫阳镇",
    "鹤鸣镇",
    "青萝镇",
    "后塘镇",
    "石台镇",
    "里仁镇",
    "谷雨镇",
    "画眉乡",
    "钟楼乡",
    "松岭乡",
    "万松街道",
)
NEIGHBOUR_TOWNS: Final = {
    "松泉县": ("松风镇", "听泉镇", "板桥镇", "獭河乡"),
    "白石滩县": ("滩头镇", "白沙镇", "盐井镇", "雁回乡"),
}

_VILLAGE_FIRST: Final = "柳枫桐梅杏槐沙龙凤鹿双三上下东西新古大小长高清寒"
_VILLAGE_SECOND: Final = ("溪", "坪", "湾", "坝", "岭", "家沟", "河口", "树垭", "石梁", "花坞", "干坝", "板桥")
_SURNAMES: Final = "陶闻乐卞柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
_GIVEN: Final = (
    "立春",
    "小荷",
    "望舒",
    "松年",
    "知远",
    "广田",
    "云发",
    "里程",
    "志坚",
    "秀面",
    "复兴",
    "丽台",
    "余粮",
    "学范",
    "一鸣",
    "钟灵",
    "干城",
    "冬青",
    "万里",
    "怀谷",
    "若谷",
    "开基",
    "海棠",
    "书闻",
    "向东",
    "景行",
    "慧敏",
    "大川",
)


def village(random: Random) -> str:
    return random.choice(_VILLAGE_FIRST) + random.choice(_VILLAGE_SECOND) + "村"


def person(random: Random) -> str:
    return random.choice(_SURNAMES) + random.choice(_GIVEN)
