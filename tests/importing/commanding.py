"""Commands on a vault, as a member gives them."""

from click.testing import CliRunner

from corroborate_cli.main import group

WORDS = "the words of the vault"


def ran(*words: object, code: int = 0) -> str:
    """What a command printed, or why it refused."""
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": WORDS})
    assert done.exit_code == code, done.output or repr(done.exception)
    return done.output if code == 0 else str(done.exception)
