"""The meta tags that the guideline for government websites asks of every page, and the columns of 云岫县."""

from __future__ import annotations

from typing import Final

from desk.demo.article import Article
from desk.demo.places import SITE_CODE

SITE_NAME: Final = "云岫县人民政府网"
#: Column: its name, and the word for it in the controlled list of ColumnType.
COLUMNS: Final = {
    "gb": ("政府公报", "政策文件"),
    "jb": ("工作简报", "工作动态"),
    "tzgg": ("通知公告", "信息公开目录"),
    "zfwj": ("政府文件", "政策文件"),
    "fcsj": ("云岫风采", "概况信息"),
}


def site_metas(host: str) -> list[tuple[str, str]]:
    return [("SiteName", SITE_NAME), ("SiteDomain", host), ("SiteIDCode", SITE_CODE)]


def column_metas(column: str) -> list[tuple[str, str]]:
    name, kind = COLUMNS[column]
    about = f"{SITE_NAME}{name}栏目"
    return [
        ("ColumnName", name),
        ("ColumnDescription", about),
        ("ColumnKeywords", f"云岫,{name}"),
        ("ColumnType", kind),
    ]


def article_metas(host: str, article: Article) -> list[tuple[str, str]]:
    about = next((part.text for part in article.parts if part.kind == "paragraph"), article.title)
    return [
        *site_metas(host),
        *column_metas(article.column),
        ("ArticleTitle", article.title),
        ("PubDate", f"{article.published_on} {article.published_time}"),
        ("ContentSource", article.source_name),
        ("Keywords", COLUMNS[article.column][0]),
        ("Author", article.author),
        ("Description", about[:60]),
        ("Image", ""),
        ("Url", article.url),
    ]
