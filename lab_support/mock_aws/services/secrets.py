"""Secrets and settings: Secrets Manager, and the parameters of Systems Manager.

Formats: Service Authorization Reference, "AWS Secrets Manager" and "AWS Systems Manager".
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN


def _parameter_arn(request: ResourceRequest, values: Values) -> Any:
    """`parameter/NAME`, with one slash whether or not the name begins with one."""
    name = values.get("name")
    if not isinstance(name, str):
        return UNKNOWN
    place = f"arn:{request.partition}:ssm:{request.region}:{request.account.id}"
    return f"{place}:parameter/{name.removeprefix('/')}"


def _parameter_key(request: ResourceRequest, values: Values) -> str:
    return "alias/aws/ssm" if values.get("type") == "SecureString" else ""


ROWS = {
    "secretsmanager.Secret": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{lower6}",
        generated="terraform-",
        defaults={"forceOverwriteReplicaSecret": False, "policy": "", "recoveryWindowInDays": 30},
    ),
    "secretsmanager.SecretVersion": ResourceSpec(
        id="{secretId}|terraform-{hex26}",
        arn="{secretId}",
        name="",
        defaults={"versionStages": ["AWSCURRENT"]},
        computed={
            "hasSecretStringWo": False,
            "secretArn": "{secretId}",
            "versionId": "terraform-{hex26}",
        },
    ),
    "secretsmanager.SecretPolicy": ResourceSpec(
        id="{secretArn}", name="", defaults={"blockPublicPolicy": False}
    ),
    "secretsmanager.SecretRotation": ResourceSpec(
        id="{secretId}",
        name="",
        defaults={"rotateImmediately": True},
        computed={"rotationEnabled": True},
    ),
    "ssm.Parameter": ResourceSpec(
        id="{name}",
        defaults={
            "arn": _parameter_arn,
            "dataType": "text",
            "keyId": _parameter_key,
            "tier": "Standard",
        },
        computed={"hasValueWo": False, "version": 1},
    ),
}
