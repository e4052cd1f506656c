"""What a file is: its first bytes decide, then its name, then what the server called it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

import olefile

from crawler.extract.attached.outcome import UnreadableError

#: Kinds that have a reader, and their media types (IANA; OFD: GB/T 33190).
READ: Final = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "rtf": "application/rtf",
    "zip": "application/zip",
    "csv": "text/csv",
    "txt": "text/plain",
    "html": "text/html",
    "mhtml": "multipart/related",
    "xml": "application/xml",
}
#: Kinds that are kept and not read: media type, and why there is no text.
UNREAD: Final = {
    "rar": ("application/vnd.rar", "a RAR archive, which is kept but not opened"),
    "7z": ("application/x-7z-compressed", "a 7z archive, which is kept but not opened"),
    "gzip": ("application/gzip", "a gzip archive, which is kept but not opened"),
    "jpg": ("image/jpeg", "a picture: it holds no text that could be taken out"),
    "png": ("image/png", "a picture: it holds no text that could be taken out"),
    "gif": ("image/gif", "a picture: it holds no text that could be taken out"),
    "tif": ("image/tiff", "a picture: it holds no text that could be taken out"),
    "bmp": ("image/bmp", "a picture: it holds no text that could be taken out"),
    "webp": ("image/webp", "a picture: it holds no text that could be taken out"),
    "audio": ("audio/mpeg", "a sound recording"),
    "video": ("video/mp4", "a film"),
    "ppt": ("application/vnd.ms-powerpoint", "slides in PowerPoint's old format, which is not read"),
    "pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "slides, which are not read",
    ),
    "xlsb": (
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "a workbook in Excel's binary format, which is not read",
    ),
    "odf": ("application/vnd.oasis.opendocument.text", "an OpenDocument file, which is not read"),
    "ceb": ("application/x-ceb", "a CEB file, a closed format that only its maker's program reads"),
    "works": ("application/vnd.ms-works", "a file of an old word processor (WPS or Works), which is not read"),
    "encrypted": ("application/x-ole-storage", "protected by a password"),
    "ole": ("application/x-ole-storage", "an Office container without a document that is known here"),
    "program": ("application/octet-stream", "a program, no document"),
    "unknown": ("application/octet-stream", "of no kind that is known here"),
    "empty": ("application/x-empty", "empty: the file has no bytes"),
}
_MAGIC: Final = (
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n", "png"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"ID3", "audio"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"Founder CEB", "ceb"),
)
_STREAMS: Final = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("MatOST", "works"),
    ("CONTENTS", "works"),
)
_MEMBERS: Final = (
    ("OFD.xml", "ofd"),
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "odf"),
)
_HTML: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]{0,200}>|<!--(?:(?!-->).){0,2000}-->)*"
    rb"<(?:!doctype\s+html|html|head|body|script|meta|table|title|div)\b",
    re.I | re.S,
)
_BEGINNING: Final = 4096
_TEXT_NAMES: Final = {"txt": "txt", "csv": "csv", "tsv": "csv", "text": "txt", "md": "txt", "log": "txt"}
_TEXT_TYPES: Final = {"text/plain": "txt", "text/csv": "csv", "text/tab-separated-values": "csv"}


def suffix_of(name: str) -> str:
    """The suffix of a name, lower case, without its dot; "" for none."""
    stem, dot, suffix = name.strip().rpartition(".")
    return suffix.lower() if dot and stem and len(suffix) <= 5 else ""


def by_magic(data: bytes) -> str:
    """The kind of files whose first bytes say it all; "" for others."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "") if data else "empty"


def kind_of(data: bytes, name: str = "", media_type: str = "") -> str:
    """A key of READ or UNREAD. Raises UnreadableError for a package so damaged that it cannot be told what is in it."""
    if kind := by_magic(data):
        return kind
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _in_container(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _in_package(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return "video"
    return _without_magic(data, suffix_of(name), media_type)


def _without_magic(data: bytes, suffix: str, media_type: str) -> str:
    beginning = data[:_BEGINNING]
    if _HTML.match(beginning):
        return "html"
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return "xml"
    if beginning[:200].lower().startswith((b"mime-version:", b"from: <saved by")):
        return "mhtml"
    if _is_text(beginning):
        stated = media_type.partition(";")[0].strip().lower()
        return _TEXT_NAMES.get(suffix) or _TEXT_TYPES.get(stated) or "txt"
    if data[:2] == b"BM" and suffix == "bmp":
        return "bmp"
    if suffix in ("wps", "et", "dps"):
        return "works"
    return "ceb" if suffix == "ceb" else "unknown"


def _is_text(beginning: bytes) -> bool:
    """No control character that text does not have, unless a mark says that it is UTF-16."""
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not beginning.translate(None, bytes(range(32, 256))).strip(b"\t\n\x0b\x0c\r\x1a\x1b\x08")


def _in_container(data: bytes) -> str:
    """What lies in an OLE compound file (MS-CFB). WPS Office keeps .wps and .et in the same way as Word and Excel."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return next((kind for stream, kind in _STREAMS if container.exists(stream)), "ole")
    except Exception as error:
        raise UnreadableError("damaged: the Office container cannot be opened") from error


def _in_package(data: bytes) -> str:
    """What lies in a ZIP package: a document by the part it must have, otherwise an archive of files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except Exception as error:
        raise UnreadableError("damaged or cut off: the ZIP directory at its end is missing or wrong") from error
    return next((kind for part, kind in _MEMBERS if part in names), "zip")
