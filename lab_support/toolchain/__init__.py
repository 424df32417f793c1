"""What the lab stands on: the Pulumi CLI at exactly one version, and what the AWS SDK says of its types (sdk_types).

    toolchain = find_pulumi()          # only looks; None if it is not there
    toolchain = obtain_pulumi(print)   # finds it, else downloads it, else builds it (minutes, once)
    link_into_environment(toolchain)   # so that it is found with another HOME or a cleared cache, too

`python -m lab_support.toolchain` does all three from a shell.
"""

from lab_support.toolchain.environment import link_into_environment
from lab_support.toolchain.find import find_pulumi
from lab_support.toolchain.obtain import obtain_pulumi
from lab_support.toolchain.pulumi_cli import PULUMI_VERSION, Toolchain, ToolchainError

__all__ = [
    "PULUMI_VERSION",
    "Toolchain",
    "ToolchainError",
    "find_pulumi",
    "link_into_environment",
    "obtain_pulumi",
]
