# ---
# jupyter:
#   lab:
#     title: Zone c goes dark
#     severity: High
#     category: Availability
#     minutes: 15
#     ways: [right_multi_az_cluster, right_aurora_two, right_aurora_serverless]
#     repairs: [right_two_zones, wrong_left_to_default, wrong_backup_plan]
#     record:
#       - finding: SINGLE-ZONE
#         title: RDS instance without Multi-AZ
#         short: RDS Multi-AZ
#         issue: '`multi_az` is `False` instead of `True`'
#         impact: 'No high availability; violates FedRAMP High requirements; single point of failure'
#         category: High Availability / Compliance Violation
# ---

# %% [markdown]
# # Zone c goes dark
#
# When an availability zone fails, a flood warning that is on its way must still arrive. In this notebook you find out
# whether the database that holds the alerts would still be there to store it.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > RDS PostgreSQL holds alert data and system state. It is encrypted with a customer managed KMS key of the system,
# > survives the loss of a zone without losing what was committed, keeps backups for 30 days and is not public. Databases
# > are in private subnets. Every name of a resource carries the environment suffix. All of this holds in every
# > environment.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    check,
    customer_key,
    databases,
    given_away,
    outages,
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

    vpc = aws.ec2.Vpc(
        f"emergency-alert-vpc-{environment_suffix}",
        cidr_block="10.0.0.0/16",
        tags=tags,
    )
    private_subnets = [
        aws.ec2.Subnet(
            f"emergency-alert-private-{zone}-{environment_suffix}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"ap-southeast-1{zone}",
            tags=tags,
        )
        for number, zone in enumerate("abc", start=10)
    ]
    database_subnets = aws.rds.SubnetGroup(
        f"emergency-alert-db-subnets-{environment_suffix}",
        subnet_ids=[subnet.id for subnet in private_subnets],
        tags=tags,
    )
    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
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
        db_subnet_group_name=database_subnets.name,
        multi_az=False,
        publicly_accessible=False,
        backup_retention_period=30,
        deletion_protection=True,
        final_snapshot_identifier=f"emergency-alert-db-final-{environment_suffix}",
        tags=tags,
    )
    pulumi.export("database_endpoint", database.endpoint)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("02_database_zone")

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
# ## What happens when a zone fails?
#
# Amazon RDS may use the subnets in all three zones. The drill fails one zone at a time and shows what happens to the
# database, with the recovery times that AWS publishes.

