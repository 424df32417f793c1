# ---
# jupyter:
#   lab:
#     title: It worked on Monday
#     severity: Medium
#     category: Configuration
#     minutes: 20
#     ways: [right_lists_only, right_ignore_changes, right_group_for_clients]
#     repairs: [right_empty_egress_stays, wrong_empty_list_left, wrong_depends_on]
#     record:
#       - finding: OVERWRITTEN
#         title: Security groups with inline rules and separate rule resources
#         short: rules of security groups
#         issue: Both security groups list their rules themselves, and separate resources add more rules to the same groups
#         impact: 'A later release revokes the rules that the lists lack: tasks run, and no longer reach the database'
#         category: Configuration Management / Conflicting Resources
# ---

# %% [markdown]
# # It worked on Monday
#
# Release 1 went out on Monday, and every test passed. Release 2, on Tuesday, corrects a comment. On Wednesday the on-call
# engineer finds tasks that run and warnings that are not in the database; an hour later, after one more release, everything
# works again. Nobody has touched the network. In this notebook you find out what did.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > A VPC with public and private subnets in several zones. Databases, cache, files and tasks are in private subnets;
# > security groups allow only the traffic that the components need from each other. ECS Fargate processes the events.
# > The tasks pass warnings on to the broadcasters, whom they reach over the internet, by HTTPS and IPv4. RDS PostgreSQL
# > holds alert data and system state. Every name of a resource carries the environment suffix. All of this holds in every
# > environment.
#
# A pipeline releases the system with `pulumi up --refresh`: before each update, the engine reads from AWS what has become
# of the resources in its state.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    check,
    clients_in,
    databases,
    excess_in,
    preview,
    servers_in,
    show,
    three_releases,
    what_changed,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote this part of the infrastructure; routes and gateways are left out here. Read it as a reviewer: what
# did it get right, and what would you ask about?


# %% tags=["exercise"]
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    def name(what):
        return f"emergency-alert-{what}-{environment_suffix}"

    vpc = aws.ec2.Vpc(name("vpc"), cidr_block="10.0.0.0/16", tags=tags)
    subnets = [
        aws.ec2.Subnet(
            name(f"private-{zone}"),
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"ap-southeast-1{zone}",
            tags=tags,
        )
        for number, zone in enumerate("ab", 10)
    ]

    tasks_group = aws.ec2.SecurityGroup(
        name("tasks-sg"),
        description="The processing tasks",
        vpc_id=vpc.id,
        egress=[
            {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}
        ],
        tags=tags,
    )
    database_group = aws.ec2.SecurityGroup(
        name("db-sg"),
        description="The alert database",
        vpc_id=vpc.id,
        ingress=[],
        egress=[],
        tags=tags,
    )
    aws.vpc.SecurityGroupEgressRule(
        name("tasks-to-db"),
        security_group_id=tasks_group.id,
        referenced_security_group_id=database_group.id,
        ip_protocol="tcp",
        from_port=5432,
        to_port=5432,
        tags=tags,
    )
    aws.vpc.SecurityGroupIngressRule(
        name("db-from-tasks"),
        security_group_id=database_group.id,
        referenced_security_group_id=tasks_group.id,
        ip_protocol="tcp",
        from_port=5432,
        to_port=5432,
        tags=tags,
    )

    database = aws.rds.Instance(
        name("db"),
        engine="postgres",
        instance_class="db.t3.medium",
        allocated_storage=100,
        storage_encrypted=True,
        username="alert_admin",
        manage_master_user_password=True,
        multi_az=True,
        db_subnet_group_name=aws.rds.SubnetGroup(
            name("db-subnets"), subnet_ids=[subnet.id for subnet in subnets], tags=tags
        ).name,
        vpc_security_group_ids=[database_group.id],
        publicly_accessible=False,
        backup_retention_period=30,
        final_snapshot_identifier=name("db-final"),
        tags=tags,
    )
    task = aws.ecs.TaskDefinition(
        name("task"),
        family=name("task"),
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="512",
        memory="1024",
        container_definitions=json.dumps([{"name": "processor", "image": "amazon/aws-cli"}]),
        tags=tags,
    )
    aws.ecs.Service(
        name("service"),
        cluster=aws.ecs.Cluster(name("cluster"), tags=tags).arn,
        task_definition=task.arn,
        desired_count=2,
        launch_type="FARGATE",
        network_configuration={
            "subnets": [subnet.id for subnet in subnets],
            "security_groups": [tasks_group.id],
        },
        tags=tags,
    )
    pulumi.export("database_endpoint", database.endpoint)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("12_two_owners")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## Three releases of the same program
