"""Notebooks from exercises: what is in them, what stays out, and that nobody's work is overwritten."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from lab_support.course.exercises import NOTES, Exercise, catalogue, find_exercise, guides, read_exercise
from lab_support.course.learner_notebook import exercise_cells
from lab_support.course.notebooks import (
    build,
    fingerprint,
    guide,
    is_edited,
    keep_copy,
    notebook,
    solution,
    stale,
    text_of,
)
from tests.programs import ROOT, SLUG, shipped, solved

ALL = [path.stem for path in sorted((ROOT / "exercises").glob("[0-9][0-9]_*.py"))]


def tags(document: dict[str, Any]) -> list[str]:
    return [tag for cell in document["cells"] for tag in cell["metadata"].get("tags", [])]


def cells_of(document: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    return [cell for cell in document["cells"] if tag in cell["metadata"].get("tags", [])]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def saved(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(text_of(document), encoding="utf-8")
    return path


def edited(path: Path) -> None:
    """What a learner does: the exercise's cell is changed and saved."""
    document = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = cells_of(document, "exercise")
    cell["source"] = solved().splitlines(keepends=True)
    saved(path, document)


class TestDocuments:
    @pytest.mark.parametrize("slug", ALL)
    @pytest.mark.parametrize("make", [notebook, solution])
    def test_they_are_valid_notebooks(self, slug: str, make: Any) -> None:
        document = make(find_exercise(slug))
        nbformat.validate(document)
        assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)

    @pytest.mark.parametrize("slug", ALL)
    def test_the_panel_stands_below_the_program_and_the_check_below_the_panel(self, slug: str) -> None:
        document = notebook(find_exercise(slug))
        code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
        order = [next(iter(cell["metadata"].get("tags", [""]))) for cell in code]
        order = [tag for tag in order if tag != "attack"]  # below the check, for learners to play with
        assert order[-2:] == ["panel", "check"]
        if "notes" not in order:  # where notes come first, they and what they need are written between
            assert order[-3] == "exercise"
        assert not {"drill", "hint", "debrief", "solution"} & set(tags(document))

    @pytest.mark.parametrize("slug", ALL)
    def test_the_solved_one_shows_what_the_panel_shows(self, slug: str) -> None:
        found = tags(solution(find_exercise(slug)))
        assert {"drill", "hint", "debrief"} <= set(found)
        assert "panel" not in found

    @pytest.mark.parametrize("slug", ALL)
    def test_the_learners_holds_neither_solution_nor_debrief(self, slug: str) -> None:
        exercise = find_exercise(slug)
        document = notebook(exercise)
        assert not {"solution", "debrief"} & set(tags(document))
        text = text_of(document)
        for cell in (*exercise.of_tag("debrief"), *exercise.of_tag("solution")):
            added = [line for line in cell.source.splitlines() if len(line) > 60]
            known = "\n".join(
                cell.source for cell in exercise.cells if cell.tag not in ("debrief", "solution")
            )
            assert [line for line in added if line not in known and json.dumps(line)[1:-1] in text] == []

    def test_the_solved_one_has_the_solution_in_the_exercises_place(self, exercise: Exercise) -> None:
        learners, document = notebook(exercise), solution(exercise)
        assert [source(cell) for cell in cells_of(document, "exercise")] == [solved()]
        assert [source(cell) for cell in cells_of(learners, "exercise")] == [shipped()]
        assert tags(document).index("exercise") == tags(learners).index("exercise")
        assert "debrief" in tags(document)

    @pytest.mark.parametrize("make", [notebook, solution])
    def test_cells_carry_pinned_ids_and_no_outputs(self, exercise: Exercise, make: Any) -> None:
        document = make(exercise)
        ids = [cell["id"] for cell in document["cells"]]
        assert len(set(ids)) == len(ids)
        assert "02-exercise-1" in ids
        for cell in document["cells"]:
            assert cell.get("outputs", []) == []
            assert cell.get("execution_count") is None

    @pytest.mark.parametrize(
        "exercise", [e for e in catalogue() if not e.of_tag(NOTES)], ids=lambda e: e.slug
    )
    def test_what_the_lab_imports_for_a_check_is_folded(self, exercise: Exercise) -> None:
        for cell in notebook(exercise)["cells"]:
            is_folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
            imported = set(re.findall(r"^from lab_support import (\w+|\()", "".join(cell["source"]), re.M))
            assert is_folded or imported <= {"panel", "attempt", "read_copy"}

    def test_the_check_can_be_neither_edited_nor_deleted(self, exercise: Exercise) -> None:
        (check,) = cells_of(notebook(exercise), "check")
        assert check["metadata"]["editable"] is False
        assert check["metadata"]["deletable"] is False
        assert check["metadata"]["lab"] == {"expect": ["SINGLE-ZONE"]}

    def test_the_exercise_can_be_edited(self, exercise: Exercise) -> None:
        (cell,) = cells_of(notebook(exercise), "exercise")
        assert cell["metadata"] == {"tags": ["exercise"]}

    def test_no_check_says_that_it_raises(self) -> None:
        for exercise in catalogue():
            assert "raises-exception" not in tags(notebook(exercise))

    def test_ids_stay_when_another_kind_of_cell_comes_in_between(self, clone: Path) -> None:
        path = clone / "exercises" / f"{SLUG}.py"
        before = {cell["id"] for cell in notebook(find_exercise(SLUG))["cells"]}
        text = path.read_text(encoding="utf-8").replace(
            "# %% [markdown]\n# ## Check", "# %%\n1\n\n# %% [markdown]\n# ## Check"
        )
        other = clone.parent / "other" / f"{SLUG}.py"
        other.parent.mkdir()
        other.write_text(text, encoding="utf-8")
        after = {cell["id"] for cell in notebook(read_exercise(other))["cells"]}
        assert before < after


