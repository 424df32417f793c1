"""Reads botocore's models of AWS's services (botocore/data), which say what an API takes and how it refuses."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_SERVICE_ID: Final = re.compile(r'"serviceId"\s*:\s*"([^"]+)"')


@dataclass(frozen=True)
class Service:
    """One service: `id` as AWS's SDKs print it (`Elastic Load Balancing v2`), `model` as botocore has it."""

    id: str
    model: Mapping[str, Any]

    @property
    def operations(self) -> Mapping[str, Any]:
        operations: Mapping[str, Any] = self.model["operations"]
        return operations

    def shape(self, name: str) -> Mapping[str, Any]:
        """A type of the model. Raises KeyError if there is none of this name."""
        shape: Mapping[str, Any] = self.model["shapes"][name]
        return shape

    def inputs_of(self, operation: str) -> Mapping[str, str]:
        """What an operation takes: the name of the type of each parameter."""
        wanted = self.operations[operation].get("input")
        members = self.shape(wanted["shape"])["members"] if wanted else {}
        return {name: member["shape"] for name, member in members.items()}

    def errors_of(self, operation: str) -> Iterator[tuple[str, int]]:
        """The errors that an operation declares: the code on the wire and the HTTP status."""
        for listed in self.operations[operation].get("errors", ()):
            shape = self.shape(listed["shape"])
            error = shape.get("error", {})
            yield (
                error.get("code", listed["shape"]),
                error.get("httpStatusCode", 500 if shape.get("fault") else 400),
            )


@cache
def data_folder() -> Path:
    """Where botocore's data are; nothing of the package is imported."""
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed: it is part of the dev extra")
    return Path(spec.origin).parent / "data"


@cache
def folders() -> Mapping[str, str]:
    """The folder of each service in botocore's data, by service id."""
    found = {}
    for path in sorted(data_folder().glob("*/*/service-2.json.gz")):  # of several versions, the newest
        with gzip.open(path, "rt", encoding="utf-8") as file:
            text = file.read(4000)
            service_id = _SERVICE_ID.search(text) or _SERVICE_ID.search(text + file.read())
        if service_id:
            found[service_id[1]] = path.parent.parent.name
    return found


@cache
def service(folder: str) -> Service:
    """The service whose model is in this folder of botocore's data."""
    path = max((data_folder() / folder).glob("*/service-2.json.gz"))
    model = json.loads(gzip.decompress(path.read_bytes()))
    return Service(model["metadata"]["serviceId"], model)
