"""What a search found, as JSON for scripts and as lines for people."""

from __future__ import annotations

from typing import Any, Final

from rich.text import Text

from bulletin.results import Facet, Hit, Place, Results
from bulletin.text.regions import full_name
from desk.cli.printing import Printer


def results_record(results: Results, *, facets: bool, explain: bool, undated: str = "include") -> dict[str, Any]:
    """The promised JSON of a search."""
    return {
        "total": results.total,
        "date": results.date,
        "undated": undated,
        "hits": [hit_record(hit) for hit in results.hits],
        "facets": {facet.name: dict(facet.counts) for facet in results.facets} if facets else {},
        "explain": [{"what": what, "how": how} for what, how in results.explain] if explain else [],
        "suggestion": results.suggestion,
        "notes": _notes(results),
    }


def _notes(results: Results) -> list[str]:
    """How unbalanced or doubtful input was read."""
    return [how for what, how in results.explain if what == "note"]


def hit_record(hit: Hit) -> dict[str, Any]:
    """The promised JSON of a hit."""
    return {
        "id": hit.document_id,
        "revision": hit.revision,
        "score": round(hit.score, 4),
        "title": hit.title,
        "number": hit.number,
        "index_number": hit.index_number,
        "office": hit.office,
        "source": hit.source,
        "region": hit.region,
        "dated_on": hit.dated_on.isoformat() if hit.dated_on else None,
        "published_on": hit.published_on.isoformat() if hit.published_on else None,
        "url": hit.url,
        "snippet": hit.snippet.text,
        "highlights": [list(pair) for pair in hit.snippet.highlights],
        "found_in": {
            "field": hit.snippet.where,
            "attachment": hit.snippet.attachment,
            "name": hit.snippet.name,
            "page": hit.snippet.page,
        },
        "revisions": hit.revisions,
        "places": [_place_record(place) for place in hit.places],
    }


def _place_record(place: Place) -> dict[str, Any]:
    day = place.published_on
    return {
        "id": place.document_id,
        "source": place.source,
        "region": place.region,
        "url": place.url,
        "published_on": day.isoformat() if day else None,
    }


_VALUES: Final = 12  # of a facet that a person is shown
#: What `--date` means, in words.
MEANINGS: Final = {"published": "date of publication", "dated": "date of writing", "seen": "day it was first seen"}


def tell_results(printer: Printer, results: Results, offset: int, explain: bool, undated: str = "include") -> None:
    """Hits for a person: title, what it is, and the place that matched, marked."""
    for place, hit in enumerate(results.hits, start=offset + 1):
        day = hit.published_on or hit.dated_on
        facts = [day.isoformat() if day else "undated", hit.office or hit.source, hit.number or "", hit.document_id]
        printer.line(Text(f"{place:3}. ").append(hit.title or "(no title)", style="bold"))
        printer.line("     " + "  ".join(fact for fact in facts if fact))
        if hit.revisions:
            printer.line(f"     in revision {hit.revision} of {hit.revisions}")
        if hit.snippet.attachment:
            page = f", page {hit.snippet.page}" if hit.snippet.page else ""
            printer.line(f"     in attachment {hit.snippet.attachment}{page}: {hit.snippet.name}")
        printer.line(Text("     ").append_text(marked(hit.snippet.text, hit.snippet.highlights, printer.in_colour)))
        if hit.places:
            sources = ", ".join(dict.fromkeys(place.source for place in hit.places))
            printer.line(f"     and {len(hit.places)} more place{'s' * (len(hit.places) > 1)}: {sources}")
    for facet in results.facets:
        printer.line(f"{facet.name}: {_counts(facet)}")
    for note in _notes(results):
        printer.say(note)
    if explain:
        for what, how in results.explain:
            if what != "note":
                printer.line(f"{what}: {how}")
    if results.suggestion:
        printer.line(f"Did you mean: {results.suggestion}")
    kept = {"include": "are found too", "exclude": "are left out", "only": "alone are found"}[undated]
    printer.say(f"{results.total} found. Dates are the {MEANINGS[results.date]}; papers without one {kept}.")


def _counts(facet: Facet) -> str:
    """The values of a facet that are most frequent; days in their order, what has none last."""
    counts, left = facet.counts, 0
    if facet.name in ("year", "month"):
        counts = tuple(sorted(counts, key=lambda pair: (not pair[0][:1].isdigit(), pair[0])))
    elif len(counts) > _VALUES:
        counts, left = counts[:_VALUES], len(counts) - _VALUES
    return "  ".join([*(_counted(facet.name, *pair) for pair in counts), *([f"… {left} more"] if left else [])])


def _counted(facet: str, value: str, count: int) -> str:
    name = full_name(value) if facet.startswith("region") else ""
    return f"{value or '–'}{' ' * bool(name)}{name} ({count})"


def marked(text: str, highlights: tuple[tuple[int, int], ...], in_colour: bool) -> Text:
    """The snippet with its hits marked: in colour on a terminal, in 【】 elsewhere and where colour is not wanted."""
    shown = Text()
    at = 0
    for start, end in highlights:
        shown.append(text[at:start])
        shown.append(text[start:end] if in_colour else f"【{text[start:end]}】", style="bold yellow")
        at = end
    return shown.append(text[at:])
