"""`pulumi_std`: Terraform's functions, as programs that were converted from Terraform call them.

They are pure, so they are computed. What each does: the documentation of Terraform's built-in functions.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import ipaddress
import itertools
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

Args = Mapping[str, Any]


def _of_input(function: Callable[[Any], Any]) -> Callable[[Args], Any]:
    return lambda args: function(args.get("input"))


def _digest(kind: str, in_base64: bool = False) -> Callable[[bytes], str]:
    def digest(content: bytes) -> str:
        made = hashlib.new(kind, content, usedforsecurity=False)
        return base64.b64encode(made.digest()).decode() if in_base64 else made.hexdigest()

    return digest


def _of_text(function: Callable[[bytes], Any]) -> Callable[[Args], Any]:
    return lambda args: function(str(args["input"]).encode())


def _of_file(function: Callable[[bytes], Any]) -> Callable[[Args], Any]:
    return lambda args: function(Path(args["input"]).expanduser().read_bytes())


def _format(pattern: str, values: Sequence[Any]) -> str:
    """Terraform's format, as far as Python's `%` knows the same verbs."""
    python = re.sub(r"%(#?)v", "%s", pattern).replace("%t", "%s").replace("%q", '"%s"')
    return python % tuple(str(v).lower() if isinstance(v, bool) else v for v in values)


def _formatlist(args: Args) -> list[str]:
    given = [argument if isinstance(argument, list) else [argument] for argument in args.get("args") or ()]
    rounds = max((len(argument) for argument in given), default=0)
    rows = ([argument[n] if len(argument) > 1 else argument[0] for argument in given] for n in range(rounds))
    return [_format(args["input"], row) for row in rows]


def _subnet(network: str, newbits: int, number: int) -> str:
    parent = ipaddress.ip_network(network, strict=False)
    length = parent.prefixlen + newbits
    if not (parent.prefixlen <= length <= parent.max_prefixlen and 0 <= number < 1 << newbits):
        raise ValueError(f"{network} has no subnet number {number} of {newbits} more bits")
    return f"{parent.network_address + (number << parent.max_prefixlen - length)}/{length}"


def _subnets(args: Args) -> list[str]:
    """Subnets of the given sizes, each after the one before, at the next place where it fits."""
    parent = ipaddress.ip_network(args["input"], strict=False)
    found, place = [], int(parent.network_address)
    for bits in args["newbits"]:
        size = 1 << (parent.max_prefixlen - parent.prefixlen - bits)
        place = -(-place // size) * size
        found.append(f"{ipaddress.ip_address(place)}/{parent.prefixlen + bits}")
        place += size
    return found


def _host(args: Args) -> str:
    parent = ipaddress.ip_network(args["input"], strict=False)
    number = int(args["host"])
    return str(parent[number])


def _range(args: Args) -> list[float]:
    limit, start = args["limit"], args.get("start") or 0
    step = args.get("step") or (1 if limit >= start else -1)
    numbers = itertools.takewhile(
        lambda n: n < limit if step > 0 else n > limit, itertools.count(start, step)
    )
    return list(itertools.islice(numbers, 1024))


def _regex(args: Args) -> Any:
    found = re.search(args["pattern"], args["string"])
    if found is None:
        raise ValueError(f"{args['pattern']!r} does not match {args['string']!r}")
    return found.groupdict() or list(found.groups()) or found.group()


def _replace(args: Args) -> str:
    search = args["search"]
    if len(search) > 1 and search[0] == search[-1] == "/":  # between slashes it is a regular expression
        return re.sub(search[1:-1], re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", args["replace"]), args["text"])
    return str(args["text"]).replace(search, args["replace"])


def _lookup(args: Args) -> Any:
    return (args.get("map") or {}).get(args["key"], args.get("default"))


def _flatten(values: Any) -> list[Any]:
    return [item for value in values for item in (_flatten(value) if isinstance(value, list) else [value])]


def _distinct(values: Any) -> list[Any]:
    return [value for number, value in enumerate(values) if value not in values[:number]]


def _substr(args: Args) -> str:
    text, offset, length = args["input"], int(args["offset"]), int(args["length"])
    start = offset if offset >= 0 else len(text) + offset
    return str(text[start:] if length < 0 else text[start : start + length])


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _index(args: Args) -> int:
    return list(args["input"]).index(args["element"])


def _element(args: Args) -> Any:
    return args["input"][int(args["index"]) % len(args["input"])]


def _merge(maps: Any) -> dict[str, Any]:
    return {key: value for mapping in maps if mapping for key, value in mapping.items()}


def _first(values: Any) -> Any:
    return next((value for value in values if value not in (None, "")), None)


def _json(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _without(args: Args, prefix: bool) -> str:
    text = str(args["input"])
    return text.removeprefix(args["prefix"]) if prefix else text.removesuffix(args["suffix"])


FUNCTIONS: Final[Mapping[str, Callable[[Args], Any]]] = {
    "abs": _of_input(abs),
    "abspath": _of_input(lambda path: str(Path(path).absolute())),
    "alltrue": _of_input(all),
    "anytrue": _of_input(any),
    "base64decode": _of_input(lambda text: base64.b64decode(text).decode()),
    "base64encode": _of_text(lambda content: base64.b64encode(content).decode()),
    "basename": _of_input(lambda path: Path(path).name),
    "ceil": _of_input(math.ceil),
    "chomp": _of_input(lambda text: text.rstrip("\r\n")),
    "chunklist": lambda args: [
        args["input"][n : n + int(args["size"])] for n in range(0, len(args["input"]), int(args["size"]))
    ],
    "cidrhost": _host,
    "cidrnetmask": _of_input(lambda network: str(ipaddress.ip_network(network, strict=False).netmask)),
    "cidrsubnet": lambda args: _subnet(args["input"], int(args["newbits"]), int(args["netnum"])),
    "cidrsubnets": _subnets,
    "coalesce": _of_input(_first),
    "coalescelist": _of_input(lambda lists: next((list_ for list_ in lists if list_), [])),
    "compact": _of_input(lambda values: [value for value in values if value not in (None, "")]),
    "concat": _of_input(lambda lists: [value for list_ in lists for value in list_]),
    "contains": lambda args: args["element"] in args["input"],
    "csvdecode": _of_input(_csv),
    "dirname": _of_input(lambda path: str(Path(path).parent)),
    "distinct": _of_input(_distinct),
    "element": _element,
    "endswith": lambda args: str(args["input"]).endswith(args["suffix"]),
    "file": _of_file(bytes.decode),
    "filebase64": _of_file(lambda content: base64.b64encode(content).decode()),
    "fileexists": _of_input(lambda path: Path(path).expanduser().is_file()),
    "flatten": _of_input(_flatten),
    "floor": _of_input(math.floor),
    "format": lambda args: _format(args["input"], args.get("args") or ()),
    "formatlist": _formatlist,
    "indent": lambda args: str(args["input"]).replace("\n", "\n" + " " * int(args["spaces"])),
    "index": _index,
    "join": lambda args: str(args.get("separator") or "").join(map(str, args["input"])),
    "jsondecode": _of_input(json.loads),
    "jsonencode": _of_input(_json),
    "keys": _of_input(sorted),
    "length": _of_input(len),
    "log": lambda args: math.log(args["input"], args["base"]),
    "lookup": _lookup,
    "lower": _of_input(str.lower),
    "max": _of_input(max),
    "merge": _of_input(_merge),
    "min": _of_input(min),
    "parseint": lambda args: int(args["input"], int(args.get("base") or 10)),
    "pathexpand": _of_input(lambda path: str(Path(path).expanduser())),
    "pow": lambda args: args["base"] ** args["exponent"],
    "range": _range,
    "regex": _regex,
    "regexall": lambda args: re.findall(args["pattern"], args["string"]),
    "replace": _replace,
    "reverse": _of_input(lambda values: values[::-1]),
    "slice": lambda args: args["list"][int(args.get("from") or 0) : int(args["to"])],
    "sort": _of_input(sorted),
    "split": lambda args: str(args["text"]).split(args["separator"]),
    "startswith": lambda args: str(args["input"]).startswith(args["prefix"]),
    "strrev": _of_input(lambda text: text[::-1]),
    "substr": _substr,
    "sum": _of_input(sum),
    "title": _of_input(lambda text: re.sub(r"\b[a-z]", lambda found: found.group().upper(), text)),
    "tobool": _of_input(lambda value: value in (True, "true")),
    "tolist": _of_input(list),
    "tonumber": _of_input(lambda value: float(value) if "." in str(value) else int(value)),
    "toset": _of_input(lambda values: sorted(_distinct(values), key=str)),
    "tostring": _of_input(lambda value: str(value).lower() if isinstance(value, bool) else str(value)),
    "trim": lambda args: str(args["input"]).strip(args["cutset"]),
    "trimprefix": lambda args: _without(args, True),
    "trimspace": _of_input(str.strip),
    "trimsuffix": lambda args: _without(args, False),
    "upper": _of_input(str.upper),
    "urlencode": _of_input(quote_plus),
    "values": _of_input(lambda values: [values[key] for key in sorted(values)]),
    "zipmap": lambda args: dict(zip(args["keys"], args["values"], strict=False)),
    **{kind: _of_text(_digest(kind)) for kind in ("md5", "sha1", "sha256", "sha512")},
    **{f"file{kind}": _of_file(_digest(kind)) for kind in ("md5", "sha1", "sha256", "sha512")},
    **{f"base64{kind}": _of_text(_digest(kind, True)) for kind in ("sha256", "sha512")},
    **{f"filebase64{kind}": _of_file(_digest(kind, True)) for kind in ("sha256", "sha512")},
}
