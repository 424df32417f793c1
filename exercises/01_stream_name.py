# ---
# jupyter:
#   lab:
#     title: A stream that two environments share
#     severity: Medium
#     category: Naming convention
#     minutes: 10
#     config: {"pulumi:autonaming": {mode: verbatim}}
#     ways: [right_helper, right_component, right_prefix]
# ---

# %% [markdown]
# # A stream that two environments share
#
# **Severity:** Medium &nbsp;·&nbsp; **Category:** Naming convention &nbsp;·&nbsp; **Time:** about 10 minutes
#
# Somebody tests a change in an environment of their own, and their test alerts must never reach the public. In this
# notebook you find out what a second environment does to the first one's event stream.

# %% [markdown]
# ## The requirement
#
# > **Every resource name carries the environment suffix**, logical names included: they are what previews, state and
# > URNs show. Several environments live side by side in one account. Events flow through a Kinesis stream that is
# > sized for the load (4 shards) and encrypted with the system's own key.
#
# The organisation runs Pulumi with
# [`pulumi:autonaming: {mode: verbatim}`](https://www.pulumi.com/docs/concepts/resources/names/): where a program gives
# a resource no physical name, it gets exactly its logical one.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

from lab_support import (
    VERBATIM,
    Account,
    PreviewFailed,
    check,
    customer_key,
    debrief,
    deploy,
    preview,
    rollout,
    show,
    what_changed,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure. Read it as a reviewer: what did it get right, and what
# would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    aws.kms.Alias(
        f"emergency-alert-key-alias-{environment_suffix}",
        name=f"alias/emergency-alert-{environment_suffix}",
        target_key_id=key.key_id,
    )
    stream = aws.kinesis.Stream(
        "emergency-alert-stream",
        shard_count=4,
        retention_period=24,
        stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED"),
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags={**tags, "Name": f"emergency-alert-stream-{environment_suffix}"},
    )
    pulumi.export("stream_name", stream.name)


# %% [markdown]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine, as `pulumi preview` does. Behind it is a mock AWS
# account: nothing is created, and no credentials are needed. `VERBATIM` is the organisation's configuration.

# %%
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown]
# Alone, `dev` looks fine.
#
# ## What happens when a second environment is deployed?
#
# The drill looks at the names that two environments want in one account. AWS makes ids unique by itself; names are
# first come, first served.

# %%
show(rollout([plan, preview(program, "prod", config=VERBATIM)]))

# %% [markdown]
# The same step by step: `dev` is deployed into a mock account, with a real `pulumi up`. Then `prod` is previewed in
# this account. The mock account says at preview what AWS would say to the deployment; with AWS itself, the refusal
# would come only then, half-way through `pulumi up`.

# %%
account = Account()
deploy(program, "dev", account=account, config=VERBATIM)
try:
    print(preview(program, "prod", account=account, config=VERBATIM))
except PreviewFailed as refusal:
    print(refusal)

# %% [markdown]
# Two environments in **one** stack fail even earlier: the engine knows a resource by its URN, which is made of the
# stack, the type and the logical name.

# %%
try:
    print(preview(lambda both: [program("dev"), program("prod")], "both"))
except PreviewFailed as refusal:
    print(refusal)

# %% [markdown]
# **To be honest:** with Pulumi's default autonaming, the two deployments would not have collided. It puts seven
# random hexadecimal digits behind the logical name:

# %%
for environment in ("dev", "prod"):
    print(environment, "→", preview(program, environment).outputs["stream_name"])

# %% [markdown]
# No error then, but a question: an alarm, a policy or a colleague names a stream. Whose stream is it?
#
# ## Repair it
#
# Change the program above so that it meets the requirement, and run its cell again. Run the cells of the drill
# again, too: they show what your change does.
#
# The panel works on the program that you ran last. Stuck? Its hints come one at a time; they are folded below, too.

# %% tags=["panel"]
from lab_support import panel  # no buttons? run this cell

