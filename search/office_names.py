"""Offices by the short names that everybody uses: 人社局 is 人力资源和社会保障局.

The short names are those in which county governments speak of their own departments. A name that is asked for is looked
for as it was typed and in every other of its forms.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from search.characters import characters

#: The forms of one name, the shortest first. 县水利局 needs no row: it is part of the full name.
_FORMS: Final = """\
政府 人民政府
政府办 政府办公室 人民政府办 人民政府办公室
县府办 县政府办 县政府办公室 县人民政府办公室
市府办 市政府办 市政府办公室 市人民政府办公室
区府办 区政府办 区政府办公室 区人民政府办公室
党政办 党政办公室 党政综合办公室
县委办 县委办公室 县委员会办公室
市委办 市委办公室 市委员会办公室
区委办 区委办公室 区委员会办公室
人大办 人大常委会办公室 人民代表大会常务委员会办公室
人大常委会 人民代表大会常务委员会
政协 人民政治协商会议
纪委监委 纪律检查委员会监察委员会
编办 编委办 机构编制委员会办公室
人社局 人力资源社会保障局 人力资源和社会保障局
医保局 医疗保障局
住建局 住房城乡建设局 住房和城乡建设局
发改局 发展改革局 发展和改革局
发改委 发展改革委 发展改革委员会 发展和改革委员会
卫健局 卫生健康局
卫健委 卫生健康委 卫生健康委员会
卫计局 卫生和计划生育局
文旅局 文化旅游局 文化和旅游局
文广局 文化广播电视局 文化广电局
文体广旅局 文化体育广电和旅游局
教体局 教育体育局 教育和体育局
教科局 教育科技局 教育和科技局
工信局 工业信息化局 工业和信息化局
经信局 经济信息化局 经济和信息化局
科工局 科技和工业信息化局
市监局 市场监管局 市场监督管理局
食药监局 食品药品监管局 食品药品监督管理局
质监局 质量技术监督局
安监局 安全生产监管局 安全生产监督管理局
应急局 应急管理局
退役军人局 退役军人事务局
交通局 交通运输局
城管局 城市管理局
城管执法局 城市管理执法局 城市管理综合执法局
国土局 国土资源局
环保局 环境保护局
生态局 生态环境局
农业农村局 农业和农村局
扶贫办 扶贫开发办公室
招商局 招商服务局 招商引资局
审批局 行政审批局 行政审批服务局
政数局 政务服务数据管理局 政务服务和数据管理局
大数据局 大数据管理局 大数据发展管理局
民宗局 民族宗教局 民族宗教事务局
信访局 信访工作局
公积金中心 住房公积金管理中心
供销社 供销合作社 供销合作社联合社
残联 残疾人联合会
妇联 妇女联合会
防指 防汛抗旱指挥部
"""


def office_needles(text: str) -> tuple[str, ...]:
    """The characters by which an office is looked for: of what was typed, and of its name's other forms; none that
    holds another one, which finds it too."""
    typed = characters(text)
    found = {typed}
    for forms in _rows():
        # The longest form that is typed: 人民政府 is not 政府 with something before it.
        if form := max((form for form in forms if form in typed), key=len, default=""):
            found |= {typed.replace(form, other) for other in forms}
    least = {needle for needle in found if not any(other in needle for other in found - {needle})}
    return tuple(sorted(filter(None, least), key=lambda needle: (needle != typed, len(needle), needle)))


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(characters, line.split())) for line in _FORMS.splitlines())
