"""Metrics as Prometheus reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from commanding import Gongbao
from homes import SOURCE, a_home
from prometheus_client.parser import text_string_to_metric_families

from bulletin.run import Run, Tally
from bulletin.vitals import Condition
from desk.metrics import healthz, metrics_of, readyz
from desk.wiring import Home

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with a_home(tmp_path / "home") as made:
        yield made


def read(home: Home) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = metrics_of(home, NOW).decode()
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation for family in families)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def of(found: object, name: str, **labels: str) -> float:
    return found[f"gongbao_{name}", tuple(sorted(labels.items()))]  # type: ignore[index, no-any-return]


def test_what_is_measured(home: Home) -> None:
    timetable = home.archive.timetable
    tally = Tally(requests=10, new=3, failed=1, bytes=5_000, problems=(("timeout", 1),))
    done = Run(0, SOURCE.id, "schedule", NOW - 10 * MINUTE, NOW - 5 * MINUTE, "done", tally, ready_at=NOW - 11 * MINUTE)
    timetable.enqueue(done)
    timetable.enqueue(replace(done, outcome="blocked", tally=Tally(blocked=2, problems=(("blocked", 2),))))
    timetable.enqueue(replace(done, started_at=NOW - timedelta(days=2)))
    timetable.enqueue(Run(0, SOURCE.id, "schedule", NOW, outcome="queued", ready_at=NOW - MINUTE))
    home.archive.vitals.settle(Condition(SOURCE.id, "blocked", NOW, NOW))
    found = read(home)
    assert of(found, "bulletins") == 6
    assert of(found, "runs_queued", kind="crawl") == 1
    assert of(found, "runs_running_now") == 0
    assert of(found, "queue_oldest_seconds") == 60
    assert of(found, "bulletins_day", source=SOURCE.id, result="new") == 3
    assert of(found, "errors_day", source=SOURCE.id, code="timeout") == 1
    assert of(found, "errors_day", source=SOURCE.id, code="blocked") == 2
    assert of(found, "runs_day", kind="crawl", outcome="done") == 1
    assert of(found, "run_seconds", kind="crawl", quantile="0.5") == 300
    assert of(found, "run_wait_seconds", quantile="1") == 60
    assert of(found, "request_seconds_mean", source=SOURCE.id) == 60
    assert of(found, "source_word", source=SOURCE.id, word="blocked") == 1
    assert of(found, "source_word", source=SOURCE.id, word="normal") == 0
    assert of(found, "index_lag_changes") == 0
    assert of(found, "disk_free_bytes") > 0
    assert of(found, "vault_bytes") > 1_000
    assert of(found, "worker_up") == 0


def test_lag_fixity_and_labels_that_need_care(home: Home) -> None:
    from homes import add_article

    report = {"started_at": (NOW - timedelta(hours=3)).isoformat(), "faults": [], "sample": 5.0}
    (home.settings.home / "logs" / "verify-20260401.json").write_text(json.dumps(report))
    add_article(home, 9)
    home.archive.put_source(replace(SOURCE, id='a"b\\c', hosts=("x.example",)))
    told = read(home)
    assert of(told, "index_lag_changes") == 1
    assert of(told, "fixity_age_seconds") == 3 * 3600
    assert of(told, "fixity_faults") == 0
    assert of(told, "source_paused", source='a"b\\c') == 0


def test_the_command(home: Home) -> None:
    told = Gongbao(home.settings.home)("metrics")
    assert told.code == 0
    names = {family.name for family in text_string_to_metric_families(told.out)}
    assert {"gongbao_build_info", "gongbao_disk_free_bytes", "gongbao_index_usable"} <= names
    assert not any(name.startswith(("python_", "process_")) for name in names)


def test_health_and_readiness(home: Home, tmp_path: Path) -> None:
    assert healthz(home) == (True, {"bulletins": 6})
    assert readyz(home) == (True, {"database": "ok", "index": "ok", "disk": "ok"})
    broken = replace(home.settings, archive=replace(home.settings.archive, url=f"sqlite:///{tmp_path}"))
    with Home(broken) as other:
        assert not healthz(other)[0]
        ready, details = readyz(other)
        assert not ready
        assert details["database"] != "ok"
    for file in (home.settings.home / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"no index")
    ready, details = readyz(home)
    assert not ready
    assert details["index"] != "ok"
