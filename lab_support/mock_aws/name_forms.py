"""Which names a type may have: of which characters, how long. The provider says no, or AWS where it does not look.

Types whose names have rules of their own (databases, streams, roles, topics, aliases, alarms) keep them in
services/*_rules.py.
"""

from __future__ import annotations

import re

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data.name_limits import NameLimit, name_limit
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ErrorTemplate, ResourceSpec
from lab_support.mock_aws.services import canonical_token, spec_of
from lab_support.mock_aws.templates import fill
from lab_support.plan.invalid_input import InvalidInput


def check_name(request: ResourceRequest) -> None:
    """Raises InvalidInput or AwsApiError for a name that the type may not have."""
    spec = spec_of(request.type) or ResourceSpec()
    limit = name_limit(canonical_token(request.type))
    if limit is not None and limit.error and not spec.name_forms:
        _check_limit(request, limit, spec)
    name = request.inputs.get(spec.name)
    if not isinstance(name, str):
        return
    for form in spec.name_forms:
        if re.fullmatch(form.pattern, name):
            continue
        if not form.code:
            raise InvalidInput(spec.name, fill(form.text, {"name": name}))
        raise ErrorTemplate(form.code, form.text).error({"name": name}, spec.creation)


def _check_limit(request: ResourceRequest, limit: NameLimit, spec: ResourceSpec) -> None:
    """Raises AWS's own refusal of a name, where neither the provider nor the entry looks first."""
    name = request.inputs.get(limit.input)
    fault = limit.fault(name) if isinstance(name, str) else ""
    if fault and not request.account.is_made_up(str(name)):
        parameter = limit.parameter[:1].lower() + limit.parameter[1:]
        text = f"1 validation error detected: Value '{name}' at '{parameter}' failed to satisfy constraint: {fault}"
        doing = fill(spec.creation[2], {n: v for n, v in request.inputs.items() if isinstance(v, str)})
        raise AwsApiError(limit.service, limit.operation, limit.error, text, doing)
