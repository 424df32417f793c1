# ---
# jupyter:
#   lab:
#     title: Release 2, Friday at four
#     severity: Critical
#     category: Recovery
#     minutes: 20
#     ways: [right_protect_everything, right_retain, right_snapshot_and_recovery]
#     repairs: [right_transform, wrong_snapshot_name_only, wrong_longer_backups]
#     record:
#       - finding: DATA-LOST
#         title: Data stores that a rename or a destroy deletes
#         short: deletion protection
#         issue: 'Nothing protects the database, the file system and the table: `deletion_protection` is off, `skip_final_snapshot` is on, and neither `protect` nor `retain_on_delete` is set'
#         impact: 'A renamed resource or a destroyed stack deletes alerts, rules and the log of warnings, with the backups'
#         category: Data Protection / Disaster Recovery Gap
# ---

# %% [markdown]
# # Release 2, Friday at four
#
# The first release has been running for a year. The second one is small: a colleague has tidied up an odd name in the
# program. The tests pass. In this notebook you find out what is left when the deployment is done.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > RDS PostgreSQL holds alert data and system state. It is encrypted, survives the loss of a zone without losing what was
# > committed, keeps backups for 30 days and is not public. EFS holds the processing rules and the configuration that the
# > tasks share. DynamoDB keeps the log of the warnings that were sent. What is stored is encrypted with a customer managed
# > KMS key of the system, which rotates. No release and no `pulumi destroy` loses what is stored: it stays, or it can be
# > restored as it was at that moment. Every name of a resource carries the environment suffix. All of this holds in every
# > environment.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    check,
    databases,
    given_away,
    names_without_environment,
    preview,
    release,
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
        deletion_window_in_days=30,
        tags=tags,
        opts=ResourceOptions(protect=True),
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
        publicly_accessible=False,
        backup_retention_period=30,
        copy_tags_to_snapshot=True,
        deletion_protection=False,
        skip_final_snapshot=True,
        tags=tags,
    )
    files = aws.efs.FileSystem(
        f"emergency-alert-files-{environment_suffix}",
        encrypted=True,
        kms_key_id=key.arn,
        lifecycle_policies=[{"transition_to_ia": "AFTER_30_DAYS"}],
        tags=tags,
    )
    warnings = aws.dynamodb.Table(
        f"emergency-alert-warnings-{environment_suffix}",
        name=f"emergency-alert-warnings-{environment_suffix}",
        billing_mode="PAY_PER_REQUEST",
        hash_key="warning",
        range_key="sent_at",
        attributes=[{"name": "warning", "type": "S"}, {"name": "sent_at", "type": "S"}],
        server_side_encryption={"enabled": True, "kms_key_arn": key.arn},
        tags=tags,
    )
    pulumi.export("database_endpoint", database.endpoint)
    pulumi.export("files", files.id)
    pulumi.export("warnings", warnings.name)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("07_next_release")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## Two releases and the end
#
# Release 1 creates the data stores, and they fill up. Release 2 gives a store another name, logical and physical. Later, a
# pipeline removes the environment with `pulumi destroy --skip-preview`. The drill plays both for each store: what is left of
# its data?

