# ---
# jupyter:
#   lab:
#     title: A colleague tests a change
#     severity: Medium
#     category: Naming convention
#     minutes: 15
#     ways: [right_helper, right_component, right_prefix]
#     repairs: [right_prefix, wrong_physical_only, wrong_lower_case]
#     record:
#       - finding: NAME-COLLISION
#         title: 'Missing environment suffix in the Kinesis stream''s name'
#         short: Kinesis naming
#         issue: Resource name hardcoded without the environment suffix
#         impact: 'Cannot deploy multiple environments; resource conflicts'
#         category: Naming Convention Violation
# ---

# %% [markdown]
# # A colleague tests a change
#
# A colleague tries a change in their own environment, and their test alerts must never reach the public. In this
# notebook you find out what a second environment does to the first one's event stream.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > Kinesis receives the events: one stream, sized for the load (4 shards). What is stored is encrypted with a customer
# > managed KMS key of the system, which rotates. Several environments live side by side in one account. Every name of a
# > resource carries the environment suffix, logical names included: they are what previews, state and URNs show. All of
# > this holds in every environment.
#
# The organisation runs Pulumi with
# [`pulumi:autonaming: {mode: verbatim}`](https://www.pulumi.com/docs/concepts/resources/names/): a resource without a
# physical name in the program gets exactly its logical name.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    Account,
    PreviewFailed,
    check,
    customer_key,
    deploy,
    given_away,
    preview,
    rollout,
    rotates,
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


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("01_stream_name")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine, as `pulumi preview` does, against a mock AWS account:
# nothing is created, and no credentials are needed. `VERBATIM` is the organisation's configuration.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# On its own, `dev` looks fine.
#
# ## What happens when a second environment is deployed?
#
# The drill compares the names that two environments ask for in one account. AWS generates unique ids; names are first
# come, first served.

# %% tags=["drill"]
show(rollout([plan, preview(program, "prod", config=VERBATIM)]))

# %% [markdown] tags=["drill"]
# The same, step by step: `dev` is deployed into a mock account, with a real `pulumi up`; then `prod` is previewed in
# that account. The mock account already answers the preview as AWS would answer the deployment. AWS itself refuses a name
# only during `pulumi up`, halfway through.

# %% tags=["drill"]
account = Account()
deploy(program, "dev", account=account, config=VERBATIM)
try:
    prod = preview(program, "prod", account=account, config=VERBATIM)
    print(f"Accepted: prod has {len(prod)} resources of its own.")
except PreviewFailed as refusal:
    print(refusal)

# %% [markdown] tags=["drill"]
# And two environments in **one** stack? There the engine itself refuses. It identifies each resource by its URN, which
# consists of the stack, the project, the type and the logical name, and no two resources may have the same one.

# %% tags=["drill"]
try:
    both = preview(lambda stack: [program("dev"), program("prod")], "both")
    print(f"Accepted: the stack has {len(both)} resources.")
except PreviewFailed as refusal:
    print(refusal)

# %% [markdown] tags=["drill"]
# **In fairness:** with Pulumi's default autonaming, two deployments do not collide even where they share a logical
# name. It appends seven random hexadecimal digits to it:

# %% tags=["drill"]
for environment in ("dev", "prod"):
    print(environment, "→", preview(program, environment).outputs.get("stream_name"))

# %% [markdown] tags=["drill"]
# No error, but one question remains: an alarm, a policy or a colleague names one of these streams. Whose stream is it?

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
# A Pulumi resource has two names. The logical name is the first argument; the physical name is the one that AWS knows.
# Where does each of this stream's names come from? What would make them different in every environment?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# The first argument of `aws.kinesis.Stream`: make it `f"emergency-alert-stream-{environment_suffix}"`. If you also set
# a physical `name`, it must carry the suffix, too. Use the suffix exactly as given: once shortened or rewritten, two
# suffixes can collide.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and deploys them side by side into one account. It judges
# what would happen, not how the program is written, and it makes sure that nothing else got worse. Its assertions are
# folded here; click the three dots to open them.

