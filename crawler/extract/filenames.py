"""What an attached file is called: by the bulletin, by the server, by its address."""

from __future__ import annotations

import email.errors
import email.header
import re
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from crawler.extract.attachments import suffix_of
from crawler.extract.rawnames import decoded_name

#: Link texts that name no file.
_EMPTY_WORDS: Final = re.compile(
    r"(?:请|点击|点此|此处|这里|在线|查看|浏览|下载|地址|链接|附件|文件|全文|原文|正文|阅读|预览|打开|pdf|word|excel|doc|xls|ofd|版|格式|"
    r"download|click|here|file|attachment|[\d\W_])+",
    re.I,
)
_EXTENDED: Final = re.compile(r"""filename\*\s*=\s*["']?([\w.-]{1,40})'[^']{0,40}'([^;"']+)""", re.I)
_QUOTED: Final = re.compile(r"""filename\s*=\s*(?:"([^"]*)"?|'([^']*)'|([^;]+))""", re.I)
_ENCODED_WORD: Final = re.compile(r"=\?[\w.-]+\?[bq]\?[^?\s]*\?=", re.I)
_ESCAPE: Final = re.compile(r"%[0-9a-f]{2}", re.I)
_CHINESE: Final = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
#: Controls, and marks that turn the direction of writing: they make a name look like another.
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
_ENDS: Final = " \t\u3000\"'“”‘’<>"
#: Characters of a name that are kept; file systems take 255 bytes at most.
LONGEST: Final = 200


def file_name(*, text: str = "", url: str = "", disposition: str = "") -> str:
    """The name of a file, "" where nothing names it.

    `text` is what the bulletin's link says: it counts unless it only says "download here". Otherwise the server's
    Content-Disposition does, then a name in the query of the URL, then the last part of its path. A number (附件2) says
    more than a server's key (26ab.pdf), and less than a Chinese name.
    """
    spoken = " ".join(text.split())
    if names_a_file(spoken):
        return spoken
    sent = disposition_name(disposition) or url_name(url)
    numbered = any(map(str.isdecimal, spoken)) and not _CHINESE.search(sent)
    return spoken if numbered else sent or spoken


def names_a_file(text: str) -> bool:
    """Whether a link's words say more than that there is something to download."""
    return bool(text) and (bool(suffix_of(text)) or not _EMPTY_WORDS.fullmatch(text))


def disposition_name(header: str) -> str:
    """The file name in a Content-Disposition header (RFC 6266), "" for none.

    `filename*` names its encoding (RFC 8187); `filename` is taken as servers send it: percent-encoded in UTF-8 or GBK,
    in encoded words of mail (RFC 2047), or as raw bytes, which `header` carries as Latin-1 characters.
    """
    if extended := _EXTENDED.search(header):
        return _fit(decoded_name(unquote_to_bytes(extended[2].strip()), extended[1]))
    plain = _QUOTED.search(header)
    if not plain:
        return ""
    name = (plain[1] or plain[2] or plain[3] or "").strip()
    if _ENCODED_WORD.search(name):
        return _fit(_mail_words(name))
    return _fit(_unescaped(name))


def url_name(url: str) -> str:
    """The name a URL gives its file: a value in its query that ends as files do (a Chinese one first), or the last
    part of its path; "" for none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    values = (pair.partition("=")[2] for pair in re.split("[&;]", parts.query))
    named = [name for name in map(_fit, map(_unescaped, values)) if suffix_of(name)]
    named.sort(key=lambda name: not _CHINESE.search(name))
    last = _fit(_unescaped(parts.path.rpartition("/")[2]))
    return last if not named or (suffix_of(last) and _CHINESE.search(last)) else named[0]


def _unescaped(text: str) -> str:
    """Percent-encoding undone, also where it was done twice; raw bytes decoded."""
    for _ in range(2):
        if not _ESCAPE.search(text):
            break
        text = decoded_name(unquote_to_bytes(text.replace("+", " ").encode("utf-8", "surrogatepass")))
    try:
        return decoded_name(text.encode("latin-1"))
    except UnicodeEncodeError:
        return text


def _mail_words(name: str) -> str:
    try:
        return str(email.header.make_header(email.header.decode_header(name)))
    except (email.errors.MessageError, LookupError, UnicodeError, ValueError):
        return name


def _fit(name: str) -> str:
    """One line, without the folders before it, no longer than LONGEST; its suffix stays."""
    name = _UNFIT.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(_ENDS)
    if len(name) <= LONGEST:
        return name
    suffix = suffix_of(name)
    return f"{name[: LONGEST - len(suffix) - 1]}.{suffix}" if suffix else name[:LONGEST]
