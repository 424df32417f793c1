"""`lab new`, followed as CONTRIBUTING.md describes it: an exercise that `lab validate` accepts once it is filled in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from lab_support.checking import validation
from lab_support.cli.main import main
from lab_support.course import exercises, scaffold

SLUG = "07_public_bucket"

PROGRAM = """def program(environment_suffix: str) -> None:
    bucket = aws.s3.Bucket(f"emergency-alert-archive-{environment_suffix}")
    aws.s3.BucketPublicAccessBlock(
        f"emergency-alert-archive-block-{environment_suffix}",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=BLOCKED,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
"""
CHECK = """with check("07_public_bucket", program) as verdict:
    for plan in verdict.plans:
        blocks = plan.of_type("s3.BucketPublicAccessBlock")
        with verdict.finding("MISSING", "the bucket", "The archive needs its bucket."):
            assert plan.of_type("s3.Bucket"), "no bucket is left"
        with verdict.finding("PUBLIC-BUCKET", "the block", "What may a policy still do?"):
            assert any(block.get("block_public_policy") is True for block in blocks), "a policy can make it public"
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "exercises").mkdir()
    monkeypatch.setenv("PULUMI_REVIEW_LAB_ROOT", str(tmp_path))
    return tmp_path


def fill(path: Path) -> None:
    """What an author does: the program, the check, the words, then the solution and the fixes with `lab fix edit`."""
    text = path.read_text(encoding="utf-8")
    flawed, solved = (PROGRAM.replace("BLOCKED", value) for value in ("False", "True"))
    cell = re.compile(r'(# %% tags=\["exercise"\]\n).*?(?=\n# %%)', re.DOTALL)
    text = cell.sub(lambda match: match.group(1) + flawed, text, count=1)
    check = re.compile(r'# %% tags=\["check"\].*?(?=\n# %%)', re.DOTALL)
    text = check.sub(lambda match: f'# %% tags=["check"] expect=["PUBLIC-BUCKET"]\n{CHECK}', text)
    text = text.replace(f"- finding: {scaffold.BLANK}", "- finding: PUBLIC-BUCKET")
    path.write_text(text.replace(scaffold.BLANK, "something"), encoding="utf-8")
    fix("solution", solved)
    for number in range(validation.RIGHT):
        fix(f"right_{number}", f"# Idea {number}.\nNUMBER = {number}\n{solved}")
    for number in range(validation.WRONG):
        fix(f"wrong_{number}", f"# finding: PUBLIC-BUCKET\n# Mistake {number}.\nNUMBER = {number}\n{flawed}")
    exercises._read_all.cache_clear()


def fix(name: str, text: str) -> None:
    """Stores a fix as an author does."""
    done = CliRunner().invoke(main, ["fix", "edit", SLUG, name, "--from", "-"], input=text)
    assert done.exit_code == 0, done.output
    exercises._read_all.cache_clear()


def test_a_scaffold_is_not_valid_before_its_blanks_are_filled(root: Path) -> None:
    scaffold.write(SLUG)
    broken = [
        claim.what for claim in validation.written_claims(exercises.find_exercise(SLUG)) if not claim.holds
    ]
    assert {"has no blanks left", "has a solution that fits its program"} <= set(broken)


def test_a_filled_scaffold_is_valid_and_every_claim_was_run(root: Path) -> None:
    path = scaffold.write(SLUG)
    fill(path)
    claims = list(validation.claims(exercises.find_exercise(SLUG)))
    assert [str(claim) for claim in claims if not claim.holds] == []
    run = [claim for claim in claims if re.search(r"passes|fails", claim.what)]
    assert len(run) == 2 + validation.RIGHT + validation.WRONG


def test_a_wrong_fix_that_passes_is_a_broken_claim(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scaffold.write(SLUG)
    fill(path)
    for extra in (*path.with_suffix("").glob("right_*"), *path.with_suffix("").glob("wrong_*")):
        extra.unlink()
    fix("wrong_right", f"# finding: PUBLIC-BUCKET\n# It is right.\n{PROGRAM.replace('BLOCKED', 'True')}")
    broken = [claim.what for claim in validation.claims(exercises.find_exercise(SLUG)) if not claim.holds]
    assert "wrong_right.diff fails with PUBLIC-BUCKET" in broken


@pytest.mark.parametrize("slug", ["public_bucket", "7_public", "07-public", "07_Public", ""])
def test_a_bad_name_is_refused(root: Path, slug: str) -> None:
    with pytest.raises(ValueError, match="two digits"):
        scaffold.write(slug)


def test_a_taken_number_is_refused(root: Path) -> None:
    scaffold.write(SLUG)
    with pytest.raises(ValueError, match="taken"):
        scaffold.write("07_another")
