"""Fetches the URLs of its JSON order with the crawler's own download handler, in a process of its own, and prints each
capture as a JSON line."""

import base64
import json
import sys
from dataclasses import asdict

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

from bulletin.config import CrawlSettings
from bulletin.source import Column, Source
from crawler.settings import scrapy_settings


class Probe(Spider):
    name = "probe"

    def __init__(self, order):
        super().__init__()
        self.order = order
        self.keeper = self
        url = order["urls"][0]["url"]
        resolve = tuple((host, to) for host, to in order["resolve"].items())
        self.source = Source("probe", "probe", "619901", url, (Column("c", "c", url),), resolve=resolve)

    def keep(self, source, capture, known):
        record = asdict(capture)
        record["fetched_at"] = capture.fetched_at.isoformat()
        for name in ("payload", "body", "wire", "request"):
            record[name] = None if record[name] is None else base64.b64encode(record[name]).decode()
        print(json.dumps(record), flush=True)

    async def start(self):
        for ask in self.order["urls"]:
            request = Request(dont_filter=True, meta={"source": self.source}, **ask)
            try:
                await self.crawler.engine.download_async(request)
            except Exception as error:
                print(json.dumps({"url": ask["url"], "error": type(error).__name__, "words": str(error)}), flush=True)
        for nothing in ():
            yield nothing


def main():
    order = json.loads(sys.stdin.read())
    settings = scrapy_settings(CrawlSettings(**order["crawl"]))
    settings |= {
        "DOWNLOADER_MIDDLEWARES": {**settings["DOWNLOADER_MIDDLEWARES"], "crawler.manners.MannersMiddleware": None}
    }
    settings |= {"SCHEDULER": "scrapy.core.scheduler.Scheduler", "ITEM_PIPELINES": {}, "DOWNLOAD_DELAY": 0}
    settings |= {"DOWNLOAD_VERIFY_CERTIFICATES": order.get("verify", False)}
    process = CrawlerProcess(settings)
    process.crawl(Probe, order=order)
    process.start()


if __name__ == "__main__":
    main()
