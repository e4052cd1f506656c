"""Pieces of mark-up as publishing systems cut them out of their pages: rows without a table, tags never closed."""

from __future__ import annotations

from typing import Any, Final

import lxml.etree
import lxml.html
from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup
from lxml.html import soupparser

#: Longer pieces go to lxml's own parser: BeautifulSoup is thorough, but slow.
_SHORT: Final = 64_000


def fragment(markup: str) -> Any:
    """A document whose `body/div` holds the piece. Never fails; what no parser takes gives an empty body.

    BeautifulSoup keeps a table row that stands without its table, as records of lists do; lxml alone would drop its
    cells and run their texts together.
    """
    page = f"<html><body><div>{markup}</div></body></html>"
    root = _by_soup(page) if len(page) <= _SHORT else None
    return root if root is not None else _by_lxml(page)


def _by_soup(page: str) -> Any:
    try:
        root = soupparser.convert_tree(BeautifulSoup(page, "html.parser"))[0]
    except (ParserRejectedMarkup, ValueError, AssertionError, RecursionError, IndexError):
        return None
    lxml.etree.strip_elements(root, lxml.etree.Comment, lxml.etree.ProcessingInstruction, with_tail=False)
    return root if root.find("body/div") is not None else None


def _by_lxml(page: str) -> Any:
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(page, parser=parser)
    except (lxml.etree.ParserError, ValueError):
        return lxml.html.document_fromstring("<html><body></body></html>")
