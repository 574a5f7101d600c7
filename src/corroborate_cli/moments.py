"""Times that are given to a command: with an offset or a named zone, else of UTC."""

from datetime import datetime
from typing import Any

import click

from corroborate.errors import InvalidValue
from corroborate.values.moments import moment


class _Moment(click.ParamType[datetime]):
    """`2026-03-01T18:00+09:00`, `2026-03-01 18:00 Asia/Seoul`, or without either a time of UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value))
        except InvalidValue as error:
            self.fail(str(error), param, ctx)


MOMENT = _Moment()
