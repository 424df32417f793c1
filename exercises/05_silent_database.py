# ---
# jupyter:
#   lab:
#     title: '97 % at 02:40'
#     severity: Medium
#     category: Monitoring
#     minutes: 15
#     ways: [right_composite, right_warning_and_critical, right_metrics_insights]
#     repairs: [right_six_of_ten, wrong_resource_id, wrong_one_long_period]
#     record:
#       - finding: NOBODY-PAGED
#         title: Missing CloudWatch alarm for RDS
#         short: RDS monitoring
#         issue: No alarm for a critical resource, the database
#         impact: No alert when the database runs out of CPU
#         category: Monitoring / Observability Gap
# ---

# %% [markdown]
# # 97 % at 02:40
#
# A storm is coming, warnings pour in, and the database that stores them has no CPU left. In this notebook you find out
# whether anyone would be told, and how soon.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > What is stored is encrypted with a customer managed KMS key of the system, the alarm topic's messages included. Alarms
# > watch what matters and notify that topic: when the CPU load of a component rises to 97 % and stays there, within 15
# > minutes; at a steady 50 %, not at all. The same goes for events that wait in the stream. Every name of a resource
# > carries the environment suffix. All of this holds in every environment.
#
# A component can suffer in other ways (connections, storage, memory), and alarms on those are worth having. The incident
# in this notebook is about CPU.

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
    customer_key,
    databases,
    given_away,
    incident,
    preview,
    rise,
    rotates,
    show,
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
                        "Sid": "AlarmsPublishToEncryptedTopic",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                        "Resource": "*",
                    },
                ],
            }
        ),
        tags=tags,
    )
    topic = aws.sns.Topic(
        f"emergency-alert-topic-{environment_suffix}",
        name=f"emergency-alert-topic-{environment_suffix}",
        kms_master_key_id=key.id,
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
    cluster = aws.ecs.Cluster(
        f"emergency-alert-cluster-{environment_suffix}",
        name=f"emergency-alert-cluster-{environment_suffix}",
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

    aws.cloudwatch.MetricAlarm(
        f"emergency-alert-ecs-cpu-alarm-{environment_suffix}",
        alarm_description="The processing tasks are short of CPU",
        namespace="AWS/ECS",
        metric_name="CPUUtilization",
        dimensions={
            "ClusterName": cluster.name,
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

panel("05_silent_database")

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
# ## What happens when the database runs out of CPU?
#
# The drill raises the CPU load from 50 % to 97 % and keeps it there. It feeds one datapoint a minute to every alarm in
# the plan, evaluates the alarms as CloudWatch does, and follows their actions to see whether a message reaches a topic.

# %% tags=["drill"]
show(incident(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Two parts of the system have an alarm. Go through the resources and ask of each one: if it were in trouble, which line
# of the program would let someone know?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# An alarm answers five questions. Whose metric is it, exactly? At what value is it bad? How long must it be bad before
# someone is woken? What happens then? And can that message arrive? The existing alarms answer all five, the last one
# with the help of the key's policy.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# Add an `aws.cloudwatch.MetricAlarm` on `CPUUtilization` in the namespace `AWS/RDS`. Its dimension is
# `{"DBInstanceIdentifier": database.identifier}`; `database.id` is something else, the resource id `db-…`, under which
# CloudWatch has no metric. An average over `period=300`, above `threshold=80` for `evaluation_periods=2`, with
# `alarm_actions=[topic.arn]`, notifies the topic within 15 minutes.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges what would happen, not
# how the program is written, and it makes sure that the other alarms and the topic got no worse. Its assertions are
# folded here; click the three dots to open them.

# %% tags=["check"] expect=["NOBODY-PAGED"]
with check("05_silent_database", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        topics = plan.of_type("aws.sns.Topic")
        with verdict.finding("MISSING", "the database", "Where would alerts be stored without it?"):
            assert databases(plan), "Expected a database; found none in the plan."
        with verdict.finding(
            "MISSING", "the alarm topic", "How would people be notified without it?"
        ):
            assert topics, "Expected an SNS topic; found none in the plan."

        # What was right: the other two alarms still notify one topic, as soon and at the same values.
        services = {str(service.get("name")) for service in plan.of_type("aws.ecs.Service")}
        others = {
            "the alarm on the ECS service": [
                rise(
                    plan,
                    "AWS/ECS",
                    "CPUUtilization",
                    {"ClusterName": cluster.get("name"), "ServiceName": service},
                    Load(before=50, after=85),
                )
                for cluster in plan.of_type("aws.ecs.Cluster")
                for service in sorted({*services, f"emergency-alert-service-{plan.stack}"})
            ],
            "the alarm on the Kinesis stream": [
                rise(
                    plan,
                    "AWS/Kinesis",
                    "GetRecords.IteratorAgeMilliseconds",
                    {"StreamName": stream.get("name")},
                    Load(before=1_000, after=70_000, unit="Milliseconds"),
                )
                for stream in plan.of_type("aws.kinesis.Stream")
            ],
        }
        reached = [
            {t for t in topics for r in responses if r.in_time([t])}
            for responses in others.values()
        ]
        on_call = reached[0] & reached[1] or reached[0] | reached[1] or set(topics)
        for what, responses in others.items():
            with verdict.finding("REGRESSION", what, "What did it do before your change?"):
                assert responses, "Expected what it watches; found it gone."
                assert any(r.in_time(on_call) and not r.needless for r in responses), (
                    f"Expected a notice in time, and only when one is due; found: {responses[0].what}"
                )
        for topic in on_call:
            with verdict.finding(
                "REGRESSION", topic.name, "Which key of this program encrypted it before?"
            ):
                assert customer_key(plan, topic, "kms_master_key_id"), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
        for key in dict.fromkeys(
            filter(None, (customer_key(plan, topic, "kms_master_key_id") for topic in on_call))
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

        # There may be other databases for other purposes; this is about the one that holds the alerts.
        named = {database.name: database.resource for database in databases(plan)}
        alerts = {
            n for n, db in named.items() if "alerts" in (db.get("db_name"), db.get("database_name"))
        }
        for response in incident(plan).responses:
            if response.subject not in (alerts or named):
                continue
            with verdict.finding(
                "NOBODY-PAGED",
                response.subject,
                "Which alarm would notice, how soon, and whom does it notify?",
            ):
                assert not response.needless, (
                    f"Expected no notice at a steady load; found: {response.what}"
                )
                wanted = " or ".join(sorted(topic.name for topic in on_call)) or "a topic"
                assert response.in_time(on_call), (
                    f"Expected {wanted} to be notified within {response.within} minutes; found: {response.what}"
                )

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# RDS publishes the database's metrics whether or not anyone looks at them. Without an alarm, the first to notice a
# database at its limit are the people whose warnings arrive late. Nothing in the plan looks wrong, because nobody sees
# what is missing: you find this flaw by asking of every component who would be notified.
#
# An existing alarm can be as silent as none. CloudWatch does not check that the metric exists, that the threshold can
# be reached, or that the action can be carried out:
#
# - **Whose metric?** Every combination of namespace, name and dimensions is a metric of its own. An alarm on a metric
#   that does not exist waits in `INSUFFICIENT_DATA`. In pulumi-aws 7, `Instance.id` is the DBI resource id `db-…`; the
#   dimension `DBInstanceIdentifier` is `Instance.identifier`.
# - **How soon?** By default, an alarm is evaluated each minute over a sliding window. Two periods of five minutes above
#   80 % raise the alarm 9 minutes after the rise; where the window is aligned to the clock, it can take 13. The slowest
#   case must meet the requirement.
# - **Can the message arrive?** The topic is encrypted with a customer managed key. CloudWatch can publish to it only
#   because the key's policy lets `cloudwatch.amazonaws.com` use `kms:Decrypt` and `kms:GenerateDataKey*`; with the
#   AWS managed key `alias/aws/sns` it could not. When an action fails, no deployment fails with it.
# - **Only state changes trigger actions.** Actions run when an alarm *changes* to `ALARM`. One that is always in
#   `ALARM` says nothing when it matters.
#
# ### The control
#
# NIST SP 800-53 **SI-4** (system monitoring; its enhancements (5) and (12) have the system alert people) and **AU-6**
# (audit record review, analysis and reporting; its enhancement (1) has this done by automated mechanisms, (5) together
# with the analysis of performance data and monitoring), all in the FedRAMP High baseline. AWS Security Hub CSPM maps two
# of its controls to enhancements of both: **CloudWatch.15** asks whether an alarm has an action, **CloudWatch.17** whether
# its actions are switched on. Neither asks whether the database has an alarm at all.
#
# ### What scanners would have said
#
# Nothing. [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 looks at alarms that exist:
# **CKV_AWS_319** asks whether their actions are enabled. CloudWatch.15 and CloudWatch.17, too, are about alarms that
# exist; both have the severity High. For an alarm that is missing, this course says Medium.
#
# ### How to spot it in a review
#
# - List the components and write the alarm beside each one. The empty lines are the finding.
# - Compare each alarm's dimensions with the resource that they should name: its *physical* name, not its logical one.
# - Multiply: the number of periods times their length is how long you are blind.
# - Follow the action: the topic, its policy, its key's policy, and the region of each.
#
# Sources: Amazon CloudWatch User Guide, [alarm evaluation](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html),
# [alarm evaluation windows](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html),
# [missing data](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html);
# Amazon RDS User Guide, [CloudWatch dimensions for Amazon RDS](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/dimensions.html);
# Amazon SNS Developer Guide, [encryption keys and AWS services](https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html);
# AWS re:Post, [alarms and encrypted topics](https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns);
# AWS Security Hub User Guide, [CloudWatch controls](https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# The topic is notified. Who is subscribed to it, and how would you find out that nobody is?
#
# <details><summary><b>An answer</b></summary>
#
# Subscriptions that the program declares are in the plan (`aws.sns.TopicSubscription`); here there is none, so they would
# have to be made by hand. `aws sns list-subscriptions-by-topic` lists them, with those not yet confirmed as
# `PendingConfirmation`. Only a test proves the whole way: `aws cloudwatch set-alarm-state` puts the alarm into `ALARM`
# for a moment, and someone on call must confirm that the message arrived. SNS also publishes `NumberOfNotificationsDelivered`.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import incident

question = (
    "The database's CPU load rises to 97 % and stays there. When does the alarm topic hear of it?"
)
answers = {
    "5": "within 5 minutes",
    "15": "within 15 minutes",
    "later": "later than that",
    "never": "not at all",
}


def outcome(program, plan):
    minutes = [response.latest for response in incident(plan).responses]
    if not minutes or None in minutes:
        return "never"
    slowest = max(minutes)
    return "5" if slowest <= 5 else "15" if slowest <= 15 else "later"
