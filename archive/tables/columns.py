"""What the tables are made of: kinds of columns that mean the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Column, DateTime, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, stored as naive UTC. A naive one is refused, because nobody can know what it means."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


Json: Final = JSON(none_as_null=True)
Serial: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in a column called INTEGER


def record_columns() -> tuple[Column[Any], ...]:
    """The pointer to a WARC record."""
    return (
        Column("warc", Text),
        Column("warc_offset", BigInteger),
        Column("warc_length", BigInteger),
        Column("warc_digest", Text),
    )


def text_column(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False, default="")
