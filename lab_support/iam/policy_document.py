"""`aws.iam.get_policy_document`: statements written in Python become the JSON of an IAM policy.

The result is the provider's own text: its order of elements, of several actions or resources (backwards through the
alphabet), its merging of documents (hashicorp/terraform-provider-aws, internal/service/iam/policy_model.go and
policy_document_data_source.go).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from lab_support.iam.policy import OLD_VERSION, VERSION

Statement = dict[str, Any]

# The argument, and the element of the policy language that it becomes (IAM User Guide, "IAM JSON policy
# elements reference").
_LISTS: Final = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}
_PRINCIPALS: Final = {"principals": "Principal", "notPrincipals": "NotPrincipal"}
_ELEMENTS: Final = ("Sid", "Effect", *_LISTS.values(), *_PRINCIPALS.values(), "Condition")
_VERSIONS: Final = (OLD_VERSION, VERSION)
_EFFECTS: Final = ("Allow", "Deny")
# Go writes these characters of HTML as escapes.
_ESCAPES: Final = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"}


class InvalidArgument(ValueError):
    """The provider does not take what an argument (by wire name) says; the message is its own."""

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(reason)
        self.argument = argument


def policy_document(args: Mapping[str, Any]) -> dict[str, Any]:
    """The result of the data source: `json` and `minifiedJson`, from arguments by wire name.

    Statements of `sourcePolicyDocuments` come first; a statement of the program, and then one of
    `overridePolicyDocuments`, takes the place of the one that has its Sid. Raises InvalidArgument in the provider's
    words for what it does not take.
    """
    for name, spelled in (("sourceJson", "source_json"), ("overrideJson", "override_json")):
        if args.get(name):  # left from earlier versions of the provider, which does nothing with it
            raise InvalidArgument(name, f'expected "{spelled}" to be an empty string: got {args[name]}')
    document: dict[str, Any] = {"Version": "", "Id": "", "Statement": []}
    sources = [
        _read(text, "source", number) for number, text in enumerate(args.get("sourcePolicyDocuments") or ())
    ]
    _sids_are_unique(sources)
    for source in sources:
        _merge(document, source)
    _merge(document, _own(args))
    for number, text in enumerate(args.get("overridePolicyDocuments") or ()):
        _merge(document, _read(text, "override", number))
    written = {name: value for name, value in document.items() if value}
    text = _escaped(json.dumps(written, indent=2, ensure_ascii=False))
    minified = _escaped(json.dumps(written, separators=(",", ":"), ensure_ascii=False))
    return {"json": text, "minifiedJson": minified, "id": str(zlib.crc32(text.encode()))}


def _own(args: Mapping[str, Any]) -> dict[str, Any]:
    """The document that the program's own arguments make."""
    version = args.get("version") or _VERSIONS[-1]
    if version not in _VERSIONS:
        raise InvalidArgument("version", f"expected version to be one of {_listed(_VERSIONS)}, got {version}")
    statements = [
        _statement(given, version, number) for number, given in enumerate(args.get("statements") or ())
    ]
    seen: set[str] = set()
    for sid in (statement.get("Sid") for statement in statements):
        if sid in seen:
            text = f"writing IAM Policy Document: duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique."
            raise InvalidArgument("statements", text)
        seen |= {sid} if sid else set()
    return {"Version": version, "Id": args.get("policyId") or "", "Statement": statements}


def _statement(given: Mapping[str, Any], version: str, number: int) -> Statement:
    sid, effect = given.get("sid") or "", given.get("effect") or "Allow"
    if effect not in _EFFECTS:
        text = f"expected statement.{number}.effect to be one of {_listed(_EFFECTS)}, got {effect}"
        raise InvalidArgument("statements", text)
    statement: Statement = {"Sid": sid, "Effect": effect}
    for argument, element in _LISTS.items():
        values = _backwards(given.get(argument) or ())
        has_variables = argument in ("resources", "notResources")
        statement[element] = _with_variables(values, version, argument) if has_variables else values
    for argument, element in _PRINCIPALS.items():
        statement[element] = _principals(
            (element["type"], _with_variables(_backwards(element["identifiers"]), version, argument))
            for element in given.get(argument) or ()
        )
    statement["Condition"] = _conditions(
        (test["test"], test["variable"], _with_variables(list(test["values"]), version, "condition"))
        for test in given.get("conditions") or ()
    )
    return _written(statement)


