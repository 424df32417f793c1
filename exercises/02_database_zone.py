# ---
# jupyter:
#   lab:
#     title: A database in one zone
#     severity: High
#     category: Availability
#     minutes: 10
#     ways: [right_multi_az_cluster, right_aurora_two, right_aurora_serverless]
# ---

# %% [markdown]
# # A database in one zone
#
# **Severity:** High &nbsp;·&nbsp; **Category:** Availability &nbsp;·&nbsp; **Time:** about 10 minutes
#
# When an availability zone fails, a flood warning that is on its way has to arrive all the same. In this notebook
# you find out whether the database that holds the alerts would still be there to take it in.

# %% [markdown]
# ## The requirement
#
# > Alert data and system state live in PostgreSQL on Amazon RDS. The database **survives the loss of an
# > availability zone**: it goes on by itself, and nothing that was committed is lost. It is encrypted with the
# > system's own key, keeps 30 days of backups and is not reachable from the internet. This holds in every
# > environment.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

from lab_support import (
    check,
    customer_key,
    databases,
    debrief,
    outages,
    preview,
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


# %% tags=["solution"]
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
        multi_az=True,
        publicly_accessible=False,
        backup_retention_period=30,
        deletion_protection=True,
        final_snapshot_identifier=f"emergency-alert-db-final-{environment_suffix}",
        tags=tags,
    )
    pulumi.export("database_endpoint", database.endpoint)


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
# ## What happens when a zone fails?
#
# Amazon RDS may use the subnets in all three zones. The drill takes away one zone after the other and tells what
# becomes of the database, with the times that AWS publishes.

# %%
show(outages(plan))

# %% [markdown]
# ## Repair it
#
# Change the program above so that the database meets the requirement, and run its cell again. Run the preview and
# the drill again, too: they show what your change does. There is more than one right answer.
#
# The panel works on the program that you ran last. Stuck? Its hints come one at a time; they are folded below, too.

# %% tags=["panel"]
from lab_support import panel  # no buttons? run this cell

panel("02_database_zone")

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# The subnets and the subnet group reach over three zones. Look at the database itself, and count in how many of
# them something of it runs in the drill's picture.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# A backup brings data back after somebody has noticed, decided and waited. What would have to exist in a second
# zone, up to the last committed transaction, *before* the first one fails, and who has to switch over to it?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# `multi_az=True` on the `aws.rds.Instance` makes RDS keep a synchronous standby in another zone and fail over to it
# by itself. RDS chooses both zones then, so the instance must not name one. A Multi-AZ DB cluster
# (`aws.rds.Cluster` with `engine="postgres"`), or an Aurora cluster with a second `aws.rds.ClusterInstance` in
# another zone, meets the requirement as well.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and plays the drill in each. It judges what would happen,
# not how the program is written, and it makes sure that what was right has stayed right. Its assertions are folded
# here; the three dots open them.

# %% tags=["check"] expect=["SINGLE-ZONE"]
with check("02_database_zone", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        found = databases(plan)
        with verdict.finding(
            "MISSING", "the database", "Repair the database; the system cannot do without it."
        ):
            assert found, "no database is left in the plan"

        for failure in outages(plan):
            for effect in failure.effects:
                with verdict.finding(
                    "SINGLE-ZONE",
                    effect.database.name,
                    "Which part of the database is left in another zone?",
                ):
                    assert effect.survives, f"When {failure.zone} fails, {effect.what}."

        for database in found:
            with verdict.finding("REGRESSION", database.name, "The brief asks for PostgreSQL."):
                assert database.engine in ("postgres", "aurora-postgresql"), (
                    f"It runs {database.engine} now."
                )
            with verdict.finding(
                "REGRESSION", database.name, "Keep it encrypted with the key of this program."
            ):
                assert database.resource.get("storage_encrypted") is True, (
                    "Its storage is not encrypted any more."
                )
                assert customer_key(plan, database.resource), (
                    "Its key is not this program's, or cannot encrypt."
                )
            with verdict.finding(
                "REGRESSION", database.name, "The brief asks for backups of 30 days."
            ):
                assert database.backup_days >= 30, f"Days of backups: {database.backup_days}."
            with verdict.finding("REGRESSION", database.name, "Keep it away from the internet."):
                assert not database.is_public, (
                    "It, or an instance of it, is publicly accessible now."
                )

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
# A Single-AZ instance and its storage live in one availability zone. When that zone fails, the database is gone
# until the zone is back or until somebody restores a backup into another zone: AWS calls that an operation of
# several hours, and what was committed after the latest restorable time, typically the last five minutes, is lost.
# The restored instance is a new one with a new endpoint.
#
# With `multi_az=True`, every commit is on a standby in another zone before it is acknowledged. RDS fails over by
# itself, typically within 60 to 120 seconds, and the endpoint's name stays the same. A Multi-AZ DB cluster takes
# typically less than 35 seconds, Aurora with a second instance typically less than 60.
#
# A **backup** answers another question (what if data is deleted or damaged?), and so does a **read replica** (who
# answers more reads?): a replica follows asynchronously and has to be promoted by somebody.
#
# ### The control
#
# NIST SP 800-53 **CP-10** (system recovery and reconstitution within the recovery time objective) and **SC-5**
# (denial-of-service protection), both in the FedRAMP High baseline. AWS Security Hub looks for the same flaw with
# **RDS.5**, AWS Config with `rds-multi-az-support`.
#
# ### How to spot it in a review
#
# - A subnet group over three zones says where a database *may* run, not where it does. Look for what runs.
# - `multi_az` is off unless a program turns it on: its absence is the same flaw.
# - Look for conditions such as `multi_az=(environment_suffix == "prod")`. They may be a sound decision about cost;
#   here the requirement holds in every environment.
# - On a database that exists already, the change waits for the maintenance window unless `apply_immediately` is set.
#
# Sources: Amazon RDS User Guide, [Multi-AZ DB instance deployments](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html),
# [Multi-AZ DB cluster deployments](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html),
# [point-in-time recovery](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html);
# Amazon Aurora User Guide, [high availability](https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html);
# [Amazon RDS Multi-AZ](https://aws.amazon.com/rds/features/multi-az/).
#
# ### One question to take away
#
# The standby protects against the loss of a zone. What protects the alerts against a mistaken `DELETE` that the
# standby has faithfully copied?
