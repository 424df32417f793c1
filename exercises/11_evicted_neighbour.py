# ---
# jupyter:
#   lab:
#     title: Nobody touched dev
#     severity: High
#     category: Change control
#     minutes: 15
#     ways: [right_managed_policy_arns, right_own_policy, right_inline_policy]
#     repairs: [right_exclusive_on_own_policy, wrong_other_name, wrong_both_roles]
#     record:
#       - finding: EVICTED
#         title: Exclusive attachment of a policy that every environment uses
#         short: policy attachment
#         issue: The execution role gets its policy through an exclusive attachment, while every environment uses the same policy
#         impact: The next release of one environment detaches the policy from the roles of all others; new tasks do not start there
#         category: Operations / Configuration Change Control
# ---

# %% [markdown]
# # Nobody touched dev
#
# On Friday prod got its next release. On Monday morning no new task starts in dev, although nothing has been deployed
# there for a week. In this notebook you find out what happens to an environment while nobody touches it.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > ECS Fargate processes the events: 2 to 10 tasks, scaled by CPU, over several zones. Every component keeps encrypted
# > logs in CloudWatch. Every role may do what its work takes, and nothing else. Several environments live side by side
# > in one account. A release or a `pulumi destroy` of one environment changes nothing in the others. Every name of a
# > resource carries the environment suffix. All of this holds in every environment.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    Account,
    check,
    deploy,
    given_away,
    intruder,
    log_groups,
    preview,
    rollout,
    show,
    side_by_side,
    what_changed,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure. The network, the log group and the permissions of the
# application are in other programs. Read it as a reviewer: what did it get right, and what would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    def name(what):
        return f"emergency-alert-{what}-{environment_suffix}"

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
        name("execution-role"),
        name=name("execution-role"),
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    aws.iam.PolicyAttachment(
        name("execution-policy"),
        roles=[execution_role.name],
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    task_role = aws.iam.Role(
        name("task-role"),
        name=name("task-role"),
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    container = {
        "name": "processor",
        "image": "amazon/aws-cli",
        "essential": True,
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": f"/ecs/emergency-alert-{environment_suffix}",
                "awslogs-region": "ap-southeast-1",
                "awslogs-stream-prefix": "processor",
            },
        },
    }
    task = aws.ecs.TaskDefinition(
        name("task"),
        family=name("processor"),
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="512",
        memory="1024",
        execution_role_arn=execution_role.arn,
        task_role_arn=task_role.arn,
        container_definitions=json.dumps([container]),
        tags=tags,
    )
    pulumi.export("execution_role", execution_role.arn)
    pulumi.export("task_definition", task.arn)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("11_evicted_neighbour")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## What happens to dev while prod is released?
#
# The drill deploys dev and then prod into the same account. Then each gets its next release, in which this program has
# not changed. Each card shows who has which policy afterwards. At the end, a new task is started in each environment:
# every call that ECS makes for it is evaluated by IAM's rules.

# %% tags=["drill"]
show(side_by_side([plan, preview(program, "prod", config=VERBATIM)]))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Every resource of this program carries its environment in its name. What does the program mention that is the same in
# every environment?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# The policy belongs to AWS, and any number of roles may have it. The program says who has it. Does it say "this role,
# too", or "this role and nobody else"? The first warning in the documentation of the resource answers that.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# Replace `aws.iam.PolicyAttachment` with `aws.iam.RolePolicyAttachment`, which takes `role=execution_role.name` instead of
# the list. It manages one attachment and knows of no other.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and plays the drill with each pair of them, in both orders.
# It judges whether an environment takes anything from another one, whether tasks start and write their logs, and whether
# a role can do more than its work takes; not how the policy is attached. Its assertions are folded here; click the three
# dots to open them.

