# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["setup"]
# Slides for a class, a hand-out and a questionnaire, as a notebook: `make slides` writes all three to dist/slides/.
#
# Cells tagged `handout` and `questionnaire` go onto paper, all others onto slides. Texts about the exercises come from
# docs/teaching.md, titles from the exercises, and pictures from their drills, so none of them is written twice.
from tools.slides.parts import (
    drill,
    notes,
    open_questions,
    said,
    scale,
    severities,
    severity_questions,
    title,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# # Reviewing infrastructure that an AI assistant wrote
#
# A lab with a real engine and a mock cloud

# %% [markdown] slideshow={"slide_type": "notes"}
# Before you start: `lab doctor` on the projector's machine; the start page open in JupyterLab. S opens this view.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The system
#
# It receives reports of floods, storms and other threats, thousands of events a second, decides which become a public
# warning, and passes the warnings on.
#
# It runs on AWS. Its infrastructure is a Pulumi program in Python. An AI assistant wrote it from a brief, and it looks
# right.
#
# The agency and the system are fictional. The engine that runs the program is not.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## It looks right, and it is wrong
#
# The flaws show only when
#
# - a zone fails,
# - a copy of a disk gets into the wrong hands,
# - a second environment is deployed,
# - an attacker runs code in a task,
# - the database is in trouble and nobody is paged.
#
# A review has to find them before that.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## One notebook, five steps
#
# 1. **Read** the requirement and the program.
# 2. **Predict** what will happen.
# 3. **Preview** the program and run the **drill**, which plays the consequence.
# 4. **Repair** the program.
# 5. **Check** it. The check asks what the infrastructure does, so every right repair passes.
#
# Three hints are there. Try without them first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Real and simulated
#
# | real | simulated |
# |---|---|
# | the Pulumi engine and its preview | the AWS account: no cloud, no credentials, no cost |
# | IAM's rules for who may do what | traffic, attackers and failures |
# | CloudWatch's rules for alarms | time: an hour of a drill takes no time |
#
# A preview shows what would exist. It does not show what would happen: that is what the drills are for.

# %% slideshow={"slide_type": "slide"}
title("01")

# %% [markdown]
# **Before you run the drill:** what do you expect it to show?
#
# Read the program as a reviewer. Which line would you ask about?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## What the drill shows

# %%
drill("01")

# %% slideshow={"slide_type": "subslide"}
said("01")

# %% slideshow={"slide_type": "notes"}
notes("01")

# %% slideshow={"slide_type": "slide"}
title("02")

# %% [markdown]
# **Before you run the drill:** what do you expect it to show?
#
# Read the program as a reviewer. Which line would you ask about?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## What the drill shows

# %%
drill("02")

# %% slideshow={"slide_type": "subslide"}
said("02")

# %% slideshow={"slide_type": "notes"}
notes("02")

# %% slideshow={"slide_type": "slide"}
title("03")

# %% [markdown]
# **Before you run the drill:** what do you expect it to show?
#
# Read the program as a reviewer. Which line would you ask about?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## What the drill shows

# %%
drill("03")

# %% slideshow={"slide_type": "subslide"}
said("03")

# %% slideshow={"slide_type": "notes"}
notes("03")

# %% slideshow={"slide_type": "slide"}
title("04")

# %% [markdown]
# **Before you run the drill:** what do you expect it to show?
#
# Read the program as a reviewer. Which line would you ask about?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## What the drill shows

# %%
drill("04")

# %% slideshow={"slide_type": "subslide"}
said("04")

# %% slideshow={"slide_type": "notes"}
notes("04")

# %% slideshow={"slide_type": "slide"}
title("05")

# %% [markdown]
# **Before you run the drill:** what do you expect it to show?
#
# Read the program as a reviewer. Which line would you ask about?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## What the drill shows

# %%
drill("05")

# %% slideshow={"slide_type": "subslide"}
said("05")

# %% slideshow={"slide_type": "notes"}
notes("05")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 06: the whole system
#
# All of it at once, as it would come in a pull request.
#
# - **First 20 minutes:** notes only. For each flaw: which resource, what happens, how severe.
# - **Then:** repair it.
#
# Which questions did the first five exercises teach you to ask?

# %% [markdown] slideshow={"slide_type": "notes"}
# `lab key 06` prints the key. Show nothing of it before everyone has notes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How severe is it?

# %%
severities()

# %% slideshow={"slide_type": "subslide"}
severity_questions()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## One habit to take home
#
# Which question will you ask in your next review that you would not have asked this morning?

# %% [markdown] tags=["handout"]
# # Reviewing infrastructure with Pulumi
#
# ## One notebook
#
# 1. **Read** the requirement and the program.
# 2. **Predict** what will happen.
# 3. **Preview** the program and run the **drill**.
# 4. **Repair** the program.
# 5. **Check** it: any repair that does what the requirement asks passes.
#
# ## Commands
#
# In a terminal, in the course folder:
#
# | | |
# |---|---|
# | `lab start` | opens the lab in JupyterLab |
# | `lab list` | shows your progress |
# | `lab hint 02` | the next of three hints for exercise 02 |
# | `lab check 02` | checks your program, as the notebook does |
# | `lab reset 02` | starts the exercise again; your version is kept |
# | `lab doctor` | shows what is missing on this machine, and how to get it |
#
# ## Words
#
# | | |
# |---|---|
# | preview | what Pulumi would create, change or delete; nothing is created |
# | drill | plays what would happen to the planned infrastructure: a failed zone, a stolen copy, an intruder |
# | check | tests whether the planned infrastructure does what the requirement asks |
# | finding | what a check or a review reports: its name, the resource and a question |
# | logical name | how Pulumi recognises a resource from one update to the next |
# | physical name | the name that AWS knows |
# | Output | a value that is known only once a resource exists |
#
# Real here: the Pulumi engine, IAM's rules, CloudWatch's rules for alarms. Simulated: the AWS account, failures, time.

# %% [markdown] tags=["handout"]
# ## My questions for the next review
#
# <table class="write">
# <tr><th>01</th><td></td></tr>
# <tr><th>02</th><td></td></tr>
# <tr><th>03</th><td></td></tr>
# <tr><th>04</th><td></td></tr>
# <tr><th>05</th><td></td></tr>
# <tr><th>06</th><td></td></tr>
# </table>

# %% [markdown] tags=["questionnaire"]
# # Before and after
#
# 1 is *not at all*, 5 is *fully*. Tick the first column before the course, the second one after it.

# %% tags=["questionnaire"]
scale()

# %% tags=["questionnaire"]
open_questions()
