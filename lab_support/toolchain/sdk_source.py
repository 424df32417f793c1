"""Finds where the installed AWS SDK (`pulumi_aws`) declares something, and cuts that piece out of its source.

Importing the SDK takes seconds, and some of its files have 3 MB. So nothing here imports it: a file is read
as text, and only the one class or function that is wanted is looked at.
"""

from __future__ import annotations

import importlib.util
import json
import keyword
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

_NEXT_DEFINITION: Final = re.compile(r"\n(?:@|class |def )")
_RESOURCE_MODULES: Final = re.compile(r'resource_modules="""(.*?)"""', re.DOTALL)
_INPUTS_CLASS: Final = re.compile(r"^class (\w+Args)\b", re.MULTILINE)


@dataclass(frozen=True)
class Registered:
    """A resource as the SDK registers it: `module` is the one the program names (`rds`, `lambda_`)."""

    token: str
    module: str
    class_name: str

    @property
    def qualified_name(self) -> str:
        """What a program writes after `aws.`."""
        return f"{self.module}.{self.class_name}" if self.module else self.class_name


@cache
def package_folder() -> Path:
    """The folder of the installed package; raises ModuleNotFoundError where there is none."""
    spec = importlib.util.find_spec("pulumi_aws")  # of a top-level name: this looks, and imports nothing
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            "pulumi_aws is not installed: the mock account reads its resource types from it"
        )
    return Path(spec.submodule_search_locations[0])


@cache
def registered_resources() -> Mapping[str, Registered]:
    """Every resource of the SDK by its token, from the JSON text that the package hands to the engine.

    Raises LookupError where the package is not written as expected.
    """
    text = (package_folder() / "__init__.py").read_text(encoding="utf-8")
    found = _RESOURCE_MODULES.search(text)
    if found is None:
        raise LookupError("pulumi_aws/__init__.py registers no resources in the way that is known here")
    resources = {}
    for entry in json.loads(found[1]):
        module = entry["fqn"].partition(".")[2]
        for token, class_name in entry["classes"].items():
            resources[token] = Registered(token, module, class_name)
    return MappingProxyType(resources)


def resource_file(resource: Registered) -> Path:
    """The file that holds the resource's class; raises LookupError where there is none."""
    path = _file_with(
        f"\nclass {resource.class_name}(pulumi.CustomResource)",
        folder_of(resource.module),
        resource.class_name,
    )
    if path is None:
        raise LookupError(
            f"pulumi_aws registers {resource.token}, but its class is in no file of that module"
        )
    return path


def import_example(token: str) -> str:
    """The id in the SDK's example of `pulumi import TOKEN name ID`; empty where it gives none."""
    resource = registered_resources().get(token)
    if resource is None:
        return ""
    found = re.search(rf"pulumi import {re.escape(token)} \S+ (\S+)", _text(resource_file(resource)))
    return found[1].strip("'\"") if found else ""


def function_file(token: str) -> tuple[str, Path] | None:
    """The module and the file of a data source (`aws:iam/getPolicyDocument:getPolicyDocument`), or None."""
    package, _, rest = token.partition(":")
    place, _, name = rest.partition(":")
    module = place.partition("/")[0]
    if package != "aws" or not module.isidentifier() or not name:
        return None
    module = {"index": ""}.get(module, f"{module}_" if keyword.iskeyword(module) else module)
    path = _file_with(f"pulumi.runtime.invoke('{token}'", folder_of(module), name)
    return None if path is None else (module, path)


def folder_of(module: str) -> Path:
    """The folder of a module; what has no module (`aws.get_region`) is in the package's own."""
    return package_folder() / module if module else package_folder()


def inputs_class_of(path: Path) -> str:
    """The class of a resource's inputs: `BucketArgs`, or `BucketInitArgs` where the first name was taken.

    An empty string where the file has none.
    """
    found = _INPUTS_CLASS.search(_text(path))
    return found[1] if found else ""


def class_in(path: Path, name: str) -> str | None:
    """The source of a top-level class, or None if the file has none of this name."""
    return _definition(path, f"class {name}:") or _definition(path, f"class {name}(")


def function_in(path: Path, name: str) -> str | None:
    """The source of a top-level function, or None if the file has none of this name."""
    return _definition(path, f"def {name}(")


def _definition(path: Path, opening: str) -> str | None:
    text = _text(path)
    start = text.find(f"\n{opening}")
    if start < 0:
        return None
    end = _NEXT_DEFINITION.search(text, start + 1)
    return text[start + 1 : end.start() if end else len(text)]


def _file_with(marker: str, folder: Path, name: str) -> Path | None:
    # The file is named after the class or function, but where the SDK puts the underscores cannot be derived
    # (graph_ql_api.py holds GraphQLApi). So the likely file comes first, and the marker decides.
    letters = name.lower()
    likely_first = sorted(_files_in(folder), key=lambda file: file[:-3].replace("_", "") != letters)
    return next((path for file in likely_first if marker in _text(path := folder / file)), None)


@cache
def _files_in(folder: Path) -> tuple[str, ...]:
    """The names of the files in which a module has its resources and data sources."""
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(name for name in os.listdir(folder) if name.endswith(".py") and not name.startswith("_"))
    )


# A few files at a time: the whole package is 120 MB of text.
@lru_cache(maxsize=8)
def _text(path: Path) -> str:
    return "\n" + path.read_text(encoding="utf-8")
