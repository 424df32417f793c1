"""Ids that pulumi-aws puts together itself, for types that have none in the Terraform provider.

pulumi/pulumi-aws, provider/computed_ids.go; only those that do not follow from the SDK's example anyway (unlisted.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COMPOSED_IDS: Final[Mapping[str, str]] = {
    "amp.QueryLoggingConfiguration": "{workspaceId}",
    "apigateway.RestApiPut": "{restApiId}",
    "backup.RestoreTestingSelection": "{name}:{restoreTestingPlanName}",
    "chatbot.SlackChannelConfiguration": "{configurationName}",
    "chatbot.TeamsChannelConfiguration": "{configurationName}",
    "cloudwatch.ContributorManagedInsightRule": "{arn}",
    "datazone.AssetType": "{domainIdentifier}__{name}",
    "datazone.EnvironmentBlueprintConfiguration": "{domainId}__{environmentBlueprintId}",
    "dsql.ClusterPeering": "{identifier}",
    "ec2.DefaultCreditSpecification": "{instanceFamily}",
    "ec2.NatGatewayEipAssociation": "{natGatewayId},{allocationId}",
    "glue.CatalogTableOptimizer": "{catalogId}__{databaseName}__{tableName}__{type}",
    "guardduty.MemberDetectorFeature": "{detectorId},{accountId},{name}",
    "lakeformation.LfTagExpression": "{catalogId}__{name}",
    "lambda.RuntimeManagementConfig": "{functionName}__{qualifier}",
    "notifications.ChannelAssociation": "{notificationConfigurationArn}__{arn}",
    "opensearch.AuthorizeVpcEndpointAccess": "{domainName}",
    "quicksight.AccountSettings": "{awsAccountId}",
    "quicksight.CustomPermissions": "{awsAccountId},{customPermissionsName}",
    "quicksight.IpRestriction": "{awsAccountId}",
    "quicksight.KeyRegistration": "{awsAccountId}",
    "quicksight.RoleCustomPermission": "{awsAccountId},{namespace},{role}",
    "quicksight.RoleMembership": "{awsAccountId},{namespace},{role},{memberName}",
    "quicksight.UserCustomPermission": "{awsAccountId},{namespace},{userName}",
    "rds.ShardGroup": "{dbShardGroupIdentifier}",
    "s3control.DirectoryBucketAccessPointScope": "{name},{accountId}",
    "s3tables.Namespace": "{tableBucketArn};{namespace}",
    "s3tables.Table": "{tableBucketArn};{namespace};{name}",
    "s3tables.TableBucketPolicy": "{tableBucketArn}",
    "s3tables.TablePolicy": "{tableBucketArn};{namespace};{name}",
    "vpc.EndpointServicePrivateDnsVerification": "{serviceId}",
    "workspacesweb.DataProtectionSettingsAssociation": "{dataProtectionSettingsArn},{portalArn}",
    "workspacesweb.IpAccessSettingsAssociation": "{ipAccessSettingsArn},{portalArn}",
    "workspacesweb.NetworkSettingsAssociation": "{networkSettingsArn},{portalArn}",
    "workspacesweb.SessionLoggerAssociation": "{sessionLoggerArn},{portalArn}",
    "workspacesweb.TrustStoreAssociation": "{trustStoreArn},{portalArn}",
    "workspacesweb.UserAccessLoggingSettingsAssociation": "{userAccessLoggingSettingsArn},{portalArn}",
    "workspacesweb.UserSettingsAssociation": "{userSettingsArn},{portalArn}",
}
