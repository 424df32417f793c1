"""`lab new`: the files of a new exercise, with placeholders for every part that `lab validate` requires."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from lab_support.course import exercises, fixes
from lab_support.course.differences import PROGRAM, join_cells

# The placeholder; `lab validate` reports those that are left.
BLANK: Final = "FILL IN"

_EXERCISE: Final = """# ---
# jupyter:
#   lab:
#     title: {title}
#     severity: Medium
#     category: FILL IN the category
#     minutes: 10
# ---

# %% [markdown]
# # {title}
#
# **Severity:** Medium &nbsp;·&nbsp; **Category:** FILL IN &nbsp;·&nbsp; **Time:** about 10 minutes
#
# FILL IN what goes wrong for people if this is overlooked, in two sentences.

# %% [markdown]
# ## The requirement
#
# > FILL IN the sentence of the brief that the program must meet.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

from lab_support import check, debrief, preview, show, what_changed

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure. Read it as a reviewer: what did it get right, and what
# would you ask about?

# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    # FILL IN the program with its flaw, 20 to 60 lines; nothing in it gives the flaw away.
    pulumi.export("environment", environment_suffix)


# %% [markdown]
# ## Preview

# %%
plan = preview(program, "dev")
show(plan)

# %% [markdown]
# ## What happens when FILL IN?
#
# FILL IN a call of a drill (lab_support/drills/) that plays the consequence on `plan`, in a cell below.

# %% [markdown]
# ## Repair it
#
# Change the program above so that it meets the requirement, and run its cell again.
#
# The panel works on the program that you ran last. Stuck? Its hints come one at a time; they are folded below, too.

# %% tags=["panel"]
from lab_support import panel  # no buttons? run this cell

panel("{slug}")

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# FILL IN
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# FILL IN
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# FILL IN
#
# </details>

# %% [markdown]
# ## Check

# %% tags=["check"] expect=["FILL IN"]
with check("{slug}", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        with verdict.finding("FILL IN", "the resource", "FILL IN how to get on"):
            assert plan, "FILL IN what was seen; ask for the effect, not for an argument's spelling"

# %% [markdown]
# ## Debrief
#
# Once the check has passed, this shows what changed in the plan, why it matters and how to spot it in a review.

# %% tags=["reveal"]
debrief(verdict)

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# FILL IN
#
# ### The control
#
# FILL IN
#
# ### How to spot it in a review
#
# FILL IN
#
# ### One question to take away
#
# FILL IN
"""

# What each fix puts in place of the program's placeholder.
_FIXES: Final = {
    "solution": ("", "FILL IN the program without the flaw: lab fix edit {slug} solution"),
    "right_first_idea": (
        "# FILL IN the idea of this repair in one line; at least eight right_*, each with a different idea.\n",
        "FILL IN another repair: lab fix edit {slug} right_first_idea",
    ),
    "wrong_first_mistake": (
        "# finding: FILL-IN\n# FILL IN why this looks like a repair but is not; at least twelve wrong_*.\n",
        "FILL IN something that looks like a repair: lab fix edit {slug} wrong_first_mistake",
    ),
}
_BLANK_LINE: Final = re.compile(r"FILL IN .*")


def write(slug: str) -> list[Path]:
    """Writes the files of a new exercise and returns them. Raises ValueError for a bad or a taken name."""
    if not re.fullmatch(r"[0-9]{2}_[a-z][a-z0-9_]*", slug):
        raise ValueError(f"{slug!r} must be two digits and a name in lower case, such as 07_public_bucket")
    folder = exercises.root() / "exercises"
    path = folder / f"{slug}.py"
    taken = [other for other in folder.glob("*") if other.stem.startswith(f"{slug[:2]}_")]
    if taken:
        raise ValueError(f"the number {slug[:2]} is taken by {taken[0].name}")
    title = slug[3:].replace("_", " ").capitalize()
    path.write_text(_EXERCISE.replace("{slug}", slug).replace("{title}", title), encoding="utf-8")
    exercise = exercises.read_exercise(path)
    shipped = exercise.sources(exercises.EXERCISE)
    written = [path]
    for name, (header, line) in _FIXES.items():
        cells = [_BLANK_LINE.sub(line.replace("{slug}", slug), cell, count=1) for cell in shipped]
        written.append(fixes.store(exercise, name, header + join_cells(cells), (PROGRAM,)))
    return written
