"""`aws.iam.get_policy_document`: statements written in Python become the JSON of an IAM policy.

The result means what the provider's means; an element with one value is written as a string, as it does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

# The argument, and the element of the policy language that it becomes (IAM User Guide, "IAM JSON policy
# elements reference").
_LISTS = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}


def policy_document(args: Mapping[str, Any]) -> dict[str, Any]:
    """The result of the data source: `json` and `minifiedJson`, from arguments by wire name.

    Statements of `sourcePolicyDocuments` come first; one of `overridePolicyDocuments` replaces the statement of
    the same Sid.
    """
    statements = [s for text in args.get("sourcePolicyDocuments") or () for s in _statements_of(text)]
    statements += [_statement(s) for s in args.get("statements") or ()]
    for text in args.get("overridePolicyDocuments") or ():
        for override in _statements_of(text):
            sid = override.get("Sid")
            at = next((n for n, s in enumerate(statements) if sid and s.get("Sid") == sid), None)
            if at is None:
                statements.append(override)
            else:
                statements[at] = override
    document: dict[str, Any] = {"Version": args.get("version") or "2012-10-17"}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    return {"json": text, "minifiedJson": json.dumps(document, separators=(",", ":")), "id": text}


def _statements_of(text: str) -> list[dict[str, Any]]:
    statements = json.loads(text).get("Statement", []) if text else []
    return statements if isinstance(statements, list) else [statements]


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    statement["Effect"] = given.get("effect") or "Allow"
    for argument, element in _LISTS.items():
        if given.get(argument):
            statement[element] = _one_or_many(given[argument])
    for argument, element in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(argument):
            statement[element] = _principals(given[argument])
    if given.get("conditions"):
        statement["Condition"] = _conditions(given["conditions"])
    return statement


def _principals(given: Sequence[Mapping[str, Any]]) -> Any:
    if any(p["type"] == "*" and "*" in p["identifiers"] for p in given):
        return "*"
    merged: dict[str, list[str]] = {}
    for principal in given:
        merged.setdefault(principal["type"], []).extend(principal["identifiers"])
    return {kind: _one_or_many(identifiers) for kind, identifiers in merged.items()}


def _conditions(given: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for condition in given:
        variables = merged.setdefault(condition["test"], {})
        variables[condition["variable"]] = _one_or_many(condition["values"])
    return merged


def _one_or_many(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)
