# ---
# jupyter:
#   lab:
#     title: Red since 02:40
#     severity: High
#     category: Monitoring
#     minutes: 15
#     ways: [right_for_this_account_only, right_key_policy_resource, right_key_for_notices]
#     repairs: [right_key_for_notices, wrong_sns_service, wrong_aws_managed_key]
#     record:
#       - finding: NOTICE-LOST
#         title: KMS key policy keeps CloudWatch alarms from the encrypted SNS topic
#         short: key policy
#         issue: The policy of the key that encrypts the alarm topic does not let CloudWatch use the key
#         impact: Alarms go off and nobody is notified; no deployment fails
#         category: Monitoring / Notification Failure
# ---

# %% [markdown]
# # Red since 02:40
#
# At 06:15 the morning shift opens the dashboard. The alarm on the database is red and has been for hours, but nobody on
# call was woken. In this notebook you find out what became of the notice.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > What is stored is encrypted with a customer managed KMS key of the system, the alarm topic's messages included. Keys
# > and topics let in nobody from outside the account, and AWS services only for what they do; the keys are managed by
# > the account. Every component keeps encrypted logs in CloudWatch. Alarms watch CPU loads and the age of events in the
# > stream, and notify the people on call, who are subscribed to an SNS topic: within 15 minutes after a component has
# > reached its limit, and not while all is well. Every name of a resource carries the environment suffix. All of this
# > holds in every environment.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    Load,
    check,
    databases,
    deliveries,
    given_away,
    incident,
    logs_may_use,
    names_without_environment,
    preview,
    rise,
    rotates,
    show,
    theft,
    what_changed,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure; the network is left out here. Read it as a reviewer: what did it
# get right, and what would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    account = aws.get_caller_identity().account_id

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
                        "Sid": "LogsAreEncrypted",
                        "Effect": "Allow",
                        "Principal": {"Service": "logs.ap-southeast-1.amazonaws.com"},
                        "Action": [
                            "kms:Encrypt*",
                            "kms:Decrypt*",
                            "kms:ReEncrypt*",
                            "kms:GenerateDataKey*",
                            "kms:Describe*",
                        ],
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
    aws.cloudwatch.LogGroup(
        f"emergency-alert-logs-{environment_suffix}",
        name=f"/emergency-alert/{environment_suffix}",
        kms_key_id=key.arn,
        retention_in_days=90,
        tags=tags,
    )
    database = aws.rds.Instance(
        f"emergency-alert-db-{environment_suffix}",
        identifier=f"emergency-alert-db-{environment_suffix}",
        engine="postgres",
        engine_version="17",
        instance_class="db.t3.medium",
        allocated_storage=100,
        storage_type="gp3",
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_name="alerts",
        username="alert_admin",
        manage_master_user_password=True,
        multi_az=True,
        backup_retention_period=30,
        final_snapshot_identifier=f"emergency-alert-db-final-{environment_suffix}",
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
                        "Sid": "AlarmsPublish",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": "sns:Publish",
                        "Resource": topic.arn,
                        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
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
        f"emergency-alert-db-cpu-alarm-{environment_suffix}",
        alarm_description="The database is short of CPU",
        namespace="AWS/RDS",
        metric_name="CPUUtilization",
        dimensions={"DBInstanceIdentifier": database.identifier},
        statistic="Average",
        period=300,
        evaluation_periods=2,
        comparison_operator="GreaterThanThreshold",
        threshold=80,
        alarm_actions=[topic.arn],
        tags=tags,
    )
    aws.cloudwatch.MetricAlarm(
        f"emergency-alert-kinesis-age-alarm-{environment_suffix}",
        alarm_description="Events wait in the stream for more than a minute",
        namespace="AWS/Kinesis",
        metric_name="GetRecords.IteratorAgeMilliseconds",
        dimensions={"StreamName": stream.name},
        statistic="Maximum",
        period=60,
        evaluation_periods=5,
        comparison_operator="GreaterThanThreshold",
        threshold=60000,
        alarm_actions=[topic.arn],
        tags=tags,
    )

    pulumi.export("alarm_topic", topic.arn)
    pulumi.export("database_endpoint", database.endpoint)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("09_sealed_topic")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## What happens when the database runs out of CPU?
#
# The drill raises the CPU load from 50 % to 97 % and keeps it there. Every minute, CloudWatch gets a datapoint. Does the
# alarm go off, and is anyone paged?

