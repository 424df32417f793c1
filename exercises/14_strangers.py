# ---
# jupyter:
#   lab:
#     title: Deployed on a Sunday
#     severity: Critical
#     category: Access control
#     minutes: 20
#     ways: [right_conditions_apart, right_repository_id, right_default_topic_policy]
#     repairs: [right_workflow_claim, wrong_whole_owner, wrong_deny_plain_http]
#     record:
#       - finding: OPEN-TO-STRANGERS
#         title: Deployment role and alarm topic admit strangers
#         short: trust and topic policy
#         issue: The deployment role accepts pull requests of any owner's repository of that name, and the topic's policy accepts everyone
#         impact: Anyone with a GitHub account can change what the event processor runs, and anyone with an AWS account can subscribe to its alarms
#         category: Security / Access Control
# ---

# %% [markdown]
# # Deployed on a Sunday
#
# On Sunday at 11:20, the event processor is replaced by its version from last spring. No release has run, and no one on
# the team was working. In this notebook you find out who can knock on the system's doors, and which doors open.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > The system's source is public. The workflow `release.yml` of the repository `alerts-example/emergency-alert` on GitHub
# > deploys it from the branch `main`, without a GitHub environment; no other branch, tag, pull request or repository
# > may. The alarm topic's messages are encrypted. Keys and topics let in nobody from outside the account, and AWS
# > services only for what they do; the keys are managed by the account. Alarms watch what matters, and notify the people
# > on call, who are subscribed to an SNS topic. Every name of a resource carries the environment suffix. All of this
# > holds in every environment.
#
# GitHub gives each job a token on request. Its claim `sub` says what it is for: `repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH`,
# `repo:OWNER/REPOSITORY:pull_request`, and the like. The account has an identity provider for these tokens.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    check,
    deliveries,
    given_away,
    preview,
    role_may,
    show,
    strangers,
    theft,
    what_changed,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure; the task and its network are left out here. Read it as a
# reviewer: what did it get right, and what would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    account = aws.get_caller_identity().account_id
    github = "token.actions.githubusercontent.com"

    deploy_role = aws.iam.Role(
        f"emergency-alert-deploy-role-{environment_suffix}",
        name=f"emergency-alert-deploy-role-{environment_suffix}",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "GitHubDeploys",
                        "Effect": "Allow",
                        "Principal": {
                            "Federated": f"arn:aws:iam::{account}:oidc-provider/{github}"
                        },
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {
                            "StringEquals": {f"{github}:aud": "sts.amazonaws.com"},
                            "StringLike": {
                                f"{github}:sub": [
                                    "repo:alerts-example/emergency-alert:ref:refs/heads/main",
                                    "repo:*/emergency-alert:pull_request",
                                ]
                            },
                        },
                    }
                ],
            }
        ),
        tags=tags,
    )
    aws.iam.RolePolicy(
        f"emergency-alert-deploy-policy-{environment_suffix}",
        role=deploy_role.id,
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": ["ecs:DescribeServices", "ecs:UpdateService"],
                        "Resource": f"arn:aws:ecs:ap-southeast-1:{account}:service/"
                        f"emergency-alert-cluster-{environment_suffix}/*",
                    }
                ],
            }
        ),
    )

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores and reports",
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
                        "Sid": "AlarmsAreEncrypted",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
                    },
                ],
            }
        ),
        tags=tags,
    )
    topic = aws.sns.Topic(
        f"emergency-alert-topic-{environment_suffix}",
        name=f"emergency-alert-topic-{environment_suffix}",
        kms_master_key_id=key.arn,
        tags=tags,
    )
    aws.sns.TopicPolicy(
        f"emergency-alert-topic-policy-{environment_suffix}",
        arn=topic.arn,
        policy=pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "AlarmsAndTeams",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": ["sns:Publish", "sns:Subscribe"],
                        "Resource": topic.arn,
                    }
                ],
            }
        ),
    )
    aws.sns.TopicSubscription(
        f"emergency-alert-on-call-{environment_suffix}",
        topic=topic.arn,
        protocol="email",
        endpoint="on-call@alerts.example.gov",
    )
    aws.cloudwatch.MetricAlarm(
        f"emergency-alert-ecs-cpu-alarm-{environment_suffix}",
        alarm_description="The processing tasks are short of CPU",
        namespace="AWS/ECS",
        metric_name="CPUUtilization",
        dimensions={
            "ClusterName": f"emergency-alert-cluster-{environment_suffix}",
            "ServiceName": f"emergency-alert-service-{environment_suffix}",
        },
        statistic="Average",
        period=300,
        evaluation_periods=2,
        comparison_operator="GreaterThanThreshold",
        threshold=80,
        alarm_actions=[topic.arn],
        tags=tags,
    )

    pulumi.export("deploy_role", deploy_role.arn)
    pulumi.export("alarm_topic", topic.arn)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("14_strangers")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## Who gets in?
