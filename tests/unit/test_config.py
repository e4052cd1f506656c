"""Settings come in layers, and each value knows its layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.config import load
from bulletin.errors import ConfigError


def layers(settings: object) -> dict[str, tuple[object, str]]:
    return {name: (value, layer) for name, value, layer in settings.values()}  # type: ignore[attr-defined]


def test_each_layer_covers_the_one_below(tmp_path: Path) -> None:
    (tmp_path / "gongbao.toml").write_text("[crawl]\ndelay = 5\nretries = 4\ntimeout = 9.5\n", encoding="utf-8")
    environ = {"GONGBAO_CRAWL_RETRIES": "6", "GONGBAO_CRAWL_TIMEOUT": "7"}
    found = layers(load(home=tmp_path, environ=environ, flags={"crawl.timeout": "3"}))
    assert found["crawl.delay"] == (5.0, str(tmp_path / "gongbao.toml"))
    assert found["crawl.retries"] == (6, "environment")
    assert found["crawl.timeout"] == (3.0, "flag")
    assert found["crawl.max_redirects"][1] == "default"


def test_a_misspelt_key_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    (tmp_path / "gongbao.toml").write_text("[crawl]\ndeley = 5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"deley.*\n.*crawl\.delay"):
        load(home=tmp_path, environ={})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\nretries = 'many'\n", "a whole number"),
        ("[crawl]\nprivate_hosts = 1\n", "true or false"),
        ("[crawl]\ndelay = true\n", "a number"),
        ("[crawl\n", "not valid TOML"),
        ("\ufeff[crawl]\nretries = []\n", "a whole number"),
    ],
)
def test_what_cannot_be_used_is_refused_with_advice(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "gongbao.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        load(home=tmp_path, environ={})
    assert caught.value.exit_code == 2
    assert caught.value.advice


def test_a_configuration_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file"):
        load(home=tmp_path, config=tmp_path / "other.toml", environ={})


def test_places_follow_the_home(tmp_path: Path) -> None:
    settings = load(environ={"GONGBAO_HOME": str(tmp_path)})
    assert settings.archive_url == f"sqlite:///{tmp_path / 'gongbao.db'}"
    assert settings.index_url == f"whoosh://{tmp_path / 'index'}"
    assert settings.vault_path == tmp_path / "vault"


def test_other_variables_of_the_environment_are_left_alone(tmp_path: Path) -> None:
    assert load(home=tmp_path, environ={"GONGBAO_TEST_POSTGRES": "x", "GONGBAO_HOME": "y"}).home == tmp_path


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"GONGBAO_CRAW_DELAY": "3"}, r"crawl\.delay"),
        ({"GONGBAO_CRAWLDELAY": "3"}, "no setting"),
        ({"GONGBAO_CRAWL_DELAY": "-1"}, "negative"),
        ({"GONGBAO_ARCHIVE_WARC_VERSION": "7"}, "warc_version cannot be"),
        ({"GONGBAO_ALERTS_QUIET": "at night"}, "no span of a day"),
        ({"GONGBAO_ALERTS_LANGUAGE": "fr"}, "language cannot be"),
        ({"GONGBAO_ALERTS_WEBHOOK_URL": "hooks.example.org"}, "no web address"),
        ({"GONGBAO_ARCHIVE_VAULT": "s3://bucket/x"}, "cannot be kept"),
    ],
)
def test_the_environment_is_held_to_the_same_words(tmp_path: Path, environ: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(home=tmp_path, environ=environ)


@pytest.mark.parametrize(
    ("agent", "contact", "seen"),
    [
        ("", "", "Gongbao/0.1"),
        ("", "archive@yunxiu.example", "Gongbao/0.1 (archive@yunxiu.example)"),
        ("Keeper/2 (+https://a.example)", "a@a.example", "Keeper/2 (+https://a.example; a@a.example)"),
        ("Keeper/2 (a@a.example)", "a@a.example", "Keeper/2 (a@a.example)"),
    ],
)
def test_the_user_agent_names_whom_to_write_to(tmp_path: Path, agent: str, contact: str, seen: str) -> None:
    given = {"GONGBAO_CRAWL_CONTACT": contact} | ({"GONGBAO_CRAWL_USER_AGENT": agent} if agent else {})
    assert load(home=tmp_path, environ=given).crawl.signed_agent == seen


@pytest.mark.parametrize("contact", ["a@a.example\r\nCookie: x", "档案馆"])
def test_a_contact_that_goes_into_no_header_is_refused(tmp_path: Path, contact: str) -> None:
    with pytest.raises(ConfigError, match=r"crawl\.contact"):
        load(home=tmp_path, environ={"GONGBAO_CRAWL_CONTACT": contact})


def test_the_layer_that_names_the_home_is_known(tmp_path: Path) -> None:
    named = {"GONGBAO_HOME": str(tmp_path)}
    assert load(environ={}).origins["home"] == "default"
    assert load(environ=named).origins["home"] == "environment"
    assert load(home=tmp_path, environ=named).origins["home"] == "environment"
    assert load(home=tmp_path / "other", environ=named).origins["home"] == "flag"
