"""The names that `from lab_support import …` offers to notebooks."""

import pytest

import lab_support


def test_the_names_that_notebooks_import_are_all_there() -> None:
    assert {name for name in lab_support.__all__ if getattr(lab_support, name, None) is None} == set()
    assert set(lab_support.__all__) <= set(dir(lab_support))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = lab_support.nothing
