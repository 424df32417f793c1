"""The errors that AWS's services declare for the calls that the mock account answers, with their HTTP statuses.

AWS's SDK for Go, in which the provider is written, prints a declared error otherwise than an undeclared one. Which
services and calls these are follows from the source of mock_aws: the names that its texts mention.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, Final

from tools.botocore_models import Service, folders, service
from tools.data_file import ROOT, DataFile
from tools.name_limits import limits

_BAD_REQUEST: Final = 400
# Services that speak JSON and keep the codes of their older protocol in a header (`awsQueryCompatible`), which their
# models no longer name; AWS's SDK for Go prints those.
_OLDER_CODES: Final[Mapping[str, str]] = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
}


def declared() -> dict[str, dict[str, Any]]:
    """The declared errors of each call ("RDS.CreateDBInstance"), and by service those with a status other than 400."""
    words = _words()
    named = {entry["call"] for entry in limits().values() if "error" in entry}
    mentioned = re.compile("|".join(words))
    codes: dict[str, Any] = {}
    statuses: dict[str, Any] = {}
    for service_id, folder in folders().items():
        if re.escape(service_id) not in words and not any(
            call.startswith(f"{service_id}.") for call in named
        ):
            continue
        known = service(folder)
        for operation in known.operations:
            if not mentioned.fullmatch(operation) and f"{service_id}.{operation}" not in named:
                continue
            errors = sorted(_OLDER_CODES.get(code, code) for code, _ in known.errors_of(operation))
            if errors:
                codes[f"{service_id}.{operation}"] = errors
        unusual = _unusual(known)
        if unusual:
            statuses[service_id] = unusual
    return {"codes": codes, "statuses": statuses}


def _unusual(known: Service) -> Mapping[str, int]:
    errors = (error for operation in known.operations for error in known.errors_of(operation))
    return dict(sorted((code, status) for code, status in errors if status != _BAD_REQUEST))


def _words() -> set[str]:
    """Texts of mock_aws's source that may be a service or a call, as patterns: what is filled in matches any word."""
    found = set()
    for path in (ROOT / "lab_support" / "mock_aws").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                found.add("".join(map(_pattern, node.values)))
    texts = {word for word in found if re.fullmatch(r"[A-Z0-9]\w+(\\ \w+)*|[A-Z]\w+\\w\*\w+", word)}
    # What is changed by the call that follows from the one that creates it (AwsApiError.of_an_update).
    return texts | {re.sub("^Create", "Update", word) for word in texts}


def _pattern(part: ast.expr) -> str:
    is_text = isinstance(part, ast.Constant) and isinstance(part.value, str)
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) and is_text else r"\w*"


DATA_FILE: Final = DataFile("lab_support/mock_aws/data/aws_errors.json", ("botocore",), declared)
