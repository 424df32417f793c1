# ---
# jupyter:
#   lab:
#     title: Healthy since noon
#     severity: High
#     category: Encryption
#     minutes: 15
#     ways: [right_key_policy_names_role, right_through_kinesis_only, right_grant]
#     repairs: [right_key_policy_for_kinesis, wrong_kinesis_service, wrong_alias_as_resource]
#     record:
#       - finding: LOCKED-OUT
#         title: Task role may read the stream but not use its KMS key
#         short: key permissions
#         issue: The task's role may read and write the encrypted stream, but may not use the key that encrypts it
#         impact: Tasks start and stay healthy, and each read and write is refused; no event is processed
#         category: Security / Encryption Key Access
# ---

# %% [markdown]
# # Healthy since noon
#
# The new version was deployed at noon. All tasks are running, events pour into the stream, and not a single warning has
# come out. In this notebook you find out what becomes of a task's first read, and what a hasty repair would open.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > The stream is encrypted with a customer managed KMS key of the system, which rotates. A task calls `GetRecords`,
# > `GetShardIterator`, `DescribeStream`, `ListShards`, `PutRecord` and `PutRecords` on its environment's stream. Every
# > role may do what its work takes, and nothing else. Keys and topics let in nobody from outside the account, and AWS
# > services only for what they do; the keys are managed by the account. Every name of a resource carries the environment
# > suffix. All of this holds in every environment.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    attempt,
    check,
    customer_key,
    given_away,
    intruder,
    names_without_environment,
    preview,
    rotates,
    shared_with,
    show,
    what_changed,
    work,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure, and a reviewer has had the task's policy narrowed to what the
# task calls. Read it as the next reviewer: what did they get right, and what would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    account = aws.get_caller_identity().account_id

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "AccountManagesKey",
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                        "Action": "kms:*",
                        "Resource": "*",
                    },
                ],
            }
        ),
        tags=tags,
    )
    stream = aws.kinesis.Stream(
        f"emergency-alert-stream-{environment_suffix}",
        name=f"emergency-alert-stream-{environment_suffix}",
        shard_count=4,
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=tags,
    )
    ecs_may_assume = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    execution_role = aws.iam.Role(
        f"emergency-alert-execution-role-{environment_suffix}",
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    aws.iam.RolePolicyAttachment(
        f"emergency-alert-execution-policy-{environment_suffix}",
        role=execution_role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    task_role = aws.iam.Role(
        f"emergency-alert-task-role-{environment_suffix}",
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    aws.iam.RolePolicy(
        f"emergency-alert-kinesis-policy-{environment_suffix}",
        role=task_role.id,
        policy=pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "ProcessEvents",
                        "Effect": "Allow",
                        "Action": [
                            "kinesis:DescribeStream",
                            "kinesis:GetRecords",
                            "kinesis:GetShardIterator",
                            "kinesis:ListShards",
                            "kinesis:PutRecord",
                            "kinesis:PutRecords",
                        ],
                        "Resource": stream.arn,
                    }
                ],
            }
        ),
    )
    container = {
        "name": "processor",
        "image": "amazon/aws-cli",
        "essential": True,
        "environment": [
            {"name": "STREAM", "value": f"emergency-alert-stream-{environment_suffix}"}
        ],
    }
    task = aws.ecs.TaskDefinition(
        f"emergency-alert-task-{environment_suffix}",
        family=f"emergency-alert-{environment_suffix}",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="512",
        memory="1024",
        execution_role_arn=execution_role.arn,
        task_role_arn=task_role.arn,
        container_definitions=json.dumps([container]),
        tags=tags,
    )
    pulumi.export("stream_name", stream.name)
    pulumi.export("task_definition", task.arn)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("10_locked_out")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## What happens when the task starts to work?
#
# The drill sends the task's requests with the task's role, and evaluates each by IAM's rules: those to Kinesis, and
# those that Kinesis sends on in the task's name.

# %% tags=["drill"]
show(work(plan))

# %% [markdown] tags=["drill"]
# ## And what could an attacker do with these roles?
#
# The drill of [A stranger in the task](04_stream_access.ipynb). Now there is nothing beyond what the roles need; after
# your repair it shows what else you have opened.

