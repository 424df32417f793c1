"""AWS Directory Service."""

from __future__ import annotations

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"directoryservice.Directory": ResourceSpec(name="")}
