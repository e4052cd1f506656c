"""Look at a site: one nobody knows, or one whose source is kept, to see what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bulletin.config import Settings
from bulletin.errors import UsageError
from bulletin.harvest import Harvest
from bulletin.probe import Drift, Probe
from bulletin.source import Source
from crawler.catalogue import dump_source
from crawler.drifting import drifts_of
from crawler.run import probe
from desk.wiring import Home

OnEvent = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A look at a kept source. `learnt`: it was unverified until now, and nothing spoke against it."""

    source: Source
    probe: Probe
    drifts: tuple[Drift, ...]
    learnt: bool = False


def probe_site(settings: Settings, url: str, resolve: Sequence[str] = (), on_event: OnEvent | None = None) -> Probe:
    """Looks at an unknown site. `resolve` are texts like `HOST=127.0.0.1:8101`."""
    pairs = []
    for text in resolve:
        host, equals, to = text.partition("=")
        if not (host and equals and to.rpartition(":")[2].isdigit()):
            raise UsageError(
                f"--resolve {text!r} is no HOST=ADDRESS:PORT.", "Such as www.yunxiu.example=127.0.0.1:8101."
            )
        pairs.append((host.lower(), to))
    return probe(url, settings, resolve=pairs, on_event=on_event)


def source_text(found: Probe, today: datetime | None = None) -> str:
    """The proposed source as a file, with what it rests on in comments. The probe must have found one."""
    assert found.source
    day = (today or datetime.now(UTC)).date()
    lines = [f"Proposed by `gongbao source probe {found.url}` on {day}. Look it through before the first crawl."]
    if found.family:
        lines.append(
            f"Family {found.family.name}, likeness {found.family.score:.2f}: {'; '.join(found.family.reasons)}"
        )
    lines += found.notes
    comment = "".join(f"# {' '.join(line.split())}\n" for line in lines)
    return comment + dump_source(found.source)


def write_source(found: Probe, file: str) -> Path:
    """Writes the proposed source; into a folder under its own id. Never over a file that is there."""
    assert found.source
    path = Path(file)
    if path.is_dir():
        path /= f"{found.source.id}.toml"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.write(source_text(found))
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", "Name another file, or take that one away first.") from error
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder that is there."
        ) from error
    return path


def check_source(home: Home, source: Source, on_event: OnEvent | None = None) -> Checked:
    """Looks at a kept source as it is described, and says what is no longer so. A source that was unverified and
    shows no difference is verified from now on."""
    found = probe(source.url, home.settings, source=source, on_event=on_event)
    known = home.archive.known(source.id)
    kept: dict[str, Harvest] = {}
    for sample in found.samples:
        if sample.url in known:
            revision = home.archive.revision(known[sample.url].document_id)
            if revision:
                kept[sample.url] = revision.harvest
    had = Counter(entry.column for entry in known.values())
    drifts = tuple(drifts_of(source, found, had=had, kept=kept))
    learnt = not drifts and not source.verified and any(sample.harvest for sample in found.samples)
    if learnt:
        source = replace(source, verified=True)
        home.archive.put_source(source)
    return Checked(source, found, drifts, learnt)