class TestGuides:
    def test_the_start_page_shows_its_map_before_anything_is_run(self) -> None:
        (start,) = (guide(page) for page in guides() if page.slug == "00_start_here")
        nbformat.validate(start)
        (cell,) = cells_of(start, "map")
        (output,) = cell["outputs"]
        shown = "".join(output["data"]["text/markdown"])
        assert [f"({slug}.ipynb)" in shown for slug in ALL] == [True] * len(ALL)
        others = [other for other in start["cells"] if other is not cell]
        assert not any(other.get("outputs") for other in others)

    def test_every_other_guide_has_a_way_back_to_it(self) -> None:
        pages = {page.slug: source(guide(page)["cells"][0]) for page in guides()}
        assert {slug for slug, text in pages.items() if "(00_start_here.ipynb)" not in text} == {
            "00_start_here"
        }


class TestBuild:
    def test_both_notebooks_are_written(self, clone: Path) -> None:
        done = build()
        assert [(str(built.path.relative_to(clone)), built.state) for built in done] == [
            (f"notebooks/{SLUG}.ipynb", "written"),
            (f"solutions/{SLUG}.ipynb", "written"),
        ]
        for built in done:
            nbformat.validate(nbformat.read(built.path, as_version=4))

    def test_twice_gives_the_same_bytes(self, clone: Path) -> None:
        paths = [built.path for built in build()]
        before = [path.read_bytes() for path in paths]
        assert [built.state for built in build()] == ["unchanged", "unchanged"]
        for path in paths:
            path.unlink()
        build()
        assert [path.read_bytes() for path in paths] == before

    def test_nbformat_writes_the_same_bytes(self, clone: Path) -> None:
        for built in build():
            text = built.path.read_text(encoding="utf-8")
            assert nbformat.writes(nbformat.reads(text, as_version=4)) + "\n" == text

    def test_an_edited_notebook_is_kept(self, clone: Path) -> None:
        path = build()[0].path
        edited(path)
        mine = path.read_bytes()
        state = build()[0].state
        assert state.startswith("kept")
        assert "--force" in state
        assert path.read_bytes() == mine

    def test_by_force_it_is_replaced_and_a_copy_kept(self, clone: Path) -> None:
        path = build()[0].path
        fresh = path.read_bytes()
        edited(path)
        mine = path.read_bytes()
        assert build(force=True)[0].state == "written"
        assert path.read_bytes() == fresh
        (copy,) = (path.parent / ".backup").iterdir()
        assert copy.read_bytes() == mine

    def test_one_that_was_only_run_is_brought_up_to_date(self, clone: Path) -> None:
        path = build()[0].path
        fresh = path.read_bytes()
        document = json.loads(fresh)
        document["cells"][2]["execution_count"] = 7
        document["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "out"}]
        saved(path, document)
        assert build()[0].state == "written"
        assert path.read_bytes() == fresh

    def test_one_of_an_earlier_version_is_brought_up_to_date(self, clone: Path) -> None:
        path = build()[0].path
        document = json.loads(path.read_text(encoding="utf-8"))
        document["cells"][0]["source"] = ["# An earlier heading"]
        document["metadata"]["lab"]["fingerprint"] = fingerprint(document["cells"])
        saved(path, document)
        assert build()[0].state == "written"

    def test_solutions_are_always_replaced(self, clone: Path) -> None:
        path = build()[1].path
        path.write_text("{}", encoding="utf-8")
        assert build()[1].state == "written"

    def test_a_broken_notebook_is_kept_as_somebodys(self, clone: Path) -> None:
        path = build()[0].path
        path.write_text("{half a notebook", encoding="utf-8")
        assert build()[0].state.startswith("kept")

    def test_so_is_one_that_is_not_utf_8(self, clone: Path) -> None:
        path = build()[0].path
        path.write_bytes(b"\xff\xfe{}")
        assert build()[0].state.startswith("kept")

    def test_copies_never_overwrite_each_other(self, clone: Path) -> None:
        path = build()[0].path
        copies = {keep_copy(path) for _ in range(20)}
        assert len(copies) == len(list((path.parent / ".backup").iterdir())) == 20


class TestStale:
    def test_before_building_everything_is(self, clone: Path) -> None:
        assert [path.parent.name for path in stale()] == ["notebooks", "solutions"]

    def test_after_building_nothing_is(self, clone: Path) -> None:
        build()
        assert stale() == []

    def test_what_was_changed_is(self, clone: Path) -> None:
        path = build()[0].path
        edited(path)
        assert stale() == [path]


class TestIsEdited:
    @pytest.fixture
    def path(self, tmp_path: Path, exercise: Exercise) -> Path:
        return saved(tmp_path / "a.ipynb", notebook(exercise))

    def test_as_built_it_is_not(self, exercise: Exercise, path: Path) -> None:
        assert not is_edited(path)

    @pytest.mark.parametrize("change", ["source", "new cell", "lost cell"])
    def test_code_and_text_count(self, exercise: Exercise, path: Path, change: str) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        if change == "source":
            document["cells"][-1]["source"] = ["other"]
        elif change == "new cell":
            document["cells"].append({**document["cells"][0], "id": "x"})
        else:
            document["cells"].pop()
        assert is_edited(saved(path, document))

    def test_outputs_tags_and_trailing_empty_lines_do_not(self, exercise: Exercise, path: Path) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        for cell in document["cells"]:
            cell["metadata"] = {}
            cell["source"] = [*cell["source"], "\n"]
            if cell["cell_type"] == "code":
                cell["execution_count"] = 3
        assert not is_edited(saved(path, document))

    @pytest.mark.parametrize(
        "content", ["", "[]", "{}", '{"cells": [{}], "metadata": {"lab": {"fingerprint": ""}}}']
    )
    def test_what_cannot_be_read_counts_as_somebodys(
        self, exercise: Exercise, path: Path, content: str
    ) -> None:
        path.write_text(content, encoding="utf-8")
        assert is_edited(path)


class TestExerciseCells:
    @pytest.fixture
    def document(self, exercise: Exercise) -> dict[str, Any]:
        return notebook(exercise)

    def test_exercise_cells_are_found_by_their_tag(
        self, tmp_path: Path, exercise: Exercise, document: dict[str, Any]
    ) -> None:
        assert exercise_cells(saved(tmp_path / "a.ipynb", document), exercise) == [shipped()]

    def test_exercise_cells_are_found_by_their_id_where_the_tags_are_gone(
        self, tmp_path: Path, exercise: Exercise, document: dict[str, Any]
    ) -> None:
        for cell in document["cells"]:
            cell["metadata"] = {}
        assert exercise_cells(saved(tmp_path / "a.ipynb", document), exercise) == [shipped()]

    def test_several_in_their_order(
        self, tmp_path: Path, exercise: Exercise, document: dict[str, Any]
    ) -> None:
        (cell,) = cells_of(document, "exercise")
        document["cells"].append({**cell, "id": "another", "source": ["more = 1"]})
        assert exercise_cells(saved(tmp_path / "a.ipynb", document), exercise) == [shipped(), "more = 1"]

    def test_source_may_be_one_text(
        self, tmp_path: Path, exercise: Exercise, document: dict[str, Any]
    ) -> None:
        (cell,) = cells_of(document, "exercise")
        cell["source"] = "a = 1\nb = 2"
        assert exercise_cells(saved(tmp_path / "a.ipynb", document), exercise) == ["a = 1\nb = 2"]

    def test_none_is_an_error_that_says_what_was_looked_for(
        self, tmp_path: Path, exercise: Exercise, document: dict[str, Any]
    ) -> None:
        document["cells"] = [cell for cell in document["cells"] if cell["id"] != "02-exercise-1"]
        with pytest.raises(ValueError, match="no exercise cell: no cell is tagged `exercise`"):
            exercise_cells(saved(tmp_path / "a.ipynb", document), exercise)

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 5}', '{"cells": ["text"]}', "\u2028"])
    def test_what_is_no_notebook_is_an_error(self, tmp_path: Path, exercise: Exercise, content: str) -> None:
        path = tmp_path / "a.ipynb"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match="cannot be read"):
            exercise_cells(path, exercise)

    @pytest.mark.parametrize(
        "cell",
        [
            {"cell_type": "code", "metadata": {"tags": ["exercise"]}},
            {"cell_type": "code", "metadata": None, "source": ""},
            {"cell_type": "code", "metadata": {"tags": ["exercise"]}, "source": None},
        ],
        ids=["no source", "no metadata", "source is null"],
    )
    def test_so_is_one_with_a_malformed_cell(
        self, tmp_path: Path, exercise: Exercise, cell: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=r"a\.ipynb"):
            exercise_cells(saved(tmp_path / "a.ipynb", {"cells": [cell]}), exercise)