def _read(text: str | None, kind: str, number: int) -> dict[str, Any]:
    """A document that the program has as JSON, as the provider understands it."""
    if not text:
        return {}
    doing = f"writing IAM Policy Document: merging {kind} document {number}"
    try:
        document = json.loads(text)
    except ValueError as error:
        name = f"{kind}_policy_documents.{number}"
        raise InvalidArgument(
            f"{kind}PolicyDocuments", f'"{name}" contains an invalid JSON: {error}'
        ) from None
    statements = document.get("Statement") or [] if isinstance(document, dict) else None
    if not isinstance(statements, list):
        text = f"{doing}: json: cannot unmarshal object into Go struct field IAMPolicyDoc.Statement"
        raise InvalidArgument(f"{kind}PolicyDocuments", text)
    read = []
    for statement in statements:
        principals = {
            element: _principals(_pairs(statement.get(element)))
            for element in _PRINCIPALS.values()
            if statement.get(element)
        }
        conditions = [
            (test, variable, _texts(values))
            for test, variables in (statement.get("Condition") or {}).items()
            for variable, values in variables.items()
        ]
        read.append(_written({**statement, **principals, "Condition": _conditions(conditions)}))
    return {**document, "Statement": read}


def _merge(document: dict[str, Any], other: Mapping[str, Any]) -> None:
    """`other` merged into the document: its id wins, the later version, and its statement of a Sid."""
    document["Id"] = other.get("Id") or document["Id"]
    document["Version"] = max(document["Version"], other.get("Version") or "")
    statements = document["Statement"]
    for statement in other.get("Statement") or ():
        sid = statement.get("Sid")
        at = next((n for n, statement in enumerate(statements) if sid and statement.get("Sid") == sid), None)
        if at is None:
            statements.append(statement)
        else:
            statements[at] = statement


def _sids_are_unique(sources: Iterable[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for number, source in enumerate(sources):
        for index, sid in enumerate(statement.get("Sid") for statement in source.get("Statement") or ()):
            if sid and sid in seen:
                text = (
                    f"writing IAM Policy Document: merging source document {number}: duplicate Sid ({sid}) in "
                    f"source_policy_documents (statement {index}). Remove the Sid or ensure Sids are unique."
                )
                raise InvalidArgument("sourcePolicyDocuments", text)
            seen |= {sid} if sid else set()


def _written(statement: Mapping[str, Any]) -> Statement:
    """The elements that are not empty, in the provider's order."""
    return {name: statement[name] for name in _ELEMENTS if statement.get(name)}


def _backwards(values: Iterable[str]) -> Any:
    """One value as it is, several backwards through the alphabet; what is given twice counts once."""
    ordered = sorted(set(values), reverse=True)
    return ordered[0] if len(ordered) == 1 else ordered


def _with_variables(values: Any, version: str, argument: str) -> Any:
    """`&{aws:username}` is how a variable of IAM is written; in the policy it is `${aws:username}`."""
    if isinstance(values, list):
        return [_with_variables(value, version, argument) for value in values]
    if version == OLD_VERSION and "&{" in values:
        text = f"found &{{ sequence in ({values}), which is not supported in document version {OLD_VERSION}"
        raise InvalidArgument("statements", f"reading {argument}: {text}")
    return values.replace("&{", "${")


def _principals(given: Iterable[tuple[str, Any]]) -> Any:
    pairs = list(given)
    if len(pairs) == 1 and pairs[0] in (("*", "*"), ("*", ["*"])):
        return "*"
    merged: dict[str, Any] = {}
    for kind, identifiers in pairs:
        many = sorted(identifiers, reverse=True) if isinstance(identifiers, list) else [identifiers]
        known = merged.get(kind)
        if known is None:
            merged[kind] = identifiers if isinstance(identifiers, str) else many
        else:
            merged[kind] = [*(known if isinstance(known, list) else [known]), *many]
    return dict(sorted(merged.items()))


def _pairs(principal: Any) -> list[tuple[str, Any]]:
    return list(principal.items()) if isinstance(principal, dict) else [("*", ["*"])]


def _conditions(given: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in given:
        merged.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {
            variable: values[0] if len(values) == 1 else values
            for variable, values in sorted(variables.items())
        }
        for test, variables in sorted(merged.items())
    }


def _texts(values: Any) -> list[str]:
    if isinstance(values, bool):
        return [str(values).lower()]
    return [str(value) for value in values] if isinstance(values, list) else [str(values)]


def _listed(values: Sequence[str]) -> str:
    return "[" + " ".join(f'"{value}"' for value in values) + "]"


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)
