# ---
# jupyter:
#   lab:
#     title: A disk leaves the building
#     severity: Critical
#     category: Encryption
#     minutes: 15
#     ways: [right_second_key, right_component, right_more_protection]
#     repairs: [right_second_key, wrong_encrypted_only, wrong_policy_tls]
#     record:
#       - finding: UNENCRYPTED-AT-REST
#         title: EFS file system without encryption
#         short: EFS encryption
#         issue: '`encrypted=True` and `kms_key_id` are missing'
#         impact: 'Data at rest not encrypted; violates FedRAMP High requirements for FIPS-validated cryptography'
#         category: Security / Encryption / Compliance Violation
# ---

# %% [markdown]
# # A disk leaves the building
#
# Which events become a public warning, and who receives it, is written in rules that all tasks share. In this notebook
# you find out who else can read them once the bytes are in the wrong hands.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > EFS holds the processing rules and the configuration that the tasks share, with a mount target in each private
# > subnet. Files that are not read for 30 days move to Infrequent Access. Security groups allow only the traffic that the
# > components need from each other. What is stored is encrypted with a customer managed KMS key of the system, which
# > rotates. Every name of a resource carries the environment suffix. All of this holds in every environment.

# %% tags=["setup"]
import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    Protection,
    check,
    customer_key,
    given_away,
    preview,
    read_copy,
    rotates,
    show,
    theft,
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
        enable_dns_hostnames=True,
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
        for number, zone in enumerate("ab", start=10)
    ]
    nfs = aws.ec2.SecurityGroup(
        f"emergency-alert-efs-sg-{environment_suffix}",
        description="NFS from the tasks in the private subnets",
        vpc_id=vpc.id,
        ingress=[
            {"protocol": "tcp", "from_port": 2049, "to_port": 2049, "cidr_blocks": ["10.0.0.0/16"]}
        ],
        tags=tags,
    )
    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    aws.kinesis.Stream(
        f"emergency-alert-stream-{environment_suffix}",
        shard_count=4,
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=tags,
    )
    rules = aws.efs.FileSystem(
        f"emergency-alert-efs-{environment_suffix}",
        lifecycle_policies=[{"transition_to_ia": "AFTER_30_DAYS"}],
        performance_mode="generalPurpose",
        throughput_mode="bursting",
        tags=tags,
    )
    for number, subnet in enumerate(private_subnets):
        aws.efs.MountTarget(
            f"emergency-alert-efs-mount-{number}-{environment_suffix}",
            file_system_id=rules.id,
            subnet_id=subnet.id,
            security_groups=[nfs.id],
        )
    pulumi.export("rules_file_system", rules.id)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("03_shared_files")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine, as `pulumi preview` does, against a mock AWS account:
# nothing is created, and no credentials are needed. `VERBATIM` is the organisation's configuration: a resource without a
# physical name gets its logical name. Open the file system to see what AWS would answer.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## What happens when a copy is stolen?
#
# A disk leaves the building before it is wiped, or a copy of the bytes ends up in the wrong hands. The drill takes an
# inventory of everything in the plan that stores data, and shows who could read a stolen copy.

