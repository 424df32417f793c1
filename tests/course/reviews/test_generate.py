"""Generated reviews: the same seed gives the same review, which holds no key and hides its flaws among differences."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from difflib import unified_diff

import pytest

from lab_support.course.exercises import EXERCISE, SETUP, SOLUTION, UnknownExercise, find_exercise
from lab_support.course.notebooks import notebook, text_of
from lab_support.course.reviews import stock
from lab_support.course.reviews.choices import CHOICES
from lab_support.course.reviews.generate import ReviewError, Spec, draw, variation_of
from lab_support.course.reviews.variation import ORIGINAL, Variation

SEEDS = range(20)


def test_the_name_of_a_review_says_what_it_is_made_of() -> None:
    for spec in (
        Spec(42),
        Spec(7, 2, 0, ("NAME-COLLISION", "SINGLE-ZONE"), "flood-warning"),
        Spec(1, chosen=("redis_zone", "log_group_names"), name="dam-watch"),
    ):
        again = Spec.of(spec.slug)
        assert (again.slug, draw(again)) == (spec.slug, draw(spec))


PRINT = """
from lab_support.course.exercises import find_exercise
from lab_support.course.notebooks import notebook, text_of
print(text_of(notebook(find_exercise("review_42_5f_3d"))))
"""


def test_a_seed_gives_the_same_review_in_every_process() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
    assert draw(Spec(42)).flaws != draw(Spec(43)).flaws


def test_the_order_does_not_depend_on_the_process() -> None:
    # Of hash() or random, which may differ between versions.
    assert Variation("1", "dam-watch").order(5) == [0, 1, 3, 2, 4]


@pytest.mark.parametrize("seed", SEEDS)
def test_flaws_are_of_different_kinds_and_every_cell_is_python(seed: int) -> None:
    exercise = find_exercise(Spec(seed).slug)
    assert len(exercise.severities) == len(exercise.findings) == 5
    for source in (*exercise.sources(EXERCISE), *exercise.sources(SOLUTION)):
        ast.parse(source)


def test_the_notebook_holds_no_key() -> None:
    exercise = find_exercise("review_42_5f_3d")
    text = text_of(notebook(exercise))
    for finding in exercise.findings:
        assert f'"{finding}"' not in text.replace('"NAME-COLLISION\\", collision', "")
    assert not any(flaw.texts["title"] in text or flaw.name in text for flaw in draw(Spec(42)).flaws)
    checks = [cell for cell in json.loads(text)["cells"] if "check" in cell["metadata"].get("tags", [])]
    assert [cell["metadata"].get("lab", {}) for cell in checks] == [{}]


def test_the_solution_differs_in_the_flaws_alone() -> None:
    exercise = find_exercise("review_42_5f_3d")
    before, after = "\n".join(exercise.sources(EXERCISE)), "\n".join(exercise.sources(SOLUTION))
    changed = [line for line in unified_diff(before.split("\n"), after.split("\n"), n=0) if line[0] in "+-"]
    assert 10 <= len(changed) < 120


def test_two_reviews_differ_everywhere() -> None:
    texts = ["\n".join(find_exercise(Spec(seed).slug).sources(EXERCISE)).split("\n") for seed in (1, 2)]
    changed = [line for line in unified_diff(*texts, n=0) if line.startswith(("+", "-"))]
    assert len(changed) > 400


@pytest.mark.parametrize("seeds", [(1, 2), (3, 4), (5, 6), (7, 8)], ids=str)
def test_of_two_reviews_without_names_and_order_most_differences_are_no_flaws(seeds: tuple[int, int]) -> None:
    one, other = (plain_lines(seed, EXERCISE) for seed in seeds)
    sound = plain_lines(seeds[0], SOLUTION)
    differences = ((one - other) + (other - one)).total()
    flawed = ((one - sound) + (sound - one)).total()
    assert differences > 3 * flawed


def plain_lines(seed: int, tag: str) -> Counter[str]:
    """The lines of a review with the names of the sound system, in no order."""
    exercise = find_exercise(Spec(seed).slug)
    variation = variation_of(Spec(seed))
    text = "\n".join(exercise.sources(tag)).replace(variation.system, ORIGINAL)
    for old, new in variation.names.items():
        text = re.sub(rf"\b{new}\b", old, text)
    text = re.sub(r'self\.named\(f?"([^"]*)"\)', rf'f"{ORIGINAL}-\1-{{self.environment_suffix}}"', text)
    return Counter(line.strip() for line in text.split("\n"))


@pytest.mark.parametrize("flaw", ["release_of_any_owner", "release_of_any_branch"])
def test_the_repository_that_releases_the_system_keeps_its_name(flaw: str) -> None:
    exercise = find_exercise(Spec(1, chosen=(flaw,), name="dam-watch").slug)
    for tag in (EXERCISE, SOLUTION):
        (subject,) = re.findall(r'"repo:[^"]*"', "\n".join(exercise.sources(tag)))
        assert "/emergency-alert:" in subject
    assert "`alerts-example/emergency-alert`" in exercise.cells[1].source


def test_the_notebook_imports_the_drills_that_it_names_and_calls_its_classes_by_their_names() -> None:
    exercise = find_exercise(Spec(5).slug)
    text = "\n".join(cell.source for cell in exercise.cells if cell.kind == "markdown")
    drills = set(re.findall(r"`show\((\w+)\(", text))
    assert "strangers" in drills
    assert len(drills) > 10
    assert drills <= set(re.findall(r"\w+", exercise.sources(SETUP)[0]))
    assert variation_of(Spec(5)).names["Part"] == "SystemPart"
    assert "`SystemPart` holds" in text


def test_each_choice_is_about_a_line_of_the_sound_system() -> None:
    lines = {line.strip() for cell in stock.sound_cells() for line in cell.split("\n")}
    assert not CHOICES.keys() - lines


@pytest.mark.parametrize(
    "spec",
    [
        Spec(1, flaws=0),
        Spec(1, flaws=99),
        Spec(1, distractors=99),
        Spec(1, kinds=("NO-SUCH",)),
        Spec(1, name="Übung"),
        Spec(1, name="a-b-c-d-e-f-g-h-i"),  # longer than AWS's names allow
        Spec(1, name="Übung", chosen=("redis_zone",)),
        Spec(1, chosen=("no_such",)),
        Spec(1, chosen=("deny_without_tls",)),
    ],
    ids=str,
)
def test_what_the_stock_has_not_is_said(spec: Spec) -> None:
    with pytest.raises(ReviewError):
        draw(spec)


@pytest.mark.parametrize("slug", ["review_", "review_x", "review_1_5f", "review_1_99f_3d", "review_1_wnope"])
def test_a_name_of_no_review_is_an_unknown_exercise(slug: str) -> None:
    with pytest.raises(UnknownExercise):
        find_exercise(slug)


def test_flaws_of_which_one_hides_the_other_are_never_drawn_together() -> None:
    # With all tasks in the first zone, the other zone has none that its missing gateway could cut off.
    named = {flaw.name: flaw for flaw in stock.flaws()}
    assert named["one_gateway"].conflicts_with(named["tasks_zone"])
    assert named["tasks_zone"].conflicts_with(named["one_gateway"])


def test_a_flaw_and_a_distractor_that_make_the_same_resource_are_never_drawn_together() -> None:
    flaw = next(flaw for flaw in stock.flaws() if flaw.name == "open_topic")
    twin = next(change for change in stock.distractors() if change.name == "publishers_of_the_account")
    assert flaw.conflicts_with(twin)
    assert twin not in draw(Spec(8)).distractors or flaw not in draw(Spec(8)).flaws


def test_each_kind_has_a_question_and_the_stock_enough_of_them() -> None:
    assert {flaw.finding for flaw in stock.flaws()} == set(stock.kinds())
    assert len(stock.flaws()) >= 25
    assert len(stock.distractors()) >= 10
