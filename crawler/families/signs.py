"""From signs on a page to a likeness: several weak signs beat one strong one, and no sign is proof. Pure.

What speaks of a system is only what the system itself wrote: addresses on its own host, mark-up of its templates.
Links to other sites speak of those, and what an editor pasted came from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from crawler.extract.listing import href_of
from crawler.extract.page import Page
from crawler.families.family import Likeness


def likeness(signs: Mapping[str, float], most: float = 1.0) -> Likeness:
    """The likeness that signs make together: each takes its share (0 to 1) of the doubt that the others left.

    A sign with the weight 0 was looked for and not seen. `most` caps the score where something speaks against it.
    """
    doubt = 1.0
    for weight in signs.values():
        doubt *= 1 - weight
    seen = tuple(sign for sign, weight in signs.items() if weight)
    return Likeness(round(min(1 - doubt, most), 3), seen)


def links_of(page: Page, wanted: Callable[[str], bool]) -> int:
    """How many links to the page's own host lead to a wanted address; links are given as written."""
    return sum(wanted(link) for link in own_links(page))


def own_links(page: Page, tag: str = "a", attribute: str = "href") -> Iterator[str]:
    """The addresses that the elements of one tag carry, as written; those of other hosts are left out."""
    own = {_host(page.url), _host(page.meta.get("url", ""))} - {""}
    for element in page.root.iter(tag):
        link = href_of(element) if attribute == "href" else (element.get(attribute) or "").strip()
        if not own or _host(link) in ("", *own):
            yield link


def share(count: int, weight: float) -> float:
    """The weight of a sign that was seen `count` times: in full from three on, less than half for one or two."""
    return weight if count >= 3 else round(weight * 0.4, 2) if count else 0.0


def _host(url: str) -> str:
    """The host of an absolute address without `www.`; "" for a relative one, and for a name that is no full one."""
    if "//" not in url[:10]:
        return ""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return host if "." in host else ""
