"""Page chrome: which lines are furniture of the site, and of which kind."""

from __future__ import annotations

from crawler.extract.lines import Line


def role_of(line: Line | str, position: str) -> str | None:
    """top, navigation, breadcrumb, tools, related, footer, code, pager or preamble; None for a line to keep.

    `position` ("head" before the body, "body", "tail" after it) decides: in the body only what can be nothing else.
    """
    raise NotImplementedError
