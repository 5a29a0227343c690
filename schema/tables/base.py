"""What all tables belong to, and the instants in them."""

from datetime import datetime

from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator

from domain.calendar import SHANGHAI

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An instant, read in Beijing's time: its day is the office's day wherever it is shown, and nothing that shows it converts it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An instant of the record, which the driver gives in UTC."""
        return value.astimezone(SHANGHAI) if value else None
