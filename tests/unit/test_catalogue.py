"""Source files: what is written is read back, what is misspelt is named."""

import pytest
from builders import a_source

from bulletin.errors import ConfigError
from bulletin.source import Column, Manners
from crawler.catalogue import dump_source, load_source, shipped_sources, source_of, table_of

GOOD = """
id = "619901_yunxiu"
name = "云岫县人民政府"
region = "619901"
url = "http://www.yunxiu.example/"
family = "trs"

[[columns]]
id = "gb"
name = "政府公报"
url = "http://www.yunxiu.example/zwgk/gb/"
"""


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "619901_yunxiu.toml"
    file.write_text(text, encoding=encoding)
    return file


def test_a_file_gives_a_source(tmp_path):
    source = load_source(written(tmp_path, GOOD))
    assert (source.id, source.region, source.family) == ("619901_yunxiu", "619901", "trs")
    assert source.columns == (Column("gb", "政府公报", "http://www.yunxiu.example/zwgk/gb/"),)
    assert source.hosts == ("www.yunxiu.example",)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert load_source(written(tmp_path, GOOD, "utf-8-sig")).region == "619901"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"manners": Manners(delay=0.0, max_requests=10, obey_robots=False)},
        {"verified": False, "paused": True, "office": '县政府 "办公室"', "note": "两行\n字", "site_code": "6199010001"},
        {"resolve": (("www.yunxiu.example", "127.0.0.1:8101"),), "hosts": ("www.yunxiu.example", "yunxiu.example")},
        {"columns": (Column("a", "甲", "http://www.yunxiu.example/a/", "generic", 7),)},
    ],
)
def test_what_is_written_is_read_back(tmp_path, changes):
    source = a_source(**changes)
    assert load_source(written(tmp_path, dump_source(source))) == source
    assert source_of(table_of(source)) == source


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("family =", "famly =", "'family'"),
        ('url = "http://www.yunxiu.example/zwgk', 'ulr = "http://www.yunxiu.example/zwgk', "'url'"),
        ('family = "trs"', "[manners]\ndealy = 3", "'delay'"),
        ('family = "trs"', 'family = "tsr"', "'trs'"),
        ('region = "619901"', 'region = "六一九九"', "division code"),
        ('region = "619901"', "region = 619901", "a text in quotes"),
        ('family = "trs"', 'site_code = "61990100O7"', "no site code"),
        ('id = "619901_yunxiu"', 'id = "../evil"', "cannot be used"),
        ('id = "619901_yunxiu"', "", "id is missing"),
        ('url = "http://www.yunxiu.example/"', 'url = "www.yunxiu.example"', "no web address"),
        ('family = "trs"', "manners = 3", "[manners] table"),
        ('family = "trs"', "[manners]\ndelay = true", "a number"),
        ('family = "trs"', "[manners]\ndelay = -1", "negative"),
        ('family = "trs"', "hosts = [1]", "list of texts"),
        ('family = "trs"', '[resolve]\n"www.yunxiu.example" = "loopback"', "address:port"),
        ('family = "trs"', "family = ", "not valid TOML"),
        ("[[columns]]", "[columns]", "[[columns]]"),
    ],
)
def test_what_cannot_be_used_is_named_with_advice(tmp_path, was, now, says):
    assert was in GOOD
    with pytest.raises(ConfigError) as raised:
        load_source(written(tmp_path, GOOD.replace(was, now, 1)))
    assert says in str(raised.value)
    assert raised.value.advice
    assert "619901_yunxiu" in str(raised.value)


def test_two_columns_of_one_id_are_refused(tmp_path):
    twice = GOOD + GOOD[GOOD.index("[[columns]]") :]
    with pytest.raises(ConfigError, match="twice"):
        load_source(written(tmp_path, twice))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="no source file"):
        load_source(tmp_path / "none.toml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigError):
        load_source(tmp_path)


def test_bytes_that_are_no_text(tmp_path):
    file = tmp_path / "x.toml"
    file.write_bytes("name = '云岫'".encode("gb18030"))
    with pytest.raises(ConfigError):
        load_source(file)


def test_shipped_files_stand_in_the_folder_of_their_province():
    for source_id, path in shipped_sources().items():
        source = load_source(path)
        assert source.id == source_id
        assert path.parent.name == source.region[:2]
        assert source.id.startswith(source.region)
