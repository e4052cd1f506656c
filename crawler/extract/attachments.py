"""The files that belong to a bulletin: links in its body and in the boxes beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bulletin.harvest import Attachment
from bulletin.ids import canonical_url
from crawler.extract.listing import href_of
from crawler.extract.outline import Outline
from crawler.extract.page import Page

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "et": "application/vnd.ms-excel",
    "csv": "text/csv",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "dps": "application/vnd.ms-powerpoint",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "ceb": "application/x-ceb",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}
_IMAGES = frozenset("jpg jpeg png gif tif tiff".split())
#: Without any of these a URL names no file.
_DOTTED = re.compile(rf"(?:\.|%2e|%25)(?:{'|'.join(MEDIA_TYPES)}|%)", re.I)
_SUFFIX = re.compile(r"\.([a-z0-9]{2,5})$", re.I)
_NAMED = re.compile(r"附件|附表|附图|下载")
#: Boxes for attachments beside the body (field guide, 8).
_BOX = re.compile(
    r"(?:^|[\s_-])(?:fjxx|article-fj|fj-?\w*|filedown|filetable|grdfilelist|trattach|attach\w*|pfileattach|xl-fjxz|filelist|"
    r"ewb-file\w*|file-?box|xgfj|enclosure)(?:$|[\s_-])"
)
_SCRIPTED = re.compile(r"download|attach|downfile|getfile|fileid|/files?/", re.I)
_VIEWER = re.compile(r"[?&](?:file|url|src|path)=([^&#]+)", re.I)


def suffix_of(name: str) -> str:
    """The file suffix of a name or a URL without query, lower case; "" where it is none we know."""
    found = _SUFFIX.search(name.strip())
    return found[1].lower() if found and found[1].lower() in MEDIA_TYPES else ""


def url_suffix(url: str) -> str:
    """The suffix of the file a URL leads to, also where it stands in the query (downfile.jsp?filename=a.pdf)."""
    if not _DOTTED.search(url):
        return ""
    try:
        parts = urlsplit(url)
        return suffix_of(unquote(parts.path)) or next(
            (found for _, value in parse_qsl(parts.query) if (found := suffix_of(value))), ""
        )
    except ValueError:
        return ""


def read_attachments(page: Page, outline: Outline, start: int, end: int, element: Any) -> tuple[Attachment, ...]:
    """The attachments of the body on the lines [start, end), in page order, each URL once.

    Beside the body only links to documents count, near it or in a box made for them; pictures only where the body is
    nothing but pictures.
    """
    found: dict[str, Attachment] = {}
    for anchor in outline.anchors:
        inside = start <= anchor.line < end
        if not (inside or start - 12 <= anchor.line < end + 25):
            continue
        attachment = _linked(page, anchor.element, inside=inside)
        if attachment:
            found.setdefault(attachment.url, attachment)
    for attachment in files_shown(page, element):
        found.setdefault(attachment.url, attachment)
    if not found and outline.size(start, end) < 40:
        for attachment in _pictured(page, outline, element):
            found.setdefault(attachment.url, attachment)
    return tuple(found.values())


def _linked(page: Page, link: Any, *, inside: bool) -> Attachment | None:
    href = href_of(link)
    if not href:
        return None
    text = " ".join("".join(link.itertext()).split()) or (link.get("title") or "").strip()
    suffix = url_suffix(href)
    spoken = suffix_of(text) or suffix_of(link.get("title") or "") or suffix_of(link.get("download") or "")
    if suffix in _IMAGES:
        if not (_NAMED.search(text) or spoken in _IMAGES):
            return None
    elif not suffix and not spoken and not (_SCRIPTED.search(href) and _NAMED.search(text)):
        return None
    if not inside and not (_in_box(link) or _NAMED.search(text) or spoken or suffix not in ("", "txt", *_IMAGES)):
        return None
    name = text or (link.get("title") or "").strip() or unquote(urlsplit(href).path.rsplit("/", 1)[-1])
    return Attachment(name, _address(page, href), MEDIA_TYPES.get(suffix or spoken, ""))


def _address(page: Page, href: str) -> str:
    """Where a file lies, with blanks and Chinese names escaped as a browser does it; a bad one stays as it is."""
    url = page.resolve(href)
    try:
        return canonical_url(url)
    except ValueError:
        return url


def _in_box(link: Any) -> bool:
    for _, parent in zip(range(5), link.iterancestors(), strict=False):
        names = f"{parent.get('class') or ''} {parent.get('id') or ''}".lower()
        if len(names) > 1 and _BOX.search(names):
            return True
    return False


def files_shown(page: Page, element: Any) -> Iterator[Attachment]:
    """Documents shown by a viewer inside an element."""
    for node in element.iter("iframe", "embed", "object"):
        href = (node.get("src") or node.get("data") or "").strip()
        shown = _VIEWER.search(href)
        if shown and url_suffix(unquote(shown[1])):
            href = unquote(shown[1])
        suffix = url_suffix(href)
        if suffix and suffix not in _IMAGES and suffix not in ("mp3", "mp4"):
            name = (node.get("title") or "").strip() or unquote(urlsplit(href).path.rsplit("/", 1)[-1])
            yield Attachment(name, _address(page, href), MEDIA_TYPES[suffix])


def _pictured(page: Page, outline: Outline, element: Any) -> Iterator[Attachment]:
    """The page images of a bulletin that was scanned."""
    for node in element.iter("img"):
        href = (node.get("src") or node.get("data-src") or "").strip()
        suffix = url_suffix(href)
        if suffix in _IMAGES and not href.startswith("data:"):
            name = (node.get("alt") or node.get("title") or "").strip()
            yield Attachment(
                name or unquote(urlsplit(href).path.rsplit("/", 1)[-1]), _address(page, href), MEDIA_TYPES[suffix]
            )
