"""What a Pulumi SDK, or its absence, raises in somebody's program, said for the person who wrote the program."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version

_NO_ARGUMENT = re.compile(r"(\w+)\._internal_init\(\) got an unexpected keyword argument ('\w+')")
_NO_ATTRIBUTE = re.compile(r"module '(pulumi_\w+)[\w.]*' has no attribute")


def said_of(error: BaseException, text: str) -> str | None:
    """A sentence for an error (and what it says of itself) that comes from an SDK; None for any other."""
    if isinstance(error, ModuleNotFoundError):
        return _missing(error.name or "")
    if isinstance(error, TypeError) and (found := _NO_ARGUMENT.search(text)):
        kind, argument = found.groups()
        return f"TypeError: {kind} has no argument {argument}{_in_version(_package_of(error))}"
    if isinstance(error, TypeError) and text == "Object of type Output is not JSON serializable":
        return f"TypeError: {text}: its value is known only later. pulumi.Output.json_dumps() waits for it."
    if isinstance(error, AttributeError) and (found := _NO_ATTRIBUTE.search(text)):
        return f"AttributeError: {text}{_in_version(found[1])}"
    return None


def _missing(module: str) -> str | None:
    package = module.partition(".")[0]
    if not package:
        return None
    if not package.startswith("pulumi_"):
        return (
            f"ModuleNotFoundError: No module named {module!r}; a package has to be installed where the lab runs: "
            f"{sys.executable} -m pip install …"
        )
    name = package.replace("_", "-")
    return (
        f"The Pulumi package {name} is not installed where the lab runs; get it with: "
        f"{sys.executable} -m pip install {name}"
    )


def _package_of(error: BaseException) -> str:
    """The SDK in whose code an error was raised."""
    trace, package = error.__traceback__, ""
    while trace is not None:
        package = trace.tb_frame.f_globals.get("__package__") or ""
        trace = trace.tb_next
    return package.partition(".")[0]


def _in_version(package: str) -> str:
    name = package.replace("_", "-")
    try:
        return f" in {name} {version(name)}, which is installed here"
    except (PackageNotFoundError, ValueError):
        return ""
