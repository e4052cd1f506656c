"""What a worker and its crawls write into their logs, as programs read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commanding import Gongbao

from desk.demo.server import Serving
from desk.demo.sites import site


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_line_carries_its_run_and_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_LOGS_JSON", "true")
    gongbao = Gongbao(tmp_path / "home")
    with Serving([site("express")]) as county:
        (tmp_path / "a.toml").write_text(site("express").source_toml(county.address), encoding="utf-8")
        source = gongbao("source", "add", str(tmp_path / "a.toml"), "--json").json["id"]
        assert gongbao("crawl", source, "--limit", "1").code == 0
        number = gongbao("runs", "list", "--json").json["runs"][0]["id"]
        assert gongbao("runs", "retry", str(number)).code == 0
        assert gongbao("worker", "--once").code == 0
    logs = tmp_path / "home" / "logs"
    crawled = {run["id"]: run for run in gongbao("runs", "list", "--json", "--kind", "crawl").json["runs"]}
    assert len(crawled) == 2
    for run_id, run in crawled.items():
        told = lines(tmp_path / "home" / run["log"])
        assert told
        assert {(line["run"], line["source"]) for line in told} == {(run_id, source)}
    worker = lines(logs / "worker.log")
    assert any(f"Run {max(crawled)}" in str(line["message"]) for line in worker)
    assert all({"at", "level", "logger", "message"} <= set(line) for line in worker)
    follow = gongbao("runs", "list", "--json", "--kind", "index").json["runs"]
    assert {line["run"] for run in follow for line in lines(tmp_path / "home" / run["log"])} == {
        run["id"] for run in follow
    }
