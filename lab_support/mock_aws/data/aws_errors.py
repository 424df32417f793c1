"""The errors that AWS's services declare, with their HTTP statuses (aws_errors.json, by tools/aws_errors.py)."""

from __future__ import annotations

from lab_support.mock_aws.data import read

_BAD_REQUEST = 400


def is_declared(service: str, operation: str, code: str) -> bool:
    """Whether the model of a call (`RDS`, `CreateDBInstance`) names this error."""
    return code in read("aws_errors")["codes"].get(f"{service}.{operation}", ())


def status_of(service: str, code: str) -> int:
    """The HTTP status with which a service returns an error; 400 where its model says nothing else."""
    status: int = read("aws_errors")["statuses"].get(service, {}).get(code, _BAD_REQUEST)
    return status
