"""Write bulletins to files, in every format found in this folder.

formats()                                  the formats, by name
export(rows, format="csv", out=path, ...)  write them, with a manifest beside the file
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

from archive.export.atomic import Counted, replaced
from archive.export.format import CaptureFormat, Captures, Format, Options, Row, Writer
from archive.export.manifest import Count, ExportedFile, Manifest, asked, dictionary, meaning_of, software
from archive.export.naming import file_name
from bulletin.document import Document, Revision
from bulletin.errors import DiskFullError, UsageError, did_you_mean, is_disk_full
from bulletin.record import record_of

__all__ = ["Format", "Manifest", "Options", "Row", "Writer", "asked", "export", "file_name", "formats", "row_of"]

Pair = tuple[Document, Revision]


def formats() -> dict[str, Format]:
    """Every format, by name: the modules of this folder with a FORMAT in them."""
    found = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    kinds: list[Format] = [module.FORMAT for module in found if hasattr(module, "FORMAT")]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)}


def export(
    rows: Iterable[Pair],
    *,
    format: str,
    out: Path | None = None,
    stream: BinaryIO | None = None,
    manifest: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    captures: Captures | None = None,
) -> Manifest:
    """Write bulletins as they stream by, to `out` or (None) to `stream`, standard output where none is given.

    `manifest` is what was asked, made by `asked(filters, query=..., snapshot=archive.last_seq())`; `options` are the
    format's own; `captures` is where formats that take captures along find them. The file and, beside it,
    `<name>.manifest.json` appear whole, after the last row, or not at all; the same rows give the same bytes. Captures
    that are damaged are left out, and named in the manifest. Raises UsageError (format, option, place), DiskFullError.
    """
    known = formats()
    chosen = {name: str(value) for name, value in (options or {}).items() if value not in (None, False)}
    if format not in known:
        raise UsageError(f"There is no export format {format!r}.", did_you_mean(format, list(known)))
    kind, given = known[format], manifest or {}
    kind.columns(chosen)  # complains before anything is opened
    if out is None:
        return _to_stream(rows, kind, chosen, given, stream or sys.stdout.buffer)
    return _to_file(rows, kind, chosen, given, out, captures)


def _to_file(
    rows: Iterable[Pair], kind: Format, options: Options, given: Mapping[str, Any], out: Path, captures: Captures | None
) -> Manifest:
    count = Count.of(given)
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", "Make it, or write to another place.")
    with replaced(out) as file:
        sink = Counted(file)
        _pour(rows, kind, options, sink, count, captures)
        files = (ExportedFile(out.name, sink.size, sink.sha256),)
        made = _manifest(kind, options, given, count, files, captures.damaged if captures else {})
        with replaced(out.with_name(out.name + ".manifest.json")) as note:
            note.write(made.to_json())
    return made


def _to_stream(
    rows: Iterable[Pair], kind: Format, options: Options, given: Mapping[str, Any], stream: BinaryIO
) -> Manifest:
    if not kind.to_stdout:
        raise UsageError(f"{kind.name} cannot be written to a pipe.", "Name a file with -o.")
    count = Count.of(given)
    try:
        _pour(rows, kind, options, Counted(stream), count)
    except OSError as error:
        if is_disk_full(error):
            raise DiskFullError("No room left for the export.", "Make room, and export again.") from error
        raise
    return _manifest(kind, options, given, count, ())


def row_of(document: Document, revision: Revision) -> dict[str, Any]:
    """A bulletin as the formats are fed with it."""
    return record_of(revision.harvest, document=document, revision=revision) | {"revisions": document.revisions}


def _pour(
    rows: Iterable[Pair],
    kind: Format,
    options: Options,
    sink: Counted,
    count: Count,
    captures: Captures | None = None,
) -> None:
    place = cast(BinaryIO, sink)
    if captures is not None and isinstance(kind, CaptureFormat):
        writer = kind.open_with(place, options, captures)
    else:
        writer = kind.open(place, options)
    for document, revision in rows:
        row = row_of(document, revision)
        writer.feed(row)
        count.add(row)
    writer.finish()
    sink.flush()


def _manifest(
    kind: Format,
    options: Options,
    given: Mapping[str, Any],
    count: Count,
    files: tuple[ExportedFile, ...],
    damaged: Mapping[str, str] | None = None,
) -> Manifest:
    return Manifest(
        format=kind.name,
        media_type=kind.media_type,
        asked=given,
        means=meaning_of(given),
        counts=count.total(),
        files=files,
        options=dict(options),
        columns=dictionary(tuple(kind.columns(options))),
        loses=tuple(sorted(kind.loses)),
        software=software(),
        damaged=dict(sorted((damaged or {}).items())),
    )
