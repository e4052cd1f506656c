"""A body's parts as HTML, the way editors of county sites leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import Final

from desk.demo.article import Part

_ROLES: Final = {
    "paragraph": '<p style="text-indent: 2em;">{}</p>',
    "salutation": "<p>{}</p>",
    "heading": '<p style="text-indent: 2em;"><strong>{}</strong></p>',
    "subheading": '<p style="text-indent: 2em;"><strong>{}</strong></p>',
    "signature": '<p style="text-align: right;">{}</p>',
    "signed": '<p style="text-align: right;">{}</p>',
    "caption": '<p style="text-align: center;">{}</p>',
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list page: `title` goes into the attribute ("" for none), `shown` into the link."""

    href: str
    shown: str
    title: str = ""
    day: str = ""
    pinned: bool = False


@cache
def _template(name: str) -> Template:
    return Template(resources.files("desk.demo.templates").joinpath(name).read_text("utf-8"))


def filled(name: str, /, **values: object) -> str:
    """The template of that name with its places filled; a place without a value is an error."""
    return _template(name).substitute(values)


def body_html(parts: Sequence[Part], *, img: str = "", roles: dict[str, str] | None = None) -> str:
    """The parts as a run of blocks, one a line. `img` are further attributes of every picture."""
    known = {**_ROLES, **(roles or {})}
    return "\n".join(_block(part, img, known) for part in parts)


def _block(part: Part, img: str, roles: dict[str, str]) -> str:
    if part.kind == "table":
        return table_html(part.rows)
    if part.kind == "image":
        return f'<p style="text-align: center;"><img src="{escape(part.rows[0][0])}" alt="" {img}/></p>'
    if part.kind == "files":
        links = escape(part.text)
        for name, url in part.rows:
            links = links.replace(escape(name), f'<a href="{escape(url)}" target="_blank">{escape(name)}</a>')
        return f"<p>{links}</p>"
    return roles[part.kind].format(escape(part.text, quote=False))


def table_html(rows: Sequence[Sequence[str]], attributes: str = 'border="1" cellspacing="0" width="100%"') -> str:
    lines = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return f"<table {attributes}><tbody>\n" + "\n".join(lines) + "\n</tbody></table>"


def metas(pairs: Sequence[tuple[str, str]]) -> str:
    """Meta tags with name and content, in order."""
    return "\n".join(f'<meta name="{name}" content="{escape(content)}">' for name, content in pairs)
