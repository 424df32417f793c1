"""The login drill: a task starts and connects to the database. How does it get the login, and what keeps it from it?

    for login in logins(plan).tasks:
        print(login.task, login.way, login.problem)

ECS injects what `secrets` names when it starts a task, with the execution role; code in the task reads a secret itself,
with the task role; with IAM authentication, it needs no password (Amazon ECS Developer Guide, "Pass sensitive data to
an Amazon ECS container"; Amazon RDS User Guide, "IAM database authentication").
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lab_support.drills.database_users import database_users, may_connect
from lab_support.drills.databases import databases
from lab_support.drills.ecs_roles import ecs_may_assume, task_definitions
from lab_support.drills.execution_role_policy import READ_ACTIONS, containers_of, json_key, secret_arn
from lab_support.drills.grants import Grant
from lab_support.drills.intruder import RoleReach
from lab_support.drills.keys import declared_key
from lab_support.drills.reader import leaves
from lab_support.drills.secret_policies import policies_on
from lab_support.drills.secret_values import parts_of, shown_in
from lab_support.drills.starting import refused_at_start
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.evaluate import AccessRequest, decide
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["beyond_login", "logins"]  # what notebooks import from lab_support

_PASSWORDS: Final = ("password", "password_wo", "master_password", "master_password_wo")
_READ_ALONE: Final = {
    "secretsmanager": ("secretsmanager:GetSecretValue",),
    "ssm": ("ssm:GetParameter", "ssm:GetParameters"),
}
# What reads a secret or describes it.
_OF_SECRETS: Final = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
)


@dataclass(frozen=True)
class Holder:
    """What has the password of a database: its service, ARN, name, value and key.

    `secret` and its `version` are those of the program, if it makes them.
    """

    service: str
    arn: str
    name: str
    value: str
    key: Resource | None
    secret: Resource | None = None
    version: Resource | None = None


@dataclass(frozen=True)
class Login:
    """How the tasks of a definition get the login, in words, or the problem that keeps them from it."""

    task: str
    way: str
    problem: str = ""

    @property
    def works(self) -> bool:
        return not self.problem


@dataclass(frozen=True)
class Logins:
    """The logins of the tasks of all definitions."""

    tasks: tuple[Login, ...]

    @property
    def works(self) -> bool:
        """Whether the tasks of a definition get a login."""
        return any(login.works for login in self.tasks)


def logins(plan: Plan) -> Logins:
    """The login of the tasks of each definition to one of the plan's databases."""
    return Logins(tuple(_login(plan, definition) for definition in task_definitions(plan)))


def _login(plan: Plan, definition: Resource) -> Login:
    problems: list[str] = []
    found = [(d.resource, tuple(_holders(plan, d.resource, _passwords(d.resource)))) for d in databases(plan)]
    for _, holders in found:
        if problem := _keeps_from_starting(plan, definition, holders):
            return Login(definition.name, "", problem)
    for database, holders in found:
        for way, problem in _ways(plan, definition, database, holders):
            if not problem:
                return Login(definition.name, way)
            problems.append(problem)
    nothing = "nothing in its containers leads to the password of a database"
    return Login(definition.name, "", problems[0] if problems else nothing)


def _ways(
    plan: Plan, definition: Resource, database: Resource, holders: tuple[Holder, ...]
) -> Iterator[tuple[str, str]]:
    """The ways to the login that a definition tries, each with the problem that it meets.

    A user name that ECS injects comes last: it is meant as one beside any other way.
    """
    containers = containers_of(definition)
    passwords = _passwords(database)
    open_text = [text for _, text in leaves([_without_secrets(container) for container in containers], "")]
    if any(
        shown_in(text, secret, parts_of(secret, plan)) is not None
        for text in open_text
        for secret in passwords
    ):
        yield "the password is in its definition", ""
    others = []
    for value_from, of_secret in _injected(definition, holders):
        for holder in of_secret:
            if not _unread(holder, value_from):
                problem = _not_the_password(holder, value_from, passwords)
                if problem:
                    others.append(problem)
                else:
                    yield "ECS injects it", ""
    for holder in holders:
        if any(holder.arn in text or holder.name == text for text in open_text):
            problem = _may_read(plan, definition, "task_role_arn", holder, _READ_ALONE[holder.service])
            yield f"the task reads {holder.name}", problem
    if database.get("iam_database_authentication_enabled") is True:
        yield "IAM authentication", may_connect(plan, definition, database)
    if others and (refused := refused_at_start(plan, definition)):
        yield "ECS injects it", f"AWS refuses {refused} when it starts"
    yield from (("ECS injects it", problem) for problem in others)


