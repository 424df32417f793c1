"""Amazon QuickSight."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "quicksight.AccountSettings": ResourceSpec(composed_id="{awsAccountId}"),
    "quicksight.CustomPermissions": ResourceSpec(composed_id="{awsAccountId},{customPermissionsName}"),
    "quicksight.IpRestriction": ResourceSpec(composed_id="{awsAccountId}"),
    "quicksight.KeyRegistration": ResourceSpec(composed_id="{awsAccountId}"),
    "quicksight.RoleCustomPermission": ResourceSpec(composed_id="{awsAccountId},{namespace},{role}"),
    "quicksight.RoleMembership": ResourceSpec(composed_id="{awsAccountId},{namespace},{role},{memberName}"),
    "quicksight.UserCustomPermission": ResourceSpec(composed_id="{awsAccountId},{namespace},{userName}"),
}