# %% tags=["drill"]
show(release(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# To the engine, a resource with a new name is a new resource, and the one with the old name is no longer in the program.
# What does the engine do with what is no longer in the program? Ask that of each of the three stores, and of the key.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# Three things can save the data: the Pulumi engine refuses the deletion, the AWS service refuses it, or a copy outlives
# the original. Which of them are there for a database, which for a file system, which for a table? And what is a backup
# worth if it is deleted together with its source?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which arguments</summary>
#
# `opts=ResourceOptions(protect=True)` makes the engine refuse the deletion of any resource, and
# `retain_on_delete=True` makes it leave the resource in the account. For the database, `deletion_protection=True` makes
# RDS refuse, and a `final_snapshot_identifier` without `skip_final_snapshot` leaves a copy. The table has
# `deletion_protection_enabled` and `point_in_time_recovery`. A file system has no such setting, so the engine has to
# protect it.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges what would happen,
# not how the program is written, and it makes sure that nothing else got worse. Its assertions are folded here; click
# the three dots to open them.

# %% tags=["check"] expect=["DATA-LOST"]
with check("07_next_release", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        released = release(plan).stores
        kinds = {store.resource.kind for store in released}
        for what, wanted in (
            ("the database", {"rds.Instance", "rds.Cluster"}),
            ("the file system", {"efs.FileSystem"}),
            ("the table", {"dynamodb.Table"}),
        ):
            with verdict.finding("MISSING", what, "Where would its data be stored without it?"):
                assert kinds & wanted, f"Expected {what} in the plan; found none."

        for store in released:
            for event, outcome in (
                ("release 2 renames it", store.renamed),
                ("the stack is destroyed", store.destroyed),
            ):
                with verdict.finding(
                    "DATA-LOST",
                    store.resource.name,
                    "What does it take to read what is left?"
                    if outcome.fate.name == "UNREADABLE"
                    else "Who could refuse to delete it, or keep a copy?",
                ):
                    assert outcome.survives, (
                        f"Expected its data to survive when {event}; found: {outcome.fate} ({outcome.why})."
                    )

        for store in released:
            with verdict.finding(
                "REGRESSION", store.resource.name, "Which key of this program encrypted it before?"
            ):
                assert store.key or store.resource.op == "read", (
                    "Expected encryption with a customer managed key of this program; found none."
                )
        for key in dict.fromkeys(store.key for store in released if store.key):
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
        for database in databases(plan):
            with verdict.finding(
                "REGRESSION", database.name, "What does the brief ask of the database?"
            ):
                assert len(database.zones) > 1, (
                    f"Expected it to run in two zones; found {', '.join(database.zones)}."
                )
                assert database.backup_days >= 30, (
                    f"Expected 30 days of backups; found {database.backup_days}."
                )
                assert not database.is_public, "Expected no public access; found it."

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
# Pulumi knows a resource by its URN, which has the logical name in it. A new name is a new URN: the engine creates a
# second resource and then deletes the first, which is no longer in the program. A change to a property that cannot be
# changed in place, such as a table's key or the encryption of a file system, has the same effect. The preview says so, in a
# line with a minus sign among many others.
#
# If the database or the table keeps its physical name, AWS refuses to create a second one of that name, and the release
# fails. That is luck: someone who tidies up a name usually changes both. The file system has no such name, and none of
# this helps against `pulumi destroy`.
#
# Four things can stand in the way, and each has its price:
#
# - **`protect`**: the engine reports an error instead of deleting the resource. `pulumi up` and `pulumi destroy` already
#   fail in their previews, so here the protected key would stop a destroy. With `--skip-preview`, a release stops halfway:
#   the new resource exists, and so does the old one. A destroy deletes the stores and then stops at the key. And `protect`
#   stops nobody in the console.
# - **`deletion_protection`** (RDS) and **`deletion_protection_enabled`** (DynamoDB): AWS refuses, no matter who asks.
#   EFS has no such setting.
# - **`retain_on_delete`**: the engine forgets the resource, and AWS keeps it, with its cost. The new one is empty.
# - **A copy of the last state**: the final snapshot of RDS, or the system backup that DynamoDB makes of a deleted table with
#   point-in-time recovery and keeps for 35 days. The data is safe, but the service is down until someone restores it. And
#   the copy is only as good as its key: if the key is deleted with the stack, the copy is worthless.
#
# **More days of automated backups** are not among them: RDS deletes these backups with the instance, unless
# `delete_automated_backups=False`. A **nightly backup plan** brings back yesterday. An **alias**
# (`ResourceOptions(aliases=[...])`) makes one rename harmless: it tells the engine that the resource with the new name is
# the old one. It has to be written with that rename, and says nothing about the next.
#
# ### The control
#
# NIST SP 800-53 **CP-9** (system backup) and **CP-10** (system recovery and reconstitution), and, because a release causes
# the loss, **CM-4** (impact analyses), all in the FedRAMP High baseline. AWS Security Hub CSPM looks for parts of it:
# **RDS.8** and **RDS.7** (deletion protection of instances, Low, and of clusters, Medium) and **DynamoDB.6** (deletion
# protection of tables, Medium).
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports, for the same resources in
# Terraform, **CKV_AWS_293** (the database has deletion protection) and **CKV_AWS_28** (the table has point-in-time
# recovery) among findings about other things. It reports nothing like that for the file system. It does not know
# Pulumi's `protect` and `retain_on_delete`: it reports a database that has `protect=True`, and passes a file system that
# the next rename deletes.
#
# ### How to spot it in a review
#
# - For every store of data, ask the same question: if the next release renames it, what is left?
# - Many examples have `skip_final_snapshot=True`. With it, `final_snapshot_identifier` has no effect.
# - `protect` on a key or a VPC says nothing about the data. On a component it does, for the stores that are its children.
# - In a preview, read every `-` and `+-`. `pulumi preview --diff` shows why something is replaced.
#
# Sources: Pulumi documentation, [protect](https://www.pulumi.com/docs/iac/concepts/resources/options/protect/),
# [pulumi destroy](https://www.pulumi.com/docs/iac/cli/commands/pulumi_destroy/),
# [retainOnDelete](https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/),
# [aliases](https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/);
# Amazon RDS User Guide, [deleting a DB instance](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html);
# Amazon DynamoDB Developer Guide, [point-in-time recovery](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html);
# AWS KMS Developer Guide, [deleting keys](https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html);
# AWS Security Hub User Guide, [RDS.8](https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-8),
# [DynamoDB.6](https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html#dynamodb-6);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# Everything is protected now, and an environment, say `pr-1234`, is no longer needed. How do you get rid of it?
#
# <details><summary><b>An answer</b></summary>
#
# In two steps, and that is the point: first a release that takes the protection away (or `pulumi state unprotect`, and
# deletion protection off), which is reviewed; then `pulumi destroy`. Deleting data becomes a decision of its own
# instead of a side effect of another one.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import release

question = "Release 2 gives each of the three stores another name, logical and physical; the key has `protect=True`. How many of them keep their data?"
answers = {
    "3": "all three: the key cannot be deleted, so neither can what it encrypts",
    "2": "two: the database and the table",
    "1": "one: there are 30 days of backups of the database",
    "0": "none",
}


def outcome(program, plan):
    return str(sum(store.renamed.survives for store in release(plan).stores))