def _passwords(database: Resource) -> list[str]:
    return [str(database.get(name)) for name in _PASSWORDS if isinstance(database.get(name), str)]


def _without_secrets(container: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in container.items() if name != "secrets"}


def _holders(plan: Plan, database: Resource, passwords: list[str]) -> Iterator[Holder]:
    for managed in database.get("master_user_secrets") or ():
        key = declared_key(plan, database, "master_user_secret_kms_key_id")
        arn = str(managed.get("secret_arn"))
        name = arn.split(":")[-1].rpartition("-")[0]
        yield Holder("secretsmanager", arn, name, json.dumps({"username": "", "password": ""}), key)
    for version in plan.of_type("secretsmanager.SecretVersion"):
        for secret in plan.referenced(version, "secret_id", "secretsmanager.Secret"):
            values = [version.get(name) for name in ("secret_string", "secret_string_wo", "secret_binary")]
            for value in values:
                if isinstance(value, str) and _has(value, passwords):
                    key = declared_key(plan, secret)
                    arn, name = str(secret.get("arn")), str(secret.get("name"))
                    yield Holder("secretsmanager", arn, name, value, key, secret, version)
    for parameter in plan.of_type("ssm.Parameter"):
        for name in ("value", "value_wo", "insecure_value"):
            value = parameter.get(name)
            if isinstance(value, str) and _has(value, passwords):
                key = declared_key(plan, parameter, "key_id")
                yield Holder("ssm", str(parameter.get("arn")), str(parameter.get("name")), value, key)


def _has(text: str, passwords: list[str]) -> bool:
    return any(shown_in(text, password) is not None for password in passwords)


def _is_of(value_from: str, holder: Holder) -> bool:
    if holder.service == "ssm":
        return value_from in (holder.arn, holder.name)
    return secret_arn(value_from) == holder.arn


def _injected(definition: Resource, holders: tuple[Holder, ...]) -> Iterator[tuple[str, tuple[Holder, ...]]]:
    """Each `valueFrom` that ECS injects, with what it may mean: a secret may have several values of the program."""
    for container in containers_of(definition):
        for secret in container.get("secrets") or ():
            value_from = str(secret.get("valueFrom")) if isinstance(secret, Mapping) else ""
            found = tuple(holder for holder in holders if _is_of(value_from, holder))
            if found:
                yield value_from, found


def _keeps_from_starting(plan: Plan, definition: Resource, holders: tuple[Holder, ...]) -> str:
    """What keeps ECS from injecting a secret: how it is written, or the execution role; empty if it injects all.

    Only then does a task start (Amazon ECS Developer Guide, "Troubleshooting Amazon ECS ResourceInitializationError
    errors").
    """
    for value_from, found in _injected(definition, holders):
        problems = [
            _unread(holder, value_from)
            or _may_read(plan, definition, "execution_role_arn", holder, (READ_ACTIONS[holder.service],))
            for holder in found
        ]
        if all(problems):
            return problems[0]
    return ""


def _unread(holder: Holder, value_from: str) -> str:
    """Why ECS cannot read a `valueFrom`: how it is written, a JSON key that the secret lacks, or its version."""
    if holder.service == "ssm":
        return ""
    field = json_key(value_from)
    if field is None:
        return f"ECS reads ARN:json-key:stage:version, with every colon, not {value_from}"
    if field and field not in _fields(holder):
        return f"{holder.name} has no JSON key {field}"
    return _no_version(holder, value_from)


