# ---
# jupyter:
#   lab:
#     title: A task that may do anything to any stream
#     severity: High
#     category: Least privilege
#     minutes: 10
#     ways: [right_two_statements, right_policy_document, right_customer_managed, right_deny_the_rest]
# ---

# %% [markdown]
# # A task that may do anything to any stream
#
# **Severity:** High &nbsp;·&nbsp; **Category:** Least privilege &nbsp;·&nbsp; **Time:** about 10 minutes
#
# A library that the processing task uses has a hole, and somebody runs their own code in the task. In this notebook
# you find out what they could read, change and delete, and whose alerts it would be.

# %% [markdown]
# ## The requirement
#
# > **Least privilege for every role.** The processing task reads events from its environment's Kinesis stream and
# > writes to it. For that it calls `GetRecords`, `GetShardIterator`, `DescribeStream`, `ListShards`, `PutRecord` and
# > `PutRecords`, and nothing else, on this stream and on no other. (Using the stream's own key is neither demanded nor
# > held against the role.) This holds in every environment.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

from lab_support import check, debrief, intruder, preview, show, what_changed

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


# %% tags=["solution"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
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
        policy=stream.arn.apply(
            lambda arn: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": [
                                "kinesis:GetRecords",
                                "kinesis:GetShardIterator",
                                "kinesis:DescribeStream",
                                "kinesis:ListShards",
                                "kinesis:PutRecord",
                                "kinesis:PutRecords",
                            ],
                            "Resource": arn,
                        }
                    ],
                }
            )
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


# %% [markdown]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine, as `pulumi preview` does. Behind it is a mock AWS
# account: nothing is created, and no credentials are needed. Here is what would exist, with what AWS would
# answer after creation.

# %%
plan = preview(program, "dev")
show(plan)

# %% [markdown]
# ## What happens when somebody runs code in the task?
#
# Every process in a task gets the credentials of the task's role from an address inside the task. The drill asks
# IAM's rules about each action of each service: what is the role allowed, on its own stream, on another
# environment's, and elsewhere?

# %%
show(intruder(plan))

# %% [markdown]
# ## Repair it
#
# Change the program above so that the task can do its work and nothing else, and run its cell again. Run the preview
# and the drill again, too: they show what your change does. There is more than one right answer.
#
# The panel works on the program that you ran last. Stuck? Its hints come one at a time; they are folded below, too.

# %% tags=["panel"]
from lab_support import panel  # no buttons? run this cell

panel("04_stream_access")

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Two roles, and each has a policy. Look at what each policy allows and on what, and compare it with the requirement
# and with the drill's picture.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# A policy answers two questions: which actions, and on which resources. Narrowing one of them leaves the other open.
# And the stream's ARN is not known while the program runs: a value that Pulumi will know later cannot be put into a
# text like any other.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# In the `policy` of the `aws.iam.RolePolicy`, list the six actions by name under `Action`, and make `Resource` the
# stream's ARN: `policy=stream.arn.apply(lambda arn: json.dumps({...}))`, or `pulumi.Output.json_dumps({...})`, which
# takes `stream.arn` as it is. `aws.iam.get_policy_document_output` does it as well.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and plays the drill in each. It asks what the roles would
# be allowed, not how the policies are written. Using the stream's own key (`kms:Decrypt`, `kms:GenerateDataKey`,
# `kms:DescribeKey`) is neither demanded nor held against anyone here. Its assertions are folded here; the three dots
# open them.

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
                "MISSING", f"the {what}", "The task's work needs it; only a policy is wrong."
            ):
                assert there, f"No {what} is left in the plan."

        for role in report.roles:
            for policy in role.policies_to_change:
                with verdict.finding(
                    "EXCESS-PRIVILEGE", policy, "Which actions does the work take, and on what?"
                ):
                    beyond = role.beyond(policy)
                    assert not beyond, f"It lets {role.role.name} do more than its work: {beyond}."

        if all((report.stream, report.task_definitions, report.roles_for("task"))):
            for task, missing in report.missing_access.items():
                with verdict.finding(
                    "MISSING-ACCESS", task, "What does the task call, and with which role?"
                ):
                    assert not missing, f"The task can no longer do its work: {missing}."

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
# `kinesis:*` on `*` is 47 actions on every stream of the account, in every region: the other environments' too.
# Code that runs in the task could read all alerts, write a false one into production, hand a stream to another AWS
# account with `PutResourcePolicy`, or delete it with every record in it. None of that shows in tests: the task works
# as well with too many permissions as with the right ones.
#
# The repaired policy leaves an intruder what the task itself does: read this environment's events and write to this
# environment's stream. That is still bad, and it is all.
#
# Patterns narrow less than they seem to: `stream/emergency-alert-*` is every environment's stream, and
# `stream/emergency-alert-stream-pr-1*` in `pr-1` is also that of `pr-12`. And `arn:aws:kinesis:*:*:stream/...` leaves
# region and account open.
#
# ### The control
#
# NIST SP 800-53 **AC-6** (least privilege), in the FedRAMP High baseline. AWS Security Hub's
# [IAM.21](https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21) looks for wildcard
# actions such as `kinesis:*`, but only in customer-managed policies. It does not look at inline policies, and this is
# one, nor at those that AWS manages: `AmazonKinesisFullAccess` would be just as invisible to it.
#
# ### How to spot it in a review
#
# - Read `Action` and `Resource` together: a `*` in either one is a question to ask.
# - A role's permissions are the sum of everything attached to it: inline policies, managed policies, and policies on
#   the resources themselves.
# - `Resource` should name something that the program declares. A text put together by hand may reach further.
# - List what the code calls, then compare. IAM Access Analyzer can generate a policy from what CloudTrail has recorded;
#   reading and writing records are data events, and those are recorded only where that has been switched on.
#
# Sources: IAM User Guide, [policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
# and [grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege);
# Amazon ECS Developer Guide, [task IAM role](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html);
# Service Authorization Reference, [Kinesis Data Streams](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html);
# Kinesis Data Streams Developer Guide, [controlling access](https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html).
#
# ### One question to take away
#
# The task may write to the stream that it reads from. Which of the six actions would you take away if one task only
# read, and another only wrote?