# %% tags=["check"] expect=["NAME-COLLISION"]
with check("01_stream_name", program, also_in=["Review_a-login-1", "Review_a-login-2"]) as verdict:
    # Besides the usual environments, two suffixes that differ only in their last character and must not be rewritten.
    for plan in verdict.plans:  # one preview for each environment
        streams = plan.of_type("kinesis.Stream")
        with verdict.finding("MISSING", "the stream", "Where would events go without it?"):
            assert streams, "Expected a Kinesis stream; found none in the plan."

        for stream in streams:
            with verdict.finding(
                "NAME-COLLISION",
                stream.name,
                "Whose stream is this, going by its names?",
                title="a name without its environment",
            ):
                assert plan.stack in stream.name, (
                    f"Expected `{plan.stack}` in its logical name; found {stream.name!r}."
                )
                assert plan.stack in stream["name"], (
                    f"Expected `{plan.stack}` in its physical name; found {stream['name']!r}."
                )
            with verdict.finding(
                "REGRESSION", stream.name, "Which key of this program encrypted it before?"
            ):
                assert stream["encryption_type"] == "KMS", "Expected encryption; found none."
                assert customer_key(plan, stream), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
            with verdict.finding("REGRESSION", stream.name, "How many shards does the load need?"):
                shards = stream.get("shard_count", 0)
                assert shards >= 4, (
                    f"Expected at least 4 shards; found {shards or 'no fixed number'}."
                )
        for key in dict.fromkeys(filter(None, (customer_key(plan, stream) for stream in streams))):
            with verdict.finding(
                "REGRESSION", key.name, "For how long is its key material in use?"
            ):
                assert rotates(plan, key), "Expected a key that rotates; found that it does not."
            with verdict.finding(
                "REGRESSION", key.name, "Who else does its policy let in, and for what?"
            ):
                given = given_away(plan, key)
                assert not given, (
                    "Expected that it lets in only the account, and services for what they do; "
                    f"found that {'; '.join(given)}."
                )

    for collision in rollout(verdict.plans).collisions:
        with verdict.finding(
            "NAME-COLLISION", collision.name, "What makes this name differ between environments?"
        ):
            who = f"Expected a name of its own in {collision.second.environment}; found that of {collision.first.environment}"
            assert not collision, f"{who}: {collision.error}"

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# A Kinesis stream's name is unique within an account and region. The second environment that asks for it is refused
# with `ResourceInUseException`, so a hotfix cannot be tried beside the running system. That is the good failure: it
# is loud. The bad one is silent: a name that does not say whose it is. A producer in the test environment that is
# configured with this name writes its test alerts into the stream that feeds the public's phones.
#
# A tag does not help: it is not part of the name, the ARN or the URN, and no producer looks there.
#
# Pulumi's default autonaming hides the collision and keeps the confusion: `emergency-alert-stream-3fa9c01` and
# `emergency-alert-stream-77be210` live side by side, and neither policies nor people can tell them apart. With the
# suffix in the logical name, previews, state, URNs and physical names all agree.
#
# ### The control
#
# NIST SP 800-53 **CM-4(1)** (separate test environments), in the FedRAMP High baseline: changes are analysed in a
# separate test environment first, separate enough that nothing done there affects the operational system and that none
# of that system's data ends up in it by accident.
#
# ### What scanners would have said
#
# Nothing. [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports nothing for the same stream in
# Terraform. The
# [controls for Kinesis](https://docs.aws.amazon.com/securityhub/latest/userguide/kinesis-controls.html) in AWS
# Security Hub CSPM ask for encryption, tags and retention, not for a name. A collision shows only when there are two
# environments.
#
# ### How to spot it in a review
#
# - Read only the first arguments, one below the other. The one without the suffix stands out.
# - Preview the program for two environments and compare the names: whatever is the same in both is shared.
# - Look for suffixes that are shortened, lower-cased or cleaned up: `pr-1234` and `pr-1235` must stay distinct.
#
# Sources: Amazon Kinesis Data Streams API Reference,
# [CreateStream](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html);
# Pulumi, [resource names](https://www.pulumi.com/docs/concepts/resources/names/);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# Renaming the stream of a running system makes Pulumi replace it. What happens to the events that are still in the
# old stream at that moment?
#
# <details><summary><b>An answer</b></summary>
#
# Pulumi creates the new stream, points everything at it, then deletes the old one, with every record that nobody has
# read yet. To lose none, keep both for a while: let producers write to the new stream, let consumers read the old one
# until it is empty, and delete it in a later update. (`retain_on_delete=True` on the old resource makes Pulumi forget it
# without deleting it.)
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import VERBATIM, preview, rollout

question = (
    "dev is running. What happens to the event stream when prod is deployed into the same account?"
)
answers = {
    "own": "prod gets a stream of its own",
    "refused": "AWS refuses to create prod's stream",
    "shared": "both use the same stream, and nobody is told",
    "replaced": "prod's stream replaces the one of dev",
}


def outcome(program, plan):
    collisions = rollout([plan, preview(program, "prod", config=VERBATIM)]).collisions
    names = {collision.second.resource.kind for collision in collisions}
    return "refused" if "kinesis.Stream" in names else "own"