def _no_version(holder: Holder, value_from: str) -> str:
    """The version that a `valueFrom` names by stage or by id and the secret lacks, in words.

    Without either, and for AWSCURRENT, ECS reads the current one. Any other stage is one that the program gives its
    version: a new secret has no AWSPREVIOUS (AWS Secrets Manager User Guide, "What's in a Secrets Manager secret?").
    """
    stage, number = [*value_from.split(":")[8:], "", ""][:2]
    stages, own = ["AWSCURRENT"], None
    if holder.version is not None:
        own = holder.version.get("version_id")
        stages += holder.version.get("version_stages") or ()
    if stage and stage not in stages:
        return f"{holder.name} has no version with the stage {stage}"
    if number and number != own:
        return f"{holder.name} has no version {number} that this program knows of"
    return ""


def _not_the_password(holder: Holder, value_from: str, passwords: list[str]) -> str:
    """The JSON key of a `valueFrom` that does not have the password, in words."""
    field = json_key(value_from) if holder.service == "secretsmanager" else ""
    if not field:
        return ""
    is_password = _has(str(_fields(holder).get(field)), passwords) if passwords else field == "password"
    return "" if is_password else f"{field} of {holder.name} is not the password"


def _fields(holder: Holder) -> Mapping[str, Any]:
    """The fields of a secret whose value is a JSON object."""
    try:
        read = json.loads(holder.value)
    except ValueError:
        return {}
    return read if isinstance(read, Mapping) else {}


def _may_read(plan: Plan, definition: Resource, prop: str, holder: Holder, actions: tuple[str, ...]) -> str:
    """What keeps a role of the definition from reading a secret, in words; empty if nothing does."""
    which = "execution role" if prop.startswith("execution") else "task role"
    role = next(iter(plan.referenced(definition, prop, "iam.Role")), None)
    if role is None:
        return f"it has no {which} of this program"
    if not ecs_may_assume(plan, role):
        return f"ECS is not allowed to assume the role {role.name}"
    policies, requests = policies_of(plan, role).policies, TaskRequests(plan, role, unknown=False)
    if holder.secret is not None:
        policies = replace(policies, resource=(*policies.resource, *policies_on(plan, holder.secret)))
    asked = [AccessRequest(action, holder.arn, requests(holder.arn)) for action in actions]
    if not any(decide(request, policies).allowed for request in asked):
        return f"{role.name} is not allowed {actions[0]} on {holder.name}"
    if holder.key is not None:
        key = str(holder.key.get("arn"))
        name = "SecretARN" if holder.service == "secretsmanager" else "PARAMETER_ARN"
        context = requests.through(holder.service, key, {name: holder.arn})
        if not decide(AccessRequest("kms:Decrypt", key, context), policies).allowed:
            return f"{role.name} is not allowed kms:Decrypt on {holder.key.name}, the key of {holder.name}"
    return ""


def beyond_login(plan: Plan, role: RoleReach) -> dict[str, str]:
    """What the policies of a role allow beyond its work and the login, in words, by the name of the policy.

    Decrypting with a key of the program is no excess: which of them encrypts the login is the program's choice.
    """
    targets = {holder.arn for holder in _all_holders(plan)}
    # A secret's ARN ends in six random characters, so `ARN*` reaches no other secret (AWS Secrets Manager User Guide,
    # "What's in a Secrets Manager secret?").
    secrets = tuple(target for target in targets if target.split(":")[2:3] == ["secretsmanager"])
    keys = {str(key.get("arn")) for key in plan.of_type("kms.Key", "kms.ReplicaKey", "kms.ExternalKey")}
    users = tuple(f"{database_users(plan, database.resource)}/" for database in databases(plan))

    def is_for_login(grant: Grant) -> bool:
        if grant.action in _OF_SECRETS:
            return grant.resource in targets or grant.resource.startswith(secrets)
        if grant.action in ("kms:Decrypt", "kms:DescribeKey"):
            return grant.resource in keys
        return grant.action == "rds-db:connect" and grant.resource.startswith(users)

    left = replace(role, grants=tuple(grant for grant in role.grants if not is_for_login(grant)))
    return {policy: left.beyond(policy) for policy in left.policies_to_change}


def _all_holders(plan: Plan) -> tuple[Holder, ...]:
    return tuple(
        holder
        for database in databases(plan)
        for holder in _holders(plan, database.resource, _passwords(database.resource))
    )
