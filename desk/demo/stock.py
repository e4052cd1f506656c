"""The bulletins of one practice site, by column and place: which there are, where they stand, what is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final, TypedDict

from desk.demo.article import Article, File, Part
from desk.demo.composing import Draft, compose, day_of
from desk.demo.prose import Writer
from desk.demo.site import chance

#: What every practice site has in its fullest column, by place: a bulletin that also stands in another column, one
#: whose body is a file, a link to another site, a body with a table, a link to nothing, a sentence that looks like a
#: button, a row without a date, a title cut short with three dots, an old row held on top.
CROSS_POSTED: Final = 5
ONLY_A_FILE: Final = 7
OFF_SITE: Final = 9
TABLE: Final = 11
MISSING: Final = 13
SHARING: Final = 15
UNDATED: Final = 20
TRUNCATED: Final = 23
PINNED: Final = 40

OFF_SITE_URL: Final = "https://mp.weixin.qq.example/s/x"
OFF_SITE_TITLE: Final = "【视频】走进云岫采茶季"
MISSING_TITLE: Final = "关于撤销岫阳镇旧渡口的公告"


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened on the site since it was first seen.

    `grow` newer bulletins in the fullest column; `edit`, `retitle`, `withdraw` name bulletins as "tzgg/3".
    """

    grow: int = 0
    edit: Sequence[str] = ()
    retitle: Sequence[str] = ()
    withdraw: Sequence[str] = ()


class Switches(TypedDict, total=False):
    """The fields of `Changes`, as keywords of a practice site."""

    grow: int
    edit: Sequence[str]
    retitle: Sequence[str]
    withdraw: Sequence[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The shape of a site. `counts` are rows by column; `path` and `file` say where a bulletin and its files stand.

    `file` gets the bulletin's path, its draft, a slot (1 the body itself, 2 in the body, 3 beside it) and gives the
    file; `picture` gives the URL of a picture. `adapt` has the last word on every bulletin.
    """

    site: str
    host: str
    counts: Mapping[str, int]
    forms: Mapping[str, Sequence[str]]
    path: Callable[[str, int, date], str]
    file: Callable[[str, Draft, int, Writer], File]
    picture: Callable[[str], str]
    missing: str
    main: str = "tzgg"
    crossed: str = "gb"
    scaled: frozenset[str] = field(default_factory=frozenset)
    adapt: Callable[[Article, Draft, int], Article] = lambda article, draft, index: article


class Stock:
    """All bulletins of a plan, made when asked for. Places count from 0 (newest); grown ones are negative."""

    def __init__(self, plan: Plan, scale: int = 1, changes: Changes | None = None) -> None:
        self.plan, self.scale, self.changes = plan, scale, changes or Changes()
        self.article = lru_cache(maxsize=4096)(self._article)
        self.by_path: dict[str, tuple[str, int]] = {}
        for column in plan.counts:
            for index in self.order(column):
                if not self.odd(column, index):
                    self.by_path[self.path(column, index)] = (column, index)

    def count(self, column: str) -> int:
        scaled = not self.plan.scaled or column in self.plan.scaled
        return self.plan.counts[column] * (self.scale if scaled else 1)

    def order(self, column: str) -> list[int]:
        """The rows of a column as its list shows them: the one held on top, then newest first."""
        main = column == self.plan.main
        gone = {key.partition("/")[2] for key in self.changes.withdraw if key.startswith(f"{column}/")}
        rows = [k for k in range(-self.changes.grow if main else 0, self.count(column)) if str(k) not in gone]
        if main and PINNED in rows:
            rows.remove(PINNED)
            rows.insert(0, PINNED)
        return rows

    def odd(self, column: str, index: int) -> bool:
        """A row that leads to no bulletin of this site."""
        return column == self.plan.main and index in (OFF_SITE, MISSING)

    def special(self, column: str, index: int, place: int) -> bool:
        return column == self.plan.main and index == place

    def day(self, column: str, index: int) -> date:
        return day_of(index, self.count(column))

    def path(self, column: str, index: int) -> str:
        return self.plan.path(column, index, self.day(column, index))

    def url(self, path: str) -> str:
        return f"http://{self.plan.host}{path}"

    def changed(self, column: str, index: int) -> bool:
        key = f"{column}/{index}"
        return key in self.changes.edit or key in self.changes.retitle

    def _article(self, column: str, index: int) -> Article:
        path = self.path(column, index)
        if self.special(column, index, CROSS_POSTED):
            twin = self.article(self.plan.crossed, index)
            return replace(twin, key=f"{column}/{index}", column=column, url=self.url(path))
        key = f"{column}/{index}"
        forms = self.plan.forms[column]
        draft = compose(
            chance(self.plan.site, key), forms[index % len(forms)], self.day(column, index), self.count(column) - index
        )
        parts, files = self._content(column, index, path, draft)
        article = Article(
            key=key,
            url=self.url(path),
            column=column,
            title=draft.title + ("（修订）" if key in self.changes.retitle else ""),
            parts=parts,
            number=draft.number,
            index_number=draft.index_number,
            office=draft.office,
            topic=draft.topic,
            validity=draft.validity,
            dated_on=draft.dated_on,
            signed_on=draft.signed_on if any(part.kind == "signed" for part in parts) else None,
            published_on=draft.published_on,
            published_time=draft.time,
            author=draft.author,
            source_name=draft.source_name,
            editor=draft.editor,
            files=files,
        )
        return self.plan.adapt(article, draft, index)

    def _content(self, column: str, index: int, path: str, draft: Draft) -> tuple[tuple[Part, ...], tuple[File, ...]]:
        """The body with everything special about it, and the files that belong to it."""
        writer = Writer(chance(self.plan.site, column, index, "more"), draft.published_on)
        if self.special(column, index, ONLY_A_FILE):
            whole = self.plan.file(path, draft, 1, writer)
            return (files_line([whole], ""),), (whole,)
        parts = list(draft.parts)
        if self.special(column, index, TABLE):
            parts.insert(2, writer.table(6))
        if self.special(column, index, SHARING):
            parts.insert(len(parts) // 2, Part("paragraph", writer.sharing()))
        if f"{column}/{index}" in self.changes.edit:
            parts.insert(1, Part("paragraph", "（更正）" + writer.paragraph(2)))
        if index % 6 == 2:
            parts.insert(1, Part("image", rows=((self.plan.picture(path),),)))
        files = [self.plan.file(path, draft, slot, writer) for slot, each in ((2, 4), (3, 8)) if index % each == 0]
        if files:
            parts.append(files_line(files[:1]))
        return tuple(parts), tuple(files)


def files_line(files: Sequence[File], label: str = "附件：") -> Part:
    """A link to each file, as it stands at the end of a body."""
    return Part(
        "files", label + "；".join(file.name for file in files), tuple((f.name, f.href or f.url) for f in files)
    )
