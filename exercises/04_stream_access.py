# ---
# jupyter:
#   lab:
#     title: A stranger in the task
#     severity: High
#     category: Least privilege
#     minutes: 15
#     ways: [right_two_statements, right_policy_document, right_customer_managed, right_deny_the_rest]
#     repairs: [right_deny_the_rest, wrong_verbs_with_star, wrong_every_environment]
#     record:
#       - finding: EXCESS-PRIVILEGE
#         title: Overly broad IAM policy with wildcards
#         short: IAM policy
#         issue: '`kinesis:*` on `*` instead of specific actions and the stream''s ARN'
#         impact: 'Violates least privilege; grants excessive permissions'
#         category: Security / IAM Least Privilege Violation
# ---

# %% [markdown]
# # A stranger in the task
#
# A library that the processing task uses has a vulnerability, and an attacker runs code in the task. In this notebook
# you find out what they could read, change and delete, and whose alerts those would be.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > The stream is encrypted with a customer managed KMS key of the system, which rotates. A task calls `GetRecords`,
# > `GetShardIterator`, `DescribeStream`, `ListShards`, `PutRecord` and `PutRecords` on its environment's stream. Every
# > role may do what its work takes, and nothing else. Every name of a resource carries the environment suffix. All of
# > this holds in every environment.

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
    preview,
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
                    {
                        "Sid": "UsedThroughKinesis",
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                        "Resource": "*",
                        "Condition": {
                            "StringEquals": {
                                "kms:CallerAccount": account,
                                "kms:ViaService": "kinesis.ap-southeast-1.amazonaws.com",
                            }
                        },
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
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}],
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

panel("04_stream_access")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine, as `pulumi preview` does, against a mock AWS account:
# nothing is created, and no credentials are needed. Here is what would exist, including what AWS would answer after
# creation. `VERBATIM` is the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## What happens when an attacker runs code in the task?
#
# Every process in a task can fetch the credentials of the task's role from an address inside the task. The drill
# evaluates every action of every service by IAM's rules: what may the role do on its own stream, on another
# environment's, and elsewhere?

