"""The labels of head lines and disclosure boxes, and where they stand in a line.

The lists are those of catalogue rules and of pages seen; all are kept folded (simplified, lower case, no white space).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from crawler.extract.lines import Key, key_of

#: Role in a head or tail line -> its labels. "" is a label that ends the value before it and is no field.
HEAD: Final[dict[str, str]] = {
    "author": "作者 本文作者 作者姓名 撰稿 撰稿人 撰文 供稿 供稿人 供稿单位 供稿者 通讯员 本报通讯员 记者 "
    "本报记者 文/图 图/文 图文 "
    "投稿 投稿人 投稿单位 来稿 文字 采写 执笔 作者单位 报送单位 信息员 整理",
    "source_name": "来源 来源于 信息来源 文章来源 稿源 稿件来源 新闻来源 内容来源 资料来源 文稿来源 来源单位 "
    "来源网站 "
    "转载自 转自 摘自 出处 信息提供 文章出处 原文来源 来源媒体",
    "published": "时间发布 发布时间 发布日期 发表时间 发表日期 发稿时间 发文时间 公开时间 公开日期 上传时间 "
    "上载时间 录入时间 "
    "添加时间 创建时间 信息时间 信息发布时间 时间 日期 发布于 发表于 刊发时间 发布 加入时间 "
    "入库时间 公布时间 公布日期 "
    "文章发布时间 撰写时间 提交时间 公示日期 date",
    "updated": "更新时间 更新日期 最后更新 最后更新时间 修改时间 修改日期 更新于 最近更新",
    "archived": "归档时间 归档日期",
    "editor": "责任编辑 责编 编辑 网络编辑 本文编辑 本期编辑 文章编辑 责任编缉 编辑人 编辑员 值班编辑 "
    "执行编辑 网编 美编 "
    "录入 录入员 录入人 发布人 发布者 发布员 编校 本期责编 编录",
    "reviewer": "审核 审核人 审核员 审稿 审稿人 终审 复审 初审 审校 审签 审定 审签人 签发 签发人 核稿 "
    "审核发布 信息审核 "
    "一审 二审 三审 内容审核 审读 责任审核",
    "office": "信息发布 发布单位 发布机构 发布部门 发文机关 发文机构 主办单位 编发单位 编印单位 "
    "信息发布单位 发布处室 主管单位",
    "views": "浏览次数 浏览量 浏览数 浏览 浏览人数 阅读次数 阅读量 阅读数 阅读 点击数 点击量 点击次数 "
    "点击 点击率 访问次数 "
    "访问量 人气 本文浏览 已浏览 浏览人次 阅览次数 文章点击数 点阅 访问",
    "tools": "字体 字号 字体大小 文章字号 文字大小 字体调节 正文字号 操作 分享 分享到 打印 大小 收藏 评论 "
    "评论数 转发 "
    "背景色 背景颜色 视力保护色 保护视力色 语音播报 朗读 字体颜色 我要分享 关键词 关键字 标签 "
    "所属栏目 栏目 所属类别 浏览字号",
    "": "摄影 图片 图 校对 监制 制图 制作 设计 策划 统筹 摄像 总监制 监审 核校 主编 副主编 总编辑 "
    "排版 剪辑 配音 出品 版式 处罚日期 处罚时间 决定日期 许可日期 立案日期 签订日期 施行日期 实施日期 生效日期",
}
#: Harvest field -> labels of the disclosure box. "" is known and kept as printed, but is no field of its own.
BOX: Final[dict[str, str]] = {
    "index_number": "索引号 索引号码 索取号 信息索引号 信息索取号 统一编号 索引 索引编号 信息编号 公开目录索引号",
    "title": "信息名称 名称 标题 文件名称 文件标题 公文名称 文件名 公文标题 信息标题",
    "topic": "主题分类 主题类别 分类 信息分类 组配分类 公开目录 公文目录 信息类别 所属主题 主题 分类号 公开事项 "
    "信息类型 所属类别 栏目分类 目录分类 公开分类 服务对象分类 组配分类号",
    "genre": "体裁分类 体裁 公文种类 文种 文件类型 公文类型 载体类型 文件种类 公文体裁",
    "office": "发布机构 发文机关 发文机构 发布单位 制发机关 责任部门 公开责任部门 公开主体 责任主体 "
    "发布部门 制定机关 "
    "公开机构 公开单位 发文单位 印发机关 制发单位 信息发布机构 公开部门 起草单位 信息公开主体 发布机关 制定单位",
    "dated_on": "成文日期 生成日期 发文日期 产生日期 印发日期 发文时间 制发日期 成文时间 印发时间 生成时间 "
    "形成日期 签发日期 "
    "制定日期 发文日 形成时间",
    "published_on": "发布日期 公开日期 发布时间 上载日期 公开时间 上网日期 上载时间 公布日期 发布日 公布时间 "
    "上网时间 日期 时间 "
    "信息公开日期 信息发布日期",
    "number": "文号 发文字号 文件编号 文件号 发文号 公文编号 文件字号 编号 发文文号 公文文号 文件文号 公文号",
    "disclosure": "公开时限 公开期限 公开方式 公开形式 公开属性 公开类型 公开范围 公开对象 公开层级 公开类别 "
    "公开程序 公开性质 "
    "信息公开方式 公开时效 公开程度",
    "validity": "有效性 是否有效 时效性 效力状态 时效 效力 有效状态 文件状态 是否废止 状态",
    "effective_on": "施行日期 生效日期 生效时间 实施日期 实施时间 开始实施日期 施行时间 开始施行日期",
    "expires_on": "废止日期 废止时间 失效日期 失效时间 有效期 有效期至 终止日期 截止日期 有效期限 废止失效日期",
    "source_name": "来源 信息来源 文章来源 稿源 数据来源",
    "": "主题词 关键词 关键字 内容概述 内容摘要 内容概要 信息摘要 摘要 概述 浏览次数 浏览量 点击数 规范性文件登记号 "
    "登记号 统一登记号 有效范围 语种 格式 信息格式 责任人 审核人 联系电话 备注 服务对象 生命周期 记录形式 获取方式 "
    "文件来源 标识码 适用范围 公开依据 更新时间 更新日期 归档时间 解读文件 相关解读 附件下载 "
    "版本 规范性文件编号 信息生成机构",
}
#: Labels that say by themselves that this is a disclosure box.
STRONG: Final = frozenset(
    " ".join(BOX[name] for name in ("index_number", "genre", "disclosure")).split()
    + "主题分类 组配分类 信息分类 公开主体 发布机构 发文机关 发文机构 成文日期 生成日期 文号 "
    "发文字号 制发机关 主题词 有效性 "
    "信息名称 内容概述 发布单位 公文种类 公开目录 责任部门 时效性".split()
)
#: Labels of the box that are known without a colon.
FREE: Final = STRONG | frozenset(
    "发文日期 印发日期 制发日期 成文时间 发文时间 公开日期 发布日期 生效日期 施行日期 实施日期 "
    "废止日期 失效日期 文件编号 主题类别 "
    "信息类别 内容摘要 关键词 发布部门 印发机关 是否有效 效力状态".split()
)
#: Labels that are ordinary words: they count only with a colon, or among strong ones.
WEAK: Final = frozenset("名称 标题 分类 主题 编号 日期 时间 状态 索引 摘要 格式 版本 备注 来源 效力 时效 概述".split())
#: A document number at the end of what stands before a label.
NUMBER: Final = re.compile(r"[〔\[(（【](?:19|20)\d\d[〕\])）】]\s?第?\d{1,5}\s?号$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A label in a key: where it starts, where its value starts, its folded name, and its field."""

    start: int
    end: int
    name: str
    field: str
    colon: bool = True


