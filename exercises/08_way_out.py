# ---
# jupyter:
#   lab:
#     title: Healthy tasks, no warnings
#     severity: High
#     category: Availability
#     minutes: 20
#     ways: [right_regional_gateway, right_routes_apart, right_service_per_zone]
#     repairs: [right_loop_over_zones, wrong_one_table, wrong_same_zone]
#     record:
#       - finding: NO-WAY-OUT
#         title: One NAT gateway for three zones
#         short: NAT gateway
#         issue: 'One NAT gateway, in zone a, carries the traffic of the private subnets in all three zones'
#         impact: 'When zone a fails, the tasks in the other zones run and reach nothing; no warning leaves the system'
#         category: High Availability / Single Point of Failure
# ---

# %% [markdown]
# # Healthy tasks, no warnings
#
# An availability zone has failed. In the other two, every task is running and every health check is green. A flood
# warning is waiting. In this notebook you find out whether it leaves the system.

# %% [markdown]
# ## The requirement
#
# From [the brief](brief.ipynb):
#
# > A VPC with public and private subnets in several zones. Databases, cache, files and tasks are in private subnets;
# > security groups allow only the traffic that the components need from each other. ECS Fargate processes the events:
# > 2 to 10 tasks, scaled by CPU, over several zones. They pass warnings on to the broadcasters, whom they reach over
# > the internet, by HTTPS and IPv4. While a zone is down, every task that runs in another one still does so, without
# > manual action. Every name of a resource carries the environment suffix. All of this holds in every environment.

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws

