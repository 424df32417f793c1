"""WorkSpaces Secure Browser."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "workspacesweb.DataProtectionSettingsAssociation": ResourceSpec(
        composed_id="{dataProtectionSettingsArn},{portalArn}"
    ),
    "workspacesweb.IpAccessSettingsAssociation": ResourceSpec(
        composed_id="{ipAccessSettingsArn},{portalArn}"
    ),
    "workspacesweb.NetworkSettingsAssociation": ResourceSpec(composed_id="{networkSettingsArn},{portalArn}"),
    "workspacesweb.SessionLoggerAssociation": ResourceSpec(composed_id="{sessionLoggerArn},{portalArn}"),
    "workspacesweb.TrustStoreAssociation": ResourceSpec(composed_id="{trustStoreArn},{portalArn}"),
    "workspacesweb.UserAccessLoggingSettingsAssociation": ResourceSpec(
        composed_id="{userAccessLoggingSettingsArn},{portalArn}"
    ),
    "workspacesweb.UserSettingsAssociation": ResourceSpec(composed_id="{userSettingsArn},{portalArn}"),
}
