"""The inputs whose change needs a new resource (`ForceNew` in the provider).

Source: the schemas in hashicorp/terraform-provider-aws, internal/service. Every other input is updated in place, the
name included where it is not listed.
"""

from __future__ import annotations

from typing import Final

from lab_support.mock_aws.services import canonical, spec_of

_NAMED = "name namePrefix"
_PARAMETERS = f"{_NAMED} family description"
_BUCKET_CONFIGURATION = "bucket expectedBucketOwner"

_FORCE_NEW: Final[dict[str, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        # identities
        "iam.Role": f"{_NAMED} path",
        "iam.User": "",
        "iam.Group": "",
        "iam.Policy": f"{_NAMED} path description",
        "iam.InstanceProfile": f"{_NAMED} path",
        "iam.RolePolicy": f"{_NAMED} role",
        "iam.RolePolicyAttachment": "role policyArn",
        "iam.UserPolicyAttachment": "user policyArn",
        "iam.GroupPolicyAttachment": "group policyArn",
        "iam.PolicyAttachment": "name policyArn",
        "iam.AccessKey": "user pgpKey",
        "iam.ServiceLinkedRole": "awsServiceName customSuffix",
        "iam.OpenIdConnectProvider": "url",
        "kms.Key": "keyUsage customerMasterKeySpec multiRegion customKeyStoreId xksKeyId",
        "kms.Alias": _NAMED,
        "secretsmanager.Secret": _NAMED,
        "secretsmanager.SecretVersion": "secretId",
        "ssm.Parameter": "name dataType",
        "acm.Certificate": "domainName subjectAlternativeNames validationMethod keyAlgorithm",
        "acm.CertificateValidation": "certificateArn validationRecordFqdns",
        "cognito.UserPool": "usernameAttributes aliasAttributes",
        "cognito.UserPoolClient": "userPoolId generateSecret",
        # networks
        "ec2.Vpc": "cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
        "ec2.Subnet": "vpcId cidrBlock availabilityZone availabilityZoneId ipv6Native outpostArn",
        "ec2.SecurityGroup": f"{_NAMED} description vpcId",
        "ec2.SecurityGroupRule": "type securityGroupId protocol fromPort toPort cidrBlocks ipv6CidrBlocks "
        "prefixListIds self sourceSecurityGroupId",
        "vpc.SecurityGroupIngressRule": "securityGroupId",
        "vpc.SecurityGroupEgressRule": "securityGroupId",
        "ec2.InternetGateway": "",
        "ec2.NatGateway": "subnetId allocationId connectivityType privateIp",
        "ec2.Eip": "domain networkBorderGroup publicIpv4Pool customerOwnedIpv4Pool address",
        "ec2.RouteTable": "vpcId",
        "ec2.Route": "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
        "ec2.RouteTableAssociation": "subnetId gatewayId",
        "ec2.MainRouteTableAssociation": "vpcId",
        "ec2.VpcEndpoint": "vpcId serviceName vpcEndpointType",
        "ec2.NetworkAcl": "vpcId",
        "ec2.NetworkInterface": "subnetId",
        "ec2.VpcPeeringConnection": "vpcId peerVpcId peerOwnerId peerRegion",
        "ec2transitgateway.VpcAttachment": "transitGatewayId vpcId",
        "route53.Zone": "name delegationSetId",
        "route53.Record": "zoneId name setIdentifier",
        # what computes
        "ec2.Instance": "ami availabilityZone subnetId keyName associatePublicIpAddress privateIp placementGroup "
        "tenancy hibernation securityGroups enclaveOptions",
        "ec2.KeyPair": "keyName keyNamePrefix publicKey",
        "ec2.LaunchTemplate": _NAMED,
        "autoscaling.Group": _NAMED,
        "lambda.Function": "name packageType",
        "lambda.Permission": "action function principal qualifier sourceAccount sourceArn statementId "
        "statementIdPrefix eventSourceToken functionUrlAuthType principalOrgId",
        "lambda.LayerVersion": "layerName code s3Bucket s3Key s3ObjectVersion sourceCodeHash description "
        "compatibleArchitectures compatibleRuntimes licenseInfo",
        "lambda.EventSourceMapping": "eventSourceArn startingPosition startingPositionTimestamp queues",
        "lambda.FunctionUrl": "functionName qualifier",
        "ecs.Cluster": "name",
        "ecs.TaskDefinition": "family containerDefinitions cpu memory networkMode requiresCompatibilities taskRoleArn "
        "executionRoleArn volumes placementConstraints ipcMode pidMode proxyConfiguration runtimePlatform "
        "ephemeralStorage enableFaultInjection",
        "ecs.Service": "cluster name launchType schedulingStrategy",
        "ecr.Repository": "name encryptionConfigurations",
        "ecr.LifecyclePolicy": "repository",
        "ecr.RepositoryPolicy": "repository",
        "eks.Cluster": "name roleArn bootstrapSelfManagedAddons",
        "eks.NodeGroup": "clusterName nodeGroupName nodeGroupNamePrefix nodeRoleArn subnetIds instanceTypes amiType "
        "capacityType diskSize",
        "appautoscaling.Target": "resourceId scalableDimension serviceNamespace",
        "appautoscaling.Policy": "name resourceId scalableDimension serviceNamespace",
        "lb.LoadBalancer": f"{_NAMED} internal loadBalancerType customerOwnedIpv4Pool",
        "lb.TargetGroup": f"{_NAMED} port protocol protocolVersion vpcId targetType ipAddressType",
        "lb.Listener": "loadBalancerArn",
        "lb.ListenerRule": "listenerArn",
        "lb.TargetGroupAttachment": "targetGroupArn targetId port availabilityZone",
        "sfn.StateMachine": f"{_NAMED} type",
        # where data lie and flow
        "s3.Bucket": "bucket bucketPrefix objectLockEnabled",
        "s3.BucketPublicAccessBlock": "bucket",
        "s3.BucketOwnershipControls": "bucket",
        "s3.BucketPolicy": "bucket",
        "s3.BucketNotification": "bucket",
        "s3.BucketVersioning": _BUCKET_CONFIGURATION,
        "s3.BucketAcl": _BUCKET_CONFIGURATION,
        "s3.BucketLifecycleConfiguration": _BUCKET_CONFIGURATION,
        "s3.BucketServerSideEncryptionConfiguration": _BUCKET_CONFIGURATION,
        "s3.BucketWebsiteConfiguration": _BUCKET_CONFIGURATION,
        "s3.BucketCorsConfiguration": _BUCKET_CONFIGURATION,
        "s3.BucketLogging": _BUCKET_CONFIGURATION,
        "s3.BucketObject": "bucket key",
        "s3.BucketObjectv2": "bucket key",
        "efs.FileSystem": "creationToken encrypted kmsKeyId performanceMode availabilityZoneName",
        "efs.MountTarget": "fileSystemId subnetId ipAddress",
        "efs.AccessPoint": "fileSystemId posixUser rootDirectory",
        "rds.Instance": "engine availabilityZone storageEncrypted kmsKeyId username dbName snapshotIdentifier "
        "restoreToPointInTime s3Import characterSetName timezone backupTarget",
        "rds.Cluster": "clusterIdentifier clusterIdentifierPrefix engine engineMode availabilityZones databaseName "
        "dbSubnetGroupName storageEncrypted kmsKeyId masterUsername snapshotIdentifier sourceRegion "
        "restoreToPointInTime s3Import",
        "rds.ClusterInstance": "clusterIdentifier engine availabilityZone dbSubnetGroupName",
        "rds.SubnetGroup": _NAMED,
        "rds.ParameterGroup": _PARAMETERS,
        "rds.ClusterParameterGroup": _PARAMETERS,
        "dynamodb.Table": "name hashKey rangeKey localSecondaryIndexes importTable",
        "dynamodb.TableItem": "tableName hashKey rangeKey",
        "elasticache.ReplicationGroup": "replicationGroupId atRestEncryptionEnabled kmsKeyId subnetGroupName port "
        "networkType dataTieringEnabled snapshotArns snapshotName",
        "elasticache.Cluster": "clusterId engine port subnetGroupName replicationGroupId networkType snapshotArns "
        "snapshotName",
        "elasticache.SubnetGroup": "name",
        "elasticache.ParameterGroup": "name family description",
        "kinesis.Stream": "name",
        "kinesis.ResourcePolicy": "resourceArn",
        "kinesis.FirehoseDeliveryStream": "name destination",
        "sqs.Queue": f"{_NAMED} fifoQueue",
        "sqs.QueuePolicy": "queueUrl",
        "sns.Topic": f"{_NAMED} fifoTopic",
        "sns.TopicPolicy": "arn",
        "sns.TopicSubscription": "topic protocol endpoint",
        "backup.Vault": "name kmsKeyArn",
        "backup.Plan": "name",
        "backup.Selection": "name planId iamRoleArn resources selectionTags",
        "glue.CatalogDatabase": "name catalogId",
        "glue.Job": "name",
        "glue.Crawler": "name",
        # what watches, and what lets in
        "cloudwatch.MetricAlarm": "name",
        "cloudwatch.CompositeAlarm": "alarmName",
        "cloudwatch.Dashboard": "dashboardName",
        "cloudwatch.LogGroup": f"{_NAMED} logGroupClass",
        "cloudwatch.LogStream": "name logGroupName",
        "cloudwatch.LogMetricFilter": "name logGroupName",
        "cloudwatch.LogSubscriptionFilter": "name logGroup",
        "cloudwatch.EventRule": f"{_NAMED} eventBusName",
        "cloudwatch.EventTarget": "rule targetId eventBusName",
        "cloudtrail.Trail": "name",
        "apigateway.RestApi": "",
        "apigateway.Resource": "restApi",
        "apigateway.Method": "restApi resourceId httpMethod",
        "apigateway.Integration": "restApi resourceId httpMethod integrationHttpMethod type",
        "apigateway.Deployment": "restApi triggers",
        "apigateway.Stage": "restApi stageName",
        "apigatewayv2.Api": "protocolType",
        "apigatewayv2.Stage": "apiId name",
        "apigatewayv2.Route": "apiId",
        "apigatewayv2.Integration": "apiId integrationType",
        "cloudfront.Distribution": "staging",
    }.items()
}


def force_new(type: str) -> frozenset[str] | None:
    """The inputs of a type (or token, or alias) that force a new resource; None where nothing is known of it."""
    spec = spec_of(type)
    if spec is not None and spec.force_new is not None:
        return spec.force_new
    return _FORCE_NEW.get(canonical(type))
