"""What IAM's types have in common: names that are unique in the account, and principals that must exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws.resource_spec import Computed, Reference, ResourceSpec, Unique


def named_spec(
    kind: str,
    path: str,
    id_prefix: str,
    id: str = "{name}",
    defaults: Mapping[str, Computed] | None = None,
    computed: Mapping[str, Computed] | None = None,
    **more: Any,
) -> ResourceSpec:
    """A resource with a name and a path; its unique id begins with `id_prefix` (IAM User Guide, "IAM identifiers")."""
    unique_name = "policyId" if kind == "Policy" else "uniqueId"
    return ResourceSpec(
        id=id,
        arn=f"arn:{{partition}}:iam::{{account}}:{path}{{path}}{{name}}",
        generated="terraform-",
        is_global=True,
        defaults={"path": "/", **(defaults or {})},
        computed={unique_name: f"{id_prefix}{{upper17}}", **(computed or {})},
        **more,
    )


def unique_name(kind: str, text: str = "") -> Unique:
    """IAM compares names without regard to case, and in all regions."""
    text = text or f"{kind} with name {{name}} already exists."
    return Unique("EntityAlreadyExists", text, ignores_case=True)


def principal_exists(name: str, kind: str, operation: str = "", doing: str = "") -> Reference:
    """The `Role` or `User` that a property names; without an operation the call that creates the resource misses it."""
    text = f"The {kind.lower()} with name {{value}} cannot be found."
    call = ("IAM", operation) if operation else None
    return Reference("NoSuchEntity", text, call=call, doing=doing, name=name, target=f"iam.{kind}")