# %% tags=["setup"]
# What the drills, the check and the debrief use.
from lab_support import (
    VERBATIM,
    check,
    fewest_tasks,
    names_without_environment,
    preview,
    show,
    tasks_of,
    ways_out,
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

    def name(what):
        return f"emergency-alert-{what}-{environment_suffix}"

    vpc = aws.ec2.Vpc(name("vpc"), cidr_block="10.0.0.0/16", tags=tags)
    internet = aws.ec2.InternetGateway(name("igw"), vpc_id=vpc.id, tags=tags)

    def subnet(kind, zone, number):
        return aws.ec2.Subnet(
            name(f"{kind}-{zone}"),
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"ap-southeast-1{zone}",
            tags=tags,
        )

    def routes(what, subnets, **target):
        route = {"cidr_block": "0.0.0.0/0", **target}
        table = aws.ec2.RouteTable(name(what), vpc_id=vpc.id, routes=[route], tags=tags)
        for number, subnet in enumerate(subnets):
            aws.ec2.RouteTableAssociation(
                name(f"{what}-{number}"), subnet_id=subnet.id, route_table_id=table.id
            )

    public_subnets = [subnet("public", zone, number) for number, zone in enumerate("abc")]
    private_subnets = [subnet("private", zone, number) for number, zone in enumerate("abc", 10)]
    routes("public-routes", public_subnets, gateway_id=internet.id)

    address = aws.ec2.Eip(name("nat-ip"), domain="vpc", tags=tags)
    nat = aws.ec2.NatGateway(
        name("nat"), allocation_id=address.id, subnet_id=public_subnets[0].id, tags=tags
    )
    routes("private-routes", private_subnets, nat_gateway_id=nat.id)

    group = aws.ec2.SecurityGroup(
        name("tasks-sg"),
        description="The processing tasks",
        vpc_id=vpc.id,
        egress=[
            {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}
        ],
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
    cluster = aws.ecs.Cluster(name("cluster"), tags=tags)
    service = aws.ecs.Service(
        name("service"),
        cluster=cluster.arn,
        task_definition=task.arn,
        desired_count=3,
        launch_type="FARGATE",
        network_configuration={
            "subnets": [subnet.id for subnet in private_subnets],
            "security_groups": [group.id],
            "assign_public_ip": False,
        },
        tags=tags,
    )
    pulumi.export("service_name", service.name)


# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("08_way_out")

# %% [markdown] tags=["drill"]
# ## Preview
#
# `preview` runs the program through the real Pulumi engine against a mock AWS account. Nothing is created. `VERBATIM` is
# the organisation's configuration: a resource without a physical name gets its logical name.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown] tags=["drill"]
# ## A zone fails. Does the warning get out?
#
# The service places its tasks in the subnets that it names. The drill fails one zone at a time and follows a packet to
# the internet from each subnet in which tasks still run: which route table, which route, through which gateway, in
# which zone?

# %% tags=["drill"]
show(ways_out(plan))

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# The tasks and their subnets span three zones. Choose a private subnet in the drill's picture and follow the packet: what
# does it pass, and in which zone is each of these?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# A subnet has one route table, and a table has one route to the internet. If the subnets of three zones share both, what
# do they lose together when one zone fails? What would each zone need of its own to be independent of the others?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which resources</summary>
#
# Give each zone an `aws.ec2.NatGateway` with an `aws.ec2.Eip` of its own, in the public subnet of that zone, and each
# private subnet a route table that leads to the gateway of its own zone. Or use one regional NAT gateway
# (`availability_mode="regional"` with `vpc_id`, without `subnet_id` and `allocation_id`), which spans the zones itself.
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews your program for several environments and runs the drill in each. It judges what would happen,
# not how the program is written, and it makes sure that nothing else got worse. Its assertions are folded here; click
# the three dots to open them.

# %% tags=["check"] expect=["NO-WAY-OUT"]
with check("08_way_out", program, environments=("dev", "prod")) as verdict:
    for plan in verdict.plans:  # one preview for each environment
        tasks = tasks_of(plan)
        with verdict.finding("MISSING", "the tasks", "Who passes the warnings on?"):
            assert tasks, "Expected an ECS service with tasks in this VPC; found none."
        with verdict.finding("REGRESSION", "the tasks", "How many tasks does the brief ask for?"):
            fewest = fewest_tasks(plan) if tasks else None
            assert fewest is None or fewest >= 2, f"Expected at least 2 tasks; found {fewest}."

        for failure in ways_out(plan) if tasks else ():
            for cut in failure.cuts:
                with verdict.finding(
                    "NO-WAY-OUT", cut.resource.name, "Which way does a packet take to the internet?"
                ):
                    assert not cut.zones, (
                        f"Expected running tasks to reach the internet while {failure.zone} is down; "
                        f"found: {cut.what}."
                    )
            with verdict.finding(
                "REGRESSION", "the tasks", "In how many zones must the tasks be able to run?"
            ):
                assert failure.running, (
                    f"Expected tasks that run while {failure.zone} is down; found none elsewhere."
                )

        for group in tasks:
            with verdict.finding(
                "REGRESSION", group.service.name, "Who needs to reach the tasks from the internet?"
            ):
                assert not group.has_public_address, (
                    "Expected tasks without public addresses; found assign_public_ip."
                )
                assert not group.is_in_public_subnet, (
                    f"Expected tasks in private subnets; found the public one {group.subnet.name}."
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
# A NAT gateway is created in one availability zone and is redundant within that zone only. AWS says what follows: where
# resources in several zones share one NAT gateway, and its zone is down, those in the other zones lose internet access.
# Nothing about the tasks shows it. They run, their health checks pass, the diagram says Multi-AZ, and the warnings stay
# where they are.
#
# With a NAT gateway in each zone, and a route table for each private subnet that leads to the gateway of its own zone,
# a zone that fails takes only its own way out with it. **A second gateway alone changes nothing**: a subnet
# uses its route table, and a table has one route to a destination. There is no failover between gateways.
#
# A **regional NAT gateway** (since November 2025) needs no public subnet and spans the zones itself: it adds a zone some
# time after something begins to run there. One whose addresses are assigned zone by zone adds none; it exists in those
# zones only.
#
# **More tasks** solve a different problem, and so does an interface endpoint: it keeps calls to an AWS service inside the
# VPC, but leads no packet to a broadcaster.
#
# ### The control
#
# NIST SP 800-53 **CP-10** (system recovery and reconstitution), in the FedRAMP High baseline, and **SC-5(2)** (capacity,
# bandwidth and redundancy), which that baseline leaves out. The AWS Well-Architected Framework asks for the same in
# REL10-BP01: deploy the workload to multiple locations.
#
# ### What scanners would have said
#
# [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports nothing about the gateway for the same
# program in Terraform: its five findings are about other things. Among the
# [EC2 controls](https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html) of AWS Security Hub CSPM, none
# compares the zone of a subnet with that of its gateway. **AWS Trusted Advisor** does, with *NAT Gateway AZ
# Independence*: red where a subnet in one zone is routed through a NAT gateway in another. It looks at what is
# deployed; a review comes before.
#
# ### How to spot it in a review
#
# - Count what exists in one zone only: NAT gateways, instances, endpoints' network interfaces. Internet gateways do not count;
#   they belong to the VPC.
# - For every private subnet, compare two zones: its own, and that of the subnet in which the gateway of its route stands.
#   They must be the same.
# - `single_nat_gateway`, `nat_gateways: 1`, or a gateway outside the loop over the zones.
# - The price is real: AWS charges for each NAT gateway by the hour. For an environment that is allowed to fail, one gateway
#   can be a sound decision. Here the requirement holds in every environment.
#
# Sources: Amazon VPC User Guide, [NAT gateway basics](https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html),
# [regional NAT gateways](https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html),
# [route tables](https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html);
# AWS Support User Guide, [Trusted Advisor, fault tolerance](https://docs.aws.amazon.com/awssupport/latest/user/fault-tolerance-checks.html);
# AWS Well-Architected Framework, [REL10-BP01](https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
#
# ### One question to take away
#
# Each zone now has its own way out. What happens to the tasks' traffic if the NAT gateway of one zone fails, and not the
# zone?
#
# <details><summary><b>An answer</b></summary>
#
# The tasks in that zone run and reach nothing until the gateway is back or someone changes the route: nothing leads
# them to another zone's gateway. The gateway is redundant within its zone, so repairing it is AWS's job, but noticing the
# failure is yours: an alarm on the gateway's metrics, or a health check that tries to reach the broadcasters and fails when
# it cannot. ECS then replaces the task, perhaps in a zone with a way out.
#
# </details>

# %% tags=["prediction"]
# Asked before the drill. `outcome` plays the drill: its answer holds for any program.
from lab_support import ways_out

question = "Each of the three zones fails once. In how many of the three cases can the tasks that still run pass a warning on?"
answers = {
    "3": "in all three",
    "2": "in two of them",
    "1": "in one of them",
    "0": "in none of them",
}


def outcome(program, plan):
    return str(sum(failure.survives for failure in ways_out(plan)))
