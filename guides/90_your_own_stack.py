# ---
# jupyter:
#   lab:
#     title: Your own stack
# ---

# %% [markdown]
# # Your own stack
#
# What you have practised is useful on Monday: the same drills, as rules for any Pulumi program in Python. The
# program is previewed against the mock account, so you need no AWS account and no credentials, and nothing leaves
# this machine.
#
# Choose *Run > Run All Cells* to see it with a small example, then put in the path of your own program.

# %% tags=["setup"]
from lab_support import outages, review_program, show, topology

# %% [markdown]
# ## The program
#
# Give a folder with a `Pulumi.yaml`, or a `.py` file. Configuration that your program requires goes into `config`
# (`{"dbSize": "100"}`). Values in `Pulumi.<stack>.yaml` are read; its secrets are not decrypted; placeholders replace
# them. The packages that your program imports must be installed where the lab runs.

# %%
PROGRAM = "../guides/a_stack"

reviewed = review_program(PROGRAM, config={})

# %% [markdown]
# ## The findings
#
# A finding states the consequence in this plan, the NIST SP 800-53 control behind it, and how to repair it. A rule
# reports only what is certain. What a preview cannot tell is listed at the end, with the reason.

# %%
show(reviewed.review)

# %% [markdown]
# Not every finding has to be repaired: a test environment's database may well run in one zone. Say so where everyone
# can read it, in a file `.lab-review.yaml` beside the program, with a reason and a date after which the finding counts
# again:
#
# ```yaml
# accepted:
#   - id: SINGLE-ZONE
#     resource: shelters-dev
#     reason: A test database; it can be rebuilt in an hour.
#     until: 2027-06-30
# ```
#
# ## One drill on your own resources
#
# Your program's plan is a plan like any other. Which of its databases keeps running when a zone fails?

# %%
show(outages(reviewed.plan))

# %% [markdown]
# And which resource refers to which?

# %%
show(topology(reviewed.plan))

# %% [markdown]
# ## Another review
#
# 06 asks for the flaws that 01 to 05 have taught. A generated review is a whole system with other flaws in other places,
# among parts that only look wrong. [The start page](00_start_here.ipynb) makes one in three difficulties, or in a
# terminal:
#
# ```console
# $ lab review-exercise new
# $ lab review-exercise list
# ```
#
# ## From now on
#
# `lab review PATH` does the same on the command line and in CI: exit code 0 means no findings, 1 means some. `--json`
# is for scripts, and `--sarif FILE` writes a report that code hosts show beside the changed lines.
#
# Rules find only what someone has thought of before. For the rest, read as you have read these programs: what is
# stored, who may touch it, what happens when a part of it fails, and who would notice.
