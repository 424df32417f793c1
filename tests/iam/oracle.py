"""A second evaluator of IAM's logic, written independently of the lab's to test it: slow and simple.

It reads the JSON directly, matches letter by letter instead of with regular expressions, and has only a few operators.
"""

from __future__ import annotations

from typing import Any


def match(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(match(pattern[1:], text[n:]) for n in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and match(pattern[1:], text[1:])


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def condition(operator: str, wanted: list[str], present: list[str] | None) -> bool:
    base = operator.removesuffix("IfExists")
    if base == "Null":
        return str(present is None).lower() in [text.lower() for text in wanted]
    if present is None:
        return operator.endswith("IfExists") or base in ("StringNotEquals", "StringNotLike")
    (value,) = present
    if base == "StringEquals":
        return value in wanted
    if base == "StringNotEquals":
        return value not in wanted
    if base == "StringLike":
        return any(match(pattern, value) for pattern in wanted)
    if base == "StringNotLike":
        return not any(match(pattern, value) for pattern in wanted)
    if base == "Bool":
        return value.lower() in [text.lower() for text in wanted]
    if base == "NumericLessThan":
        return any(float(value) < float(number) for number in wanted)
    raise ValueError(operator)


def applies(statement: dict[str, Any], action: str, resource: str, keys: dict[str, list[str]]) -> bool:
    for element, text in (("Action", action.lower()), ("Resource", resource)):
        fold = str.lower if element == "Action" else str
        if element in statement:
            if not any(match(fold(pattern), text) for pattern in as_list(statement[element])):
                return False
        elif any(match(fold(pattern), text) for pattern in as_list(statement[f"Not{element}"])):
            return False
    return all(
        condition(operator, [str(value) for value in as_list(wanted)], keys.get(key.lower()))
        for operator, tests in statement.get("Condition", {}).items()
        for key, wanted in tests.items()
    )


def allowed(
    policies: list[dict[str, Any]],
    boundary: dict[str, Any] | None,
    action: str,
    resource: str,
    keys: dict[str, list[str]],
) -> bool:
    def effects(documents: list[dict[str, Any]]) -> set[str]:
        statements = (s for document in documents for s in as_list(document["Statement"]))
        return {s["Effect"] for s in statements if applies(s, action, resource, keys)}

    identity = effects(policies)
    limit = effects([boundary]) if boundary else {"Allow"}
    return "Deny" not in identity | limit and "Allow" in identity and "Allow" in limit
