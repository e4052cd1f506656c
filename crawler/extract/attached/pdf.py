"""PDF by PDFium, which knows the Chinese encodings (GBK-EUC, UniGB ...) that files without embedded fonts rely on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdfium2 import PdfiumError

from crawler.extract.attached.outcome import SOON, Limits, UnreadableError


def read_pdf(data: bytes, limits: Limits) -> tuple[list[str], int]:
    """The texts of the pages, in order, as far as the limits; and how many there are."""
    until = time.monotonic() + SOON * limits.seconds
    try:
        document = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableError("protected by a password") from error
        raise UnreadableError("damaged or cut off: the PDF cannot be opened") from error
    try:
        return list(_pages(document, limits, until)), len(document)
    finally:
        document.close()


def _pages(document: Any, limits: Limits, until: float) -> Iterator[str]:
    left = limits.characters
    for number in range(min(len(document), limits.pages)):
        if left <= 0 or time.monotonic() > until:
            return
        text = _text(document, number)
        left -= len(text)
        yield text


def _text(document: Any, number: int) -> str:
    """The text of a page; "" for a damaged one, so that the others keep their numbers."""
    try:
        page = document[number]
        try:
            words = page.get_textpage()
            try:
                # U+FFFE stands for a hyphen that only parts a word at the end of a line.
                return str(words.get_text_bounded()).replace("\ufffe\r\n", "").replace("\ufffe", "")
            finally:
                words.close()
        finally:
            page.close()
    except PdfiumError:
        return ""
