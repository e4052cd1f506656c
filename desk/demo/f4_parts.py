"""What stands around the lists of practice site F4: the directory tree, rows, and thirty links that are none."""

from __future__ import annotations

import hashlib
from html import escape
from typing import Any

from desk.demo.markup import Line


def hexed(*names: object) -> str:
    return hashlib.md5("/".join(map(str, names)).encode(), usedforsecurity=False).hexdigest()


def directory() -> list[dict[str, Any]]:
    """Nine nodes; five are leaves with an address, of which one leads nowhere and one away."""
    nodes = [
        ("1", "0", "信息公开", ""),
        ("11", "1", "法定主动公开", ""),
        ("12", "1", "公开指南与年报", ""),
        ("111", "11", "政策文件", ""),
        ("1111", "111", "政府文件", "/yxx/zfwj/list.shtml"),
        ("112", "11", "工作简报", "/yxx/jb/list.shtml"),
        ("113", "11", "人事信息", "/yxx/rsxx/list.shtml"),
        ("121", "12", "公开年报", "/yxx/zfxxgk/null.shtml"),
        ("122", "12", "全市平台", "https://www.lanyuan.example/zfxxgk/"),
    ]
    return [
        {"id": key, "pId": parent, "name": name, **({"iframeurl": url} if url else {})}
        for key, parent, name, url in nodes
    ]


def row(line: Line) -> str:
    title = f' title="{escape(line.title)}"' if line.title else ""
    mark = "[置顶]" if line.pinned else ""
    day = f"<span>{line.day}</span>" if line.day else ""
    return f'<li><a href="{line.href}"{title} target="_blank">{mark}{escape(line.shown)}</a>{day}</li>'


def noise() -> str:
    """Thirty links in ordinary list items: special topics, friends, sibling columns."""
    topics = [f'<li><a href="/yxx/zt{k:02d}/index.shtml">专题：{k}月里的云岫</a></li>' for k in range(1, 13)]
    friends = [f'<li><a href="http://www.friend{k}.example/">友好县市之{k}</a></li>' for k in range(1, 11)]
    siblings = [f'<li><a href="/yxx/lm{k}/xlist.shtml">第{k}类公开事项</a></li>' for k in range(1, 9)]
    return f'<div class="side"><ul>{"".join(topics + friends + siblings)}</ul></div>'
