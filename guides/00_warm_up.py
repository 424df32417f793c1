# ---
# jupyter:
#   lab:
#     title: Warm-up
#     minutes: 5
# ---

# %% [markdown]
# # Warm-up: five words of Pulumi
#
# **Time:** about 5 minutes, and no points
#
# *Preview*, *logical name*, *physical name*, *URN*, *Output*: the exercises use these words and do not explain them. If
# you know them, go straight to [the exercises](00_start_here.ipynb). Run each cell with *Shift+Enter*.

# %% tags=["setup"]
import pulumi_aws as aws

from lab_support import preview, show

# %% [markdown]
# ## A program, and its preview
#
# A Pulumi program in Python does not create anything itself. It *declares* resources: here a topic that sends messages
# to people, and a parameter in which other programs look up where to send them.


# %%
def program(environment_suffix: str) -> None:
    topic = aws.sns.Topic(f"emergency-alert-notices-{environment_suffix}")
    aws.ssm.Parameter(
        f"emergency-alert-notices-arn-{environment_suffix}",
        name=f"/emergency-alert/{environment_suffix}/notices",
        type="String",
        value=f"{topic.arn}",
    )


# %% [markdown]
# A **preview** runs the program and compares what it declares with what exists. It shows what would be created (**+**),
# changed or deleted, and does none of it. Open both resources in the list: first comes what the program says, then what
# AWS would answer.

# %%
plan = preview(program, "dev")
show(plan)

# %% [markdown]
# ## Two names and an address

# %%
topic = plan.of_type("sns.Topic")[0]
print("logical name: ", topic.name)
print("physical name:", topic["name"])
print("URN:          ", topic.urn)
print("ARN:          ", topic["arn"])

# %% [markdown]
# - The **logical name** is the first argument in the program. Pulumi recognises a resource by it from one update to the
#   next. A resource with another logical name is another resource.
# - The **physical name** is the one that AWS knows. A program may set it (`name=...`). If it does not, Pulumi takes the
#   logical name and, by default, appends seven random hexadecimal digits.
# - The **URN** is Pulumi's own address of a resource: stack, project, type and logical name. No two resources of a stack
#   have the same one.
# - The **ARN** is AWS's address. It contains the account and the region.
#
# ## A value that comes later
#
# When the program runs, the topic does not exist yet. So `topic.arn` is not a string but an **Output**: a promise of
# a value that AWS gives once the topic exists. Pass an Output to another resource as it is, and Pulumi fills in the value
# and knows what to create first.
#
# Look at what the parameter would hold:

# %%
parameter = plan.of_type("ssm.Parameter")[0]
print(parameter["value"])

# %% [markdown]
# ## Repair it
#
# The preview is green and the deployment would succeed, but a program that reads this parameter gets Pulumi's advice
# instead of an ARN: an f-string turns an Output into text before its value is known.
#
# Change `value=` in the program so that the parameter holds the topic's ARN. Run that cell and the ones below it again,
# down to the last one.
#
# <details><summary><b>How?</b></summary>
#
# `value=topic.arn`. Code that needs the value itself gets it from Pulumi later:
# `value=topic.arn.apply(lambda arn: f"topic: {arn}")`.
#
# </details>

# %%
if parameter["value"] == topic["arn"]:
    print("Repaired: the parameter holds the topic's ARN.")
else:
    print("Not yet: the parameter does not hold the topic's ARN.")

# %% [markdown]
# That is all you need. Continue with [01](01_stream_name.ipynb), or to [all exercises](00_start_here.ipynb).
#
# Sources: Pulumi, [resource names](https://www.pulumi.com/docs/iac/concepts/resources/names/) and
# [inputs and outputs](https://www.pulumi.com/docs/iac/concepts/inputs-outputs/);
# [pulumi preview](https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/).
