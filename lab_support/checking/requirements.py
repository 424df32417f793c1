"""What the brief asks of the whole system, each as a finding with the consequence of not meeting it.

    for requirement in requirements(plan):
        with verdict.finding(requirement.id, requirement.resource, requirement.question):
            assert requirement.holds, requirement.what

The checks of generated reviews use it. Every drill runs on the plan, and a resource counts by what it does, whatever it
is called, so that any flaw of these kinds is found in any program of the system.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.databases import databases
from lab_support.drills.delivery import deliveries
from lab_support.drills.incident import Load, Response, incident, rise
from lab_support.drills.intruder import Intruder, intruder
from lab_support.drills.outage import outages
from lab_support.drills.outsiders import given_away
from lab_support.drills.reader import reader
from lab_support.drills.release import release
from lab_support.drills.side_by_side import EXCLUSIVE, attachments_in
from lab_support.drills.strangers import role_may, strangers
from lab_support.drills.theft import Protection, theft
from lab_support.drills.three_releases import three_releases
from lab_support.drills.way_out import ways_out
from lab_support.drills.work import work
from lab_support.iam.managed_policies import is_managed_arn
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.reporting import counted

NAME_COLLISION, SINGLE_ZONE, UNENCRYPTED = "NAME-COLLISION", "SINGLE-ZONE", "UNENCRYPTED-AT-REST"
EXCESS, SILENT, NOTICE_LOST = "EXCESS-PRIVILEGE", "NOBODY-PAGED", "NOTICE-LOST"
OPEN, LOST, EVICTED = "OPEN-TO-STRANGERS", "DATA-LOST", "EVICTED"
NO_WAY_OUT, LOCKED_OUT = "NO-WAY-OUT", "LOCKED-OUT"
EXPOSED, OVERWRITTEN = "SECRET-EXPOSED", "OVERWRITTEN"
MISSING, MISSING_ACCESS, REGRESSION = "MISSING", "MISSING-ACCESS", "REGRESSION"

_PARTS: Final = {
    "kinesis.Stream": "Kinesis stream",
    "efs.FileSystem": "file system",
    "ecs.TaskDefinition": "task definition",
    "ecs.Service": "service that runs the tasks",
    "elasticache.ReplicationGroup": "Redis replication group",
    "apigateway.Method": "API method",
    "sns.Topic": "SNS topic",
}
_STORES: Final = (
    "kinesis.Stream",
    "rds.Instance",
    "rds.Cluster",
    "efs.FileSystem",
    "elasticache.ReplicationGroup",
    "secretsmanager.Secret",
    "cloudwatch.LogGroup",
    "sns.Topic",
)
_RULES: Final = ("vpc.SecurityGroupIngressRule", "ec2.SecurityGroup", "ec2.SecurityGroupRule")
_BLOCKS: Final = ("cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks")
_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
_SHOWN: Final = 3


@dataclass(frozen=True)
class Requirement:
    """Something that the brief asks of one resource. `what` says what was expected and what was found."""

    id: str
    resource: str
    question: str
    holds: bool
    what: str


def requirements(plan: Plan) -> Iterator[Requirement]:
    """Every requirement of the brief that can be judged by the plan of one environment; met or not."""
    report = intruder(plan)
    yield from _parts(plan, report)
    yield from _names(plan)
    yield from _zones(plan)
    yield from _encryption(plan)
    yield from _data(plan)
    yield from _access(plan, report)
    yield from _secrets(plan)
    yield from _attachments(plan)
    yield from _owners(plan)
    yield from _ways_in(plan)
    yield from _releases(plan)
    yield from _alarms(plan)


def _parts(plan: Plan, report: Intruder) -> Iterator[Requirement]:
    question = "Could the system do without it?"
    parts = {what: bool(plan.of_type(kind)) for kind, what in _PARTS.items()}
    parts |= {"database": bool(databases(plan))}
    parts |= {"role that a task could run with": bool(report.roles_for("task"))}
    for what, is_there in parts.items():
        yield Requirement(
            MISSING, f"the {what}", question, is_there, f"Expected the {what}; found none in the plan."
        )


def _names(plan: Plan) -> Iterator[Requirement]:
    """Two environments would share what has one name in both, even where AWS does not refuse it."""
    question = "What makes this name differ between environments?"
    for resource in plan:
        if resource.is_custom and resource.op not in ("read", "delete"):
            is_own = plan.stack in resource.name
            what = f"Expected `{plan.stack}` in its logical name; found {resource.name!r}."
            yield Requirement(NAME_COLLISION, resource.name, question, is_own, what)
    for resource in plan.of_type("kinesis.Stream"):
        name = resource.get("name")
        what = f"Expected `{plan.stack}` in its physical name; found {name!r}."
        yield Requirement(NAME_COLLISION, resource.name, question, plan.stack in str(name), what)


def _zones(plan: Plan) -> Iterator[Requirement]:
    """CP-10: what each failure of a zone leaves."""
    question = "Which part of it is left in another zone?"
    for failure in outages(plan):
        for effect in failure.effects:
            what = f"Expected it to survive the failure of {failure.zone}; found: {effect.what}."
            yield Requirement(SINGLE_ZONE, effect.database.name, question, effect.survives, what)
    for cache in plan.of_type("elasticache.ReplicationGroup"):
        # ElastiCache User Guide, "Minimizing downtime with Multi-AZ": replicas are spread over zones only with it.
        fails_over = cache.get("automatic_failover_enabled") is True
        is_spread = cache.get("multi_az_enabled") is True
        what = "Expected a replica in another zone that takes over; found " + (
            "no automatic failover." if not fails_over else "that both nodes may be in one zone."
        )
        yield Requirement(SINGLE_ZONE, cache.name, question, fails_over and is_spread, what)
    for cut in (cut for failure in ways_out(plan) for cut in failure.cuts):
        what = f"Expected running tasks to reach the internet when any zone fails; found: {cut.what}."
        way = "Which way does a packet take to the internet?"
        yield Requirement(NO_WAY_OUT, cut.resource.name, way, not cut.zones, what)
    for service in plan.of_type("ecs.Service"):
        for network in _listed(service.get("network_configuration")):
            zones = _zones_of(plan, network.get("subnets"))
            what = f"Expected tasks in two zones; found {', '.join(sorted(zones)) or 'none'}."
            yield Requirement(SINGLE_ZONE, service.name, question, len(zones) > 1, what)
    for system in plan.of_type("efs.FileSystem"):
        targets = [
            target
            for target in plan.of_type("efs.MountTarget")
            if system in plan.referenced(target, "file_system_id")
        ]
        zones = {str(target.get("availability_zone_name")) for target in targets}
        what = f"Expected mount targets in two zones; found {counted(len(targets), 'mount target')} in {len(zones)}."
        yield Requirement(SINGLE_ZONE, system.name, question, len(zones) > 1, what)


def _zones_of(plan: Plan, subnets: Any) -> set[str]:
    known = {str(subnet.get("id")): subnet for subnet in plan.of_type("ec2.Subnet")}
    return {
        str(known[str(subnet)].get("availability_zone"))
        for subnet in _listed(subnets)
        if str(subnet) in known
    }


def _encryption(plan: Plan) -> Iterator[Requirement]:
    """SC-28: whose key protects a stolen copy."""
    for store in theft(plan).of_type(*_STORES):
        what = (
            f"Expected a {Protection.CUSTOMER}; found: {store.protection}. Who can read a stolen copy: "
            f"{store.readers}."
        )
        question = "Whose key is it, and is it in use?"
        is_own = store.protection is Protection.CUSTOMER
        yield Requirement(UNENCRYPTED, store.resource.name, question, is_own, what)
    for cache in plan.of_type("elasticache.ReplicationGroup"):
        is_secret = cache.get("transit_encryption_enabled") is True
        what = "Expected encryption in transit; found none."
        yield Requirement(REGRESSION, cache.name, "Who can read its traffic on the way?", is_secret, what)


def _data(plan: Plan) -> Iterator[Requirement]:
    """CP-9: what is left of the data, and what the load needs."""
    for store in release(plan).stores:
        events = (("release 2 renames it", store.renamed), ("the stack is destroyed", store.destroyed))
        for event, outcome in events:
            what = f"Expected its data to outlast the day on which {event}; found: {outcome.fate}: {outcome.why}."
            question = "Who could refuse to delete it, or keep a copy?"
            yield Requirement(LOST, store.resource.name, question, outcome.survives, what)
    for database in databases(plan):
        days = database.backup_days
        what = f"Expected 30 days of backups; found {days}."
        yield Requirement(LOST, database.name, "How far back can a restore go?", days >= 30, what)
        is_postgres = database.engine in ("postgres", "aurora-postgresql")
        what = f"Expected PostgreSQL; found {database.engine}."
        yield Requirement(
            REGRESSION, database.name, "Which engine does the brief ask for?", is_postgres, what
        )
    for stream in plan.of_type("kinesis.Stream"):
        shards = stream.get("shard_count", 0)
        what = f"Expected at least 4 shards; found {shards or 'no fixed number'}."
        is_enough = isinstance(shards, (int, float)) and shards >= 4
        yield Requirement(REGRESSION, stream.name, "How many shards does the load need?", is_enough, what)


def _access(plan: Plan, report: Intruder) -> Iterator[Requirement]:
    """AC-6: what an intruder in a task could do, and whether the task can still do its work."""
    for role in report.roles:
        for policy in role.policies_to_change:
            beyond = role.beyond(policy)
            what = f"Expected only what {role.role.name} needs for its work; found more: {beyond}."
            question = "Which actions does the work need, and on which resources?"
            yield Requirement(EXCESS, policy, question, not beyond, what)
    runs = work(plan).runs if report.stream else ()
    for run in () if any(run.succeeds for run in runs) else runs:
        what = f"Expected that the task can do its work; found that {run.not_allowed}."
        question = "What does the task call, and with which role?"
        yield Requirement(MISSING_ACCESS, run.task, question, not run.not_allowed, what)
        what = (
            f"Expected that the task can use the key of its stream; found that {run.role} is not allowed "
            f"{', '.join(run.locked_out)}."
        )
        question = "Who asks KMS for the key when the task reads, or writes?"
        yield Requirement(LOCKED_OUT, run.role, question, not run.locked_out, what)


def _secrets(plan: Plan) -> Iterator[Requirement]:
    """IA-5(7): what read-only access shows of a secret."""
    question = "Who may read this value, and where is it kept?"
    for secret in reader(plan).secrets:
        for where, places in (secret.seen_at or {secret.owner: "nothing"}).items():
            what = f"Expected that read-only access does not show {secret.name}; found it in {places}."
            yield Requirement(EXPOSED, where, question, not secret.is_exposed, what)


def _attachments(plan: Plan) -> Iterator[Requirement]:
    """CM-3: an exclusive attachment takes a policy from everyone else in the account who has it."""
    attached = list(attachments_in(plan))
    for resource in plan.of_type(EXCLUSIVE):
        arn = resource.get("policy_arn")
        is_shared = isinstance(arn, str) and is_managed_arn(arn)
        others = [a for a in attached if a.policy == arn and a.resource.urn != resource.urn]
        what = (
            "Expected that other environments keep their policies; found an exclusive attachment of a policy that they "
            "have."
        )
        question = "Who else in the account has this policy after a deployment?"
        yield Requirement(EVICTED, resource.name, question, not (is_shared or others), what)


def _owners(plan: Plan) -> Iterator[Requirement]:
    """CM-2: a group that lists its rules itself revokes the rules that other resources add to it."""
    report = three_releases(plan)
    revoked = report.taken
    question = "Which resources have a say in this group's rules?"
    for rule in report.rules:
        what = f"Expected {rule.owner.name} to be there after each release; found that a release revokes it."
        yield Requirement(OVERWRITTEN, rule.group.name, question, rule not in revoked, what)


def _ways_in(plan: Plan) -> Iterator[Requirement]:
    """AC-3: who gets in without being asked who they are."""
    for method in plan.of_type("apigateway.Method"):
        asks = method.get("authorization") == "AWS_IAM" or method.get("http_method") == "OPTIONS"
        what = f"Expected the authorization AWS_IAM; found {method.get('authorization')}."
        yield Requirement(OPEN, method.name, "Who may submit alerts from outside?", asks, what)
    for rule in plan.of_type(*_RULES):
        blocks = set(_blocks(rule))
        is_closed = not blocks & set(_ANYWHERE)
        what = "Expected no way in from the whole internet; found one."
        yield Requirement(OPEN, rule.name, "Who needs to get in here?", is_closed, what)
    for resource in plan.of_type("iam.Role", "kms.Key", "sns.Topic"):
        given = given_away(plan, resource)
        what = (
            "Expected that its policy lets in the account, and services for what they do; found that "
            f"{'; '.join(given)}."
        )
        yield Requirement(OPEN, resource.name, "Who else does its policy let in?", not given, what)
    for database in databases(plan):
        what = "Expected no public access; found it on the database or one of its instances."
        yield Requirement(
            OPEN, database.name, "Who needs to reach it from the internet?", not database.is_public, what
        )


def _releases(plan: Plan) -> Iterator[Requirement]:
    """AC-3: which workflows on GitHub can become a role, and whether a release still can."""
    report = strangers(plan)
    for role in (door for door in report.doors if door.is_role):
        let_in = ", ".join(f"{visitor.who} ({visitor.asks})" for visitor in role.let_in[:_SHOWN])
        more = f" and {len(role.let_in) - _SHOWN} more" if len(role.let_in) > _SHOWN else ""
        what = f"Expected that only a release from `main` can assume it; found: {let_in}{more}."
        yield Requirement(OPEN, role.resource.name, "Whose tokens match its conditions?", not let_in, what)
    services = [str(service.get("arn")) for service in plan.of_type("ecs.Service")]
    may = any(role_may(plan, role, "ecs:UpdateService", arn) for role in report.releases for arn in services)
    what = "Expected a role with which a release from `main` can update the service; found none."
    question = "Which token does a release show, and what may it do then?"
    yield Requirement(MISSING_ACCESS, "the release", question, may or not services, what)


def _blocks(rule: Resource) -> Iterator[str]:
    """The address ranges from which a security group lets traffic in."""
    if rule.kind == "ec2.SecurityGroupRule" and rule.get("type") != "ingress":
        return
    for entry in _listed(rule.get("ingress")) if rule.kind == "ec2.SecurityGroup" else [rule]:
        for name in _BLOCKS:
            yield from map(str, _listed(entry.get(name)))


def _alarms(plan: Plan) -> Iterator[Requirement]:
    """SI-4, AU-6: which part can be at its limit without anybody being told within 15 minutes."""
    question = "Which alarm would notice, how soon, and whom does it notify?"
    for name, responses in _responses(plan):
        goes_off = any(response.goes_off and not response.needless for response in responses)
        found = responses[0].what if responses else "nothing that could be watched"
        what = f"Expected an alarm that goes off in time, and only then; found: {found}"
        yield Requirement(SILENT, name, question, goes_off, what)
    for way in deliveries(plan).ways:
        what = f"Expected that the notice arrives; found: {way.problem}."
        question = "What does a notice pass on its way, and who lets it through?"
        yield Requirement(NOTICE_LOST, way.target, question, way.arrives, what)


def _responses(plan: Plan) -> Iterator[tuple[str, list[Response]]]:
    """What happens when each part is at its limit: the database, the tasks, the stream, and the nodes of the cache."""
    yield from ((response.subject, [response]) for response in incident(plan).responses)
    for service in plan.of_type("ecs.Service"):
        yield (
            service.name,
            [
                rise(
                    plan,
                    "AWS/ECS",
                    "CPUUtilization",
                    {"ClusterName": cluster.get("name"), "ServiceName": service.get("name")},
                    Load(before=50, after=85),
                )
                for cluster in plan.of_type("ecs.Cluster")
            ],
        )
    for stream in plan.of_type("kinesis.Stream"):
        waiting = Load(before=1_000, after=70_000, unit="Milliseconds")
        dimensions = {"StreamName": stream.get("name")}
        yield (
            stream.name,
            [rise(plan, "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", dimensions, waiting)],
        )
    for cache in plan.of_type("elasticache.ReplicationGroup"):
        # ElastiCache User Guide, "Which metrics should I monitor?": Redis uses one of the node's two vCPUs.
        for node in _listed(cache.get("member_clusters")):
            busy = Load(before=20, after=48)
            yield (
                cache.name,
                [
                    rise(plan, "AWS/ElastiCache", metric, {"CacheClusterId": node}, load)
                    for metric, load in (
                        ("CPUUtilization", busy),
                        ("EngineCPUUtilization", Load(before=40, after=96)),
                    )
                ],
            )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


__all__ = ["Requirement", "requirements"]
