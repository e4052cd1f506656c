"""The author in brackets at the end of the last paragraph: (王某某), （记者 王某 通讯员 李某）, (县融媒体中心)."""

from __future__ import annotations

import re
from typing import Final

from crawler.extract.lines import READING
from crawler.extract.signature import is_office

_BRACKET: Final = re.compile(r"[(（【]\s*([^()（）【】。]{2,60})[)）】]\s*。?$")
_ROLE: Final = re.compile(
    r"^(?:(?:本报|本台|本网|全媒体|特约|见习)?(?:记者|通讯员|通訊員|記者|作者|撰稿|供稿|文|图文|"
    r"文图|报道|供稿人|供稿单位|撰稿人|整理)\s*[:：/／\s]?\s*)"
)
_NOT: Final = re.compile(
    r"此件|附后|附件|试行|暂行|略|完|续|待续|下同|见|详见|以下|简称|征求意见|公开|草案|修订|节选|"
    r"摘|盖章|含|不含|其中|包括|上接|下转|转|%|元|\d"
)
_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢"
    "路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房"
    "边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲"
    "乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
    "陳楊趙黃周吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻餘鐘鍾譚鄒陸顧龍萬錢湯賴龔龐蘭陶顏嚴蘆韋畢聶叢莊歐鮑單寧閔強車邊饒滕晉鄔暢宮來簡婁黨燕談"
    "連鄔計竇遲藍鞏樂應張劉"
)
_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}")


def byline_of(paragraph: str) -> str | None:
    """The byline at the end of a paragraph: names of people, or of the office that sent the text; None for a remark."""
    match = _BRACKET.search(paragraph[-160:])
    if match is None:
        return None
    printed = READING.sub("", match.group(1)).strip()
    words = _ROLE.sub("", printed).strip()
    named = words != printed
    people = [word for word in re.split(r"[\s、,，/／]+", words) if word]
    people = [_ROLE.sub("", word) for word in people if _ROLE.sub("", word)]
    if _NOT.search(words) and not named:
        return None
    if people and all(_is_person(word) for word in people):
        return "、".join(people) if len(people) > 1 else people[0]
    if len(words) <= 24 and (is_office(words) or named):
        return words
    return None


def _is_person(word: str) -> bool:
    return bool(_NAME.fullmatch(word)) and (word[0] in _SURNAMES or "·" in word)
