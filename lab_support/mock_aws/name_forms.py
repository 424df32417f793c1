"""Which names a type may have: of which characters, how long. The provider says no, or AWS where it does not look.

Types whose names have rules of their own (databases, streams, roles, topics, aliases, alarms) keep them in
services/*_rules.py.
"""

from __future__ import annotations

import re

from lab_support.mock_aws.aws_errors import InvalidInput
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ErrorTemplate
from lab_support.mock_aws.services import spec_of
from lab_support.mock_aws.templates import fill


def check_name(request: ResourceRequest) -> None:
    """Raises InvalidInput or AwsApiError for a name that the type may not have."""
    spec = spec_of(request.type)
    name = request.inputs.get(spec.name) if spec else None
    if spec is None or not isinstance(name, str):
        return
    for form in spec.name_forms:
        if re.fullmatch(form.pattern, name):
            continue
        if not form.code:
            raise InvalidInput(spec.name, fill(form.text, {"name": name}))
        raise ErrorTemplate(form.code, form.text).error({"name": name}, spec.creation)
