# ---
# jupyter:
#   lab:
#     title: Start here
# ---

# %% [markdown]
# # Start here
#
# An AI assistant wrote the AWS infrastructure of a federal emergency-alert system, with Pulumi in Python. It looks
# right. It is wrong in ways that show only when an availability zone fails, a disk leaves the building, a second
# environment is deployed, an attacker gets into a task or the load rises at night. **You review it, one flaw per
# notebook, and repair it.** Then you review the whole system.
#
# Everything runs on this machine: the real Pulumi engine, with a mock AWS account behind it. There is no cloud,
# nothing to pay and nothing you can break. (The system and its agency are fictional; what the notebooks say about AWS
# is not.)
#
# ## The exercises
#
# New to Pulumi? Begin with the [warm-up](00_warm_up.ipynb). All programs were written from [one brief](brief.ipynb), which
# each exercise quotes.
#
# Click a title to open its notebook. Take them in any order; the first is the easiest. The first track ends with a review
# of the whole system. The flaws of the second are between resources, where scanners seldom look. You learn what kind of
# flaw an exercise has, and how severe it is, once you have passed: a Critical flaw is worth 3 points, a High one 2, a
# Medium one 1.
#
# Run the cell below (*Shift+Enter*) to see how far you have come; from then on, the list follows your
# progress.

# %% tags=["map"]
from lab_support import progress_map

progress_map()

# %% [markdown]
# ## A new review
#
# 06 has the five flaws that 01 to 05 have taught. A new review is a whole system that nobody has seen before, with flaws
# of any kind among places that only look wrong. The cell below makes one in three sizes, shows how you did in earlier
# ones, and says which kinds of flaws your notes missed most. In a terminal, `lab review-exercise new` makes one, and
# `lab review-exercise list` lists yours.

# %% tags=["reviews"]
from lab_support import review_desk

review_desk()

# %% [markdown]
# ## How an exercise works
#
# Open a notebook and choose *Run > Run All Cells*, which draws the panel below the program. The run stops at the check for
# as long as something is wrong; that is intended.
#
# 1. **Read** the requirement, then the program, as a reviewer would.
# 2. **Run program** in the panel: it asks what you expect, then previews the program and runs the drill, which plays out
#    what happens when something goes wrong.
# 3. **Repair** the program in its cell. The panel always uses it as it stands there.
# 4. **Check**: it judges what your program does, not how it is written, so there is more than one right answer. The panel
#    also gives hints and shows what your repair changes in the plan. Once you have passed, you compare three other
#    repairs, one of which holds, and the debrief opens: why it matters, and how to spot it in a review.
#
# Your progress stays in this folder. In a class, you may choose to share it: `lab share FOLDER` keeps a copy there, which
# tells your instructor which exercise you are working on, your checks, points and passes, and which findings are open.
# Your programs, notes and predictions are not in it. The map above says when your progress is shared, and
# `lab share --stop` ends it.

# %% [markdown]
# ## How to read a preview
#
# A preview shows what Pulumi would create, before anything is created. Here is a small program: a key, and a topic
# encrypted with it. Run the cells from here on, too, or all at once with *Run > Run All Cells*.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

from lab_support import examine, preview, show, topology


# %%
def program(environment_suffix: str) -> None:
    key = aws.kms.Key(f"emergency-alert-key-{environment_suffix}", enable_key_rotation=True)
    topic = aws.sns.Topic(
        f"emergency-alert-notices-{environment_suffix}", kms_master_key_id=key.arn
    )
    pulumi.export("topic", topic.arn)


plan = preview(program, "dev")
show(plan)

# %% [markdown]
# - **+** means that the resource would be created; **~** updated, **±** replaced, **-** deleted.
# - Open a resource to see its properties: first what the program sets, then what AWS would answer.
# - **→** before a name marks a reference to another resource in the plan: here, the topic refers to the key.
# - `[secret]` replaces a value that must not be shown, `[unknown]` one that is known only after deployment.
#
# The same plan as a map: which resource refers to which.

# %%
show(topology(plan))

# %% [markdown]
# ## Is this machine ready?
#
# What the lab needs, and whether this machine has it. (`lab doctor` shows the same in a terminal.)

# %%
show(examine())

# %% [markdown]
# ## Good to know
#
# - **Is something taking too long?** The ■ button in the toolbar stops it, including the engine. The very first
#   preview may have to install the Pulumi CLI, which takes a few minutes once.
# - **Continuing on another day?** The panel is as you left it. Press any of its buttons: it first runs the cells that it
#   needs. (In a JupyterLab that `lab start` did not start, run all cells yourself.)
# - **No buttons at all?** Everything a panel does is also a command: run `lab --help` in a terminal
#   (*File > New > Terminal*).
# - Your progress is stored beside the notebooks, in `notebooks/.progress.json`. Nothing leaves this machine unless
#   you share it.
