"""Tokens of GitHub Actions, and whether a role's trust policy lets their holder become the role.

    admits(policy, Token("a fork", "someone-else/emergency-alert", "ref:refs/heads/main"), role_arn)

Any workflow on GitHub can ask for a token that names its repository and what started it, in the claim `sub` (GitHub
Docs, "OpenID Connect reference"). The trust policy decides which tokens it accepts. IAM compares only the claims that
it documents (IAM User Guide, "Available keys for AWS OIDC federation"); the key of any other is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product, zip_longest
from typing import Any, Final

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, applies
from lab_support.iam.policy import Policy, PolicyError, Statement, parse

HOST: Final = "token.actions.githubusercontent.com"
_ACTION: Final = "sts:AssumeRoleWithWebIdentity"
_PROVIDER: Final = re.compile(rf"arn:aws[\w-]*:iam::(\d*):oidc-provider/{re.escape(HOST)}")
# GitHub chooses these, and nobody else gets them.
IDS: Final = ("repository_id", "repository_owner_id", "enterprise_id")
_FREE: Final = ("actor", "actor_id", "workflow")
# Keys of requests by a principal of AWS, and by a service for someone.
_NEVER: Final = ("aws:principal", "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorg")
_SUBJECT: Final = re.compile(
    r"repo:(?P<repository>[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+):"
    r"(?P<place>pull_request|ref:refs/(heads|tags)/[^\s:?*~^\\]*[^\s:?*~^\\/.]|environment:[^\s:*?]+)"
)
# What may be in the place of a wildcard: nothing, a part of a name, or several parts of a subject.
_REPOSITORIES: Final = ("x", "x/x", "/x", "")
_STARTS: Final = ("pull_request", "ref:refs/heads/x", "ref:refs/tags/x", "environment:x")
_FILLINGS: Final = (
    "",
    "x",
    "/x",
    "x/x",
    "repo:x",
    "repo:x/x",
    *_STARTS,
    *(
        f"{lead}{repository}:{start}"
        for lead in ("", "repo:")
        for repository in _REPOSITORIES
        for start in _STARTS
    ),
)
_MANY: Final = 4


@dataclass(frozen=True)
class Token:
    """A token: `who` asks for it, in words; the repository with its owner; and the rest of the subject.

    `ours` are the claims with an id that it may share with a release; its other ids are not those that a policy names.
    `branch` is where a job with an environment runs: its subject does not say so. Without it, its holder may choose.
    """

    who: str
    repository: str
    place: str
    ours: tuple[str, ...] = ()
    branch: str = ""

    @property
    def subject(self) -> str:
        """The claim `sub`."""
        return f"repo:{self.repository}:{self.place}"

    def context(self, role_policy: Policy) -> Context:
        """What is known of a request with this token; keys that the policy asks for and no token has are absent."""
        ref = self._ref()
        claims = {
            "sub": self.subject,
            "aud": "sts.amazonaws.com",
            "repository": self.repository,
            "job_workflow_ref": f"{self.repository}/.github/workflows/release.yml@{ref or 'refs/heads/main'}",
            **({"ref": ref} if ref else {}),
            **{claim: "0" for claim in IDS if claim not in self.ours},
        }
        values = {f"{HOST}:{claim}": (value,) for claim, value in claims.items()}
        values |= {"aws:securetransport": ("true",), "aws:principalisawsservice": ("false",)}
        chosen = {
            *_FREE,
            *self.ours,
            "ref",
            *(["environment"] if self.place.startswith("environment:") else []),
        }
        asked = {test.key for statement in role_policy.statements for test in statement.conditions}
        absent = {
            key for key in asked if key.startswith(f"{HOST}:") and key.removeprefix(f"{HOST}:") not in chosen
        }
        return Context(values, unknown=True, never=_NEVER, absent=frozenset(absent - set(values)))

    def _ref(self) -> str:
        """The claim `ref`; empty where the holder can choose it."""
        if self.place.startswith("ref:"):
            return self.place.removeprefix("ref:")
        if self.branch:
            return f"refs/heads/{self.branch}"
        return "refs/pull/7/merge" if self.place == "pull_request" else ""


def read(document: Any) -> Policy | None:
    """The policy in a document, or None if it is unknown or cannot be read."""
    try:
        return parse(document) if isinstance(document, (str, dict)) else None
    except PolicyError:
        return None


def trusts_github(policy: Policy) -> bool:
    """Whether a trust policy has a statement that lets in tokens of GitHub Actions."""
    return any(statement.allows and _provider(statement) for statement in policy.statements)


def admits(policy: Policy, token: Token, role_arn: str) -> bool | None:
    """Whether the policy lets the token's holder become the role; None if that depends on what is not known."""
    request = AccessRequest(_ACTION, role_arn, token.context(policy))
    account = role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""
    about = [statement for statement in policy.statements if _is_about(statement, account)]
    results = [(statement.allows, applies(statement, request)) for statement in about]
    if any(not allows and applied for allows, applied in results):
        return False
    allowed = {applied for allows, applied in results if allows}
    unsure = any(not allows and applied is None for allows, applied in results)
    return (
        None
        if unsure and allowed - {False}
        else True
        if True in allowed
        else None
        if None in allowed
        else False
    )


def made_to_fit(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Repositories, and places in them, that someone could name after the policy's patterns for subjects."""
    return tuple(dict.fromkeys(fit for pattern in subjects(policy) for fit in _fits(pattern)))


@lru_cache(maxsize=256)
def _fits(pattern: str) -> tuple[tuple[str, str], ...]:
    parts = re.split(r"\*+", pattern.replace("?", "x"))
    fillings = _FILLINGS if len(parts) <= _MANY else ("", "x")
    found: dict[tuple[str, str], None] = {}
    for chosen in product(fillings, repeat=len(parts) - 1) if len(parts) <= 2 * _MANY else ():
        text = "".join(part + filling for part, filling in zip_longest(parts, chosen, fillvalue=""))
        if subject := _SUBJECT.fullmatch(text):
            found[subject["repository"], subject["place"]] = None
    return tuple(found)


def subjects(policy: Policy) -> tuple[str, ...]:
    """The patterns of subjects in the policy's statements that allow."""
    return tuple(
        dict.fromkeys(
            value
            for statement in policy.statements
            for test in statement.conditions
            for value in test.values
            if statement.allows and test.key == f"{HOST}:sub"
        )
    )


def _provider(statement: Statement) -> str | None:
    """The ARN of GitHub's provider among a statement's principals."""
    named = (value for kind, value in statement.principals or () if kind == "Federated")
    return next((value for value in named if _PROVIDER.fullmatch(value)), None)


def _is_about(statement: Statement, account: str) -> bool:
    """Whether a statement's principals include GitHub's provider. It must be in the role's account."""
    named = False
    for kind, value in statement.principals or ():
        found = _PROVIDER.fullmatch(value) if kind == "Federated" else None
        named = named or value == "*" or (found is not None and found[1] in (account, ""))
    return named is not statement.not_principals
