"""Forms of cases: opened, filled, closed; and of corrections."""

from typing import Any, ClassVar

from corroborate_node.core.forms import Hidden, Line, Spoken, Text
from corroborate_node.core.wording import Words


class NewCaseForm(Spoken):
    """A case under a name that names nobody."""

    name = Line(most=150)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["name"].help_text = words["name_nobody"]


class CaseForm(Spoken):
    """The sources that go into a case, or out of it; and whether it is open."""

    called: ClassVar = {"source": "sources"}
    case = Hidden()
    source = Line(required=False, most=100_000)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["source"].help_text = words["ids"]


class CorrectionForm(Spoken):
    """What is right, and how somebody knows."""

    called: ClassVar = {"to": "what_is_right"}
    to = Line(most=20_000)
    because = Text()
