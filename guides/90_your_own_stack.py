# ---
# jupyter:
#   lab:
#     title: Your own stack
# ---

# %% [markdown]
# # Your own stack
#
# What you have practised serves you on Monday: the same drills, as rules over any Pulumi program in Python. The
# program is previewed against the mock account, so you need no AWS account and no credentials, and nothing leaves
# this machine.
#
# Choose *Run > Run All Cells* to see it with a small example, then put the path of your own program in its place.

# %% tags=["setup"]
from lab_support import outages, review_program, show, topology

# %% [markdown]
# ## The program
#
# A folder with a `Pulumi.yaml`, or a `.py` file. Configuration that your program requires goes into `config`
# (`{"dbSize": "100"}`); values stored in `Pulumi.<stack>.yaml` are read, and secrets in it are left alone. Packages
# that it imports have to be installed where the lab runs.

# %%
PROGRAM = "../guides/a_stack"

reviewed = review_program(PROGRAM, config={})

# %% [markdown]
# ## The findings
#
# A finding tells the consequence in this plan, the control of NIST SP 800-53 that asks for better, and how to
# repair it. A rule speaks only when it is sure. What it cannot know from a preview stands at the end, with the
# reason.

# %%
show(reviewed.review)

# %% [markdown]
# Not every finding has to be repaired: a database of a test environment may well live in one zone. Say so where
# everybody can read it, in a file `.lab-review.yaml` beside the program, with a reason and a date on which somebody
# looks again:
#
# ```yaml
# accepted:
#   - id: SINGLE-ZONE
#     resource: shelters-dev
#     reason: A test database; it can be made anew in an hour.
#     until: 2027-06-30
# ```
#
# ## One drill on your own resources
#
# The plan of your program is a plan like any other. Which of its databases goes on when a zone fails?

# %%
show(outages(reviewed.plan))

# %% [markdown]
# And who points to whom?

# %%
show(topology(reviewed.plan))

# %% [markdown]
# ## From now on
#
# `lab review PATH` does the same on the command line and in CI: exit code 0 without findings, 1 with some.
# `--json` is for scripts, and `--sarif FILE` writes what code hosting shows beside the changed lines.
#
# Rules find what somebody thought of before. The order in which you have read these programs finds the rest: what is
# kept, who may touch it, what happens when a part of it is gone, and who would notice.
