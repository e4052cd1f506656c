"""What docs/operations.md tells an operator to type, typed; and the files it tells to install."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from commanding import Gongbao, Told
from listener import Listener

from bulletin.config import AlertSettings
from desk.demo.server import Serving
from desk.demo.sites import site

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.M | re.S)
LINES = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()]
TYPED = [line for line in LINES if line.startswith("gongbao ")]
INLINE = sorted(set(re.findall(r"`(gongbao [^`]+)`", PAGE)))
UNITS = sorted((ROOT / "packaging" / "systemd").iterdir())

#: Words of a system's own, and what must be on this side for them to work.
_SYSTEM = ("apt-get", "useradd", "git", "make", "ln", "install", "systemctl")


def test_every_line_is_known_for_what_it_is() -> None:
    for line in LINES:
        words = shlex.split(line)
        assert words[0] in ("gongbao", "sudo", "export"), line
        if words[0] == "sudo" and words[1] != "-iu":
            assert words[1] in _SYSTEM, line


def test_the_files_that_are_installed_are_there() -> None:
    named = {word for line in LINES for word in shlex.split(line) if word.startswith("/opt/gongbao/")}
    here = [ROOT / word.removeprefix("/opt/gongbao/") for word in named if ".venv" not in word]
    assert len(here) >= 4
    assert all(path.is_file() for path in here)


def test_the_settings_that_are_shown_are_settings(tmp_path: Path) -> None:
    for kind, block in BLOCKS:
        if kind == "toml":
            tomllib.loads(block)
            (tmp_path / "gongbao.toml").write_text(block, encoding="utf-8")
            assert Gongbao(tmp_path)("config", "check").code == 0, block
    for name in re.findall(r"GONGBAO_ALERTS_([A-Z_]+)", PAGE + (ROOT / "packaging/environment.example").read_text()):
        assert hasattr(AlertSettings(), name.lower().rstrip("_"))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    """Every line of the page that calls gongbao, run in its order on a practice site; the places are a test's own."""
    folder = tmp_path_factory.mktemp("operations")
    with (
        Serving([site("express")]) as county,
        Listener() as monitor,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.chdir(folder)
        patch.setenv("GONGBAO_ALERTS_WEBHOOK_URL", f"{monitor.url}/in")
        patch.setenv("GONGBAO_ALERTS_PRIVATE", "true")
        text = site("express").source_toml(county.address)
        text = re.sub(r'^id = ".*"$', 'id = "619901_yunxiu"', text, count=1, flags=re.M)
        (folder / "619901_yunxiu.toml").write_text(text, encoding="utf-8")
        gongbao = Gongbao(folder / "home")
        yield {line: gongbao(*_words(line, folder)) for line in TYPED}


def _words(line: str, folder: Path) -> list[str]:
    """The words behind `gongbao`, at places of the test's."""
    words = shlex.split(line)[1:]
    return [re.sub(r"^/(mnt|var/tmp|srv)/", f"{folder}/", word) for word in words]


@pytest.mark.parametrize("line", TYPED)
def test_what_is_to_be_typed_works(line: str, answers: dict[str, Told]) -> None:
    told = answers[line]
    assert told.code == 0, (line, told.out, told.err)


def test_it_did_what_the_page_says(answers: dict[str, Told]) -> None:
    assert "619901_yunxiu" in answers["gongbao status"].out
    assert "done" in answers["gongbao runs list"].out
    assert "webhook: sent" in answers["gongbao alerts test"].out
    assert "backup" in answers["gongbao schedule list"].out
    assert "gongbao_disk_free_bytes" in answers["gongbao metrics"].out


@pytest.mark.parametrize("line", INLINE)
def test_what_is_mentioned_exists(line: str, tmp_path: Path) -> None:
    """The command, and every option that is named with it."""
    words = [word for word in shlex.split(line)[1:] if not word.startswith("NEW")]
    if words[0] == "--home":
        words = words[1:]
    path = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word)]
    for depth in range(len(path), 0, -1):
        told = Gongbao(tmp_path)(*path[:depth], "--help")
        if told.code == 0:
            break
    assert told.code == 0, line
    shown = told.out + " --home --json --quiet"
    for option in re.findall(r"--[a-z0-9-]+", line):
        assert option in shown, line


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_sound(unit: Path, tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/gongbao/.venv/bin/gongbao", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)]
    told = subprocess.run(command, capture_output=True, text=True, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"})
    assert unit.stem not in told.stderr, told.stderr


def test_units_call_commands_that_exist(tmp_path: Path) -> None:
    for unit in UNITS:
        for line in re.findall(r"^ExecStart=\S+/gongbao (.+)$", unit.read_text(encoding="utf-8"), re.M):
            words = shlex.split(line)
            names = [word for word in words if re.fullmatch("[a-z]+", word)]
            told = Gongbao(tmp_path)(*names, "--help")
            assert told.code == 0, line
            options = [word for word in words if word.startswith("--") and word != "--quiet"]
            assert all(option in told.out for option in options), line


def test_the_image_is_made_of_files_that_are_here() -> None:
    text = (ROOT / "packaging" / "Containerfile").read_text(encoding="utf-8")
    copied = [word for line in re.findall(r"^COPY (.+)$", text, re.M) for word in line.split()[:-1]]
    assert {"bulletin", "archive", "search", "crawler", "desk", "requirements.lock"} <= set(copied)
    assert all((ROOT / word).exists() for word in copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    wanted = {pattern.rstrip("*") for pattern in packages["packages"]["find"]["include"]}
    assert wanted <= set(copied)