panel("01_stream_name")

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Go through the resources and compare: what do their names have in common, and which one is different? A tag is not
# a name.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# A Pulumi resource has two names. The logical one is the first argument; the physical one is what AWS knows. Which
# of the two does this stream get, and from where? What would make it different in every environment?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# The first argument of `aws.kinesis.Stream`: make it `f"emergency-alert-stream-{environment_suffix}"`. If you give a
# physical `name` as well, it must carry the suffix, too. Use the suffix as it is given: shortened or rewritten, two
# of them can become the same.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and deploys them side by side into one account. It judges
# what would happen, not how the program is written, and it makes sure that what was right has stayed right. Its
# assertions are folded here; the three dots open them.

# %% tags=["check"] expect=["NAME-COLLISION"]
with check("01_stream_name", program, also_in=["Review_a-login-1", "Review_a-login-2"]) as verdict:
    # Beside the usual environments, two that differ in their last character, and whose names nothing may clean up.
    for plan in verdict.plans:  # one preview for each environment
        streams = plan.of_type("kinesis.Stream")
        with verdict.finding(
            "MISSING", "the stream", "Repair the stream; the system cannot do without."
        ):
            assert streams, "No Kinesis stream is left in the plan."

        for stream in streams:
            with verdict.finding(
                "NAME-COLLISION", stream.name, "Whose stream is this? Its names should say so."
            ):
                assert plan.stack in stream.name, (
                    f"In {plan.stack}, its logical name is {stream.name!r}."
                )
                assert plan.stack in stream["name"], (
                    f"In {plan.stack}, its physical name is {stream['name']!r}."
                )
            with verdict.finding(
                "REGRESSION", stream.name, "Keep it encrypted with the key of this program."
            ):
                assert stream["encryption_type"] == "KMS", "It is not encrypted any more."
                assert customer_key(plan, stream), (
                    "Its key is not this program's, or cannot encrypt."
                )
            with verdict.finding("REGRESSION", stream.name, "The brief asks for 4 shards."):
                shards = stream.get("shard_count", 0)
                assert shards >= 4, (
                    f"Shards: {shards}." if shards else "It has no fixed number of shards now."
                )

    for collision in rollout(verdict.plans).collisions:
        with verdict.finding(
            "NAME-COLLISION", collision.name, "What makes this name differ between environments?"
        ):
            who = f"{collision.first.environment} has this name when {collision.second.environment} is deployed"
            assert not collision, f"{who}: {collision.error}"

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
# The name of a Kinesis stream is unique in an account and region. The second environment that wants it is refused
# with `ResourceInUseException`, so a hot fix cannot be tried beside the running system. That is the kind failure: it
# is loud. The unkind one is a name that does not say whose it is. A producer of the test environment, configured by
# name, writes its drill alerts into the stream that the public's phones hang on.
#
# A tag does not help: it is not part of the name, the ARN or the URN, and no producer looks there.
#
# Pulumi's default autonaming hides the collision and keeps the confusion: `emergency-alert-stream-3fa9c01` and
# `emergency-alert-stream-77be210` live side by side, and neither policies nor people can tell them apart. With the
# suffix in the logical name, previews, state, URNs and physical names all say the same.
#
# ### The control
#
# NIST SP 800-53 **CM-2** (baseline configuration) and **CM-8** (system component inventory), both in the FedRAMP
# High baseline: a component must be attributable to its environment.
#
# ### How to spot it in a review
#
# - Read only the first arguments, one below the other. The one without the suffix stands out.
# - Preview the program for two environments and compare the names: whatever is the same in both is shared.
# - Look for suffixes that are shortened, lower-cased or cleaned up: `pr-1234` and `pr-1235` must not become one.
#
# Sources: Amazon Kinesis Data Streams API Reference,
# [CreateStream](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html);
# Pulumi, [resource names](https://www.pulumi.com/docs/concepts/resources/names/).
#
# ### One question to take away
#
# Renaming the stream of a system that is already running makes Pulumi replace it. What happens to the events that
# are in the old stream at that moment?
