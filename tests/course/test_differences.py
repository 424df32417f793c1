"""A difference fits its program in exactly one place, or its author reads which line is wrong and what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lab_support.course.difference_format import DifferenceError, parse, read_sections, read_text
from lab_support.course.differences import apply, join_cells, shared, split_cells, write

PROGRAM = """def program(suffix):
    key = Key(
        rotation=True,
        tags=tags,
    )

    database = Instance(
        engine="postgres",
        multi_az=False,
        tags=tags,
    )"""
FIX = """# finding: SINGLE-ZONE
# Only prod gets a standby.
--- program
+++ wrong_only_in_prod
@@ -8,3 +8,3 @@
         engine="postgres",
-        multi_az=False,
+        multi_az=suffix == "prod",
         tags=tags,
"""
FIXED = PROGRAM.replace("multi_az=False", 'multi_az=suffix == "prod"')


def fixed(text: str, *cells: str, moved: bool = False) -> list[str]:
    bases = {"program": cells or (PROGRAM,), "solution": [FIXED]}
    return apply(parse(text, "a.diff"), bases, "a.diff", moved=moved)


def problem(text: str, *cells: str) -> str:
    with pytest.raises(DifferenceError) as caught:
        fixed(text, *cells)
    assert str(caught.value).startswith("a.diff")
    return str(caught.value)


class TestFitting:
    def test_the_program_is_changed_where_its_lines_are(self) -> None:
        assert fixed(FIX) == [FIXED]

    def test_it_may_start_from_the_solution(self) -> None:
        text = FIX.replace("--- program", "--- solution").replace(
            "multi_az=False", 'multi_az=suffix == "prod"'
        )
        assert fixed(text.replace('+        multi_az=suffix == "prod"', "+        multi_az=True")) == [
            PROGRAM.replace("False", "True")
        ]

    def test_of_several_cells_it_names_its_own(self) -> None:
        text = FIX.replace("--- program", "--- program, cell 2")
        assert fixed(text, "import aws", PROGRAM) == ["import aws", FIXED]

    def test_an_empty_line_may_have_lost_its_space(self) -> None:
        lines = [
            "",
            "     )",
            "",
            "-    database = Instance(",
            "+    database = Cluster(",
            '         engine="postgres",',
            "",
        ]
        for empty in ("", " "):
            text = "# It is.\n--- program\n+++ a\n@@ -5,4 +5,4 @@" + "\n".join(lines).replace(
                "\n\n", f"\n{empty}\n"
            )
            assert fixed(text) == [PROGRAM.replace("Instance", "Cluster")]

    def test_git_and_patch_read_it_too(self, tmp_path: Path) -> None:
        (tmp_path / "program").write_text(f"{PROGRAM}\n", encoding="utf-8")
        text = FIX.replace("--- program", "--- a/program").replace("+++ wrong_only_in_prod", "+++ b/program")
        subprocess.run(["git", "apply"], input=text, text=True, cwd=tmp_path, check=True)
        assert (tmp_path / "program").read_text(encoding="utf-8") == f"{FIXED}\n"


BROKEN = {
    "moved": (
        FIX.replace("@@ -8,3 +8,3", "@@ -7,3 +7,3"),
        "line 5: its lines are at line 8 of the program, not at 7",
    ),
    "only the new number": (FIX.replace("+8,3", "+9,3"), "to `@@ -8,3 +8,3 @@`"),
    "changed": (
        FIX.replace("-        multi_az=False", "-        multi_az=None"),
        "line 7: this is `multi_az=None,`",
    ),
    "gone": (FIX.replace("  ", "  x"), "line 5: none of its lines is in the program"),
    "indented differently": (
        FIX.replace("         tags", "     tags"),
        "line 9: `tags=tags,` is indented or spaced",
    ),
    "spaces at the end": (
        FIX.replace('postgres",', 'postgres",  '),
        "line 6: this line ends with spaces",
    ),
    "occurs twice": (
        "# It is.\n--- program\n+++ a\n@@ -4,1 +4,1 @@\n-        tags=tags,\n+        tags={},\n",
        "line 4: its lines occur 2 times in the program, at lines 4, 10",
    ),
    "CRLF": (FIX.replace("\n", "\r\n"), "line 1: this line ends as on Windows (CRLF)"),
    "one CRLF": (
        FIX.replace("tags=tags,\n", "tags=tags,\r\n"),
        "line 9: this line ends as on Windows (CRLF)",
    ),
    "no newline at the end": (FIX.removesuffix("\n"), "line 9: the last line does not end with a newline"),
    "its marker": (f"{FIX}\\ No newline at end of file\n", "line 10: remove this line"),
    "empty file": ("", "a.diff: the file is empty"),
    "not a difference": ("# It is.\ndef program(suffix): ...\n", "line 2: this is not a difference"),
    "only a comment": ("# It is.\n", "line 1: this is not a difference"),
    "no hunk": ("# It is.\n--- program\n+++ a\n", "line 2: the difference is empty"),
    "nothing changed": (
        "# It is.\n--- program\n+++ a\n@@ -3,1 +3,1 @@\n         rotation=True,\n",
        "line 4: this hunk changes nothing",
    ),
    "nothing of the program": (
        "# It is.\n--- program\n+++ a\n@@ -0,0 +1,1 @@\n+x = 1\n",
        "line 4: this hunk has no line",
    ),
    "other base": (
        FIX.replace("--- program", "--- a/program.py"),
        "line 3: expected `--- program`, `--- solution` or a right fix",
    ),
    "two bases": (
        FIX + FIX[FIX.index("---") :].replace("--- program", "--- solution"),
        "line 10: a fix differs from one",
    ),
    "no second line": (
        FIX.replace("+++ wrong_only_in_prod\n", ""),
        "line 4: expected `+++` and the fix's name",
    ),
    "wrong counts": (FIX.replace("-8,3 +8,3", "-8,3 +8,4"), "write `@@ -8,3 +8,3 @@`"),
    "a line missing": (
        FIX.replace("         tags=tags,\n", ""),
        "line 5: the header counts 3 lines before and 3 after",
    ),
    "no hunk header": (FIX.replace("@@ -8,3 +8,3 @@", "@@ 8 @@"), "line 5: expected a line such as"),
    "no sign": (
        FIX.replace("+        multi_az", "multi_az"),
        "line 8: a line of a hunk begins with a space, - or +",
    ),
    "a tab": (FIX.replace("         tags", "\ttags"), "not with a tab"),
    "cell that there is not": (
        FIX.replace("--- program", "--- program, cell 2"),
        "line 3: the program has 1 cell, not 2",
    ),
    "a space after the base": (
        FIX.replace("--- program", "--- program "),
        "found '--- program '",
    ),
    "a space of another kind": (
        FIX.replace("-        multi_az=False", "-        multi_az=\u00a0False"),
        "line 7: this is 'multi_az=\\xa0False,'",
    ),
    "the header of git": (
        FIX.replace("--- program", "diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py"),
        "or give the whole program to `lab fix edit`",
    ),
    "two hunks out of order": (
        FIX + "@@ -3,1 +3,1 @@\n-        rotation=True,\n+        rotation=False,\n",
        "line 10: this hunk begins before the end of the one above it",
    ),
}


class TestBroken:
    @pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
    def test_it_is_refused_with_the_line_and_what_to_do(self, text: str, message: str) -> None:
        assert message in problem(text)

    def test_spaces_at_the_end_of_the_program_are_named_as_such(self) -> None:
        assert "line 8 of the program ends with spaces" in problem(FIX, PROGRAM.replace('s",', 's", '))

    def test_a_file_that_is_not_utf_8_is_refused_with_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "right_one.diff"
        path.write_bytes(b"# It is.\n--- program\xff\n")
        with pytest.raises(DifferenceError, match=r"right_one\.diff, line 2: this is not UTF-8"):
            read_text(path)

    def test_a_byte_order_mark_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "right_one.diff"
        path.write_text(FIX, encoding="utf-8-sig")
        with pytest.raises(DifferenceError, match=r"line 1: begins with a byte order mark"):
            read_text(path)

    def test_the_second_line_names_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "right_one.diff"
        path.write_text(FIX, encoding="utf-8")
        with pytest.raises(DifferenceError, match=r"line 4: expected `\+\+\+ right_one`"):
            read_sections(path)

    def test_empty_lines_at_the_end_of_the_file_do_not_count(self) -> None:
        assert fixed(f"{FIX}\n\n") == [FIXED]

    def test_a_hunk_that_has_moved_fits_on_demand_if_it_occurs_once(self) -> None:
        assert fixed(BROKEN["moved"][0], moved=True) == [FIXED]
        with pytest.raises(DifferenceError, match="occur 2 times"):
            fixed(BROKEN["occurs twice"][0], moved=True)


class TestWriting:
    def test_it_has_as_few_lines_around_a_change_as_make_its_place_clear(self) -> None:
        assert "\n".join(write([PROGRAM], [FIXED], "program", "a")[2:]) == FIX[
            FIX.index("@@") :
        ].removesuffix("\n")
        changed = PROGRAM.replace("True,\n        tags=tags", "True,\n        tags={}")
        assert write([PROGRAM], [changed], "program", "a")[2:] == [
            "@@ -3,3 +3,3 @@",
            "         rotation=True,",
            "-        tags=tags,",
            "+        tags={},",
            "     )",
        ]
        repeated = "a = 1\nb = 2\nc = 3\na = 1\nb = 2\nd = 4"
        hunk = write([repeated], [repeated.replace("b = 2\nd", "b = 3\nd")], "program", "a")[2:]
        assert hunk[0] == "@@ -4,3 +4,3 @@"

    def test_without_a_change_it_is_empty(self) -> None:
        assert write([PROGRAM], [PROGRAM], "program", "a") == []

    @pytest.mark.parametrize(
        "after",
        [
            f"import json\n\n\n{PROGRAM}",
            f"{PROGRAM}\n    export(database)",
            PROGRAM.replace("        tags=tags,\n", ""),
            PROGRAM.replace("tags=tags", "tags={}"),
            PROGRAM.replace("\n\n", "\n"),
            "x = 1",
        ],
    )
    def test_what_is_written_gives_the_program_again(self, after: str) -> None:
        lines = write([PROGRAM], [after], "program", "a")
        assert not any(line.endswith(" ") for line in lines)
        assert fixed("\n".join(["# It is.", *lines, ""])) == [after]

    def test_of_several_cells_only_the_changed_ones_occur(self) -> None:
        lines = write(["import aws", PROGRAM], ["import aws", FIXED], "program", "a")
        assert lines[:2] == ["--- program, cell 2", "+++ a, cell 2"]


def test_the_shared_part_is_that_of_the_new_program() -> None:
    assert shared(["a\nb"], ["a\nb\nc\nd"]) == 0.5
    assert shared(["a\nb"], ["a\nb"]) == 1


def test_cells_in_one_piece_can_be_taken_apart_again() -> None:
    assert split_cells(join_cells(["a = 1", "b = 2\n\nc = 3"])) == ["a = 1", "b = 2\n\nc = 3"]
