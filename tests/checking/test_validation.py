"""The author's proof: every claim about an exercise is looked at, and a broken one is told with what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from lab_support.checking import validation
from lab_support.checking.judge import Ruling
from lab_support.checking.validation import Claim, claims, expected_findings, fixes
from lab_support.course import exercises
from lab_support.course.exercises import Exercise, find_exercise
from tests.programs import SLUG, changed, shipped, solved


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pretends to judge: by a word in the program, else as the real exercise would. Returns what was judged."""
    seen: list[str] = []

    def judge(exercise: Exercise, text: str) -> Ruling:
        if "PASSES" in text or text == solved():
            return Ruling(exercise.slug, "passed")
        if "BREAKS" in text:
            return Ruling(exercise.slug, "program-error", text="it broke")
        outcome = "unchanged" if text == shipped() else "failed"
        found = [word for word in ("SINGLE-ZONE", "REGRESSION") if word in text] or ["SINGLE-ZONE"]
        return Ruling(exercise.slug, outcome, tuple({"id": each} for each in found), text="the verdict")

    def judge_all(programs: Sequence[tuple[Exercise, Sequence[str]]]) -> Iterator[Ruling]:
        for exercise, cells in programs:
            text = "\n\n".join(cells)
            seen.append(text)
            yield judge(exercise, text)

    monkeypatch.setattr(validation, "judge_all", judge_all)
    return seen


@pytest.fixture
def fix(clone: Path) -> Callable[[str, str], Path]:
    """Writes a fix beside the exercise of the clone."""
    folder = clone / "exercises" / SLUG
    folder.mkdir()

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def broken() -> dict[str, str]:
    """The claims that do not hold, by what they claim; what is said of fixes that are not there is left out."""
    found = [claim for claim in claims(find_exercise(SLUG)) if not claim.holds]
    about_absent_ones = ("has at least", "names other right ways")
    return {claim.what: claim.saw for claim in found if not claim.what.startswith(about_absent_ones)}


def rewrite(clone: Path, old: str, new: str) -> None:
    path = clone / "exercises" / f"{SLUG}.py"
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")
    exercises._read_all.cache_clear()


