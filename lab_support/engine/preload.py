"""What must be known of a program before several threads run it: modules to load, calls back from the engine.

pulumi_aws loads `aws.ec2` when it is first touched, and that is not safe with threads: a second one that comes
while the first is loading sees an empty module ("module 'pulumi_aws.ec2' has no attribute 'Vpc'"). What loads on demand
(sdk_speed/on_demand.py) may be touched by any of them; a process that is about to be forked is glad of it all the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from lab_support.program_code import names_around


def preload(program: Callable[..., Any]) -> None:
    """Loads what the program, or code defined beside it, names of pulumi_aws: lazy modules, or the files of them."""
    services = {
        name.rpartition(".")[2]: module
        for name, module in list(sys.modules.items())
        if name.startswith("pulumi_aws.") and type(module).__name__ in ("_LazyModule", "Service")
    }
    if not services:
        return
    from lab_support.engine.sdk_patches.on_demand import Service, load_files_named

    used = names_around(program)
    for name in used & services.keys():
        if isinstance(services[name], Service):
            load_files_named(services[name], used)
        else:
            hasattr(services[name], "anything")  # asking loads it
