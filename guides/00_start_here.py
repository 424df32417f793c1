# ---
# jupyter:
#   lab:
#     title: Start here
# ---

# %% [markdown]
# # Start here
#
# An AI assistant wrote the AWS infrastructure of a federal emergency-alert system, with Pulumi in Python. It looks
# right, and it is wrong: in ways that only show when a zone dies, a disk leaves the building, a second environment
# is deployed, a credential leaks or nobody is paged. **You review it, one flaw a notebook, and repair it.** At the end
# you review the whole.
#
# Everything runs on this machine: the real Pulumi engine, and a mock AWS account behind it. There is no cloud, nothing
# to pay and nothing that can break. (The system and its agency are a fiction; what the notebooks say about AWS is
# not.)
#
# **First, run this page:** choose *Run > Run All Cells* in the menu, then scroll back up to here and read on.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

from lab_support import examine, preview, progress_map, show, topology

# %% [markdown]
# ## The exercises
#
# Five take ten to twenty minutes each; the last one, a review of the whole system, about 25. A title opens its
# notebook. Take them in any order; the first one begins gently. Severity says how much harm a flaw does: a Critical one
# is worth 3 points, a High one 2, a Medium one 1.
#
# The list follows your progress. (After you have reloaded this page in the browser, run its cell again.)

# %%
progress_map()

# %% [markdown]
# ## How an exercise goes
#
# 1. **Read** the requirement, then the program, as a reviewer would.
# 2. **Preview** it, and run the drill: it plays what happens when something goes wrong.
# 3. **Repair** the program in its cell, and run that cell again (*Shift+Enter*).
# 4. **Run check**, a button of the panel below. The check judges what your program does, not how it is written, so
#    there is more than one right answer. The panel gives hints, shows what your repair changes in the plan and, in
#    the end, the debrief: why it matters, and how to spot it in a review.
#
# *Run > Run All Cells* stops at the check as long as something is wrong. That is intended.

# %% [markdown]
# ## How to read a preview
#
# A preview says what Pulumi would create, before anything is created. Here is a small program: a key, and a topic
# whose messages are encrypted with it.


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
# - Open a resource to see its properties: first what the program gives, then what AWS would answer.
# - **→** in front of a name is a reference to another resource of the plan: the topic points to the key.
# - `[secret]` stands for a value that must not be shown, `[unknown]` for one that only a deployment tells.
#
# The same as a map: who points to whom.

# %%
show(topology(plan))

# %% [markdown]
# ## Is everything here?
#
# What the lab needs of this machine, and whether it is there. (`lab doctor` says the same in a terminal.)

# %%
show(examine())

# %% [markdown]
# ## Good to know
#
# - **Something takes too long?** The ■ button of the toolbar stops it, the engine included. The very first preview
#   may have to get the Pulumi CLI, which takes minutes once.
# - **Buttons do nothing?** After a restart of the kernel choose *Run > Run All Above Selected Cell* at the panel's
#   cell, then run the cell itself.
# - **No buttons at all?** Everything that a panel does is a command, too: `lab --help` in a terminal
#   (*File > New > Terminal*).
# - Your progress is kept beside the notebooks, in `notebooks/.progress.json`. Nothing leaves this machine.
