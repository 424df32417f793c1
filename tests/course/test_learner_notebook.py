"""Where the learner's program is in a notebook that has been edited, split, stripped or added to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab_support.course import exercises
from lab_support.course.cells import program_of
from lab_support.course.exercises import Exercise, find_exercise
from lab_support.course.learner_notebook import SEVERAL, LearnerProgram, learner_program
from lab_support.course.notebooks import notebook
from tests.programs import SLUG, shipped

PROGRAM = "def program(environment_suffix):\n    return helper(environment_suffix)"


class Notebook:
    """A learner's notebook, whose cells can be edited."""

    def __init__(self, path: Path, exercise: Exercise) -> None:
        self.path, self.exercise = path, exercise
        self.document = notebook(exercise)

    @property
    def cells(self) -> list[Any]:
        return list(self.document["cells"])

    def index(self, tag: str) -> int:
        return next(n for n, cell in enumerate(self.cells) if tag in cell["metadata"].get("tags", []))

    def put(self, source: str) -> None:
        """Replaces the exercise's program."""
        self.document["cells"][self.index("exercise")]["source"] = source

    def add(self, source: str, where: int | None = None) -> None:
        """Adds a cell of the learner's own, by default right after the program."""
        cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        self.document["cells"].insert(self.index("exercise") + 1 if where is None else where, cell)

    def strip(self) -> None:
        """Removes tags and ids, as Colab does."""
        for cell in self.document["cells"]:
            cell.pop("id", None)
            cell["metadata"] = {}

    @property
    def program(self) -> LearnerProgram:
        self.path.write_text(json.dumps(self.document), encoding="utf-8")
        return learner_program(self.path, self.exercise)

    def run(self) -> Any:
        """What the program returns for `dev`."""
        return program_of(self.exercise, self.program.cells)("dev")


@pytest.fixture
def edited(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / f"{SLUG}.ipynb", find_exercise(SLUG))


class TestHelpers:
    @pytest.mark.parametrize("where", ["first", "after", "last"])
    def test_a_helper_in_a_cell_of_its_own_is_used(self, edited: Notebook, where: str) -> None:
        edited.put(PROGRAM)
        edited.add(
            "def helper(suffix):\n    return suffix + '!'", {"first": 0, "after": None, "last": 999}[where]
        )
        assert edited.run() == "dev!"
        assert edited.program.notes == []

    def test_only_the_statements_that_are_used_are_taken_and_keep_their_lines(self, edited: Notebook) -> None:
        edited.put(PROGRAM)
        edited.add("%matplotlib inline\n1 / 0\nhelper = str\n2 / 0")
        assert edited.program.cells == [PROGRAM, "\n\nhelper = str\n"]

    def test_a_helper_may_use_another_an_import_and_a_decorator(self, edited: Notebook) -> None:
        edited.put(PROGRAM)
        edited.add("@ft.cache\ndef helper(suffix):\n    return sign(suffix)\n\nunused = print('never')")
        edited.add("sign = lambda text: text + SIGN")
        edited.add("import functools as ft\nSIGN = '?'")
        assert edited.run() == "dev?"
        assert not any("unused" in cell for cell in edited.program.cells)

    def test_what_the_set_up_cell_was_given_is_used(self, edited: Notebook) -> None:
        edited.put(PROGRAM)
        edited.document["cells"][edited.index("setup")]["source"] += ["\ndef helper(suffix): return 7"]
        assert edited.run() == 7

    def test_a_name_that_the_program_defines_itself_is_its_own(self, edited: Notebook) -> None:
        edited.put(f"helper = str\n{PROGRAM}")
        edited.add("helper = len")
        assert edited.run() == "dev"

    def test_cells_that_are_not_used_leave_the_program_as_shipped(self, edited: Notebook) -> None:
        edited.add("notes = 'mine'")
        edited.add("this is no Python")
        edited.add("x = '\ud800'")
        assert edited.program.cells == [shipped()]

    def test_the_notebooks_own_check_is_never_taken(self, edited: Notebook) -> None:
        edited.put(PROGRAM)
        edited.document["cells"][edited.index("check")]["source"] = "def helper(suffix): return 'forged'"
        with pytest.raises(NameError):
            edited.run()


class TestWhereTheProgramIs:
    def test_without_tags_and_ids_it_is_where_program_is_defined(self, edited: Notebook) -> None:
        edited.strip()
        assert edited.program == LearnerProgram([shipped()])

    def test_an_edited_program_without_tags_and_ids_is_found(self, edited: Notebook) -> None:
        edited.put("def helper(s):\n    return s\n\n" + PROGRAM)
        edited.strip()
        assert edited.run() == "dev"

    def test_a_split_cell_that_lost_its_tag_is_found_with_its_other_half(self, edited: Notebook) -> None:
        edited.put("def helper(suffix):\n    return suffix")
        edited.add(PROGRAM)
        assert edited.run() == "dev"
        assert edited.program.notes == []

    def test_both_halves_of_a_split_cell_may_have_the_tag(self, edited: Notebook) -> None:
        half = {**edited.cells[edited.index("exercise")], "id": "half", "source": PROGRAM}
        edited.put("def helper(suffix):\n    return suffix")
        edited.document["cells"].insert(edited.index("exercise") + 1, half)
        assert edited.program == LearnerProgram(["def helper(suffix):\n    return suffix", PROGRAM])

    @pytest.mark.parametrize(
        "kind", ["def program(s):\n    return 1", "async def program(s): pass", "program = str"]
    )
    def test_of_several_definitions_the_last_before_the_check_counts(
        self, edited: Notebook, kind: str
    ) -> None:
        edited.add(kind)
        edited.add("def program(s): return 2", edited.index("check") + 1)
        assert edited.program == LearnerProgram([kind], [SEVERAL])

    def test_the_exercises_own_cell_counts_if_it_is_the_last(self, edited: Notebook) -> None:
        edited.add("def program(s): return 2", 0)
        assert edited.program == LearnerProgram([shipped()], [SEVERAL])

    def test_a_mistake_in_the_exercises_own_cell_is_not_hidden_by_an_older_cell(
        self, edited: Notebook
    ) -> None:
        edited.put("def program(s) return 1")
        edited.add("def program(s): return 2", 0)
        assert edited.program.cells == ["def program(s) return 1"]

    def test_a_cell_for_another_magic_defines_nothing(self, edited: Notebook) -> None:
        edited.add("%%writefile program.py\ndef program(s): return 2")
        assert edited.program == LearnerProgram([shipped()])

    def test_every_solved_notebook_gives_its_program(self, tmp_path: Path) -> None:
        for exercise in exercises.catalogue():
            path = exercises.root() / "solutions" / f"{exercise.slug}.ipynb"
            assert learner_program(path, exercise) == LearnerProgram(exercise.sources(exercises.SOLUTION))
