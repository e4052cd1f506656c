"""The pages of practice site F6 as an old ASP system prints them: tables in tables, no tag that says anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from typing import Final

from desk.demo.article import Article, File, Part
from desk.demo.markup import Line, body_html

CHROME: Final = (
    "网站首页",
    "设为首页",
    "加入收藏",
    "点击数：",
    "【打印此页】【关闭】",
    "云岫县信息中心制作维护",
    "上一页",
    "下一页",
)
_STYLE: Final = "font-size:16pt;font-family:仿宋_GB2312"


def page(title: str, body: str, charset: str = "gb2312", head: str = "") -> str:
    return (
        f'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n{head}'
        f"<title>{escape(title)}</title>\n<style>td{{font-size:9pt}} .nr{{{_STYLE}}}</style>\n</head>\n"
        '<body topmargin="0">\n<table width="778" align="center"><tr><td><a href="/index.asp">网站首页</a> | '
        '<a href="#">设为首页</a> | <a href="#">加入收藏</a></td></tr></table>\n'
        f'{body}\n<table width="778" align="center"><tr><td align="center">云岫县信息中心制作维护</td></tr></table>\n'
        "</body>\n</html>\n"
    )


def frameset() -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        "<title>云岫县政府网</title></head>\n"
        '<frameset rows="96,*" border="0"><frame src="top.asp" name="top" noresize>\n'
        '<frameset cols="160,*"><frame src="left.asp" name="left"><frame src="main.asp" name="main"></frameset>\n'
        "</frameset></html>\n"
    )


def rows_html(lines: Sequence[Line]) -> str:
    return "\n".join(
        f'<tr><td>·<a href="{row.href}" title="{escape(row.title)}" target="_blank">{"[置顶]" * row.pinned}'
        f'{escape(row.shown)}</a></td><td width="90">{row.day}</td></tr>'
        for row in lines
    )


def list_page(name: str, lines: Sequence[Line], pager: str) -> str:
    rows = rows_html(lines) or "<tr><td>暂无相关信息</td></tr>"
    return page(
        name,
        f'<table width="778" align="center"><tr><td><b>{name}</b></td></tr>\n<tr><td><table width="100%">\n{rows}\n'
        f'</table></td></tr>\n<tr><td align="center">{pager}</td></tr></table>',
    )


def viewstate(number: int) -> tuple[str, str]:
    """The hidden fields of list page `number`: the state, and the mark that it was not tampered with."""
    state = base64.b64encode(f"/wEPDwUKLTYxOTkwMTtQYWdlOw=={number:04d}".encode()).decode()
    return state, hashlib.sha256(state.encode()).hexdigest()[:32].upper()


def postback_page(name: str, lines: Sequence[Line], number: int, pages: int, total: int) -> str:
    state, valid = viewstate(number)
    turn = """<a href="javascript:__doPostBack('MoreInfoList1$Pager','{0}')">{0}</a>"""
    links = " ".join(f"<font color=red>{k}</font>" if k == number else turn.format(k) for k in range(1, pages + 1))
    script = (
        "<script>function __doPostBack(t,a){var f=document.Form1;f.__EVENTTARGET.value=t;"
        "f.__EVENTARGUMENT.value=a;f.submit();}</script>"
    )
    hidden = {
        "__EVENTTARGET": "",
        "__EVENTARGUMENT": "",
        "__VIEWSTATE": state,
        "__VIEWSTATEGENERATOR": "61990101",
        "__EVENTVALIDATION": valid,
    }
    fields = "\n".join(
        f'<input type="hidden" name="{key}" id="{key}" value="{value}" />' for key, value in hidden.items()
    )
    return page(
        name,
        f'<form name="Form1" method="post" action="MoreInfo.aspx?CategoryNum=012001" id="Form1">\n{fields}\n{script}\n'
        f'<table id="MoreInfoList1_tdcontent" width="778" align="center">\n{rows_html(lines)}\n</table>\n'
        f'<div id="MoreInfoList1_Pager">记录总数：{total} 总页数：{pages} 当前页：{number} {links}</div></form>',
    )


def detail_page(
    article: Article,
    parts: Sequence[Part],
    number: int,
    count: int,
    names: Sequence[str],
    beside: Sequence[File],
    charset: str,
) -> str:
    """Page `number` of an article; `names` are the file names of its pages."""
    dated = article.dated_on
    box = [
        ("索引号", article.index_number),
        ("发文机关", article.office),
        ("文号", article.number),
        ("成文日期", f"{dated:%Y-%m-%d}" if dated else ""),
    ]
    line = "　".join(f"{label}：{escape(value)}" for label, value in box)
    last = number == count
    byline = f"<p>（作者：{article.author}　责任编辑：{article.editor}）</p>\n" if last and article.author else ""
    files = "".join(f'<br>相关附件：<a href="{f.href}">{escape(f.name)}</a>' for f in beside) if last else ""
    foot = ""
    if count > 1:
        links = " ".join(str(k) if k == number else f'<a href="{names[k - 1]}">{k}</a>' for k in range(1, count + 1))
        foot = f'<div align="center">本新闻共{count}页,当前在第{number}页 {links}</div>\n'
    return page(
        article.title,
        f"""<table width="778" align="center"><tr><td>
<table width="100%">
<tr><td align="center"><b><font size="5" color="#cc0000">{escape(article.title)}</font></b></td></tr>
<tr><td align="center">作者：{article.author} 来源：{article.source_name}
点击数：<script src="/Click.asp?NewsID=61"></script>
更新时间：{article.published_on}</td></tr>
<tr><td>{line}</td></tr>
<tr><td class="nr" style="{_STYLE}">
{body_html(parts)}
{byline}{foot}</td></tr>
<tr><td>{files}</td></tr>
<tr><td align="right">【打印此页】【关闭】</td></tr></table>
</td></tr></table>""",
        charset,
    )
