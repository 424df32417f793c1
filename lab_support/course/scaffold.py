"""`lab new`: the file of a new exercise, with placeholders for what an author has to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from lab_support.course.places import course_folder

# The placeholder; `lab validate` reports those that are left.
BLANK: Final = "FILL IN"

_EXERCISE: Final = """# ---
# jupyter:
#   lab:
#     title: {title}
#     severity: Medium
#     category: FILL IN the category
#     minutes: 10
#     record:
#       - finding: FILL IN
#         title: FILL IN the flaw in a few words
#         short: FILL IN
#         issue: FILL IN what is wrong
#         impact: FILL IN what follows from it
#         category: FILL IN
# ---

# %% [markdown]
# # {title}
#
# FILL IN what goes wrong for people if this is overlooked, in two sentences.

# %% [markdown]
# ## The requirement
#
# > FILL IN the sentence of the brief that the program must meet.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import VERBATIM, check, preview, show, what_changed

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure. Read it as a reviewer: what did it get right, and what
# would you ask about?

# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    # FILL IN the program with its flaw, 20 to 60 lines; nothing in it gives the flaw away.
    pulumi.export("environment", environment_suffix)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("{slug}")

# %% [markdown] tags=["drill"]
# ## Preview

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## What happens when FILL IN?
#
# FILL IN a call of a drill (lab_support/drills/) that plays out the consequence on `plan`, in a cell below with the
# tag `drill`. The panel runs these cells.

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
        with verdict.finding("FILL IN", "the resource", "FILL IN a question"):
            # Ask for the effect, not for an argument's spelling.
            assert plan, "Expected FILL IN; found FILL IN."

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


def write(slug: str) -> Path:
    """Writes the file of a new exercise and returns it; `lab fix edit` adds the solution and the other fixes.

    Raises ValueError for a bad or a taken name.
    """
    if not re.fullmatch(r"[0-9]{2}_[a-z][a-z0-9_]*", slug):
        raise ValueError(f"{slug!r} must be two digits and a name in lower case, such as 15_public_bucket")
    folder = course_folder() / "exercises"
    taken = [other for other in folder.glob("*") if other.stem.startswith(f"{slug[:2]}_")]
    if taken:
        raise ValueError(f"the number {slug[:2]} is taken by {taken[0].name}")
    path = folder / f"{slug}.py"
    title = slug[3:].replace("_", " ").capitalize()
    path.write_text(_EXERCISE.replace("{slug}", slug).replace("{title}", title), encoding="utf-8")
    return path