#
# The drill knocks on both doors. GitHub workflows ask to assume the role, with their tokens; principals and alarms from
# outside the account, and your own alarms, ask at the topic. IAM's rules decide on each request, and so does the key's
# policy when a message to an encrypted topic is published.

# %% tags=["drill"]
show(strangers(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Two policies of this program decide about callers who have no identity in the account: the role's
# `assume_role_policy` and the topic's policy. Read each of them as someone who wants to get in.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# Everyone on GitHub uses the same identity provider, and everyone may name a repository `emergency-alert`. Which part of a
# token can only your team have? The topic asks nothing at all. Who has to publish to it, who has to subscribe, and
# which of them needs a statement here?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# Leave only the value of `sub` that a release has: `repo:alerts-example/emergency-alert:ref:refs/heads/main`. In
# the topic's policy, let the service `cloudwatch.amazonaws.com` publish for this account (`aws:SourceAccount`). Principals
# in the account do not need the topic's policy; their own policies are enough.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges who gets in, not how
# the policies are written: the release must be able to deploy, the alarms must reach the people on call, and nobody else
# may get in. Its assertions are folded here; click the three dots to open them.

# %% tags=["check"] expect=["OPEN-TO-STRANGERS"]
with check("14_strangers", program, environments=("dev", "prod")) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        for there, what in (
            (plan.of_type("aws.iam.Role"), "the deployment role"),
            (plan.of_type("aws.sns.Topic"), "the alarm topic"),
            (plan.of_type("aws.sns.TopicSubscription"), "the subscription"),
            (plan.of_type("aws.cloudwatch.MetricAlarm"), "the alarm"),
        ):
            with verdict.finding("MISSING", what, "What would the system do without it?"):
                assert there, f"Expected {what}; found none in the plan."

        # What was right: encryption with a key of the system, which is nobody else's.
        for store in theft(plan).of_type("sns.Topic"):
            with verdict.finding(
                "REGRESSION", store.resource.name, "Which key of this program encrypted it before?"
            ):
                assert store.key, (
                    f"Expected a key of this program that can encrypt; found: {store.protection}."
                )
        for key in plan.of_type("kms.Key", "kms.ReplicaKey", "kms.ExternalKey"):
            with verdict.finding(
                "REGRESSION", key.name, "Who else does its policy let in, and for what?"
            ):
                given = given_away(plan, key)
                assert not given, (
                    "Expected that it lets in only the account, and services for what they do; "
                    f"found that {'; '.join(given)}."
                )

        # Those for whom the doors are there still get in.
        report = strangers(plan)
        cluster = f"emergency-alert-cluster-{plan.stack}/emergency-alert-service-{plan.stack}"
        service = f"arn:aws:ecs:{plan.region}:{plan.account}:service/{cluster}"
        if plan.of_type("aws.iam.Role"):
            with verdict.finding(
                "MISSING-ACCESS", "the release", "Which token does a release from `main` show?"
            ):
                assert report.releases, (
                    "Expected a role that a release from `main` can assume; found none."
                )
                assert any(
                    role_may(plan, role, "ecs:UpdateService", service) for role in report.releases
                ), f"Expected a release that can update {cluster}; found that it may not."
        for way in deliveries(plan).ways:
            with verdict.finding(
                "REGRESSION", way.target, "What did the alarm's notice need before your change?"
            ):
                assert way.arrives, (
                    f"Expected that notices reach the people on call; found that {way.problem}."
                )
        with verdict.finding("REGRESSION", "the alarm", "Whom did it notify before your change?"):
            assert deliveries(plan).ways or not plan.of_type("aws.cloudwatch.MetricAlarm"), (
                "Expected an alarm that notifies the topic; found none."
            )

        # And nobody else does.
        for door in report.doors:
            with verdict.finding(
                "OPEN-TO-STRANGERS",
                door.resource.name,
                "Who else could pass this policy?",
            ):
                let_in = [f"{visitor.who} ({visitor.asks})" for visitor in door.let_in]
                assert not let_in, f"Expected that no stranger gets in; found: {', '.join(let_in)}."
                given = () if door.is_role else given_away(plan, door.resource)
                assert not given, (
                    "Expected a policy for the account and its alarms; "
                    f"found that {'; '.join(given)}."
                )

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# GitHub signs everyone's tokens with one identity provider. Only the trust policy tells your workflows from everybody
# else's, and `sub` is where it looks. `repo:*/emergency-alert:pull_request` reads like "pull requests of our
# repository". It means "pull requests of *any* owner's repository of that name", and a fork keeps the name. Its owner opens
# a pull request in their own fork, the workflow asks for a token, and the token fits. The role then lets them update the
# service that decides which warnings go out.
#
# Nobody had to break anything. GitHub gives no such token to a pull request *from* a fork in *your* repository, but that does
# not help: this one runs in theirs.
#
# The topic is the smaller door. Anyone can call `Subscribe` and then read every alarm, for instance the minute at which
# processing is overloaded. Encryption does not keep them out, because SNS decrypts for its subscribers. It does stop
# strangers from publishing: SNS calls KMS on the publisher's behalf, and the key's policy lets in only the account and
# CloudWatch. That is luck, and the next statement in that policy may end it.
#
# Why the other repairs do not hold:
#
# - **`repo:alerts-example/*`**: strangers stay out, but every repository of the owner gets in, with every branch and pull
#   request.
# - **`repo:alerts-example/emergency-alert:*`**: anyone who can push a branch can deploy it, without a review.
# - **`aud` only**: all tokens that are made for AWS have the same audience. IAM now refuses such a role.
# - **`ForAllValues:`** is met when the key is missing, and IAM knows only some of the token's claims. `repository_owner` is
#   not one of them, so the condition always holds.
# - **A `Deny` for plain HTTP**: strangers use TLS, too.
# - **`StringEqualsIgnoreCase`**: GitHub ignores case in the names of owners and repositories, but Git does not in those of
#   branches. Anyone who can push a branch `Main` can deploy it.
# - **The service `cloudwatch.amazonaws.com` without a condition**: CloudWatch publishes under this name for every account's
#   alarms.
# - **A wildcard for the account in `aws:SourceArn`** or `aws:PrincipalArn`: a resource or role in someone else's account
#   matches as well, if its owner gives it the right name.
#
# IAM checks one thing when a role for GitHub is created: at least one condition on `sub` or `job_workflow_ref` must be more
# than `*`. It does not ask what the other values let in, and it does not check roles that already exist.
#
# ### The control
#
# NIST SP 800-53 **AC-3** (access enforcement): the system enforces approved authorizations, and nobody approved these.
# **AC-6** (least privilege) applies, too. Both are in the FedRAMP High baseline.
#
# ### What scanners would have said
#
# Half of it. [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) reports a topic that is open to everyone
# (**CKV_AWS_169**), and so does AWS Security Hub CSPM (**SNS.4**, Critical). Checkov's check of trust policies for GitHub
# (**CKV_AWS_358**) reports an owner that is a `*`, but only in Terraform's `aws_iam_policy_document`. Version 3.3.30 says
# nothing about a trust policy that is written as JSON in the role, as it is here. Repairing what they report closes only
# the smaller door.
#
# ### How to spot it in a review
#
# - In each trust policy, read every value of `sub` and ask: can a stranger get a token that matches? The owner must be
#   spelled out.
# - In each resource policy, look for `"Principal": "*"`, and then for a condition that names the account.
# - A condition restricts only if its key is present and the caller cannot choose its value.
# - A list of values means "or": the weakest value counts.
#
# Sources: IAM User Guide, [roles for GitHub](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html),
# [controls for shared providers](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html),
# [keys for OIDC federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html)
# and [conditions with several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html);
# GitHub Docs, [OpenID Connect reference](https://docs.github.com/actions/reference/openid-connect-reference);
# Amazon SNS Developer Guide, [encryption keys](https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html);
# AWS Security Hub User Guide, [SNS controls](https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# The GitHub organization is renamed, and someone else registers its old name. Who can deploy now?
#
# <details><summary><b>An answer</b></summary>
#
# The new holder of the old name, if they create a repository and a branch with the same names: a `sub` made of names is
# only as good as the names. GitHub's
# [immutable subjects](https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/)
# add the IDs of owner and repository, which nobody else ever gets; they are the default for repositories that were
# created or renamed since July 2026. For older ones, opt in, or add the condition
# `token.actions.githubusercontent.com:repository_id`.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import strangers

question = "Who, apart from the release, can assume the deployment role?"
answers = {
    "nobody": "nobody",
    "team": "only workflows of the system's own repository",
    "owner": "also other repositories of the same owner",
    "anyone": "anyone with a GitHub account",
}


def outcome(program, plan):
    own, owner = "repo:alerts-example/emergency-alert:", "repo:alerts-example/"
    let_in = [v.asks for door in strangers(plan).doors if door.is_role for v in door.let_in]
    if not let_in:
        return "nobody"
    if all(asks.startswith(own) for asks in let_in):
        return "team"
    return "owner" if all(asks.startswith(owner) for asks in let_in) else "anyone"