# %% tags=["drill"]
show(intruder(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Each action that the task calls is in its policy, on the right stream. Look at the stream: what does a reader need
# besides the permission to read?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# Who calls KMS when the task reads? Kinesis does, but in the name of the task's role, which needs the permission
# itself. The key's policy leaves that decision to the account's IAM policies. Reading and writing need different
# actions.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# Add a second statement to the task role's policy: `kms:Decrypt`, for reading, and `kms:GenerateDataKey`, for writing,
# on the resource `key.arn`. A statement in the key's `policy` would do as well, if it names the task's role. Whether
# the role may use the key by itself or only through Kinesis is up to you.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drills in each. It judges whether the task can do
# its work, and that no role can do more than its work takes, not how the policies are written. Its assertions are
# folded here; click the three dots to open them.

# %% tags=["check"] expect=["LOCKED-OUT"]
with check("10_locked_out", program, environments=("dev", "prod")) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        report = intruder(plan)
        for there, what in (
            (report.stream, "the Kinesis stream"),
            (report.task_definitions, "the task definition"),
            (report.roles_for("task"), "the role that a task could run with"),
        ):
            with verdict.finding("MISSING", what, "Could the task do its work without it?"):
                assert there, f"Expected {what}; found none in the plan."

        # What was right: the encryption, and that nobody may do more than necessary.
        for stream in plan.of_type("aws.kinesis.Stream"):
            with verdict.finding(
                "REGRESSION", stream.name, "Which key of this program encrypted it before?"
            ):
                assert stream.get("encryption_type") == "KMS", "Expected encryption; found none."
                assert customer_key(plan, stream), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
        keys = [customer_key(plan, stream) for stream in plan.of_type("kinesis.Stream")]
        for key in dict.fromkeys(key for key in keys if key):
            with verdict.finding(
                "REGRESSION", key.name, "For how long is its key material in use?"
            ):
                assert rotates(plan, key), "Expected a key that rotates; found that it does not."
        for key in plan.of_type("kms.Key", "kms.ReplicaKey", "kms.ExternalKey"):
            with verdict.finding(
                "REGRESSION", key.name, "Who else does its policy let in, and for what?"
            ):
                given = given_away(plan, key)
                assert not given, (
                    "Expected that it lets in only the account, and services for what they do; "
                    f"found that {'; '.join(given)}."
                )
            with verdict.finding(
                "EXCESS-PRIVILEGE", key.name, "Which environments' roles does it name?"
            ):
                others = shared_with(plan, key)
                assert not others, (
                    f"Expected that only roles of {plan.stack} use it; found that {others[0]} may, too."
                )
        for role in report.roles:
            with verdict.finding("REGRESSION", role.role.name, "Who else may assume it?"):
                given = given_away(plan, role.role)
                assert not given, (
                    f"Expected that only AWS services assume it; found that {'; '.join(given)}."
                )
            for policy in role.policies_to_change:
                with verdict.finding(
                    "EXCESS-PRIVILEGE", policy, "What does the task need, and on which key?"
                ):
                    beyond = role.beyond(policy)
                    assert not beyond, (
                        f"Expected only what {role.role.name} needs for its work; found more: {beyond}."
                    )

        # The task can do its work.
        runs = work(plan).runs if report.stream else ()
        for run in () if any(run.succeeds for run in runs) else runs:
            with verdict.finding(
                "MISSING-ACCESS", run.task, "What does the task call, and with which role?"
            ):
                assert not run.not_allowed, (
                    f"Expected that the task can do its work; found that {run.not_allowed}."
                )
            with verdict.finding(
                "LOCKED-OUT", run.role, "Who asks KMS for the key when the task reads, or writes?"
            ):
                assert not run.locked_out, (
                    "Expected that the task can read and write its encrypted stream; "
                    f"found that {run.role} is not allowed {', '.join(run.locked_out)} on the key."
                )

        for resource in names_without_environment(plan):
            with verdict.finding(
                "REGRESSION", resource.name, "Which environment is this, going by its name?"
            ):
                assert plan.stack in resource.name, (
                    f"Expected `{plan.stack}` in its logical name; found {resource.name!r}."
                )

# %% [markdown] tags=["attack"]
# ## Try it
#
# Send requests as the task's code would: other actions, or to another resource. What does AWS answer, before and after
# your repair?

# %% tags=["attack"]
plan = preview(program, "dev", config=VERBATIM)  # of your program as you last ran it
stream = plan.of_type("kinesis.Stream")[0]

show(attempt(plan, "kinesis:GetRecords", stream))

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# Reading encrypted data takes a second permission. To read a record, Kinesis asks KMS to decrypt a data key, and it asks
# in the name of the caller. So the task's role needs `kms:Decrypt` on the key to read, and `kms:GenerateDataKey` to
# write. Without them, `GetRecords` fails with `KMSAccessDeniedException`, although the policy allows `kinesis:GetRecords`
# on exactly this stream.
#
# None of this shows in a deployment. All resources are created, and tasks start. `DescribeStream`, `ListShards` and
# `GetShardIterator` succeed, because none of them reads data. Tests against a stream without encryption succeed, too, and
# so do those with the key that AWS manages (`alias/aws/kinesis`), which needs no IAM permission. Meanwhile, events wait in
# the stream until they expire, by default after 24 hours.
#
# The hasty repair is worse than the flaw. With `kms:*` on `*`, code in the task could schedule the deletion of every
# key whose policy leaves access to IAM, as this one does, and with a key goes everything that it encrypts. With
# `"Principal": "*"` in the key's policy and no condition, anyone in any AWS account could use the key.
#
# There are several good places for the permission:
#
# - **In the role's policy**, on the key's ARN: it counts because the key's policy lets the account decide.
# - **In the key's policy**, for the role: it counts by itself.
# - **For the account, through Kinesis only** (`kms:CallerAccount` and `kms:ViaService`): each role that may read the
#   stream may then use its key for that, and for nothing else.
# - **A grant** to the role, with the operations listed; meant for temporary permissions.
#
# An alias is not a key: in a policy's `Resource`, an alias's ARN allows nothing on the key behind it.
#
# ### The control
#
# NIST SP 800-53 **AC-6** (least privilege) and **SC-12** (cryptographic key establishment and management), whose
# enhancement (1) asks that information remain available when users lose their keys. All are in the FedRAMP High baseline.
# AWS Security Hub CSPM's **KMS.1** and **KMS.2** (both Medium) look for policies that allow decryption with all keys; they
# report the hasty repair, not the flaw.
#
# ### What scanners would have said
#
# Nothing. [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) passes it: the stream is encrypted
# (**CKV_AWS_43**) with a customer managed key (**CKV_AWS_185**), the key rotates (**CKV_AWS_7**), and the policy has
# neither wildcard actions nor `*` as its resource. Scanners look for too much permission, not for too little.
#
# ### How to spot it in a review
#
# - For each encrypted resource, ask who reads and who writes it, and look for the key in *their* permissions.
# - Search for the key's name. Beside the `kms_key_id` that it encrypts with, you should find a reader and a writer.
# - When a policy is narrowed, ask what the wildcard allowed in passing.
# - After a deployment, compare the stream's metrics `IncomingRecords` and `GetRecords.Records`: events come in, and none
#   is read. The age of the events, `GetRecords.IteratorAgeMilliseconds`, does not show it: it is measured when records
#   are read.
#
# Sources: Kinesis Data Streams Developer Guide, [permissions to use user-generated KMS keys](https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html);
# [metrics](https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html);
# Kinesis API Reference, [GetRecords](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html);
# AWS KMS Developer Guide, [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html),
# [condition keys](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html),
# [grants](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html)
# and [aliases and permissions](https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html);
# AWS Security Hub User Guide, [KMS controls](https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# Another team's role has `kinesis:GetRecords` on `*`, by mistake. Can it read your stream?
#
# <details><summary><b>An answer</b></summary>
#
# Not if the key's permission is narrow: with `kms:Decrypt` in the task role's policy, or in the key's policy for that
# role, their read ends at KMS, as yours did. That is the point of the second permission. With the statement for
# the whole account through Kinesis, they can: it adds nothing to what Kinesis checks.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import work

question = "A task starts and begins to work. How far does it get?"
answers = {
    "works": "it reads events and writes them back",
    "writes": "it reads events, and its first write is refused",
    "reads": "it finds its stream, and its first read is refused",
    "starts": "it does not find its stream",
}


def outcome(program, plan):
    runs = work(plan).runs
    if any(run.succeeds for run in runs):
        return "works"
    stages = {stage for run in runs for stage, calls in run.calls if any(c.error for c in calls)}
    if not runs or any(run.problem for run in runs) or "finds its stream" in stages:
        return "starts"
    return "reads" if "reads events" in stages else "writes"
