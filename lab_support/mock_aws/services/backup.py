"""AWS Backup: vaults, plans and selections."""

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.resource_spec import Autoname, NameForm, ResourceSpec, Unique

SPECS = {
    "backup.Vault": ResourceSpec(
        creation=("Backup", "CreateBackupVault", "creating Backup Vault ({name})"),
        id="{name}",
        arn="arn:{partition}:backup:{region}:{account}:backup-vault:{name}",
        computed={"recoveryPoints": 0},
        unique=Unique("AlreadyExistsException", "Backup vault with the same name already exists"),
        name_forms=(
            NameForm(
                r"[a-zA-Z0-9_-]{1,50}",
                "invalid value for name (must consist of letters, numbers, and hyphens.)",
            ),
        ),
        data_sources={"backup.getVault": find_by("name", "Backup Vault")},
        force_new=("kmsKeyArn",),
    ),
    "backup.Plan": ResourceSpec(
        id="{uuid}",
        arn="arn:{partition}:backup:{region}:{account}:backup-plan:{id}",
        computed={"version": "{lower48}"},
    ),
    "backup.Selection": ResourceSpec(id="{uuid}", force_new=("iamRoleArn", "resources", "selectionTags")),
    "backup.RestoreTestingPlan": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:backup:{region}:{account}:restore-testing-plan:{name}-{uuid}",
        autoname=Autoname(separator="_"),
    ),
    "backup.VaultPolicy": ResourceSpec(overwrites=("backupVaultName",)),
    "backup.VaultNotifications": ResourceSpec(overwrites=("backupVaultName",)),
}