# %% tags=["check"] expect=["EVICTED"]
with check("11_evicted_neighbour", program, environments=("dev", "prod")) as verdict:
    plans = tuple(verdict.plans)
    for plan in verdict.plans:  # one preview for each environment
        reach = intruder(plan)
        for there, what in (
            (reach.task_definitions, "the task definition"),
            (reach.roles_for("execution"), "the role that starts tasks"),
            (reach.roles_for("task"), "the role that a task runs with"),
        ):
            with verdict.finding("MISSING", what, "Could the task run without it?"):
                assert there, f"Expected {what}; found none in the plan."
        for definition in reach.task_definitions:
            with verdict.finding("REGRESSION", definition.name, "Where did it log before?"):
                assert log_groups(definition), "Expected logs in CloudWatch; found none."

        # Its tasks start, and its roles can do nothing else.
        for start in side_by_side([plan]).starts:
            with verdict.finding(
                "MISSING-ACCESS", start.definition.name, "What does ECS call before a task starts?"
            ):
                assert start.evicted or not start.refused, (
                    f"Expected that its tasks start; found that AWS refuses {start.refused}."
                )
        for role in reach.roles:
            with verdict.finding("REGRESSION", role.role.name, "Who else may assume it?"):
                given = given_away(plan, role.role)
                assert not given, (
                    f"Expected that only AWS services assume it; found that {'; '.join(given)}."
                )
            for policy in role.policies_to_change:
                with verdict.finding("EXCESS-PRIVILEGE", policy, "What is this role for?"):
                    beyond = role.beyond(policy)
                    assert not beyond, (
                        f"Expected only what {role.role.name} needs for its work; found more: {beyond}."
                    )

        # It is deployed after another one, and both are released again. What does it take away?
        pairs = [side_by_side([other, plan]) for other in plans if other.stack != plan.stack]
        taken = [e for pair in pairs for e in pair.evictions if e.environment == plan.stack]
        for by in dict.fromkeys(eviction.by for eviction in taken):
            with verdict.finding(
                "EVICTED", by.name, "Who else in the account has this policy, and who says so?"
            ):
                lost = next(eviction.lost for eviction in taken if eviction.by == by)
                assert not lost, (
                    "Expected that it leaves alone what others have attached; found that it takes "
                    f"{lost.policy.rpartition('/')[2]} from {lost.name} ({lost.environment})."
                )

    for collision in rollout(plans).collisions:
        with verdict.finding(
            "NAME-COLLISION", collision.name, "What makes this name differ between environments?"
        ):
            who = f"Expected a name of its own in {collision.second.environment}; found that of {collision.first.environment}"
            assert not collision, f"{who}: {collision.error}"

# %% [markdown] tags=["attack"]
# ## Try it
#
# Now the real engine does it: dev and prod are deployed into one mock account, and then prod once more, with the program
# unchanged. Each line shows what happened to an attachment, and who is in its state afterwards. Would you have noticed
# the update?

