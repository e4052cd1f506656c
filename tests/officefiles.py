"""Files as bulletins carry them, made here byte by byte: old Word and Excel in their container, docx, OFD, PDF, ZIP."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return out.getvalue()


def gbk_zip(members: Mapping[str, bytes]) -> bytes:
    """An archive as Chinese programs make it: names in GBK, and nothing that says so."""
    stand_ins = {f"{number:0{len(name.encode('gbk'))}d}": name for number, name in enumerate(members)}
    data = zipped({stand_in: members[name] for stand_in, name in stand_ins.items()})
    for stand_in, name in stand_ins.items():
        data = data.replace(stand_in.encode(), name.encode("gbk"))
    return data


def docx(body: str, *, before: str = "", **parts: str) -> bytes:
    """A document with `body` as WordprocessingML; `parts` are further members of word/ by their stems."""
    named = {f"word/{name}.xml": text for name, text in parts.items()}
    document = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **named})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def ofd(pages: Sequence[Sequence[tuple[float, float, str]]]) -> bytes:
    """A document of fixed layout; each page holds (left, top, text) in millimetres, characters 5 mm high and wide."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    members = {
        "OFD.xml": f"<ofd:OFD {space}>{body}</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, pieces in enumerate(pages):
        objects = "".join(
            f'<ofd:TextObject Boundary="{left} {top} {5 * len(text)} 5" Size="5">'
            f'<ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
            for left, top, text in pieces
        )
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zipped(members)


def doc(pieces: Sequence[tuple[str, bool]], *, flags: int = 0x0200, version: int = 0x00C1) -> bytes:
    """A binary Word document; each piece is (text, whether its characters have one byte)."""
    main = bytearray(0x400)
    struct.pack_into("<6H", main, 0, 0xA5EC, version, 0, 0x0804, 0, flags)
    ends, places = [0], []
    for text, narrow in pieces:
        if len(main) % 2:
            main += b"\0"
        places.append((len(main) * 2) | 0x40000000 if narrow else len(main))
        main += text.encode("cp1252" if narrow else "utf-16-le")
        ends.append(ends[-1] + len(text))
    plc = struct.pack(f"<{len(ends)}I", *ends) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    table = b"\x01\x02\x00\xaa\xbb\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<2I", main, 0x1A2, 0, len(table))
    return compound({"WordDocument": bytes(main), "1Table": table})


def old_doc(text: str) -> bytes:
    """A Word 95 document: one run of bytes in GBK."""
    run = text.encode("gbk")
    main = bytearray(0x300)
    struct.pack_into("<6H", main, 0, 0xA5DC, 0x0068, 0, 0x0804, 0, 0)
    struct.pack_into("<2I", main, 0x18, len(main), len(main) + len(run))
    return compound({"WordDocument": bytes(main) + run})


def xls(sheet: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of one sheet (BIFF8)."""
    texts = list(dict.fromkeys(cell for row in rows for cell in row if isinstance(cell, str)))
    shared = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    start = _record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0)) + _record(0x42, struct.pack("<H", 1200))
    rest = _record(0xFC, struct.pack("<2I", len(texts), len(texts)) + shared) + _record(0x0A, b"")
    offset = len(start) + 4 + 6 + len(name) + len(rest)
    book = start + _record(0x85, struct.pack("<IH", offset, 0) + name) + rest
    cells = b""
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, str):
                cells += _record(0xFD, struct.pack("<3HI", y, x, 0, texts.index(cell)))
            else:
                cells += _record(0x203, struct.pack("<3Hd", y, x, 0, cell))
    sheet_part = _record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0)) + cells + _record(0x0A, b"")
    return compound({"Workbook": book + sheet_part})


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<2H", number, len(data)) + data


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file (MS-CFB, version 3) whose streams are all long enough to lie in sectors of their own."""
    padded = {name: data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0") for name, data in streams.items()}
    fat, starts = [_FAT], {}
    for name, data in padded.items():
        starts[name] = len(fat)
        count = len(data) // _SECTOR
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
    directory_at = len(fat)
    entries = [_entry("Root Entry", 5, 1 if streams else _FREE, _END, 0)]
    names = list(padded)
    for number, name in enumerate(names):
        right = number + 2 if number + 1 < len(names) else _FREE
        entries.append(_entry(name, 2, _FREE, starts[name], len(padded[name]), right))
    directory = b"".join(entries)
    directory = directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0")
    count = len(directory) // _SECTOR
    fat += [*range(directory_at + 1, directory_at + count), _END]
    assert len(fat) <= 128, "one sector of the allocation table is enough for a test"
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, directory_at, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return header + table + b"".join(padded.values()) + directory


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, _FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def rtf(text: str) -> bytes:
    """Rich text as WPS Office writes it: bytes of code page 936 by their numbers."""
    coded = "".join(c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("gbk")) for c in text)
    return (rf"{{\rtf1\ansi\ansicpg936{{\fonttbl{{\f0 \'cb\'ce\'cc\'e5;}}}}\f0 {coded}\par }}").encode()
