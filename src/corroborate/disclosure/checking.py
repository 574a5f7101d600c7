"""What others say in a release, checked against what they signed: before it is called valid, drawn, published or filed.

Whoever makes and signs a release can write anything under another's name. What contradicts the notes that stand in it
is refused everywhere by the same check; what they leave open stands, and is marked.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from corroborate.custody import Verifier
from corroborate.disclosure.names import Checked, check_names, title_is_signed
from corroborate.disclosure.shown import Release, StandShown, StatementShown
from corroborate.disclosure.standing import check_stands


@dataclass(frozen=True, slots=True)
class ReleaseChecked:
    """What a release shows others to have said, and what proves it: who stands under findings, and statements."""

    stands: tuple[tuple[StandShown, str], ...]
    statements: tuple[tuple[StatementShown, Checked], ...]

    @property
    def proved(self) -> bool:
        """Whether a given key says so of each name, and of each title over names."""
        return all(said == "valid" for _, said in self.stands) and all(
            checked.proved and (title_is_signed(one) or not checked.names) for one, checked in self.statements
        )


def check_release(made: Release, given: Iterable[Verifier] = ()) -> ReleaseChecked:
    """What a release shows of others against their own notes. ``given``: keys that the reader trusts; without any, the
    keys that the release itself names.

    Raises NotVerified for what is said otherwise than it was signed: nothing of such a release is drawn.
    """
    keys = tuple(given)
    return ReleaseChecked(check_stands(made, keys), tuple((one, check_names(one, keys)) for one in made.statements))


__all__ = ["ReleaseChecked", "check_release"]
