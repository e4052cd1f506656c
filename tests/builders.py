"""Invented bulletins of the invented county 云岫县, for any test that needs one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bulletin.capture import Capture
from bulletin.harvest import Harvest, Section
from bulletin.source import Column, Source

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


def a_source(**changes: Any) -> Source:
    source = Source(
        id="619901_yunxiu",
        name="云岫县人民政府",
        region="619901",
        url="http://www.yunxiu.example/",
        columns=(Column("tzgg", "通知公告", "http://www.yunxiu.example/zwgk/tzgg/"),),
        family="trs",
        hosts=("www.yunxiu.example",),
    )
    return replace(source, **changes)


def a_harvest(**changes: Any) -> Harvest:
    text = "各乡镇人民政府:\n现将《云岫县河道清淤工作方案》印发你们,请结合实际抓好落实。\n云岫县水利局"
    harvest = Harvest(
        title="云岫县水利局关于印发河道清淤工作方案的通知",
        number="云水发〔2026〕7号",
        number_raw="云水发〔2026〕7号",
        index_number="619901012/2026-00031",
        office="云岫县水利局",
        published_on=date(2026, 3, 20),
        dated_on=date(2026, 3, 18),
        language="zh",
        script="simplified",
        text=text,
        sections=(Section("", text),),
        read_by="generic/1",
    )
    return replace(harvest, **changes)


def a_capture(**changes: Any) -> Capture:
    body = "<html><body><h1>通知</h1></body></html>".encode()
    capture = Capture(
        url="http://www.yunxiu.example/zwgk/tzgg/202603/t20260320_1000001.html",
        fetched_at=NOW,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))),
        payload=body,
        body=body,
        reason="OK",
        ip="127.0.0.1",
    )
    return replace(capture, **changes)