# %% tags=["drill"]
show(intruder(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# There are two roles, each with a policy. Look at what each policy allows, and on which resources; compare that with
# the requirement and with the drill's picture.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# A policy answers two questions: which actions, and on which resources? Narrowing one leaves the other open. And the
# stream's ARN is not known while the program runs: a value that Pulumi learns later cannot be interpolated into a
# string.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# In the `policy` of the `aws.iam.RolePolicy`, list the six actions by name under `Action`, and set `Resource` to the
# stream's ARN: `policy=stream.arn.apply(lambda arn: json.dumps({...}))`, or `pulumi.Output.json_dumps({...})`, which
# takes `stream.arn` as it is. `aws.iam.get_policy_document_output` also works.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges what the roles would be
# allowed to do, not how the policies are written, and it makes sure that the task can still do its work on an encrypted
# stream. The key's policy lets the account's roles use the key through Kinesis; whether the task's role may also use
# the key by itself (`kms:Decrypt`, `kms:GenerateDataKey`, `kms:DescribeKey`) is up to you. Its assertions are folded
# here; click the three dots to open them.

# %% tags=["check"] expect=["EXCESS-PRIVILEGE"]
with check("04_stream_access", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        report = intruder(plan)
        for there, what in (
            (report.stream, "Kinesis stream"),
            (report.task_definitions, "task definition"),
            (report.roles_for("task"), "role that a task could run with"),
        ):
            with verdict.finding(
                "MISSING", f"the {what}", "Could the task do its work without it?"
            ):
                assert there, f"Expected the {what}; found none in the plan."

        for stream in plan.of_type("kinesis.Stream"):
            with verdict.finding(
                "REGRESSION", stream.name, "Which key of this program encrypted it before?"
            ):
                assert stream.get("encryption_type") == "KMS", "Expected encryption; found none."
                assert customer_key(plan, stream), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
        for key in dict.fromkeys(
            filter(None, (customer_key(plan, stream) for stream in plan.of_type("kinesis.Stream")))
        ):
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

        for role in report.roles:
            with verdict.finding("REGRESSION", role.role.name, "Who else may assume it?"):
                given = given_away(plan, role.role)
                assert not given, (
                    f"Expected that only AWS services assume it; found that {'; '.join(given)}."
                )
            for policy in role.policies_to_change:
                with verdict.finding(
                    "EXCESS-PRIVILEGE",
                    policy,
                    "Which actions does the task need, and on which resources?",
                ):
                    beyond = role.beyond(policy)
                    assert not beyond, (
                        f"Expected only what {role.role.name} needs for its work; found more: {beyond}."
                    )

        if all((report.stream, report.task_definitions, report.roles_for("task"))):
            for task, missing in report.missing_access.items():
                with verdict.finding(
                    "MISSING-ACCESS", task, "What does the task call, and with which role?"
                ):
                    assert not missing, (
                        f"Expected that the task can do its work; found that {missing}."
                    )

# %% [markdown] tags=["attack"]
# ## Attack it
#
# Now you are the intruder: your code runs in the task. What does AWS answer? Try it with your program before and after
# the repair, with other actions (`kinesis:GetRecords`, `kinesis:PutResourcePolicy`, `kms:Decrypt`), with another
# environment's stream (`"emergency-alert-stream-prod"`), and with other resources of the plan.

# %% tags=["attack"]
plan = preview(program, "dev", config=VERBATIM)  # of your program as you last ran it
stream = plan.of_type("kinesis.Stream")[0]

show(attempt(plan, "kinesis:DeleteStream", stream))

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# `kinesis:*` on `*` allows all 47 actions of the service, on streams, on channels and on the account: everything that can
# be done to any stream of the account, in every region, the other environments' included. Code that runs in the task
# could read all alerts, write a false one into production, open a stream to another AWS account with
# `PutResourcePolicy`, or delete it with every record in it. None of that shows in tests: the task works as well with too
# many permissions as with the right ones.
#
# The repaired policy leaves an intruder what the task itself can do: read this environment's events and write to this
# environment's stream. Still bad, but no worse.
#
# The six actions alone do not make the task work: the stream is encrypted with a customer managed key, and Kinesis calls
# KMS in the task's name. To write, the task's role needs `kms:GenerateDataKey` on the key; to read, `kms:Decrypt`. Here
# the key's own policy grants both to every role of the account, but only through Kinesis (`kms:ViaService`): a role
# that may not call Kinesis gains nothing. A statement in the role's policy would do as well. A `Deny` on everything
# but the stream also denies the key.
#
# Patterns narrow less than they seem to: `stream/emergency-alert-*` matches every environment's stream, and
# `stream/emergency-alert-stream-pr-1*` in `pr-1` also matches `pr-12`'s. And `arn:aws:kinesis:*:*:stream/...` leaves
# region and account open.
#
# ### The control
#
# NIST SP 800-53 **AC-6** (least privilege), in the FedRAMP High baseline. AWS Security Hub CSPM's
# [IAM.21](https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21) looks for wildcard
# actions such as `kinesis:*`, but only in customer managed policies. It skips inline policies, such as this one, and
# AWS managed policies: `AmazonKinesisFullAccess` would be just as invisible to it.
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports, on the same policy in
# Terraform, **CKV_AWS_290** (write access without constraints) and **CKV_AWS_355** (`*` as a resource). Write
# `arn:aws:kinesis:*:*:stream/*` instead, and both are silent, although the task still reaches every stream. IAM.21, which
# would not see this policy, has the severity Low; this course says High.
#
# ### How to spot it in a review
#
# - Read `Action` and `Resource` together: a `*` in either one is a question to ask.
# - A role's permissions add up: its inline policies, its managed policies, and the policies on the resources themselves.
# - `Resource` should refer to something that the program declares. A hand-built ARN may match too much.
# - List what the code calls, then compare. IAM Access Analyzer can generate a policy from CloudTrail events, but it does
#   not see data events, and the calls of `GetRecords` and `PutRecord` are data events.
#
# Sources: IAM User Guide, [policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
# and [grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege);
# Amazon ECS Developer Guide, [task IAM role](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html);
# Service Authorization Reference, [Kinesis Data Streams](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html);
# Kinesis Data Streams Developer Guide, [controlling access](https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html),
# [permissions to use user-generated KMS keys](https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html)
# and [logging API calls with CloudTrail](https://docs.aws.amazon.com/streams/latest/dev/logging-using-cloudtrail.html);
# AWS KMS Developer Guide, [condition keys](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html)
# and [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html);
# IAM User Guide, [IAM Access Analyzer policy generation](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# The task may write to the stream that it reads from. Which of the six actions would you take away from each if one
# task only read and another only wrote?
#
# <details><summary><b>An answer</b></summary>
#
# The reader loses `PutRecord` and `PutRecords`, and needs `kms:Decrypt` on the key. The writer loses `GetRecords` and
# `GetShardIterator`, and needs `kms:GenerateDataKey`. Whether it keeps `ListShards` or `DescribeStream` depends on its
# library: the Kinesis Producer Library [finds the shards](https://aws.amazon.com/about-aws/whats-new/2019/11/amazon-kinesis-producer-library-now-supports-listshards-api-for-efficient-scaling-of-producer-applications/)
# with `ListShards`.
# An intruder in the reader could then no longer forge an alert, and one in the writer could read none.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import intruder

question = "An attacker runs code in the task. Whose event stream can they delete?"
answers = {
    "none": "nobody's: the task only reads and writes events",
    "own": "that of this environment",
    "environments": "that of this environment, and those of the others",
    "any": "any stream of the account",
}


def outcome(program, plan):
    grants = [grant for role in intruder(plan).roles_for("task") for grant in role.grants]
    reached = {str(grant.where) for grant in grants if grant.action == "kinesis:DeleteStream"}
    for where, answer in (
        ("any other", "any"),
        ("another environment", "environments"),
        ("its own", "own"),
    ):
        if any(place.startswith(where) for place in reached):
            return answer
    return "none"
