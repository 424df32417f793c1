"""What a run will ask about the types that a program names, found out while the engine starts and nobody else works.

All of it is kept where it would be kept anyway (the SDK's caches and ours), so a second run finds it there. Whatever
goes wrong here goes wrong again where it is asked for, and is told there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pulumi_aws
from pulumi import _types

from lab_support.engine.sdk_patches.on_demand import Service
from lab_support.mock_aws import sdk_source, services
from lab_support.mock_aws.sdk_defaults import documented_defaults
from lab_support.mock_aws.sdk_source import Registered
from lab_support.program_code import names_around


def look_ahead(program: Callable[..., Any]) -> None:
    """Reads what is known of the types that the program names. Raises nothing."""
    with suppress(Exception):
        services.specs()
        names = names_around(program)
        for resource in sdk_source.registered_resources().values():
            if resource.class_name in names and resource.module in names:
                _look_at(resource)


def _look_at(resource: Registered) -> None:
    service = getattr(pulumi_aws, resource.module)
    if not isinstance(service, Service):  # it loads as a whole, and not while another thread touches it
        return
    _types.resource_types(getattr(service, resource.class_name))
    with suppress(
        AttributeError
    ):  # where the name was taken, it is called otherwise, and waits until it is used
        _types.input_type_types(getattr(service, f"{resource.class_name}Args"))
    documented_defaults(resource.token)