class TestFirstLine:
    @pytest.mark.parametrize(
        ("line", "findings"),
        [
            ("# finding: SINGLE-ZONE", ("SINGLE-ZONE",)),
            ("# finding: SINGLE-ZONE, REGRESSION", ("SINGLE-ZONE", "REGRESSION")),
        ],
    )
    def test_it_names_the_findings(self, tmp_path: Path, line: str, findings: tuple[str, ...]) -> None:
        path = tmp_path / "wrong_x.py"
        path.write_text(f"{line}\nx = 1\n", encoding="utf-8")
        assert expected_findings(path) == findings

    @pytest.mark.parametrize(
        "line", ["", "x = 1", "# finding:", "# finding: single-zone", "# findings: A", "#finding: A"]
    )
    def test_anything_else_is_an_error_that_names_the_file(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "wrong_x.py"
        path.write_text(f"{line}\nx = 1\n", encoding="utf-8")
        with pytest.raises(ValueError, match=r"wrong_x\.py must begin with a line such as"):
            expected_findings(path)


class TestFixes:
    def test_they_are_found_by_kind_in_order(self, fix: Callable[[str, str], Path]) -> None:
        for name in ("right_b.py", "right_a.py", "wrong_a.py", "error_a.py", "notes.md", "right_c.txt"):
            fix(name, "")
        exercise = find_exercise(SLUG)
        assert [path.name for path in fixes(exercise, "right")] == ["right_a.py", "right_b.py"]
        assert [path.name for path in fixes(exercise, "error")] == ["error_a.py"]


class TestClaims:
    def test_the_exercise_itself_keeps_its_promises(self, clone: Path, judged: list[str]) -> None:
        assert broken() == {}
        assert shipped() in judged
        assert solved() in judged

    def test_too_few_fixes_are_told(self, clone: Path, judged: list[str]) -> None:
        found = {claim.what: claim.saw for claim in claims(find_exercise(SLUG)) if not claim.holds}
        assert found == {
            f"has at least {validation.RIGHT} right_* fixes": "it has 0",
            f"has at least {validation.WRONG} wrong_* fixes": "it has 0",
            "names other right ways that exist": f"there is no right fix {', '.join(find_exercise(SLUG).ways)}",
        }

    def test_fixes_that_do_what_their_names_say(
        self, fix: Callable[[str, str], Path], judged: list[str]
    ) -> None:
        fix("right_one.py", "# PASSES")
        fix("wrong_one.py", "# finding: SINGLE-ZONE, REGRESSION")
        fix("error_one.py", "# BREAKS")
        assert broken() == {}
        assert {"# PASSES", "# BREAKS"} <= set(judged)

    @pytest.mark.parametrize(
        ("name", "text", "what", "saw"),
        [
            ("right_one.py", "x", "right_one.py passes", "failed SINGLE-ZONE"),
            ("right_one.py", "# BREAKS", "right_one.py passes", "program-error\n          it broke"),
            (
                "wrong_one.py",
                "# finding: REGRESSION\n# PASSES",
                "wrong_one.py fails with REGRESSION",
                "passed",
            ),
            ("wrong_one.py", "# finding: OTHER", "wrong_one.py fails with OTHER", "failed SINGLE-ZONE"),
            (
                "wrong_one.py",
                "# finding: SINGLE-ZONE\nREGRESSION",
                "wrong_one.py fails with SINGLE-ZONE",
                "failed SINGLE-ZONE REGRESSION",
            ),
            ("wrong_one.py", "x", "each wrong fix names its findings", "wrong_one.py must begin with"),
            ("error_one.py", "# PASSES", "error_one.py is a program error", "passed"),
        ],
    )
    def test_a_fix_that_does_something_else_breaks_its_claim(
        self,
        fix: Callable[[str, str], Path],
        judged: list[str],
        name: str,
        text: str,
        what: str,
        saw: str,
    ) -> None:
        fix(name, text)
        found = broken()
        assert list(found) == [what]
        assert found[what].replace(",", "").startswith(saw)

    @pytest.mark.parametrize(
        ("old", "new", "what"),
        [
            ('# %% tags=["setup"]', "# %%", "has a cell tagged `setup`"),
            (
                '# %% tags=["check"] expect=["SINGLE-ZONE"]',
                '# %% tags=["check"]',
                "announces at least one finding",
            ),
            (
                "The subnets and the subnet group reach over three zones.",
                "Write multi_az=True there.",
                "keeps the answer for the last hint",
            ),
            (
                '# %% [markdown] tags=["hint"]\n# <details><summary><b>Hint 2',
                "# %% [markdown]\n# <details><summary><b>Hint 2",
                "has 3 hints",
            ),
        ],
    )
    def test_an_exercise_that_lacks_something_breaks_a_claim(
        self, clone: Path, judged: list[str], old: str, new: str, what: str
    ) -> None:
        rewrite(clone, old, new)
        assert what in broken()

    def test_a_shipped_program_with_another_flaw_breaks_the_main_claim(
        self, clone: Path, judged: list[str]
    ) -> None:
        rewrite(clone, 'expect=["SINGLE-ZONE"]', 'expect=["REGRESSION"]')
        assert broken()["fails as shipped with REGRESSION"].startswith("unchanged SINGLE-ZONE")


def test_a_claim_says_what_was_seen_instead() -> None:
    assert str(Claim(SLUG, "passes", True)) == f"ok      {SLUG}: passes"
    text = str(Claim(SLUG, "passes", False, "failed"))
    assert text == f"BROKEN  {SLUG}: passes\n          but: failed"
    assert Claim(SLUG, "passes", False, "failed").to_json() == {
        "exercise": SLUG,
        "what": "passes",
        "holds": False,
        "saw": "failed",
    }