# %% tags=["attack"]
account = Account()
for environment in ("dev", "prod", "prod"):
    # Your program as you last ran it.
    deployed = deploy(program, environment, account=account, config=VERBATIM)
    for attachment in deployed.of_type("iam.PolicyAttachment", "iam.RolePolicyAttachment"):
        who = attachment.get("roles") or [attachment.get("role")]
        print(f"{environment}: {attachment.op:6} {attachment.kind} {', '.join(who)}")

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# IAM itself has no object called a policy attachment. It knows pairs: this policy, this role. `aws.iam.RolePolicyAttachment`
# manages one such pair. `aws.iam.PolicyAttachment` manages the whole list of those who have the policy, in the whole
# account: roles, users and groups. That is what *exclusive* means here.
#
# Nothing is taken away on the first deployment, which is why a test does not show it:
#
# 1. **Creation** attaches the policy to the roles in the program, and detaches it from nobody. Then the provider asks AWS
#    who has the policy, and writes all of them into prod's state, dev's role included.
# 2. **The next update** compares that state with the program. The program lists one role, the state has two, so the
#    provider detaches the policy from dev's. Nothing in the program has to change for that.
# 3. **`pulumi refresh`** reads the list anew. It catches roles that got the policy after the last deployment, and the next
#    update evicts those, too.
# 4. **Deletion** detaches the policy from everyone in the state, so `pulumi destroy` of one environment can take it from all.
#
# In dev, tasks that are already running stay up, but their log entries are refused from that moment. A new task needs a
# log stream before it starts; ECS is not allowed to create one, and the task stops. Deploying dev again does not help,
# because dev's state still says that all is well. A refresh and an update do, and evict prod.
#
# The policy belongs to AWS. Roles of other systems in the account have it, too, and lose it in the same way.
#
# Why the other repairs do not hold:
#
# - **Another name for the attachment**: it is an id in Pulumi's state. IAM never sees it.
# - **Both roles of the environment in the list**: the roles of other environments are still not in it, and the task's role
#   gets what it does not need.
# - **`depends_on`** orders resources within one deployment. dev is in another.
# - **A list of all environments**: none of them can be deployed before all the roles exist, and `pr-1234` is not in the list.
# - **`ignore_changes=["roles"]`**: the next release leaves dev alone. Destroying prod does not, because everyone is in its
#   state.
#
# An exclusive attachment has its use: with a policy that belongs to the program and is attached in one place only, it
# makes sure that nobody else gets it.
#
# ### The control
#
# NIST SP 800-53 **CM-3** (configuration change control): a change to dev that nobody proposed, reviewed or approved as
# one. **CM-4** (impact analyses) asks what else a change affects, before it is made. Both are in the FedRAMP High baseline.
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reads `aws_iam_policy_attachment` in three
# checks, **CKV_AWS_40** (no policies attached to users), **CKV_AWS_274** (not `AdministratorAccess`) and **CKV2_AWS_56**
# (not `IAMFullAccess`), and passes it in all of them. TFLint's rules for AWS have one for exactly this,
# `aws_iam_policy_attachment_exclusive_attachment`. It is off by default, and TFLint reads Terraform only. AWS Security Hub
# CSPM's **IAM.1**, **IAM.2** and **IAM.21** look at what policies allow and whether users have them, not at what an
# attachment detaches.
#
# ### How to spot it in a review
#
# - `iam.PolicyAttachment` with an ARN that starts with `arn:aws:iam::aws:` is always worth a question.
# - For each resource that manages a *list* of something shared, ask who else adds to that list.
# - Preview a second time, against an account where a neighbour is deployed: an update that you did not expect is a finding.
# - Afterwards, CloudTrail has the event `DetachRolePolicy`, called by the role that ran prod's release.
#
# Sources: Pulumi Registry, [aws.iam.PolicyAttachment](https://www.pulumi.com/registry/packages/aws/api-docs/iam/policyattachment/)
# and its [source](https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_attachment.go);
# Amazon ECS Developer Guide, [task execution IAM role](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html);
# TFLint ruleset for AWS, [aws_iam_policy_attachment_exclusive_attachment](https://github.com/terraform-linters/tflint-ruleset-aws/blob/master/docs/rules/aws_iam_policy_attachment_exclusive_attachment.md);
# AWS Security Hub User Guide, [IAM controls](https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# prod runs with the flawed program. You deploy your repair, which replaces the attachment by a `RolePolicyAttachment`.
# What happens on that deployment?
#
# <details><summary><b>An answer</b></summary>
#
# The engine creates the new attachment first, which changes nothing, because prod's role has the policy already. Then it
# deletes the old one, and that detaches the policy from everyone in its state: from prod's role, and from dev's if it is
# there. The state says that both attachments are as they should be. So take the old one out of the state instead of
# deleting it (`retain_on_delete=True` in a release before, or `pulumi state delete`), and look afterwards at who has the
# policy.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import VERBATIM, preview, side_by_side

question = (
    "dev is deployed, then prod. Then each of them gets its next release, in which this program has "
    "not changed. Where do new tasks start afterwards?"
)
answers = {
    "both": "in both",
    "prod": "only in prod",
    "dev": "only in dev",
    "none": "in neither",
}


def outcome(program, plan):
    starts = side_by_side([plan, preview(program, "prod", config=VERBATIM)]).starts
    refused = {start.environment for start in starts if start.refused}
    left = [name for name in (plan.stack, "prod") if name not in refused]
    return {2: "both", 0: "none"}.get(len(left)) or ("prod" if left == ["prod"] else "dev")
