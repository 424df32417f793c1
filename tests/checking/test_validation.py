"""The author's proof: every claim about an exercise is checked, and a broken one says what was found instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from lab_support.checking import validation
from lab_support.checking.judge import Ruling
from lab_support.checking.validation import Claim, claims
from lab_support.course import exercises
from lab_support.course.exercises import Exercise, find_exercise
from tests.programs import SLUG, changed, shipped, solved


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Judges by a word in the program, else as the real exercise would. Returns the programs that were judged."""
    seen: list[str] = []

    def judge(exercise: Exercise, text: str) -> Ruling:
        if "PASSES" in text or text == solved():
            return Ruling(exercise.slug, "passed")
        if "BREAKS" in text:
            return Ruling(exercise.slug, "program-error", text="it broke")
        outcome = "unchanged" if text == shipped() else "failed"
        found = [word for word in ("SINGLE-ZONE", "REGRESSION") if word in text] or ["SINGLE-ZONE"]
        return Ruling(exercise.slug, outcome, tuple({"id": finding} for finding in found), text="the verdict")

    def judge_all(programs: Sequence[tuple[Exercise, Sequence[str]]]) -> Iterator[Ruling]:
        for exercise, cells in programs:
            text = "\n\n".join(cells)
            seen.append(text)
            yield judge(exercise, text)

    monkeypatch.setattr(validation, "judge_all", judge_all)
    return seen


@pytest.fixture
def fix(clone: Path) -> Callable[[str, str], Path]:
    """Writes a fix beside the exercise of the clone; a difference gets the name of its file."""
    folder = clone / "exercises" / SLUG

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text.replace("+++ a_fix", f"+++ {path.stem}"), encoding="utf-8")
        return path

    return write


def broken() -> dict[str, str]:
    """The claims that do not hold, by what they claim, except those about fixes that this clone does not have."""
    found = [claim for claim in claims(find_exercise(SLUG)) if not claim.holds]
    about_missing_fixes = ("has at least", "names other right ways", "compares one right repair")
    return {claim.what: claim.saw for claim in found if not claim.what.startswith(about_missing_fixes)}


def rewrite(clone: Path, old: str, new: str) -> None:
    path = clone / "exercises" / f"{SLUG}.py"
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")
    exercises._read_all.cache_clear()


def difference(header: str, old: str, new: str, base: str = "program") -> str:
    """A fix that replaces a place in one line of the program."""
    lines = shipped().splitlines()
    number = next(n for n, line in enumerate(lines) if old in line)
    hunk = f"@@ -{number + 1},1 +{number + 1},1 @@\n-{lines[number]}\n+{lines[number].replace(old, new)}\n"
    return f"{header}\n--- {base}\n+++ a_fix\n{hunk}"


class TestClaims:
    def test_those_of_the_exercise_itself_hold(self, clone: Path, judged: list[str]) -> None:
        assert broken() == {}
        assert shipped() in judged
        assert solved() in judged

    def test_too_few_fixes_break_a_claim(self, clone: Path, judged: list[str]) -> None:
        exercise = find_exercise(SLUG)
        found = {claim.what: claim.saw for claim in claims(exercise) if not claim.holds}
        assert found == {
            f"has at least {validation.RIGHT} right_* fixes": "it has 0",
            f"has at least {validation.WRONG} wrong_* fixes": "it has 0",
            "names other right ways that exist": f"there is no right fix {', '.join(exercise.ways)}",
            "compares one right repair with two wrong ones": f"there is no fix {', '.join(exercise.repairs)}",
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
            (
                "right_one.diff",
                "# It is.\n",
                "each fix fits the program",
                f"{SLUG}/right_one.diff line 1: this is not",
            ),
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

    def test_a_fix_that_is_a_difference_is_judged_as_the_program_it_makes(
        self, fix: Callable[[str, str], Path], judged: list[str]
    ) -> None:
        fix("right_one.diff", difference("# It passes.", "multi_az=False", "multi_az=PASSES"))
        fix("wrong_one.diff", difference("# finding: SINGLE-ZONE", "multi_az=False", "multi_az=None"))
        assert broken() == {}
        assert {
            changed(shipped(), "multi_az=False", f"multi_az={value}") for value in ("PASSES", "None")
        } <= {*judged}

    def test_a_fix_that_is_there_in_both_forms_breaks_a_claim(
        self, fix: Callable[[str, str], Path], judged: list[str]
    ) -> None:
        fix("right_one.py", "# PASSES")
        fix("right_one.diff", difference("# It passes.", "multi_az=False", "multi_az=PASSES"))
        assert broken() == {"each fix is there once": "right_one is there as .py and as .diff"}

    @pytest.mark.parametrize(
        "text", [None, "", difference("# It passes.", "multi_az=False", "multi_az=1", "mine")]
    )
    def test_a_solution_that_is_missing_or_does_not_fit_breaks_a_claim(
        self, clone: Path, judged: list[str], text: str | None
    ) -> None:
        path = clone / "exercises" / SLUG / "solution.diff"
        path.unlink()
        if text is not None:
            path.write_text(text, encoding="utf-8")
        assert list(broken()) == ["has a solution that fits its program"]

    @pytest.mark.parametrize(
        ("old", "new", "what"),
        [
            ('# %% tags=["check"] expect=["SINGLE-ZONE"]', "# %%", "has a cell tagged `check`"),
            (
                '# %% tags=["check"] expect=["SINGLE-ZONE"]',
                '# %% tags=["check"]',
                "announces at least one finding",
            ),
            (
                "The subnets and the subnet group span three zones.",
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