# %% tags=["drill"]
show(theft(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# The program declares a key, and the stream uses it. Go through the inventory: which store does not, and what does
# the preview say about it?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# EFS raises two questions: is the data encrypted at all, and if so, with whose key? You cannot disable a key that AWS
# manages for the account, nor give it a policy of your own. And encryption in transit says nothing about the bytes on
# the disk.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# `encrypted=True` and `kms_key_id=key.arn` on the `aws.efs.FileSystem`. The first without the second uses the key that
# AWS manages; the second without the first is refused.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges what would happen,
# not how the program is written, and it makes sure that nothing else got worse. Its assertions are folded here; click
# the three dots to open them.

# %% tags=["check"] expect=["UNENCRYPTED-AT-REST"]
with check("03_shared_files", program) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        inventory = theft(plan)
        file_systems = inventory.of_type("efs.FileSystem")
        with verdict.finding(
            "MISSING", "the file system", "Where would the tasks find their rules without it?"
        ):
            assert file_systems, "Expected an EFS file system; found none in the plan."

        for store in file_systems:
            with verdict.finding(
                "UNENCRYPTED-AT-REST",
                store.resource.name,
                "Whose key is it, and is it in use?",
                title=store.shortcoming,
            ):
                assert store.protection is Protection.CUSTOMER, (
                    f"Expected a {Protection.CUSTOMER}; found: {store.protection}. Who can read a stolen copy: {store.readers}."
                )
        for store in inventory.of_type("kinesis.Stream"):
            with verdict.finding(
                "REGRESSION", store.resource.name, "Which key of this program encrypted it before?"
            ):
                assert store.protection is Protection.CUSTOMER, (
                    f"Expected a {Protection.CUSTOMER}; found: {store.protection}."
                )
        for key in dict.fromkeys(
            filter(None, (customer_key(plan, store.resource) for store in file_systems))
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

        kept = [store.resource for store in file_systems]
        if kept:
            with verdict.finding(
                "REGRESSION",
                kept[0].name,
                "When do files that nobody reads become cheaper to keep?",
            ):
                days = [
                    policy.get("transition_to_ia")
                    for file_system in kept
                    for policy in file_system.get("lifecycle_policies", [])
                ]
                assert "AFTER_30_DAYS" in days, (
                    f"Expected a move to Infrequent Access after 30 days; found {', '.join(filter(None, days)) or 'none'}."
                )
            with verdict.finding(
                "REGRESSION", kept[0].name, "From which subnets do tasks mount it?"
            ):
                targets = [
                    t
                    for t in plan.of_type("efs.MountTarget")
                    if plan.referenced(t, "file_system_id")
                ]
                zones = {target.get("availability_zone_name") for target in targets}
                assert len(zones) >= 2, f"Expected mount targets in 2 subnets; found {len(zones)}."

# %% [markdown] tags=["attack"]
# ## Steal a copy
#
# Now you are the thief: a copy of a store's bytes is in your hands, and nothing else. What do you read? Try it with your
# program before and after the repair, and with other stores of the plan (`"emergency-alert-stream-dev"`). What the files
# contain is an example.

# %% tags=["attack"]
plan = preview(program, "dev", config=VERBATIM)  # of your program as you last ran it
files = plan.of_type("efs.FileSystem")[0]

show(read_copy(plan, files))

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# An EFS file system created by a program is not encrypted unless the program says so, and encryption cannot be turned
# on later: Pulumi then replaces the file system with a new, empty one. Found in a review, the flaw costs two lines;
# found in production, it costs a migration of the files.
#
# Without encryption at rest, anyone who gets hold of the stored bytes can read them; the account's permissions do not
# stand in between. AWS wipes or destroys storage media before they leave its control, and without encryption you rely
# on that alone. (Backups are not the leak here: EFS has no snapshots, and AWS Backup always encrypts its backups of
# EFS.) With an AWS managed key (`encrypted=True` alone), the bytes are useless to a thief, but you can only view the
# key: you cannot change its policy, rotate it or disable it. With a customer managed key, you decide who may use it,
# and you can put the data out of everyone's reach by disabling it: EFS stops serving the files after a while, and
# resumes once the key is enabled again. That key covers the contents of files; file and directory names stay under the
# AWS managed key `aws/elasticfilesystem`. EFS encrypts and decrypts internally; the tasks notice nothing.
#
# Two related features do different jobs. **Encryption in transit** protects the path from the task to the file system.
# A **file system policy** decides who may mount it: without one, every client that reaches a mount target may, and
# reads the files decrypted.
#
# ### The control
#
# NIST SP 800-53 **SC-28** and **SC-28(1)** (protection of information at rest, cryptographic protection), with
# **SC-12** and **SC-13** for the keys and the FIPS-validated cryptography, all in the FedRAMP High baseline. AWS
# Security Hub CSPM looks for missing encryption with **EFS.1**, AWS Config with `efs-encrypted-check`. Both accept any
# key, unless the Config rule is given one; that it must be the system's own is a requirement of the brief.
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports, on the same file system in
# Terraform, **CKV_AWS_42** (EFS is securely encrypted) and **CKV_AWS_184** (a customer managed key). With
# `encrypted=True` alone, the second remains. In AWS Security Hub CSPM,
# [EFS.1 and EFS.8](https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html) have the severity Medium
# and accept any key; for rules that decide who is warned, this course says Critical.
#
# ### How to spot it in a review
#
# - Ask of every store: is it encrypted, and with whose key? A missing argument is an answer, too.
# - A key that is declared is not a key that is used: follow the reference from the key to each store.
# - `alias/aws/…` is a key that AWS manages, however much the name looks like yours.
#
# Sources: Amazon EFS User Guide, [data encryption](https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html)
# [using AWS KMS](https://docs.aws.amazon.com/efs/latest/ug/EFSKMS.html)
# and [managing KMS keys](https://docs.aws.amazon.com/efs/latest/ug/use-kms-key.html);
# AWS KMS Developer Guide, [AWS KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html);
# AWS Backup Developer Guide, [encryption for backups](https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html);
# AWS, [data center controls](https://aws.amazon.com/compliance/data-center/controls/);
# AWS Config Developer Guide, [efs-encrypted-check](https://docs.aws.amazon.com/config/latest/developerguide/efs-encrypted-check.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# The key's policy says who may decrypt. Who in your account may change that policy?
#
# <details><summary><b>An answer</b></summary>
#
# Anyone whom the policy itself allows `kms:PutKeyPolicy`. A key without a policy in the program gets the default one, which
# leaves that decision to the account's IAM policies, so every administrator may. A review of a key ends with one
# question: who has `kms:PutKeyPolicy` and `kms:CreateGrant` on it?
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import Protection, theft

question = "A disk with a copy of the files leaves the building. Who can read it?"
answers = {
    "anyone": "anyone who has the disk",
    "account": "anyone in this account who may use the file system",
    "key": "only those whom the policy of the system's key allows",
    "nobody": "nobody, not even the system",
}


def outcome(program, plan):
    worst = next(
        iter(theft(plan).of_type("efs.FileSystem")), None
    )  # the worst protected is the first
    return {
        None: "nobody",
        Protection.NONE: "anyone",
        Protection.AWS_OWNED: "account",
        Protection.AWS_MANAGED: "account",
        Protection.UNUSABLE: "nobody",
    }.get(worst and worst.protection, "key")
