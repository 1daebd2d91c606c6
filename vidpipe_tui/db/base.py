"""The declarative base, and the column shapes that recur."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Enum, MetaData, false, func
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


def now() -> datetime:
    """The time in UTC, naive, as every plain DateTime column holds it."""
    return datetime.now(UTC).replace(tzinfo=None)


def created() -> MappedColumn[datetime]:
    """A column that says when the row was written."""
    return mapped_column(DateTime, default=now, server_default=func.now(), nullable=False)


def updated() -> MappedColumn[datetime]:
    """A column that says when the row was last changed."""
    return mapped_column(DateTime, default=now, server_default=func.now(), onupdate=now, nullable=False)


def flag(*, index: bool = False) -> MappedColumn[bool]:
    """A boolean that is false until said otherwise, for rows written by hand too."""
    return mapped_column(Boolean, default=False, server_default=false(), nullable=False, index=index)


def json_column() -> MappedColumn[Any]:
    """A nullable JSON column in which None is NULL."""
    return mapped_column(JSON(none_as_null=True), nullable=True)


def value_enum(kind: type[PythonEnum], length: int) -> Enum:
    """An enum column that stores the values (`pending`), not the names."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        length=length,
        native_enum=False,
        validate_strings=True,
    )