@cache
def head_labels() -> dict[str, str]:
    return {name: field for field, names in HEAD.items() for name in names.split()}


@cache
def box_labels() -> dict[str, str]:
    return {name: field for field, names in BOX.items() for name in names.split()}


@cache
def _scanner(box: bool) -> re.Pattern[str]:
    names = box_labels() if box else head_labels()
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"[\[【(]?({listed})[\]】)]?[:∶]+|[\[【]({listed})[\]】](?=[^\[【])")


def marks_in(key: Key, *, box: bool = False) -> list[Mark]:
    """The labels followed by a colon, left to right; of overlapping ones the leftmost, of these the longest."""
    names = box_labels() if box else head_labels()
    marks: list[Mark] = []
    for match in _scanner(box).finditer(key.text):
        group = match.lastindex or 1
        name = _parted(key, match.start(group), match.group(group), names)
        start = match.start() if name == match.group(group) else match.end(group) - len(name)
        marks.append(Mark(start, match.end(), name, names[name]))
    return marks


def _parted(key: Key, start: int, name: str, names: dict[str, str]) -> str:
    """A single blank parts words (云岫发布 时间: is 时间 behind a name), blanks all over do not (发 布 时 间:)."""
    gaps = [i for i in range(1, len(name)) if key.at[start + i] > key.at[start + i - 1] + 1]
    gaps = [i for i in gaps if key.printed[key.at[start + i] - 1].isspace()]
    if len(gaps) == 1 and len(name) > 2 and name[gaps[0] :] in names:
        return name[gaps[0] :]
    return name


def label_name(text: str) -> str:
    """A label as it is looked up: folded, without blanks, readings, brackets and the colon."""
    return key_of(text).text.strip(":：∶[]【】()·•*●■◆|")


def is_box_label(text: str) -> bool:
    return len(text) <= 30 and label_name(text) in box_labels()
