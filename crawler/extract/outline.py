"""A page as lines of text, and its elements as ranges of those lines: one walk over the tree serves every question.

A container is a half-open range [start, end) of lines, so that what an element holds (its text, its share of links, its
paragraphs) is a difference of running sums, and what stands before and after the body is what its range leaves over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from lxml import etree

from crawler.extract.lines import Line

SKIPPED = frozenset(
    "script style noscript template select button textarea svg iframe object video audio canvas head datalist "
    "rp".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul ucapcontent noframes marquee".split()
)
HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BOLD = frozenset("b strong h1 h2 h3 h4 h5 h6 th".split())
#: The elements that make lines, links and images; all others (span, font) only hold text.
_SHAPING = BLOCKS | _BOLD | {"a", "br", "img"}


@dataclass(slots=True)
class Span:
    """An element and the lines in it; what is under it are the spans after it as far as number `stop`.

    `name` is its id and its class, as written, with a blank between; "" where it has neither.
    """

    element: Any
    tag: str
    name: str
    start: int
    end: int
    stop: int = 0
    keeps: bool = False  # its line ends are the page's own


@dataclass(slots=True)
class Anchor:
    """A link, the lines [line, end) it stands on (end == line: within one line), and its text once asked for."""

    element: Any
    line: int
    end: int
    text: str = ""


@dataclass(slots=True)
class Outline:
    """The lines of a page (parallel lists), its block elements in document order, its links and images.

    `text_sum[i]`, `link_sum[i]` are characters in the lines before line i.
    """

    texts: list[str] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    owners: list[Any] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    images: list[tuple[int, Any]] = field(default_factory=list)
    text_sum: list[int] = field(default_factory=list)
    link_sum: list[int] = field(default_factory=list)
    aligned: dict[Any, bool | None] = field(default_factory=dict)
    asked: dict[int, Line] = field(default_factory=dict)

    def line(self, index: int) -> Line:
        """Line `index` as the readers of lines want it; several of them ask for the same one."""
        if index not in self.asked:
            self.asked[index] = self._line(index)
        return self.asked[index]

    def _line(self, index: int) -> Line:
        owner = self.owners[index]
        size = len(self.texts[index])
        tag = owner.tag if isinstance(owner.tag, str) else ""
        return Line(
            self.texts[index],
            tag=tag,
            level=HEADINGS.get(tag, 0),
            link_share=min(1.0, self.links[index] / size) if size else 0.0,
            bold=self.bold[index],
            centered=_centered(owner, self.aligned),
        )

    def lines(self, start: int, end: int) -> list[Line]:
        return [self.line(index) for index in range(start, end)]

    def size(self, start: int, end: int) -> int:
        return self.text_sum[end] - self.text_sum[start]

    def linked(self, start: int, end: int) -> int:
        return self.link_sum[end] - self.link_sum[start]


def path_of(element: Any, depth: int = 8) -> str:
    """The classes and ids of an element and its containers, innermost first, lower case."""
    names = []
    while element is not None and depth:
        for key in ("id", "class"):
            if name := element.get(key):
                names.append(name.lower())
        element = element.getparent()
        depth -= 1
    return " ".join(names)


def _centered(element: Any, known: dict[Any, bool | None]) -> bool:
    """Whether an element is centred, by itself or by one of the two around it; `known` remembers what was looked up."""
    for _ in range(3):
        if element is None:
            return False
        if element not in known:
            known[element] = _alignment(element)
        found = known[element]
        if found is not None:
            return found
        element = element.getparent()
    return False


def _alignment(element: Any) -> bool | None:
    """True: centred, False: set otherwise, None: the element does not say."""
    style = (element.get("style") or "").lower().replace(" ", "")
    align = (element.get("align") or "").lower()
    if element.tag == "center" or align == "center" or "text-align:center" in style:
        return True
    return False if align or "text-align" in style else None


def is_hidden(element: Any) -> bool:
    style = element.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    return element.get("hidden") is not None or "ng-hide" in (element.get("class") or "")


class _Walk:
    """A walk under way: text is collected until a block begins or ends, then kept as a line."""

    __slots__ = ("bold", "bolds", "linked", "links", "open", "outline", "parts", "spans")

    def __init__(self) -> None:
        self.outline = Outline()
        self.parts: list[str] = []
        self.open: list[Anchor] = []
        self.spans: list[Span] = []  # the open ones
        self.links = self.linked = 0  # open links; characters inside links on this line
        self.bold = self.bolds = 0

    def write(self, text: str) -> None:
        """Text as it stands; where the page keeps its own line ends (pre, white-space: pre-line), they are kept."""
        if "\n" in text and self.spans and self.spans[-1].keeps:
            *whole, text = text.split("\n")
            for part in whole:
                self._add(part)
                self.flush(self.spans[-1].element)
        self._add(text)

    def _add(self, text: str) -> None:
        self.parts.append(text)
        if self.links or self.bold:
            size = len(text.strip())
            self.linked += size if self.links else 0
            self.bolds += size if self.bold else 0

    def flush(self, owner: Any) -> None:
        text = " ".join("".join(self.parts).split())
        self.parts.clear()
        if text:
            outline = self.outline
            outline.texts.append(text)
            outline.links.append(self.linked)
            outline.bold.append(self.bolds * 10 >= len(text) * 9)
            outline.owners.append(owner)
        self.linked = self.bolds = 0

    def start(self, element: Any, tag: str) -> None:
        """An element that shapes lines begins; others only hold text."""
        outline = self.outline
        if tag in BLOCKS or tag == "br":
            if self.parts:
                self.flush(self.spans[-1].element if self.spans else element)
            if tag != "br":
                at = len(outline.texts)
                span = Span(element, tag, _name_of(element), at, at, 0, _keeps_line_ends(element, tag))
                outline.spans.append(span)
                self.spans.append(span)
        elif tag == "a":
            self.links += 1
            anchor = Anchor(element, len(outline.texts), 0)
            outline.anchors.append(anchor)
            self.open.append(anchor)
        elif tag == "img":
            outline.images.append((len(outline.texts), element))
        if tag in _BOLD:
            self.bold += 1

    def end(self, tag: str) -> None:
        if tag in BLOCKS:
            span = self.spans.pop()
            if self.parts:
                self.flush(span.element)
            span.end = len(self.outline.texts)
            span.stop = len(self.outline.spans)
        elif tag == "a":
            self.links -= 1
            self.open.pop().end = len(self.outline.texts)
        if tag in _BOLD:
            self.bold -= 1


def outline_of(root: Any, *, hidden: bool = False) -> Outline:
    """Walk the tree once. `hidden`: also what the page hides by its own style attributes."""
    walk = _Walk()
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: Any = None
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if (tag in SKIPPED and not _is_text(element)) or (not hidden and is_hidden(element)):
                walker.skip_subtree()
                skipped = element
                continue
            if tag in _SHAPING:
                walk.start(element, tag)
            if text := element.text:
                walk.write(text)
        else:
            if element is skipped:
                skipped = None
            elif tag in _SHAPING:
                walk.end(tag)
            if tail := element.tail:
                walk.write(tail)
    outline = walk.outline
    walk.flush(root)
    outline.text_sum = [0, *accumulate(map(len, outline.texts))]
    outline.link_sum = [0, *accumulate(outline.links)]
    return outline


def _name_of(element: Any) -> str:
    identity, given = element.get("id"), element.get("class")
    return f"{identity or ''} {given or ''}" if identity or given else ""


def _is_text(element: Any) -> bool:
    """Whether a form field is there to be read: letters to offices and their answers stand in such."""
    return element.tag == "textarea" and (element.get("readonly") is not None or element.get("disabled") is not None)


def _keeps_line_ends(element: Any, tag: str) -> bool:
    if tag in ("pre", "xmp"):
        return True
    style = element.get("style")
    return bool(style and "white-space" in style and "pre" in style.split("white-space", 1)[1][:12])
