"""What happens to the bulletins of 白石滩县 in 2025, day by day, and what an archive must have made of it by the end.

The papers are called p01 to p13. What is expected is written down by hand, not computed by the rules that are tried.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

#: The moments of the crawls: 10 o'clock in China on these days. Ordinary crawls, weeks apart; close together where
#: something vanished, as the ledger wants.
CRAWLS: Final = tuple(
    date(2025, month, day)
    for month, day in (
        (1, 7), (2, 4), (2, 12), (3, 4), (3, 11), (4, 21), (5, 13), (5, 21), (6, 3),
        (6, 9), (6, 10), (6, 12), (7, 7), (7, 8), (7, 10), (8, 5), (8, 17), (8, 19), (8, 22), (8, 26), (8, 29),
        (9, 8), (9, 9), (10, 7), (10, 15), (11, 4), (11, 12), (12, 30),
    )
)  # fmt: skip

#: The day each paper came out.
PUBLISHED: Final = {
    "p01": date(2024, 9, 5),
    "p02": date(2024, 9, 19),
    "p03": date(2024, 10, 8),
    "p04": date(2024, 10, 24),
    "p05": date(2024, 11, 7),
    "p06": date(2024, 11, 21),
    "p07": date(2024, 12, 5),
    "p08": date(2024, 12, 19),
    "p09": date(2025, 2, 3),
    "p10": date(2025, 3, 3),
    "p11": date(2025, 6, 2),
    "p12": date(2025, 10, 13),
    "p13": date(2024, 12, 26),
}

#: From these days on the text has another state: edited, and in one case edited back.
EDITS: Final = {
    "p02": ((date(2025, 2, 10), "B"),),
    "p03": ((date(2025, 2, 10), "B"), (date(2025, 4, 20), "A")),
    "p06": ((date(2025, 11, 10), "B"),),
}
RETITLED: Final = {"p04": date(2025, 3, 10)}
#: From this day on another file lies under the address of the one attached.
FILE_SWAPPED: Final = {"p10": date(2025, 11, 3)}
#: From this day on every page has another template.
REDESIGN: Final = date(2025, 5, 12)
#: First and last day on which a paper is not in the list, and what its address answers meanwhile.
_END: Final = date(2025, 12, 31)
ABSENCES: Final = {
    "p01": (date(2025, 8, 4), _END, "there"),
    "p05": (date(2025, 6, 9), date(2025, 10, 5), "404"),
    "p06": (date(2025, 6, 9), date(2025, 11, 9), "soft_404"),
    "p07": (date(2025, 7, 7), _END, "home"),
    "p08": (date(2025, 7, 7), _END, "another"),
    "p13": (date(2025, 8, 16), _END, "410"),
}
#: A listed paper whose address fails for a day.
FAULTS: Final = {"p09": date(2025, 9, 8)}
#: The site is down for a week: wholly at first, then behind a web server that still answers for robots.txt. Later a
#: firewall refuses everybody for three days.
DOWN: Final = (date(2025, 8, 18), date(2025, 8, 24))
HALF_DOWN_FROM: Final = date(2025, 8, 21)
REFUSED: Final = (date(2025, 8, 28), date(2025, 8, 30))

#: Paper: how its revisions differ, in order.
REVISIONS: Final = {
    **dict.fromkeys(PUBLISHED, ("A",)),
    "p02": ("A", "B"),
    "p03": ("A", "B", "A"),
    "p04": ("A", "A retitled"),
    "p06": ("A", "B"),
    "p10": ("A", "A with another file"),
}
EVENTS: Final = (("template_changed", "2025-05-13"),)
#: Paper: the entries of its ledger: day, event, from, to.
LEDGER: Final = {
    "p01": (("2025-08-05", "delisted", "listed", "delisted"),),
    "p05": (
        ("2025-06-09", "delisted", "listed", "delisted"),
        ("2025-06-09", "gone", "delisted", "gone"),
        ("2025-06-12", "withdrawn", "gone", "withdrawn"),
        ("2025-10-07", "returned", "withdrawn", "listed"),
    ),
    "p06": (
        ("2025-06-09", "delisted", "listed", "delisted"),
        ("2025-06-09", "soft_404", "delisted", "soft_404"),
        ("2025-06-12", "withdrawn", "soft_404", "withdrawn"),
        ("2025-11-12", "returned", "withdrawn", "listed"),
    ),
    "p07": (
        ("2025-07-07", "redirected_home", "listed", "redirected_home"),
        ("2025-07-10", "withdrawn", "redirected_home", "withdrawn"),
    ),
    "p08": (
        ("2025-07-07", "replaced", "listed", "replaced"),
        ("2025-07-10", "withdrawn", "replaced", "withdrawn"),
    ),
    "p09": (
        ("2025-09-08", "gone", "listed", "gone"),
        ("2025-09-09", "listed", "gone", "listed"),
    ),
    "p13": (
        ("2025-08-17", "gone", "listed", "gone"),
        ("2025-09-08", "withdrawn", "gone", "withdrawn"),
    ),
}
#: Paper: every probe: day and finding. Those of the week and the days in which nobody could say do not count.
PROBES: Final = {
    "p01": (
        ("2025-08-17", "reachable"),
        ("2025-08-26", "reachable"),
        ("2025-09-08", "reachable"),
        ("2025-10-07", "reachable"),
        ("2025-10-15", "reachable"),
        ("2025-11-04", "reachable"),
        ("2025-11-12", "reachable"),
        ("2025-12-30", "reachable"),
    ),
    "p05": (
        ("2025-06-09", "gone"),
        ("2025-06-10", "gone"),
        ("2025-06-12", "gone"),
        ("2025-07-07", "gone"),
        ("2025-08-05", "gone"),
        ("2025-08-22", "site_down"),
        ("2025-08-26", "gone"),
        ("2025-10-07", "reachable"),
    ),
    "p06": (
        ("2025-06-09", "soft_404"),
        ("2025-06-10", "soft_404"),
        ("2025-06-12", "soft_404"),
        ("2025-07-07", "soft_404"),
        ("2025-08-05", "soft_404"),
        ("2025-08-22", "site_down"),
        ("2025-08-26", "soft_404"),
        ("2025-10-07", "soft_404"),
        ("2025-11-12", "reachable"),
    ),
    **{
        name: tuple(
            (day, finding)
            for day in (
                *("2025-07-07", "2025-07-08", "2025-07-10", "2025-08-05", "2025-08-17", "2025-09-08"),
                *("2025-10-15", "2025-12-30"),
            )
        )
        for name, finding in (("p07", "redirected_home"), ("p08", "replaced"))
    },
    "p09": (("2025-09-08", "gone"), ("2025-09-09", "reachable")),
    "p13": (
        ("2025-08-17", "gone"),
        ("2025-08-22", "site_down"),
        ("2025-08-26", "gone"),
        ("2025-08-29", "blocked"),
        ("2025-09-08", "gone"),
        ("2025-10-07", "gone"),
        ("2025-10-15", "gone"),
        ("2025-11-04", "gone"),
        ("2025-12-30", "gone"),
    ),
}
STANDINGS: Final = {
    **dict.fromkeys(PUBLISHED, "listed"),
    "p01": "delisted",
    **dict.fromkeys(("p07", "p08", "p13"), "withdrawn"),
}
#: Day of a crawl: how many withdrawals it concluded.
WITHDRAWN: Final = {"2025-06-12": 2, "2025-07-10": 2, "2025-09-08": 1}


def state_of(name: str, today: date) -> str:
    """Which state of its text a paper shows."""
    return next((state for day, state in reversed(EDITS.get(name, ())) if day <= today), "A")


def absence_of(name: str, today: date) -> str:
    """What the address of a paper answers that its list shows no more; "" for one that is listed."""
    first, last, answer = ABSENCES.get(name, (_END, PUBLISHED[name], ""))
    return answer if first <= today <= last else ""


def expected() -> dict[str, Any]:
    """The year as plain JSON."""
    return {
        "crawls": [day.isoformat() for day in CRAWLS],
        "revisions": {name: list(states) for name, states in REVISIONS.items()},
        "events": [list(event) for event in EVENTS],
        "ledger": {name: [list(entry) for entry in entries] for name, entries in LEDGER.items()},
        "probes": {name: [list(probe) for probe in probes] for name, probes in PROBES.items()},
        "standings": dict(STANDINGS),
        "withdrawn": dict(WITHDRAWN),
    }
