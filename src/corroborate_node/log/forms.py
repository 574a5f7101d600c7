"""The form by which an alarm is settled."""

from corroborate_node.core.forms import Hidden, Line, Spoken


class SettleForm(Spoken):
    """How it was settled, in a sentence."""

    alarm = Hidden(most=9)
    how = Line(size=50, most=2_000)

    @property
    def number(self) -> int:
        """Of the alarm; 0 where what was sent is none."""
        text = self.cleaned_data["alarm"]
        return int(text) if text.isascii() and text.isdecimal() else 0