# %% tags=["drill"]
show(incident(plan))

# %% [markdown] tags=["drill"]
# ## How far does the notice get?
#
# CloudWatch publishes the notice, and SNS encrypts it. Each step needs a permission; the drill evaluates the policies
# that decide.

# %% tags=["drill"]
show(deliveries(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# The alarms go off, and the topic's policy lets them publish. Look at what happens to a message on its way *into* the
# topic.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# An encrypted topic has two doors: its own policy, and the policy of its key. Who knocks at the second one? Not a role
# of the account, and so no IAM policy of the account can help.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# Add a statement to the key's `policy` that allows the service principal `cloudwatch.amazonaws.com` the actions
# `kms:Decrypt` and `kms:GenerateDataKey*`, on the resource `*`, which in a key's policy means this key.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drills in each. It judges whether the people on
# call would be notified, not how the policies are written. It also makes sure that what was right is still right: the
# encryption, the alarms, the logs, and whom keys and topics let in. Its assertions are folded here; click the three
# dots to open them.

# %% tags=["check"] expect=["NOTICE-LOST"]
with check("09_sealed_topic", program, environments=("dev", "prod")) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        for there, what in (
            (databases(plan), "the database"),
            (plan.of_type("aws.kinesis.Stream"), "the stream"),
            (plan.of_type("aws.cloudwatch.LogGroup"), "the log group"),
            (plan.of_type("aws.sns.Topic"), "the alarm topic"),
            (plan.of_type("aws.sns.TopicSubscription"), "the subscription"),
        ):
            with verdict.finding("MISSING", what, "What would the system do without it?"):
                assert there, f"Expected {what}; found none in the plan."

        # What was right: a key of the system encrypts everything, and policies let in no more than necessary.
        for store in theft(plan).stores:
            with verdict.finding(
                "REGRESSION", store.resource.name, "Which key of this program encrypted it before?"
            ):
                assert store.key, (
                    f"Expected a key of this program that can encrypt; found: {store.protection}."
                )
        for key in dict.fromkeys(store.key for store in theft(plan).stores if store.key):
            with verdict.finding(
                "REGRESSION", key.name, "For how long is its key material in use?"
            ):
                assert rotates(plan, key), "Expected a key that rotates; found that it does not."
        for resource in plan.of_type("kms.Key", "kms.ReplicaKey", "kms.ExternalKey", "sns.Topic"):
            with verdict.finding(
                "REGRESSION", resource.name, "Who else does its policy let in, and for what?"
            ):
                given = given_away(plan, resource)
                assert not given, (
                    "Expected that it lets in only the account, and services for what they do; "
                    f"found that {'; '.join(given)}."
                )
        for group in theft(plan).of_type("cloudwatch.LogGroup"):
            with verdict.finding(
                "REGRESSION", group.resource.name, "What lets CloudWatch Logs use the key?"
            ):
                assert not group.key or logs_may_use(plan, group.key, group.resource), (
                    f"Expected that CloudWatch Logs may use {group.key.name}; found that it may not."
                )

        # The alarms still go off in time, and now their notices reach someone.
        ways = deliveries(plan).ways
        on_call = [way.topic for way in ways if way.topic and way.subscribers]
        lost = next((way for way in ways if not way.arrives), None)
        responses = list(incident(plan).responses)
        for stream in plan.of_type("aws.kinesis.Stream"):
            age = "GetRecords.IteratorAgeMilliseconds"
            waits = Load(before=1_000, after=70_000, unit="Milliseconds")
            responses.append(
                rise(plan, "AWS/Kinesis", age, {"StreamName": stream.get("name")}, waits)
            )
        for response in responses:
            with verdict.finding(
                "REGRESSION", response.subject, "What did its alarm do before your change?"
            ):
                assert response.goes_off, (
                    f"Expected an alarm that goes off in time; found: {response.what}"
                )
                assert not response.needless, (
                    f"Expected no notice while all is well; found: {response.what}"
                )
            with verdict.finding(
                "NOTICE-LOST",
                lost.target if lost else response.subject,
                "Which permissions does the notice need on its way, and who needs them?",
            ):
                assert response.in_time(on_call) or not response.goes_off, (
                    f"Expected that people are notified within {response.within} minutes; found that "
                    f"nobody is: {lost.problem if lost else response.what}."
                )

        for resource in names_without_environment(plan):
            with verdict.finding(
                "REGRESSION", resource.name, "Which environment is this, going by its name?"
            ):
                assert plan.stack in resource.name, (
                    f"Expected `{plan.stack}` in its logical name; found {resource.name!r}."
                )

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# An encrypted topic has two doors. The topic's policy lets CloudWatch publish; then SNS asks KMS for a data key to
# encrypt the message with, in the name of the publisher. CloudWatch is an AWS service and belongs to no account: the
# statement for the account, `arn:aws:iam::…:root`, does not include it. Only the key's own policy can let it in, with
# `kms:Decrypt` and `kms:GenerateDataKey*`.
#
# The key's policy does have a statement for CloudWatch Logs: without it, AWS refuses to create the log group, so the
# first deployment fails and someone adds the statement. This flaw is silent. CloudWatch neither checks an alarm's
# actions when the alarm is created nor reports a failed one anywhere but in the alarm's history. Every resource is
# created, every alarm goes off, and no notice gets past the key. You learn of it on the night when it matters.
#
# Why the other repairs do not hold:
#
# - **AWS's own key** (`alias/aws/sns`): nobody can change its policy, and it does not let CloudWatch in.
# - **A statement for `sns.amazonaws.com`**: SNS calls KMS in the publisher's name, here CloudWatch's.
# - **An IAM policy**: it applies to roles and users of the account, and the alarm uses none.
# - **No encryption**: the notice arrives, and the requirement is no longer met.
#
# CloudWatch's permission can be narrowed to your own alarms: `aws:SourceAccount`, or `aws:SourceArn` with a pattern for
# alarms. The topic's ARN is the wrong value there, because the source is the alarm.
#
# ### The control
#
# NIST SP 800-53 **SI-4** (system monitoring; its enhancements (5) and (12) have the system alert people), in the FedRAMP
# High baseline. So is **SC-28** (protection of information at rest), the control for which the topic is encrypted: the
# repair has to meet both.
#
# ### What scanners would have said
#
# Nothing; they say the opposite. [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) passes the topic because
# it is encrypted (**CKV_AWS_26**), and the alarms because their actions are enabled (**CKV_AWS_319**). In AWS Security Hub
# CSPM, **SNS.1** (Medium) asks for encryption with KMS, and **CloudWatch.15** (High) asks whether an alarm has an action.
# Both pass, too. The flaw may even begin with a scanner: it reports an unencrypted topic, someone adds the encryption,
# and nobody thinks of the key's policy.
#
# ### How to spot it in a review
#
# - Wherever a key of your own encrypts something, list who writes and who reads, services included. Each of them needs the
#   key.
# - For services, read the key's policy. For roles, read it together with their own policies.
# - For each thing that a service will do on its own, ask what you would see if it failed.
# - After the deployment, set an alarm to `ALARM` with `aws cloudwatch set-alarm-state` and wait for the message.
#
# Sources: Amazon SNS Developer Guide, [managing encryption keys](https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html);
# AWS re:Post, [no notification for an alarm](https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger);
# Amazon CloudWatch User Guide, [alarm actions](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html);
# Amazon CloudWatch Logs User Guide, [encrypting log data](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html);
# AWS KMS Developer Guide, [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html);
# AWS Security Hub User Guide, [SNS controls](https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# The stream and the database are encrypted with the same key. Why do they work without a statement for Kinesis and RDS?
#
# <details><summary><b>An answer</b></summary>
#
# Both act for a principal of the account. Kinesis calls KMS with the permissions of the role that reads or writes, and RDS
# receives a grant from the role that creates the database. Those permissions come from IAM policies, which the
# statement for the account lets count. A service that acts on its own, as CloudWatch, CloudWatch Logs and EventBridge
# do, has to be named in the key's policy.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import deliveries, incident

question = (
    "The database's CPU load rises to 97 % and stays there. What do the people on call learn?"
)
answers = {
    "told": "within 15 minutes, by email, that the alarm went off",
    "late": "the same, but later than required",
    "alarm": "nothing: the alarm goes off, and its notice does not arrive",
    "nothing": "nothing: no alarm goes off",
}


def outcome(program, plan):
    responses = incident(plan).responses
    if not any(watch.track.acts_at for response in responses for watch in response.watches):
        return "nothing"
    if not all(way.arrives for way in deliveries(plan).ways) or not all(
        r.latest for r in responses
    ):
        return "alarm"
    return "told" if all(response.in_time() for response in responses) else "late"
