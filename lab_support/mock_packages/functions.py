"""What the functions of other packages answer: `tls.get_certificate`, `std.jsonencode`, `command.local.run`, ..."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.data_sources import look_up
from lab_support.mock_packages import std_functions, tls_values

Args = Mapping[str, Any]


class CannotCall(Exception):
    """A function could not be computed with these arguments; the text says why."""


def call(token: str, args: Args, account: Account, region: str) -> dict[str, Any]:
    """The result of a function by wire name. Raises CannotCall.

    One that is not known answers with its arguments.
    """
    package, *_, name = token.split(":")
    if package == "std" and name in std_functions.FUNCTIONS:
        return {"result": _computed(std_functions.FUNCTIONS[name], token, args)}
    if token == "awsx:ec2:getDefaultVpc":
        return _default_vpc(account, region)
    known = _TABLE.get(token)
    return known(args) if known else {"id": name, **args}


def _computed(function: Callable[[Args], Any], token: str, args: Args) -> Any:
    try:
        return function(args)
    except OSError as error:
        raise CannotCall(f"{token}: {error.filename}: {error.strerror}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise CannotCall(f"{token}: {error}") from None


def _default_vpc(account: Account, region: str) -> dict[str, Any]:
    """The VPC that every region of an account has, with its subnets; all of them are public."""
    vpc = look_up("aws:ec2/getVpc:getVpc", {"default": True}, account, region)
    wanted = {"filters": [{"name": "vpc-id", "values": [vpc.get("id")]}]}
    subnets = look_up("aws:ec2/getSubnets:getSubnets", wanted, account, region)
    return {"vpcId": vpc.get("id"), "publicSubnetIds": subnets.get("ids") or [], "privateSubnetIds": []}


def _not_run(args: Args) -> dict[str, Any]:
    """A command is never run; it has printed nothing."""
    return {**args, "stdout": "", "stderr": ""}


def _archive(args: Args) -> dict[str, Any]:
    """What an archive would be called; it is not written, so its hash is that of what goes into it."""
    digest = hashlib.sha256()
    source = Path(str(args.get("sourceFile") or args.get("sourceDir") or ""))
    files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
    for file in files if args.get("sourceFile") or args.get("sourceDir") else ():
        try:
            digest.update(file.read_bytes())
        except OSError as error:
            raise CannotCall(f"archive: {error.filename}: {error.strerror}") from None
    digest.update(str(args.get("sourceContent") or args.get("sources") or "").encode())
    return {
        **args,
        "id": hashlib.sha1(digest.digest(), usedforsecurity=False).hexdigest(),
        "outputBase64sha256": base64.b64encode(digest.digest()).decode(),
        "outputSha256": digest.hexdigest(),
        "outputSha": hashlib.sha1(digest.digest(), usedforsecurity=False).hexdigest(),
        "outputMd5": hashlib.md5(digest.digest(), usedforsecurity=False).hexdigest(),
        "outputSize": 0,
    }


_TABLE: Final[Mapping[str, Callable[[Args], dict[str, Any]]]] = {
    "archive:index/getFile:getFile": _archive,
    "command:local:run": _not_run,
    "kubernetes:helm:template": lambda args: {"result": []},
    "kubernetes:kustomize:directory": lambda args: {"result": []},
    "kubernetes:yaml:decode": lambda args: {"result": []},
    "tls:index/getCertificate:getCertificate": tls_values.get_certificate,
    "tls:index/getPublicKey:getPublicKey": tls_values.get_public_key,
}
