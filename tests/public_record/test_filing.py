"""From the public record one command writes the confidential dossier, the public one and three submissions."""

import json

import pypdfium2
from click.testing import CliRunner

from corroborate.disclosure import read_signed
from corroborate.figures import numbers
from corroborate_cli.main import group


def test_one_command_files_the_public_record(record, tmp_path):
    folder, _ = record
    words = ["file", tmp_path / "out", "--plan", folder / "plan.yaml", "--vault", folder / "hub", "--json"]
    passphrase = (folder / "passphrase.txt").read_text(encoding="utf-8").splitlines()[0]
    environment = {"CORROBORATE_PASSPHRASE": passphrase, "CORROBORATE_MARKS": str(tmp_path / "marks")}
    done = CliRunner().invoke(group, [str(one) for one in words], env=environment)
    assert done.exit_code == 0, (done.output, done.exception)
    told = json.loads(done.stdout)
    assert not told["refused"]
    assert len(told["written"]) == 5
    for part in ("confidential", "public"):
        for language in ("en", "ko", "ja", "es"):
            pdf = pypdfium2.PdfDocument((tmp_path / "out" / part / f"dossier.{language}.pdf").read_bytes())
            assert len(pdf) > 20
    texts = {one: (tmp_path / "out" / "submissions" / one / "submission.txt").read_text(encoding="utf-8")
             for one in ("ohchr.repository", "hrc.complaint", "icc.article15")}  # fmt: skip
    assert all("A/HRC/25/63" in one for one in texts.values())
    assert not any("INVENTED" in one for one in texts.values())


def traced(record, figure, code=0):
    words = ["trace", figure, "--release", str(record[0] / "release.json"), "--json"]
    done = CliRunner().invoke(group, words)
    assert done.exit_code == code, (done.output, done.exception)
    return json.loads(done.stdout) if code == 0 else str(done.exception)


def test_every_figure_of_the_public_record_leads_to_as_many_lines_with_an_address(record):
    made = read_signed((record[0] / "release.json").read_bytes()).release
    figures = {one.id: one.value for one in numbers(made)}
    asked = [one for one in figures if one.startswith(("lines", "places."))]
    assert len(asked) > 5
    for figure in asked:
        found = traced(record, figure)
        assert len(found["lines"]) == figures[figure] == found["in_dossier"]["value"], figure
        assert all(one["addresses"] or one["checked"] != "seen" for one in found["lines"]), figure
    torture = traced(record, "speaking.cah.torture.1")["lines"]
    assert torture
    assert all(one["place"] for one in torture)


def test_what_is_no_figure_of_it_and_a_changed_release_are_refused(record, tmp_path):
    assert "no figure" in traced(record, "for.cah.torture.1", code=1)
    content = (record[0] / "release.json").read_bytes()
    (tmp_path / "release.json").write_bytes(content.replace(b"A/HRC/25/63", b"A/HRC/25/64", 1))
    done = CliRunner().invoke(group, ["trace", "lines.finding", "--release", str(tmp_path / "release.json")])
    assert done.exit_code == 1
    assert CliRunner().invoke(group, ["trace", "lines.finding"]).exit_code == 2
