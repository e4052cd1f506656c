"""Scrapy settings, each with the reason why it departs from Scrapy's default.

Scrapy reads the names in capitals; `scrapy_settings` adds what a home's own settings say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.settings import default_settings

from bulletin.config import CrawlSettings
from crawler.clock import Clock

BOT_NAME = "gongbao"
SPIDER_MODULES = ["crawler.spiders"]

#: Robots, delays, retries, redirects, headers and decompression are ours (crawler.manners, crawler.capturing): Scrapy's
#: forget the status of robots.txt, merge redirects, follow them anywhere, and decode a body before it could be kept.
#: Cookies stay in an ordinary jar, one a source.
DOWNLOADER_MIDDLEWARES = {
    **dict.fromkeys(default_settings.DOWNLOADER_MIDDLEWARES_BASE),
    "crawler.manners.MannersMiddleware": 500,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 700,
}
#: They would filter errors, referrers and long URLs behind our back.
SPIDER_MIDDLEWARES: dict[str, int | None] = dict.fromkeys(default_settings.SPIDER_MIDDLEWARES_BASE)
#: No console port, no memory watching, no statistics beside our own tally.
EXTENSIONS: dict[str, int | None] = dict.fromkeys(default_settings.EXTENSIONS_BASE)
TELNETCONSOLE_ENABLED = False

DOWNLOAD_HANDLERS = {
    **dict.fromkeys(default_settings.DOWNLOAD_HANDLERS_BASE),
    "http": "crawler.capturing.CapturingHandler",
    "https": "crawler.capturing.CapturingHandler",
}
SCHEDULER = "crawler.scheduling.FrontierScheduler"
ITEM_PIPELINES = {"crawler.depositing.DepositPipeline": 100}

#: A callback gives one reading or none; the default of 100 would start 100 workers for it each time.
CONCURRENT_ITEMS = 1

#: One connection a host, whatever a slot's own pace says; many hosts side by side.
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 1

#: A site whose certificate cannot be trusted could be anyone; the failure is reported as tls_failed.
DOWNLOAD_VERIFY_CERTIFICATES = True

LOG_INSTALL_ROOT_HANDLER = False  # the child process sets up logging itself


def scrapy_settings(
    crawl: CrawlSettings, bytes_today: Mapping[str, int] | None = None, clock: Clock | None = None
) -> dict[str, Any]:
    """The settings above with a home's own limits. `bytes_today` are those each host has sent since midnight."""
    fixed = {name: value for name, value in globals().items() if name.isupper()}
    return {
        **fixed,
        "GONGBAO_CRAWL": crawl,
        "GONGBAO_BYTES_TODAY": dict(bytes_today or {}),
        "GONGBAO_CLOCK": clock or Clock(),
        "GONGBAO_PRIVATE_HOSTS": crawl.private_hosts,
        "USER_AGENT": crawl.signed_agent,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_page_size,
        "DOWNLOAD_DELAY": crawl.delay,
        "DNS_TIMEOUT": min(crawl.timeout, 60.0),
    }