# %% tags=["drill"]
show(outages(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# The subnets and the subnet group span three zones. Look at the database itself: in the drill's picture, count the
# zones it runs in.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# A backup brings data back after someone has noticed, decided and waited. What would have to exist in a second zone,
# complete up to the last committed transaction, *before* the first one fails, and who has to switch over to it?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# With `multi_az=True` on the `aws.rds.Instance`, RDS keeps a synchronous standby in another zone and fails over to it
# automatically. RDS then chooses both zones, so leave `availability_zone` unset. A Multi-AZ DB cluster
# (`aws.rds.Cluster` with `engine="postgres"`), or an Aurora cluster with a second `aws.rds.ClusterInstance` in
# another zone, also meets the requirement.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges what would happen,
# not how the program is written, and it makes sure that nothing else got worse. Its assertions are folded here; click
# the three dots to open them.

# %% tags=["check"] expect=["SINGLE-ZONE"]
with check("02_database_zone", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        found = databases(plan)
        with verdict.finding("MISSING", "the database", "Where would alerts be stored without it?"):
            assert found, "Expected a database; found none in the plan."

        for failure in outages(plan):
            for effect in failure.effects:
                with verdict.finding(
                    "SINGLE-ZONE",
                    effect.database.name,
                    "Which part of the database is left in another zone?",
                ):
                    assert effect.survives, (
                        f"Expected it to survive the failure of {failure.zone}; found: {effect.what}."
                    )

        for key in dict.fromkeys(
            filter(None, (customer_key(plan, database.resource) for database in found))
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
        for database in found:
            with verdict.finding(
                "REGRESSION", database.name, "Which engine does the brief ask for?"
            ):
                assert database.engine in ("postgres", "aurora-postgresql"), (
                    f"Expected PostgreSQL; found {database.engine}."
                )
            with verdict.finding(
                "REGRESSION", database.name, "Which key of this program encrypted it before?"
            ):
                assert database.resource.get("storage_encrypted") is True, (
                    "Expected encrypted storage; found none."
                )
                assert customer_key(plan, database.resource), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
            with verdict.finding(
                "REGRESSION", database.name, "How far back must a restore be able to go?"
            ):
                assert database.backup_days >= 30, (
                    f"Expected 30 days of backups; found {database.backup_days}."
                )
            with verdict.finding(
                "REGRESSION", database.name, "Who needs to reach it from the internet?"
            ):
                assert not database.is_public, (
                    "Expected no public access; found it on the database or one of its instances."
                )

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# A Single-AZ instance and its storage live in one availability zone. When that zone fails, the database is down until
# the zone is back or someone restores a backup in another zone. AWS says that such a restore can take several hours,
# and that what was committed after the latest restorable time, typically the last five minutes, is lost. The restored
# instance is a new one, with a new endpoint.
#
# With `multi_az=True`, every commit is on a standby in another zone before it is acknowledged. RDS fails over
# automatically, typically within 60 to 120 seconds, and the endpoint's name stays the same. A Multi-AZ DB cluster
# typically takes less than 35 seconds, Aurora with a second instance typically less than 60.
#
# A **backup** solves a different problem (what if data is deleted or damaged?), and so does a **read replica** (who
# serves more reads?): a replica is replicated asynchronously and must be promoted by hand.
#
# ### The control
#
# NIST SP 800-53 **CP-10** (system recovery and reconstitution within the recovery time objective) and **CP-7** (an
# alternate processing site that takes over), both in the FedRAMP High baseline. AWS Security Hub CSPM looks for the same
# flaw with **RDS.5**, which it maps to CP-10 and, among others, to two controls outside that baseline: **SC-36**
# (distributed processing and storage) and **SC-5(2)** (capacity, bandwidth and redundancy). AWS Config has the rule
# `rds-multi-az-support`.
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports, on the same instance in
# Terraform, **CKV_AWS_157** (RDS instances have Multi-AZ enabled), besides seven findings about other things. In AWS
# Security Hub CSPM, **RDS.5** has the severity Medium; for a system that must warn people, this course says High. Both
# look at the instance's own setting.
#
# ### How to spot it in a review
#
# - A subnet group that spans three zones says where a database *may* run, not where it does. Look for what runs.
# - `multi_az` is off unless a program turns it on: leaving it out is the same flaw.
# - Look for conditions such as `multi_az=(environment_suffix == "prod")`. One may be a sound decision about cost, but
#   here the requirement holds in every environment.
# - On an existing database, the change waits for the maintenance window unless `apply_immediately` is set.
#
# Sources: Amazon RDS User Guide, [failing over a Multi-AZ DB instance](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html),
# [failing over a Multi-AZ DB cluster](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts-failover.html),
# [point-in-time recovery](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html);
# Amazon Aurora User Guide, [high availability](https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html);
# [Amazon RDS Multi-AZ](https://aws.amazon.com/rds/features/multi-az/);
# AWS Security Hub User Guide, [RDS.5](https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-5);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# The standby protects against the loss of a zone. What protects the alerts against a mistaken `DELETE` that the
# standby has faithfully replicated?
#
# <details><summary><b>An answer</b></summary>
#
# The backups. A point-in-time restore, to a moment before the mistake, makes a new instance, from which the lost rows
# can be copied back. That reaches as far back as the retention period, here 30 days, and up to about five minutes before
# now. `deletion_protection` protects the instance, not its rows.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import outages

question = "Each of the three zones fails once. In how many of the three cases does the database keep running?"
answers = {
    "3": "in all three",
    "2": "in two of them",
    "1": "in one of them",
    "0": "in none of them",
}


def outcome(program, plan):
    return str(sum(failure.survives for failure in outages(plan)))
