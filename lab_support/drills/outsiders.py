"""What the policy of a key, a topic or a role gives away: to principals outside the account, and to services.

    given_away(plan, key)      # ("anyone in any AWS account may call kms:Decrypt",)

A key's policy is its first line of access control, and a wildcard in it reaches beyond the account (AWS KMS Developer
Guide, "Key policies in AWS KMS"). A service needs to use a key, not to manage it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from lab_support.drills.callers import calls_of, calls_of_services, numbers_to_fit
from lab_support.drills.foreign_alarms import foreign_alarm_may_notify
from lab_support.drills.notices import key_policy, topic_policy
from lab_support.drills.service_policies import ServiceCall, allows
from lab_support.iam.actions import actions_in, actions_of
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, applies
from lab_support.iam.policy import PolicyError, Statement, parse
from lab_support.iam.reach import FOREIGN_ACCOUNT
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["given_away", "logs_may_use"]  # what notebooks import from lab_support

ANYONE: Final = "anyone in any AWS account"
ANY_SERVICE: Final = "any AWS service, for any account,"
# A stranger's account must not be one that the policy names.
_OTHERS: Final = tuple(str(number) * 12 for number in range(1, 9))
# What manages a key: none of it is needed to encrypt or to decrypt.
_MANAGEMENT: Final = (
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
)
# What a topic's policy can allow (Amazon SNS Developer Guide, "SNS access policy use cases").
_TOPIC_ACTIONS: Final = tuple(
    f"SNS:{action}"
    for action in (
        "Publish",
        "Subscribe",
        "SetTopicAttributes",
        "DeleteTopic",
        "GetTopicAttributes",
        "ListSubscriptionsByTopic",
        "AddPermission",
        "RemovePermission",
    )
)
# CloudWatch Logs encrypts with data keys, and decrypts these.
_FOR_LOGS: Final = ("kms:Decrypt", "kms:GenerateDataKey")


def given_away(plan: Plan, resource: Resource) -> tuple[str, ...]:
    """What the policy of a key, topic or role of this plan allows to outsiders, and to services that manage a key.

    In words. A key that nobody in the account may manage is given away, too. Conditions on unknown keys count as met. A
    policy that cannot be read gives nothing away.
    """
    is_key = resource.kind.startswith("kms.")
    statements = statements_of(plan, resource)
    arn = str(resource.get("arn"))
    found = []
    if is_key and statements and not _is_managed(statements, plan.account):
        found.append("nobody in the account may manage it")
    outside = outsiders(plan, resource)
    found += [f"{who} may call {_listed(allowed)}" for who, allowed in outside.items()]
    if resource.kind == "sns.Topic" and not any("SNS:Publish" in allowed for allowed in outside.values()):
        foreign = foreign_alarm_may_notify(plan, resource, with_key=False)
        found += ["CloudWatch may call SNS:Publish for alarms of any account"] if foreign else []
    for service in sorted(_services(statements)) if is_key and ANYONE not in outside else ():
        context = Context({"aws:principalisawsservice": ("true",)}, unknown=True)
        allowed = list(_allowed(statements, arn, _MANAGEMENT, {("Service", service)}, context))
        found += [f"the service {service} may call {_listed(allowed)}"] if allowed else []
    return tuple(found)


def outsiders(plan: Plan, resource: Resource, *, certain: bool = False) -> dict[str, list[str]]:
    """Who from outside the account may call which actions on a key, topic or role, by its policy.

    With `certain`, conditions on unknown keys count as not met, otherwise as met. Where anyone may do something, other
    outsiders are left out.
    """
    statements, arn, actions = statements_of(plan, resource), str(resource.get("arn")), _actions(resource)
    partition = arn.split(":")[1] if arn.count(":") >= 5 else "aws"

    def allowed(names: set[tuple[str, str]], contexts: Iterable[Context]) -> list[str]:
        together = {
            action
            for context in contexts
            for action in _allowed(statements, arn, actions, names, context, certain=certain)
        }
        return [action for action in actions if action in together]

    def by_principals(account: str) -> list[str]:
        return allowed(_as_account(account), calls_of(statements, account, partition))

    accounts = _accounts(statements)
    stranger = next(number for number in (FOREIGN_ACCOUNT, *_OTHERS) if number not in accounts)
    if anyone := by_principals(stranger):
        return {ANYONE: anyone}
    fitting = numbers_to_fit(statements, plan.account)
    grants = _granted(plan, resource)
    named = sorted({*accounts, *fitting, *grants} - {plan.account})
    found = {
        f"the account {account}": list(dict.fromkeys([*by_principals(account), *grants.get(account, ())]))
        for account in named
    }
    services = (
        context
        for account in (stranger, *fitting)
        for context in calls_of_services(statements, account, partition)
    )
    found[ANY_SERVICE] = allowed({("*", "*"), ("AWS", "*")}, services)
    return {who: actions for who, actions in found.items() if actions}


def _granted(plan: Plan, key: Resource) -> dict[str, list[str]]:
    """What grants on a key let each account do, whatever the key's policy says (AWS KMS Developer Guide, "Grants in AWS
    KMS").
    """
    found: dict[str, list[str]] = {}
    for grant in plan.of_type("kms.Grant") if key.kind.startswith("kms.") else ():
        if key in plan.referenced(grant, "key_id", key.kind):
            operations = [f"kms:{operation}" for operation in grant.get("operations", ())]
            found.setdefault(_account_of(grant.get("grantee_principal")), []).extend(operations)
    found.pop("", None)
    return found


def statements_of(plan: Plan, resource: Resource) -> tuple[Statement, ...]:
    """The statements of the policy of a key, topic or role; none if it is unknown or cannot be read."""
    if resource.kind == "iam.Role":
        policy = resource.get("assume_role_policy")
    else:
        policy = (
            key_policy(plan, resource) if resource.kind.startswith("kms.") else topic_policy(plan, resource)
        )
    try:
        return parse(policy).statements if isinstance(policy, (str, dict)) else ()
    except PolicyError:
        return ()


def _actions(resource: Resource) -> tuple[str, ...]:
    if resource.kind == "iam.Role":
        return ("sts:AssumeRole",)
    return tuple(sorted(actions_of("kms"))) if resource.kind.startswith("kms.") else _TOPIC_ACTIONS


def logs_may_use(plan: Plan, key: Resource, group: Resource) -> bool:
    """Whether a key's policy lets CloudWatch Logs encrypt a log group and read it back.

    If not, AWS does not create the group (CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS
    Key Management Service").
    """
    service, arn = f"logs.{group.get('region', plan.region)}.amazonaws.com", str(group.get("arn"))
    context = {
        "aws:SourceAccount": plan.account,
        "aws:SourceArn": arn,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:SecureTransport": "true",
        "kms:EncryptionContext:aws:logs:arn": arn,
    }
    policy, of = key_policy(plan, key), str(key.get("arn"))
    return all(allows(policy, ServiceCall(service, action, of, context)) for action in _FOR_LOGS)


def _is_managed(statements: Iterable[Statement], account: str) -> bool:
    names = {("*", "*"), ("AWS", "*"), ("AWS", account)}
    return any(
        statement.allows and "kms:PutKeyPolicy" in actions_in(statement.action) and _is_for(statement, names)
        for statement in statements
    )


def _as_account(account: str) -> set[tuple[str, str]]:
    everyone = {("*", "*"), ("AWS", "*")}
    return {*everyone, ("AWS", account), ("AWS", f"arn:aws:iam::{account}:root")}


def _allowed(
    statements: Iterable[Statement],
    arn: str,
    actions: Iterable[str],
    names: set[tuple[str, str]],
    context: Context,
    *,
    certain: bool = False,
) -> Iterator[str]:
    about = [statement for statement in statements if _is_for(statement, names)]
    for action in actions:
        request = AccessRequest(action, arn, context)
        results = [(statement.allows, applies(statement, request)) for statement in about]
        allowed = any(
            allows and (applied is True if certain else applied is not False) for allows, applied in results
        )
        denied = any(
            not allows and (applied is not False if certain else applied) for allows, applied in results
        )
        if allowed and not denied:
            yield action


def _is_for(statement: Statement, names: set[tuple[str, str]]) -> bool:
    """Whether a statement names one of these principals, or a role or user of one of these accounts."""
    accounts = {value for kind, value in names if kind == "AWS" and value.isdigit()}
    named = any(
        pair in names or (pair[0] == "AWS" and _account_of(pair[1]) in accounts)
        for pair in statement.principals or ()
    )
    return named is not statement.not_principals


def _accounts(statements: Iterable[Statement]) -> set[str]:
    """The accounts that the principals of these statements belong to."""
    principals = (pair for statement in statements for pair in statement.principals or ())
    return {_account_of(value) for kind, value in principals if kind == "AWS"} - {""}


def _account_of(principal: Any) -> str:
    text = str(principal)
    return text if text.isdigit() else text.split(":")[4] if text.count(":") >= 5 else ""


def _services(statements: Iterable[Statement]) -> set[str]:
    principals = (pair for statement in statements for pair in statement.principals or ())
    return {value for kind, value in principals if kind == "Service"}


def _listed(actions: list[str]) -> str:
    shown = ", ".join(actions[:3])
    return shown if len(actions) <= 3 else f"{shown} and {len(actions) - 3} more"
