"""`pulumi_random`: passwords, ids and pet names of the form that the real provider gives, fixed by the resource's URN.

The real provider leaves them unknown in a preview; here they are known, so that what a program builds from them can
be seen. Forms and defaults: the documentation of the `random` provider's resources.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from lab_support.mock_packages.package_request import PackageRequest, PackageResource

_SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
_BCRYPT: Final = "./" + ascii_uppercase + ascii_lowercase + digits
_ADJECTIVES: Final = (
    "bright",
    "calm",
    "eager",
    "fair",
    "gentle",
    "keen",
    "lively",
    "merry",
    "proud",
    "sunny",
)
_ADVERBS: Final = ("barely", "fully", "gladly", "highly", "jointly", "mostly", "nicely", "quietly", "truly")
_PETS: Final = ("badger", "crane", "dolphin", "falcon", "gecko", "heron", "lynx", "otter", "panda", "tapir")


def _characters(request: PackageRequest) -> str:
    """A string of `length`, of the classes that are wanted, with as many of each as is asked for."""
    chance, length = request.chance, int(request.get("length", 8))
    numeric = request.get("numeric", request.get("number", True))
    special = request.get("overrideSpecial", "") or _SPECIAL
    classes = (
        (ascii_uppercase, request.get("upper", True), request.get("minUpper", 0)),
        (ascii_lowercase, request.get("lower", True), request.get("minLower", 0)),
        (digits, numeric, request.get("minNumeric", 0)),
        (special, request.get("special", True), request.get("minSpecial", 0)),
    )
    chosen = [chance.choice(letters) for letters, _, least in classes for _ in range(int(least))]
    wanted = "".join(letters for letters, is_wanted, _ in classes if is_wanted) or ascii_lowercase
    chosen += [chance.choice(wanted) for _ in range(length - len(chosen))]
    chance.shuffle(chosen)
    return "".join(chosen)[:length]


def _password(request: PackageRequest) -> PackageResource:
    result = _characters(request)
    chance = request.chance
    bcrypt = "$2a$10$" + "".join(chance.choice(_BCRYPT) for _ in range(53))
    return PackageResource(
        "none", {"result": result, "bcryptHash": bcrypt}, frozenset({"result", "bcryptHash"})
    )


def _string(request: PackageRequest) -> PackageResource:
    result = _characters(request)
    return PackageResource(result, {"result": result})


def _id(request: PackageRequest) -> PackageResource:
    octets = request.chance.randbytes(int(request.get("byteLength", 8)))
    prefix = request.get("prefix", "")
    url = base64.urlsafe_b64encode(octets).decode().rstrip("=")
    outputs = {
        "b64Std": prefix + base64.b64encode(octets).decode(),
        "b64Url": prefix + url,
        "hex": prefix + octets.hex(),
        "dec": f"{prefix}{int.from_bytes(octets, 'big')}",
    }
    return PackageResource(url, outputs)


def _bytes(request: PackageRequest) -> PackageResource:
    octets = request.chance.randbytes(int(request.get("length", 8)))
    outputs = {"base64": base64.b64encode(octets).decode(), "hex": octets.hex()}
    return PackageResource("none", outputs, frozenset(outputs))


def _integer(request: PackageRequest) -> PackageResource:
    result = request.chance.randint(int(request.get("min", 0)), int(request.get("max", 0)))
    return PackageResource(str(result), {"result": result})


def _pet(request: PackageRequest) -> PackageResource:
    chance, length = request.chance, int(request.get("length", 2))
    words = [chance.choice(_ADVERBS) for _ in range(length - 2)]
    words += [chance.choice(_ADJECTIVES)] if length > 1 else []
    words.append(chance.choice(_PETS))
    prefix = request.get("prefix", "")
    return PackageResource(request.get("separator", "-").join([prefix, *words] if prefix else words))


def _shuffle(request: PackageRequest) -> PackageResource:
    chance, given = request.chance, list(request.get("inputs", []))
    wanted = int(request.get("resultCount", len(given)))
    results: list[object] = []
    while given and len(results) < wanted:  # more than there are: another round
        results += chance.sample(given, len(given))
    return PackageResource("-", {"results": results[:wanted]})


def _uuid(version: int) -> Callable[[PackageRequest], PackageResource]:
    def make(request: PackageRequest) -> PackageResource:
        octets = bytearray(request.chance.randbytes(16))
        octets[6], octets[8] = (octets[6] & 0x0F) | version << 4, (octets[8] & 0x3F) | 0x80
        result = str(uuid.UUID(bytes=bytes(octets)))
        return PackageResource(result, {"result": result})

    return make


# The inputs that decide: where one of them is unknown, so is the value.
MAKERS: Final[Mapping[str, Callable[[PackageRequest], PackageResource]]] = {
    "random:index/randomBytes:RandomBytes": _bytes,
    "random:index/randomId:RandomId": _id,
    "random:index/randomInteger:RandomInteger": _integer,
    "random:index/randomPassword:RandomPassword": _password,
    "random:index/randomPet:RandomPet": _pet,
    "random:index/randomShuffle:RandomShuffle": _shuffle,
    "random:index/randomString:RandomString": _string,
    "random:index/randomUuid:RandomUuid": _uuid(4),
    "random:index/randomUuid4:RandomUuid4": _uuid(4),
    "random:index/randomUuid7:RandomUuid7": _uuid(7),
}
