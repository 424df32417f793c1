"""IAM authentication: as which user of a database does a task sign in, and does a policy let it?

The user that the task signs in as must be the one that the policy's ARN names, in the same case (Amazon RDS User Guide,
"Creating a database account using IAM authentication"). Where the task's definition names no user, it is known only to
the code in the task, and any user that the policy allows will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from lab_support.drills.ecs_roles import ecs_may_assume
from lab_support.drills.execution_role_policy import containers_of
from lab_support.drills.reader import leaves
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.evaluate import AccessRequest, decide
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

# A user in a connection string: `postgresql://user@host`, `postgresql://user:password@host`, `host=... user=...`.
_IN_URL: Final = re.compile(r"://([^\s:/?#@]+)(?::[^\s/?#@]*)?@([^\s:/?#]+)")
_IN_TEXT: Final = re.compile(r"(?<![\w-])user=['\"]?([^\s'\"&;]+)")
_ADDRESSES: Final = ("address", "endpoint", "reader_endpoint")
# A variable that names the user if no connection string does: PGUSER is libpq's (PostgreSQL documentation, "Environment
# Variables"), the others are customary.
_VARIABLE: Final = re.compile(r"(?:PG|POSTGRES|DB|DATABASE|RDS)_?USER(?:_?NAME)?", re.IGNORECASE)


def may_connect(plan: Plan, definition: Resource, database: Resource) -> str:
    """What keeps a task from signing in to a database with a token of its role, in words; empty if nothing does."""
    role = next(iter(plan.referenced(definition, "task_role_arn", "iam.Role")), None)
    if role is None or not ecs_may_assume(plan, role):
        return "it has no task role to sign a token with"
    policies, requests = policies_of(plan, role).policies, TaskRequests(plan, role, unknown=False)
    lead = database_users(plan, database)

    def is_allowed(user: str) -> bool:
        arn = f"{lead}/{user}"
        return decide(AccessRequest("rds-db:connect", arn, requests(arn)), policies).allowed

    named = tuple(dict.fromkeys(_users_named(definition, database)))
    written = [
        value.rpartition("/")[2]
        for policy in policies.identity
        for statement in policy.policy.statements
        if statement.resource is not None
        for value in statement.resource.values
        if ":dbuser:" in value
    ]
    master = str(database.get("username", database.get("master_username", "user")))
    if not any(is_allowed(user) for user in (master, "user", *written, *named)):
        return f"{role.name} is not allowed rds-db:connect on a user of {database.name}"
    if named and not any(is_allowed(user) for user in named):
        return (
            f"the task signs in as {' or '.join(named)}, and {role.name} is not allowed rds-db:connect "
            f"on this user of {database.name}"
        )
    return ""


def database_users(plan: Plan, database: Resource) -> str:
    """The ARN of the users of a database, for IAM authentication, without the user's name."""
    of = database.get("resource_id", database.get("cluster_resource_id"))
    return f"arn:aws:rds-db:{plan.region}:{plan.account}:dbuser:{of}"


def _users_named(definition: Resource, database: Resource) -> Iterator[str]:
    """The users of a database that the containers of a definition name, as far as it is certain."""
    hosts = {str(database.get(name)).partition(":")[0] for name in _ADDRESSES if database.get(name)}
    for container in containers_of(definition):
        in_container = [
            user for _, text in leaves(_open_parts(container), "") for user in _users_in(text, hosts)
        ]
        if not in_container:
            in_container = [
                variable["value"]
                for variable in container.get("environment") or ()
                if isinstance(variable, Mapping)
                and _VARIABLE.fullmatch(str(variable.get("name")))
                and isinstance(variable.get("value"), str)
            ]
        yield from in_container


def _open_parts(container: Mapping[str, Any]) -> dict[str, Any]:
    return {name: container.get(name) for name in ("environment", "command", "entryPoint")}


def _users_in(text: str, hosts: set[str]) -> Iterator[str]:
    for user, host in _IN_URL.findall(text):
        if host in hosts:
            yield unquote(user)
    if any(host in text for host in hosts):
        yield from (unquote(user) for user in _IN_TEXT.findall(text))