#
# Release 1 creates everything. Releases 2 and 3 change nothing in the program; each begins with a refresh. The drill shows
# which rules each security group has after each of them, and whether the tasks reach the database and the internet.

# %% tags=["drill"]
show(three_releases(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Look at what the drill says was revoked, and at what was not. Where in the program is each of these rules declared, and
# what does its security group say about rules?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# To the provider, `egress` and `ingress` of a security group are the whole list: a rule in AWS that the list lacks is
# removed. What is the difference between an empty list and no list? And what does the engine know of the group's rules
# before the first refresh, and after it?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which arguments</summary>
#
# Give the rules of each group one owner. Leave out `ingress` and `egress` of both groups, and make the rule for port 443 an
# `aws.vpc.SecurityGroupEgressRule` with `cidr_ipv4`, like the other two. Or list all rules in the groups and have no
# separate ones. Then the two groups cannot both name each other, so let the tasks' group name the database's address
# range. The other way round, the range would let in more than the tasks.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and plays the three releases in each. It judges which rules are
# there and which connections succeed, not how the program is written, and that no rule lets through more than before: only
# the tasks reach the database, the database reaches nothing on the internet, and the tasks reach nothing there but HTTPS.
# Its assertions are folded here; click the three dots to open them.

# %% tags=["check"] expect=["OVERWRITTEN"]
with check("12_two_owners", program, environments=("dev", "prod")) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        report = three_releases(plan)
        there = (
            (tuple(clients_in(plan)), "the tasks"),
            (tuple(servers_in(plan)), "the database"),
        )
        for found, what in there:
            with verdict.finding("MISSING", what, "Could the system do without it?"):
                assert found, f"Expected {what} with security groups; found none."

        for release in report.releases:
            for rule in release.taken:
                with verdict.finding(
                    "OVERWRITTEN",
                    rule.group.name,
                    "Which resources have a say in this group's rules?",
                ):
                    assert rule in release.standing, (
                        f"Expected {rule.owner.name} ({rule.words}) to be there after each release; "
                        f"found that release {release.number} revokes it."
                    )

        # What was right: who reaches whom after the first release, and nothing more.
        for flow in report.releases[0].flows:
            with verdict.finding(
                "REGRESSION", flow.source.name, "What do the tasks need to reach?"
            ):
                assert not flow.blocked, (
                    f"Expected it to reach {flow.target_name} on port {flow.port}; found that {flow.blocked}."
                )
        for rule in excess_in(plan) if all(found for found, _ in there) else ():
            with verdict.finding(
                "REGRESSION", rule.group.name, "Who needs this rule, and for which port?"
            ):
                assert not rule, f"Expected only what the components need; found {rule.words}."
        for database in databases(plan):
            with verdict.finding(
                "REGRESSION", database.name, "Who needs to reach it from outside?"
            ):
                assert not database.is_public, "Expected no public access; found it."

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why it matters
#
# The rules of a security group can be declared in two ways: in the group's own `ingress` and `egress`, or as resources of
# their own. Each works. Together they are two owners of one thing, and the provider's documentation warns of "rule
# conflicts, perpetual differences" and rules that are overwritten. What happens in detail:
#
# 1. **Release 1** creates the group with its list. The separate rules need the group's id, so they come later, and the
#    group's state does not have them. Everything works.
# 2. **A refresh** reads all rules that the group has in AWS into its state, whoever made them. Now state and program differ,
#    so **release 2** updates the group: it revokes what the list lacks. The separate rules did not change, so the engine
#    does nothing about them: they are in its state, but no longer in AWS.
# 3. The next refresh notices that these rules are gone, and **release 3** creates them anew. Release 4 revokes them.
#
# `pulumi up` alone does not refresh, so without `--refresh` (or a `pulumi refresh`, for example to look for drift) the fault
# sleeps. It does not sleep forever: any update of the group itself, a new tag for example, ends by reading all its rules,
# and the update after that revokes them.
#
# **An empty list is a list.** `ingress=[]` means that there are to be no rules, and removes them. The rules are left alone
# only if the argument is missing. That holds for each direction by itself.
#
# Tempting, and no repair:
#
# - **`depends_on`** settles the order in one release. The fault is between two.
# - **`ignore_changes` on the rule**: nothing about the rule has changed. On the *group*, for the list, it does help: the list
#   then counts only when the group is created, and later changes to it have no effect.
# - **`delete_before_replace`**: nothing is replaced.
# - **Both**, the rule in the list and as a resource: EC2 refuses the second one (`InvalidPermission.Duplicate`).
#
# In a system that is already deployed, the repair needs care: removing `egress` from the program leaves the rule in AWS, and a
# separate one with the same content is refused as its duplicate. Import the existing rule (`pulumi import`), or let one
# release revoke it with an empty list and the next one create it, with an interruption in between.
#
# ### The control
#
# NIST SP 800-53 **CM-2** (baseline configuration), which covers how the components are connected, and its enhancement
# **CM-2(2)** (automation support for accuracy and currency), both in the FedRAMP High baseline: what is deployed should
# be what is written down. Here the same program gives two different networks in turn.
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports nothing about it for the same groups and
# rules in Terraform: it asks for descriptions of rules, for flow logs, for a default group that lets nothing through, and
# for groups that something uses. tfsec once had a check for exactly this,
# [aws-vpc-disallow-mixed-sgr](https://aquasecurity.github.io/tfsec/v0.61.0/checks/aws/vpc/disallow-mixed-sgr/). TFLint's
# rules for AWS have one that forbids lists in groups altogether,
# [aws_security_group_inline_rules](https://github.com/terraform-linters/tflint-ruleset-aws/blob/master/docs/rules/aws_security_group_inline_rules.md);
# it is off by default, and TFLint reads Terraform only. The EC2 controls of AWS Security Hub CSPM look at what a group lets
# through, and whether it is used and tagged (**EC2.22**, **EC2.43**), not at who wrote its rules.
#
# ### How to spot it in a review
#
# - For each security group, ask who owns its rules, for ingress and egress separately. Search for the group's name next to
#   `security_group_id`.
# - `ingress=[]` and `egress=[]` look like nothing, and mean "no rules but these".
# - In a preview, a `~ ingress` or `~ egress` of a group that nobody has changed is a rule that someone will miss.
# - Components and packages add rules to groups that you hand to them: a cluster, a load balancer. Hand them a group without
#   lists.
#
# Sources: Pulumi Registry, [aws.ec2.SecurityGroup](https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/)
# and [aws.vpc.SecurityGroupIngressRule](https://www.pulumi.com/registry/packages/aws/api-docs/vpc/securitygroupingressrule/);
# Pulumi documentation, [pulumi up](https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/),
# [pulumi refresh](https://www.pulumi.com/docs/iac/cli/commands/pulumi_refresh/) and
# [ignoreChanges](https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/);
# the cycle in the wild: [pulumi-eks, issue 1031](https://github.com/pulumi/pulumi-eks/issues/1031) and
# [pulumi-aws, issue 2391](https://github.com/pulumi/pulumi-aws/issues/2391);
# AWS Security Hub User Guide, [EC2 controls](https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# Another team's program adds a rule to your group, by its id. Your group lists its rules itself. What becomes of their rule,
# and who finds out?
#
# <details><summary><b>An answer</b></summary>
#
# Your next refresh and update revoke it, and your preview shows it as one `~ ingress` among others. Their program finds out
# when *it* is refreshed, and creates the rule anew. A review of either program alone shows nothing: the two owners are in
# different repositories. So a group that others may add to must not have a list, or they must ask its owner for the rule.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import three_releases

question = "Release 1 has created everything, and works. Release 2 is the same program, after a refresh. What can the tasks reach then?"
answers = {
    "both": "the database and the internet, as before: nothing has changed",
    "internet": "the internet, but not the database",
    "database": "the database, but not the internet",
    "none": "neither",
}


def outcome(program, plan):
    flows = three_releases(plan).releases[1].flows
    reaches = {flow.target is not None for flow in flows if not flow.blocked}
    if reaches == {True, False}:
        return "both"
    return "none" if not reaches else "database" if True in reaches else "internet"
