"""Lines of a log, and files that are put aside."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.config import LogSettings, Settings
from bulletin.logs import about, log_handler
from desk.logs import WORKER_LOG, logging_to, sweep_logs

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


def settings(home: Path, **given: object) -> Settings:
    return Settings(home=home, logs=replace(LogSettings(), **given))  # type: ignore[arg-type]


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_json_lines_carry_run_and_source(tmp_path: Path) -> None:
    log = logging.getLogger("desk.worker")
    with logging_to(settings(tmp_path, json=True)):
        log.info("开始 %s", "工作\n第二行")
        with about(12, "yunxiu"):
            log.warning("slow")
            thread = threading.Thread(target=lambda: log.info("aside"))
            thread.start()
            thread.join()
        try:
            raise ValueError("x")
        except ValueError:
            log.exception("broke")
    log.error("no longer written")
    first, second, third, fourth = lines(tmp_path / WORKER_LOG)
    assert first == {"at": first["at"], "level": "INFO", "logger": "desk.worker", "message": "开始 工作\n第二行"}
    assert (second["run"], second["source"], second["level"]) == (12, "yunxiu", "WARNING")
    assert "run" not in third  # another thread is at work on something else
    assert "ValueError: x" in str(fourth["error"])


def test_words_name_the_run_too(tmp_path: Path) -> None:
    with logging_to(settings(tmp_path)), about(12, "yunxiu"):
        logging.getLogger("a").info("hello")
    assert (tmp_path / WORKER_LOG).read_text().rstrip().endswith("INFO a: hello [run 12 yunxiu]")


def test_a_log_that_has_grown_is_put_aside(tmp_path: Path) -> None:
    with logging_to(settings(tmp_path, max_size=2_000, kept=2)):
        for number in range(200):
            logging.getLogger("a").info("line %s", number)
    logs = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert logs == ["worker.log", "worker.log.1", "worker.log.2"]
    assert all((tmp_path / "logs" / name).stat().st_size < 2_200 for name in logs)
    assert "line 199" in (tmp_path / "logs" / "worker.log").read_text()


WRITER = """
import logging, sys
from pathlib import Path
from bulletin.config import LogSettings
from bulletin.logs import log_handler
log = logging.getLogger()
log.setLevel("INFO")
log.addHandler(log_handler(Path(sys.argv[1]), LogSettings(json=True, max_size=20_000, kept=100)))
for number in range(400):
    log.info("%s %s", sys.argv[2], number)
"""


def test_several_processes_write_one_log_and_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "worker.log"
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file), name], cwd=root) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    told = [line["message"] for path in tmp_path.glob("worker.log*") for line in lines(path)]
    assert sorted(map(str, told)) == sorted(f"{name} {number}" for name in "abc" for number in range(400))
    assert len(list(tmp_path.glob("worker.log*"))) > 3


def test_a_log_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs" / "worker.log").mkdir(parents=True)
    with logging_to(settings(tmp_path)):
        logging.getLogger("a").info("hello")


def test_old_logs_of_runs_are_thrown_away(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    old = (NOW - timedelta(days=40)).timestamp()
    for name in ("run-1.log", "run-1.log.1", "run-2.log", "verify-1.json", "worker.log"):
        (logs / name).write_text("x")
        if name != "run-2.log":
            os.utime(logs / name, (old, old))
    os.utime(logs / "run-2.log", (NOW.timestamp(), NOW.timestamp()))
    assert sweep_logs(settings(tmp_path, days=0), NOW) == 0
    assert sweep_logs(settings(tmp_path, days=30), NOW) == 2
    assert sorted(path.name for path in logs.iterdir()) == ["run-2.log", "verify-1.json", "worker.log"]


def test_a_handler_writes_where_it_is_told(tmp_path: Path) -> None:
    handler = log_handler(tmp_path / "run-3.log", LogSettings(json=True), 3, "yunxiu")
    handler.emit(logging.makeLogRecord({"name": "verify", "msg": "done", "levelname": "INFO", "levelno": 20}))
    handler.close()
    (line,) = lines(tmp_path / "run-3.log")
    assert (line["run"], line["source"], line["message"]) == (3, "yunxiu", "done")
