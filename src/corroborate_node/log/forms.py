"""Forms of the log's pages: how an alarm was settled, and what is noted of a backup."""

from corroborate_node.core.forms import Day, Hidden, Line, Spoken


class SettleForm(Spoken):
    """How it was settled, in a sentence."""

    alarm = Hidden(most=9)
    how = Line(size=50, most=2_000)

    @property
    def number(self) -> int:
        """Of the alarm; 0 where what was sent is none."""
        return _number(self.cleaned_data["alarm"])


class BackupForm(Spoken):
    """A copy that somebody made: when, and where it lies."""

    made = Day()
    place = Line(most=200, size=40)


class CopyForm(Spoken):
    """A copy that was noted: it was opened, or it is gone."""

    backup = Hidden(most=9)

    @property
    def number(self) -> int:
        """Of the copy; 0 where what was sent is none."""
        return _number(self.cleaned_data["backup"])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
