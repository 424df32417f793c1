"""Templates in the services' tables: `arn:{partition}:sqs:{region}:{account}:{name}` becomes an ARN.

Between braces is a property of the resource by wire name (`{name}`, `{id}`, `{arn}`), a fact of the request
(`{account}`, `{region}`, `{partition}`, `{dns_suffix}`, `{region_code}`, `{logical}`) or an identifier that AWS would
draw: `{hex17}`, `{HEX32}`, `{upper13}`, `{lower10}`, `{letters8}`, `{digits12}`, `{uuid}`; `{home11}` and
`{homehex17}` are the same for everything in one account and region. Identifiers follow from the account and the URN;
a word behind a colon makes another one (`{hex17:main}`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lab_support.iam.regions import partition_of
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.zones import region_code
from lab_support.plan.values import UNKNOWN

_FIELD: Final = re.compile(r"\{(\w+)(?::([\w-]+))?\}")
_ALTERNATIVES: Final = re.compile(r"\{([A-Za-z][\w|]*)\}")
_DRAWN: Final = {
    "hex": identifiers.hexadecimal,
    "upper": identifiers.upper,
    "lower": identifiers.lower,
    "letters": identifiers.letters,
    "digits": identifiers.digits,
    "HEX": lambda seed, length: identifiers.hexadecimal(seed, length).upper(),
    "home": identifiers.lower,
    "homehex": identifiers.hexadecimal,
}


class Fields(dict[str, Any]):
    """What a template may name; a field that is not known is UNKNOWN."""

    def __init__(
        self, values: Mapping[str, Any], *, account: str, urn: str, seed: str, region: str, partition: str
    ) -> None:
        super().__init__(values)
        self._seed = seed
        self.setdefault("region", region)
        self._home = f"{account}:{self['region']}"
        self.update(
            account=account,
            partition=partition,
            logical=urn.rpartition("::")[2],
            dns_suffix=partition_of(region).dns_suffix,
            region_code=region_code(self["region"]),
        )

    def __missing__(self, field: str) -> Any:
        return UNKNOWN

    def drawn(self, field: str, salt: str | None) -> Any:
        """The value of a field, or the identifier that it means."""
        if field in self:
            return UNKNOWN if self[field] is None else self[field]
        seed = f"{self._seed}:{salt}" if salt else self._seed
        if field == "uuid":
            return identifiers.uuid_of(seed)
        kind = field.rstrip("0123456789")
        if kind not in _DRAWN:
            return UNKNOWN  # not given, and nothing follows from it
        return _DRAWN[kind](self._home if kind.startswith("home") else seed, int(field[len(kind) :] or 0))


def render(template: str, fields: Fields) -> Any:
    """The template with its fields filled in; UNKNOWN where one of them is."""
    found = [fields.drawn(name, salt or None) for name, salt in _FIELD.findall(template)]
    if any(value is UNKNOWN for value in found):
        return UNKNOWN
    values = iter(found)
    return _FIELD.sub(lambda _: str(next(values)), template)


def fill(template: str, fields: Mapping[str, Any]) -> str:
    """A sentence with fields in it; of alternatives (`{arn|name}`) the first that is given, and nothing for none."""

    def given(match: re.Match[str]) -> str:
        found = (fields.get(name) for name in match[1].split("|"))
        return next((str(value) for value in found if value is not None), "")

    return _ALTERNATIVES.sub(given, template)
