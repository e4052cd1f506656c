"""WARC files as other crawlers write them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HOST = "http://www.yunxiu.example"
SEEN = datetime(2019, 3, 20, 4, 5, 6, tzinfo=UTC)


class Others:
    """A WARC as another crawler writes it: SHA-1, requests in front, chunk framing off and its header left."""

    def __init__(self, host: str = HOST) -> None:
        self.out = io.BytesIO()
        self._host = host
        self._writer = WARCWriter(self.out, gzip=True, warc_version="1.0")

    def add(
        self,
        path: str,
        body: bytes,
        at: datetime = SEEN,
        kind: str = "text/html",
        status: str = "200 OK",
        **fields: str,
    ) -> Any:
        url, date = self._host + path, f"{at:%Y-%m-%dT%H:%M:%SZ}"
        headers = StatusAndHeaders(status, [("Content-Type", kind), ("Transfer-Encoding", "chunked")], "HTTP/1.1")
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": date, **fields},
        )
        asked = StatusAndHeaders(f"GET {path} HTTP/1.1", [("Host", "a.example")], is_http_request=True)
        request = self._writer.create_warc_record(
            url, "request", http_headers=asked, warc_headers_dict={"WARC-Date": date}
        )
        self._writer.write_request_response_pair(request, record)
        return record

    def again(self, path: str, of: Any, at: datetime) -> None:
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
        record = self._writer.create_revisit_record(
            HOST + path,
            of.rec_headers.get_header("WARC-Payload-Digest"),
            of.rec_headers.get_header("WARC-Target-URI"),
            of.rec_headers.get_header("WARC-Date"),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
        )
        self._writer.write_record(record)

    @property
    def data(self) -> bytes:
        return self.out.getvalue()
