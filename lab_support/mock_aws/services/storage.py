"""Where files, objects, secrets and backups lie: EFS, S3, Secrets Manager, AWS Backup."""

from __future__ import annotations

from lab_support.mock_aws.answers import Answer
from lab_support.mock_aws.services import storage_rules as rules

_SECRET_ARN = "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{lower6}"

ROWS = {
    "efs.FileSystem": Answer(
        id="fs-{hex17}",
        arn="arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}",
        name="",
        defaults={
            "creationToken": "{hex26}",
            "encrypted": False,
            "performanceMode": "generalPurpose",
            "throughputMode": "bursting",
            "kmsKeyId": rules.managed_key,
        },
        rules=(rules.values_are_known, rules.key_goes_with_encryption, rules.key_is_usable),
        computed={
            "dnsName": "{id}.efs.{region}.amazonaws.com",
            "numberOfMountTargets": 0,
            "ownerId": "{account}",
        },
    ),
    "efs.MountTarget": Answer(
        id="fsmt-{hex17}",
        name="",
        rules=(rules.one_mount_target_a_zone,),
        computed={
            "dnsName": "{fileSystemId}.efs.{region}.amazonaws.com",
            "ownerId": "{account}",
            "availabilityZoneName": rules.zone_of_subnet,
        },
    ),
    "efs.AccessPoint": Answer(
        id="fsap-{hex17}",
        arn="arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{id}",
        name="",
        computed={"ownerId": "{account}"},
    ),
    "s3.Bucket": Answer(
        id="{bucket}",
        arn="arn:{partition}:s3:::{bucket}",
        name="bucket",
        computed={"bucketDomainName": "{bucket}.s3.amazonaws.com"},
    ),
    "secretsmanager.Secret": Answer(
        id="{arn}",
        arn=_SECRET_ARN,
        defaults={"recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False},
    ),
    "secretsmanager.SecretVersion": Answer(
        id="{secretId}|terraform-{hex26}",
        arn="{secretId}",
        name="",
        computed={"versionId": "terraform-{hex26}"},
    ),
    "backup.Vault": Answer(id="{name}", arn="arn:{partition}:backup:{region}:{account}:backup-vault:{name}"),
    "backup.Plan": Answer(id="{uuid}", arn="arn:{partition}:backup:{region}:{account}:backup-plan:{id}"),
    "backup.Selection": Answer(id="{uuid}"),
}
