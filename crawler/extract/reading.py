"""From an opened page to a Harvest: what kind of page it is, and read as that kind is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from bulletin.errors import ReadingError
from bulletin.harvest import Doubt, Evidence, Harvest
from bulletin.source import Source
from bulletin.text.issues import parse_issue
from bulletin.text.script import script_of
from crawler.extract.article import Body, find_body, pictured, worths_of
from crawler.extract.boxes import box_on
from crawler.extract.composing import READ_BY, language_of, read_article
from crawler.extract.contents import MOST_NAMED, contents_in, contents_listed, documents_named
from crawler.extract.decoding import decode
from crawler.extract.embedded import embedded_article, embedded_list, recorded_list
from crawler.extract.headline import Title, find_title, shown_title
from crawler.extract.kind import is_list, prose_in
from crawler.extract.listing import Listing, find_listing, says_empty
from crawler.extract.mending import mended
from crawler.extract.outline import Outline, outline_of
from crawler.extract.page import Page, open_page, second_opinion
from crawler.extract.parts import Parts, given_body, take_apart
from crawler.extract.rendered import read_rendered
from crawler.extract.webarchive import first_page

#: Worth of a body, and characters of a text, below which a page may be something else than an article.
_THIN: Final = 30


def read_page(page: Page, *, source: Source | None = None, container: Any = None) -> Harvest:
    """Read an HTML page nobody told us about. Pure; never fails.

    `container` is the element a family knows to be the body; without it the body is found.
    """
    outline = outline_of(page.root)
    if outline.size(0, len(outline.texts)) < 40 and len(page.text) > 150:
        outline = _fuller(page, outline)
    mend = mended(page, outline)
    return _read(mend.page, mend.outline, source, container, mend.received)


def _read(page: Page, outline: Outline, source: Source | None, container: Any, received: Outline | None) -> Harvest:
    title = find_title(page, outline)
    worths = worths_of(outline, title.start if title else None)
    body = given_body(outline, container) or find_body(outline, worths)
    if body and (title is None or title.confidence < 0.6):
        title = shown_title(page, outline, body.start) or title
    parts = take_apart(page, outline, title, body)
    if container is None:
        boxed = sum(bool(entry.value) for entry in parts.block.entries) >= 2
        is_one, listing = is_list(page, outline, worths, parts.title, body, boxed, lambda: _listing(page, outline))
        if is_one and (contents := contents_listed(title, outline, listing)) is not None:
            return _read_contents(take_apart(page, outline, title, contents), contents, source, received)
        if is_one:
            return _read_list(page, outline, title, listing)
    if body is None or sum(worth for worth in worths[body.start : body.end] if worth > 0) < _THIN:
        return _read_thin(parts, title, source, received)
    return read_article(parts, source, received)


def _read_thin(parts: Parts, title: Title | None, source: Source | None, received: Outline | None) -> Harvest:
    """A page with next to no text: drawn by a script, the contents of an issue, pictures, or as short as it seems."""
    page, outline = parts.page, parts.outline
    embedded = embedded_article(page)
    if embedded is not None:
        return _read_embedded(page, outline, title, embedded, source)
    if (contents := contents_in(outline)) is not None:
        return _read_contents(take_apart(page, outline, title, contents), contents, source, received)
    if (held := pictured(outline)) is not None:
        parts = take_apart(page, outline, title, held)
    harvest = read_article(parts, source, received)
    if len(harvest.text) >= _THIN or harvest.attachments or not parse_issue(title.text if title else ""):
        return harvest
    contents = contents_listed(title, outline, find_listing(page, outline))
    if contents is None:
        return harvest
    return _read_contents(take_apart(page, outline, title, contents), contents, source, received)


def _fuller(page: Page, outline: Outline) -> Outline:
    """A page with much source and no text may have lost it to a tag that is never closed."""
    other = outline_of(second_opinion(page.text))
    return other if other.size(0, len(other.texts)) > 2 * outline.size(0, len(outline.texts)) + 40 else outline


def _listing(page: Page, outline: Outline) -> Listing | None:
    """The list on the page; where it shows none with dates, the one in its scripts or comments."""
    listing = find_listing(page, outline)
    if listing and sum(bool(row.date) for row in listing.rows) >= 3:
        return listing
    hidden = embedded_list(page)
    if hidden is None and prose_in(outline.texts, worths_of(outline)) < _THIN:
        hidden = recorded_list(page)
    if hidden is None:
        return listing
    inner = outline_of(hidden)
    found = find_listing(page, inner)
    if found is None or (listing and listing.weight >= found.weight):
        return listing
    return replace(found, start=0, end=0)


def _read_list(page: Page, outline: Outline, title: Title | None, listing: Listing | None) -> Harvest:
    rows = listing.rows if listing and not (listing.weight < 4 and says_empty(outline)) else ()
    name = page.meta.get("columnname") or (title.text if title else None) or page.title or None
    doubts = page.doubts if rows else (*page.doubts, Doubt("rows", "a list page without rows"))
    confidence = min(1.0, 0.5 + (listing.weight if listing else 0) / 40)
    return Harvest(
        kind="list",
        title=name,
        rows=rows,
        language=language_of(page.text),
        script=script_of("\n".join(row.title for row in rows)),
        evidence=(("rows", Evidence("generic", round(confidence, 2))),) if rows else (),
        doubts=doubts,
        read_by=READ_BY,
    )


def _read_contents(parts: Parts, contents: Body, source: Source | None, received: Outline | None) -> Harvest:
    """The page of an issue that holds no more than its contents: the titles as text, and where they lead."""
    harvest = read_article(parts, source, received)
    named = documents_named(parts.page, parts.outline, contents)
    doubts = [Doubt("text", "contents of an issue; what its titles lead to is not part of it")]
    if len(named) > MOST_NAMED:
        doubts.append(
            Doubt("rows", f"{len(named)} documents are named; those behind the first {MOST_NAMED} are left out")
        )
    evidence = (*harvest.evidence, *((("rows", Evidence(contents.origin, contents.confidence)),) if named else ()))
    return replace(harvest, rows=named[:MOST_NAMED], evidence=evidence, doubts=(*doubts, *harvest.doubts))


def _read_embedded(page: Page, shell: Outline, title: Title | None, tree: Any, source: Source | None) -> Harvest:
    """An article drawn by a script: its text from the script, its title and head line from the page around it."""
    outline = outline_of(tree)
    body = Body(0, len(outline.texts), tree, "family", 0.8)
    harvest = read_article(take_apart(page, outline, None, body), source)
    around = read_article(
        Parts(
            page,
            shell,
            title,
            None,
            len(shell.texts),
            len(shell.texts),
            box_on(shell, range(min(120, len(shell.texts))))[0],
            frozenset(),
        ),
        source,
    )
    fields = {name: getattr(around, name) for name in _AROUND if getattr(around, name)}
    evidence = dict(harvest.evidence) | {name: found for name, found in around.evidence if name in fields}
    doubts = tuple(doubt for doubt in (*around.doubts, *harvest.doubts) if doubt.field not in ("text", "title"))
    return replace(harvest, **fields, evidence=tuple(evidence.items()), doubts=tuple(dict.fromkeys(doubts)))


_AROUND: Final = (
    "title number number_raw index_number office topic genre disclosure validity dated_on published_on published_at "
    "effective_on expires_on source_name editor reviewer block chrome"
).split()


def read_file(
    data: bytes, *, name: str, url: str = "", content_type: str = "", source: Source | None = None
) -> Harvest:
    """Read a saved file: HTML, a web page in MIME parts (.mhtml), or a text somebody rendered (.txt).

    The name proposes, the content decides. ReadingError for what is none of these.
    """
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix in ("mhtml", "mht") or data[:200].lower().startswith((b"mime-version:", b"from: <saved by")):
        data, content_type, url = first_page(data, url)
    elif data.startswith(_NOT_PAGES):
        raise ReadingError(
            f"no page: {_NOT_PAGES_NAMED}",
            "Give pages saved as .html, .htm, .mhtml or .txt; attach files of other kinds to their bulletin.",
        )
    elif suffix in ("txt", "text", "md") and b"<html" not in data[:2000].lower():
        return read_rendered(decode(data, content_type).text, url=url, source=source)
    return read_page(open_page(data, url=url, content_type=content_type), source=source)


_NOT_PAGES: Final = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc",
)
_NOT_PAGES_NAMED: Final = "it begins like a PDF, Office, picture or archive file"
