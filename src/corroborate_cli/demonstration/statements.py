"""The demonstration's joint statement: two versions that differ by one comma."""

from importlib import resources

from corroborate.coalition import Version

NAME = "access-and-truth"
TITLE = "Joint statement on access and truth (demonstration)"


def versions() -> tuple[Version, Version]:
    """The text as first put up, and with its comma."""
    folder = resources.files("corroborate_cli.demonstration")
    first, second = (folder.joinpath(f"statement_{number}.txt").read_bytes() for number in (1, 2))
    return Version(NAME, 1, first), Version(NAME, 2, second)
