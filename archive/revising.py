"""Is this a new revision? Pure: two readings in, a verdict out.

The content digest goes over what the bulletin says, cleaned: title, fields, text, headings, attachments. What stands
around it (chrome), how it was read (evidence, doubts, `read_by`, derived fields) and the hour of publication, which
redesigns drop, do not count. Nor does the issue where another page, the issue's contents, says that it stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from bulletin.harvest import CONTENTS, Attachment, Harvest, Section
from bulletin.ids import digest
from bulletin.text.clean import clean, squeeze

UNCHANGED: Final = "unchanged"
READING: Final = "reading"
REVISION: Final = "revision"

_WORDS: Final = (
    "title kicker subtitle issue index_number office disclosure validity author source_name editor reviewer"
).split()
_DATES: Final = "dated_on signed_on published_on effective_on expires_on".split()

# A body shorter than this (见附件, 详见附件) says too little for two URLs to be taken for one paper.
_TELLING: Final = 30


def content_digest(harvest: Harvest) -> str:
    """The digest that decides revisions, as `sha256:<hex>`."""
    return _digest(harvest, ())


def same_content(kept: Harvest, met: Harvest) -> bool:
    """Whether both say the same. An attachment whose file was fetched on one side only is compared by its URL."""
    unread = {a.url for h in (kept, met) for a in h.attachments if not a.digest}
    return _digest(kept, unread) == _digest(met, unread)


def weigh(kept: Harvest, met: Harvest, *, same_payload: bool) -> str:
    """What `met` is beside `kept`, the reading that counts so far: UNCHANGED, a further READING of the same revision,
    or the next REVISION.

    The same payload read by another rule is a reading, whatever it says now. The same payload read by the same rule
    with another result is a revision: what changed stands outside the payload, in a further page or an attached file.
    """
    reread = same_payload and met.read_by != kept.read_by
    if same_content(kept, met):
        return READING if reread or _learnt(kept, met) else UNCHANGED
    return READING if reread and not _swapped(kept, met) else REVISION


def completed(kept: Harvest, met: Harvest) -> Harvest:
    """`met` with what was learnt before from elsewhere: about attachments it has not read itself, and the issue whose
    contents name it."""
    known = {a.url: a for a in kept.attachments if a.digest}
    files = tuple(_filled(a, known[a.url]) if a.url in known else a for a in met.attachments)
    met = replace(met, attachments=files)
    if met.issue or not _named_by_contents(kept):
        return met
    evidence = (*met.evidence, ("issue", dict(kept.evidence)["issue"]))
    return replace(met, issue=kept.issue, issue_number=kept.issue_number, evidence=evidence)


def is_telling(harvest: Harvest) -> bool:
    """Whether title and text say enough for the same content under another URL to be the same paper."""
    return bool(squeeze(harvest.title or "")) and len(squeeze(harvest.text)) >= _TELLING


def _filled(met: Attachment, known: Attachment) -> Attachment:
    if met.digest:
        return met
    return replace(met, digest=known.digest, size=known.size, media_type=known.media_type, text=known.text)


def knows_more(harvest: Harvest) -> bool:
    """Whether a harvest holds something that is kept although no digest counts it: the documents of an issue, or the
    issue whose contents name it."""
    return (harvest.kind != "list" and bool(harvest.rows)) or _named_by_contents(harvest)


def _learnt(kept: Harvest, met: Harvest) -> bool:
    if knows_more(met) and ((met.rows and met.rows != kept.rows) or (met.issue and not kept.issue)):
        return True
    unread = {a.url for a in kept.attachments if not a.digest}
    silent = {a.url for a in kept.attachments if not a.text}
    return any(a.digest and (a.url in unread or (a.text and a.url in silent)) for a in met.attachments)


def _named_by_contents(harvest: Harvest) -> bool:
    found = dict(harvest.evidence).get("issue")
    return found is not None and found.origin == CONTENTS


def _swapped(kept: Harvest, met: Harvest) -> bool:
    before = {a.url: a.digest for a in kept.attachments if a.digest}
    return any(a.digest and before.get(a.url, a.digest) != a.digest for a in met.attachments)


def _digest(harvest: Harvest, unread: Collection[str]) -> str:
    content: dict[str, Any] = {name: clean(getattr(harvest, name) or "") for name in _WORDS}
    content |= {name: str(getattr(harvest, name) or "") for name in _DATES}
    if _named_by_contents(harvest):
        content["issue"] = ""
    content["number"] = squeeze(harvest.number or harvest.number_raw or "")
    content["topic"] = [clean(part) for part in harvest.topic]
    content["text"] = clean(harvest.text)
    content["headings"] = _headings(harvest.sections)
    content["attachments"] = [
        [clean(a.name), a.digest if a.digest and a.url not in unread else a.url] for a in harvest.attachments
    ]
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest(plain.encode("utf-8", "surrogatepass"))


def _headings(sections: Sequence[Section]) -> list[Any]:
    return [[clean(s.heading), _headings(s.sections)] for s in sections]
