"""Names that must be unique, and what AWS says to the second thing of a name: its own error codes and texts.

A row for each type whose names can be taken; other types have names that AWS does not compare (REST APIs), or a second
request changes the thing of that name instead (alarms, event rules, ECS clusters). Codes and HTTP status: botocore's
service models; texts: errors quoted in issues of hashicorp/terraform-provider-aws, and getmoto/moto.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.kinds import one_kind, tokens_of
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan.values import UNKNOWN

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Unique:
    """What of a type must be unique, and how AWS refuses the second.

    `call` is service and operation; `doing`, `code`, `text` and `status` make the refusal, templates in the thing's
    properties. `name` is the property that must differ between things that are equal in all of `within`; `kinds` share
    their names. With `takes_equals` the second request is refused only if it differs from the first in one of those
    properties: AWS answers with the thing that is there. An input `unless` that is true lets it take over.
    """

    call: tuple[str, str]
    doing: str
    code: str
    text: str
    status: int = 400
    name: str = "name"
    within: tuple[str, ...] = ("region",)
    kinds: tuple[str, ...] = ()
    ignores_case: bool = False
    takes_equals: tuple[str, ...] = ()
    unless: str = ""


_INSTANCES: Final = (
    "rds.Instance",
    "rds.ClusterInstance",
    "docdb.ClusterInstance",
    "neptune.ClusterInstance",
)
_CLUSTERS: Final = ("rds.Cluster", "docdb.Cluster", "neptune.Cluster")
_QUEUE: Final = {
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "maxMessageSize": "MaximumMessageSize",
    "delaySeconds": "DelaySeconds",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "redrivePolicy": "RedrivePolicy",
    "policy": "Policy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
}


def _iam(thing: str, operation: str, text: str = "") -> Unique:
    return Unique(
        ("IAM", operation),
        f"creating IAM {thing} ({{name}})",
        "EntityAlreadyExists",
        text or f"{thing} with name {{name}} already exists.",
        409,
        within=(),
        ignores_case=True,
    )


def _group_of_parameters(operation: str, thing: str) -> Unique:
    return Unique(
        ("RDS", operation),
        f"creating RDS {thing} ({{name}})",
        "DBParameterGroupAlreadyExists",
        "Parameter group {name} already exists",
    )


def _by_the_provider(thing: str) -> Unique:
    """The provider looks itself whether a load balancer of that name is there."""
    return Unique(("", ""), "", "", f"ELBv2 {thing} ({{name}}) already exists")


UNIQUE: Final[Mapping[str, Unique]] = {
    "apigateway.Resource": Unique(
        ("API Gateway", "CreateResource"),
        "creating API Gateway Resource",
        "ConflictException",
        "Another resource with the same parent already has this name: {pathPart}",
        409,
        name="pathPart",
        within=("region", "restApi", "parentId"),
    ),
    "apigateway.Method": Unique(
        ("API Gateway", "PutMethod"),
        "creating API Gateway Method",
        "ConflictException",
        "Method already exists for this resource",
        409,
        name="httpMethod",
        within=("region", "restApi", "resourceId"),
    ),
    "apigateway.Stage": Unique(
        ("API Gateway", "CreateStage"),
        "creating API Gateway Stage ({stageName})",
        "ConflictException",
        "Stage already exists",
        409,
        name="stageName",
        within=("region", "restApi"),
    ),
    "autoscaling.Group": Unique(
        ("Auto Scaling", "CreateAutoScalingGroup"),
        "creating Auto Scaling Group ({name})",
        "AlreadyExists",
        "AutoScalingGroup by this name already exists - A group with the name {name} already exists",
    ),
    "backup.Vault": Unique(
        ("Backup", "CreateBackupVault"),
        "creating Backup Vault ({name})",
        "AlreadyExistsException",
        "Backup vault with the same name already exists",
    ),
    "cloudtrail.Trail": Unique(
        ("CloudTrail", "CreateTrail"),
        "creating CloudTrail Trail ({name})",
        "TrailAlreadyExistsException",
        "Trail {name} already exists for customer: {account}",
    ),
    "cloudwatch.LogGroup": Unique(
        ("CloudWatch Logs", "CreateLogGroup"),
        "creating CloudWatch Logs Log Group ({name})",
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
    ),
    "cloudwatch.LogStream": Unique(
        ("CloudWatch Logs", "CreateLogStream"),
        "creating CloudWatch Logs Log Stream ({name})",
        "ResourceAlreadyExistsException",
        "The specified log stream already exists",
        within=("region", "logGroupName"),
    ),
    "codecommit.Repository": Unique(
        ("CodeCommit", "CreateRepository"),
        "creating CodeCommit Repository ({repositoryName})",
        "RepositoryNameExistsException",
        "Repository named {repositoryName} already exists",
        name="repositoryName",
    ),
    "codepipeline.Pipeline": Unique(
        ("CodePipeline", "CreatePipeline"),
        "creating CodePipeline Pipeline ({name})",
        "PipelineNameInUseException",
        "A pipeline with the name '{name}' already exists in account '{account}'",
    ),
    "dynamodb.Table": Unique(
        ("DynamoDB", "CreateTable"),
        "creating AWS DynamoDB Table ({name})",
        "ResourceInUseException",
        "Table already exists: {name}",
    ),
    "ec2.KeyPair": Unique(
        ("EC2", "ImportKeyPair"),
        "importing EC2 Key Pair ({keyName})",
        "InvalidKeyPair.Duplicate",
        "The keypair already exists",
        name="keyName",
    ),
    "ec2.LaunchTemplate": Unique(
        ("EC2", "CreateLaunchTemplate"),
        "creating EC2 Launch Template ({name})",
        "InvalidLaunchTemplateName.AlreadyExistsException",
        "Launch template name already in use.",
    ),
    "ec2.SecurityGroup": Unique(
        ("EC2", "CreateSecurityGroup"),
        "creating Security Group ({name})",
        "InvalidGroup.Duplicate",
        "The security group '{name}' already exists for VPC '{vpcId}'",
        within=("region", "vpcId"),
    ),
    "ecr.Repository": Unique(
        ("ECR", "CreateRepository"),
        "creating ECR Repository ({name})",
        "RepositoryAlreadyExistsException",
        "The repository with name '{name}' already exists in the registry with id '{account}'",
    ),
    "ecs.Service": Unique(
        ("ECS", "CreateService"),
        "creating ECS Service ({name})",
        "InvalidParameterException",
        "Creation of service was not idempotent.",
        within=("region", "cluster"),
    ),
    "efs.FileSystem": Unique(
        ("EFS", "CreateFileSystem"),
        "creating EFS File System",
        "FileSystemAlreadyExists",
        "File system '{there}' already exists with creation token '{creationToken}'",
        409,
        name="creationToken",
    ),
    "eks.Cluster": Unique(
        ("EKS", "CreateCluster"),
        "creating EKS Cluster ({name})",
        "ResourceInUseException",
        "Cluster already exists with name: {name}",
        409,
    ),
    "eks.NodeGroup": Unique(
        ("EKS", "CreateNodegroup"),
        "creating EKS Node Group ({clusterName}:{nodeGroupName})",
        "ResourceInUseException",
        "NodeGroup already exists with name {nodeGroupName} and cluster name {clusterName}",
        409,
        name="nodeGroupName",
        within=("region", "clusterName"),
    ),
    "elasticache.Cluster": Unique(
        ("ElastiCache", "CreateCacheCluster"),
        "creating ElastiCache Cache Cluster ({clusterId})",
        "CacheClusterAlreadyExists",
        "Cache cluster with specified id already exists.",
        name="clusterId",
    ),
    "elasticache.ParameterGroup": Unique(
        ("ElastiCache", "CreateCacheParameterGroup"),
        "creating ElastiCache Parameter Group ({name})",
        "CacheParameterGroupAlreadyExists",
        "Cache Parameter Group {name} already exists.",
    ),
    "elasticache.ReplicationGroup": Unique(
        ("ElastiCache", "CreateReplicationGroup"),
        "creating ElastiCache Replication Group ({replicationGroupId})",
        "ReplicationGroupAlreadyExists",
        "Replication group with specified name already exists.",
        name="replicationGroupId",
        ignores_case=True,
    ),
    "elasticache.SubnetGroup": Unique(
        ("ElastiCache", "CreateCacheSubnetGroup"),
        "creating ElastiCache Subnet Group ({name})",
        "CacheSubnetGroupAlreadyExists",
        "Cache subnet group {name} already exists.",
        ignores_case=True,
    ),
    "glue.CatalogDatabase": Unique(
        ("Glue", "CreateDatabase"),
        "creating Glue Catalog Database ({name})",
        "AlreadyExistsException",
        "Database already exists.",
    ),
    "glue.CatalogTable": Unique(
        ("Glue", "CreateTable"),
        "creating Glue Catalog Table ({name})",
        "AlreadyExistsException",
        "Table already exists.",
        within=("region", "databaseName"),
    ),
    "iam.Group": _iam("Group", "CreateGroup"),
    "iam.InstanceProfile": _iam(
        "Instance Profile", "CreateInstanceProfile", "Instance Profile {name} already exists."
    ),
    "iam.Policy": _iam(
        "Policy", "CreatePolicy", "A policy called {name} already exists. Duplicate names are not allowed."
    ),
    "iam.Role": _iam("Role", "CreateRole"),
    "iam.User": _iam("User", "CreateUser"),
    "iam.OpenIdConnectProvider": Unique(
        ("IAM", "CreateOpenIDConnectProvider"),
        "creating IAM OIDC Provider",
        "EntityAlreadyExists",
        "Provider with url {url} already exists.",
        409,
        name="url",
        within=(),
    ),
    "kinesis.FirehoseDeliveryStream": Unique(
        ("Firehose", "CreateDeliveryStream"),
        "creating Kinesis Firehose Delivery Stream ({name})",
        "ResourceInUseException",
        "Firehose {name} under accountId {account} already exists",
    ),
    "kinesis.Stream": Unique(
        ("Kinesis", "CreateStream"),
        "creating Kinesis Stream ({name})",
        "ResourceInUseException",
        "Stream {name} under account {account} already exists.",
    ),
    "kms.Alias": Unique(
        ("KMS", "CreateAlias"),
        "creating KMS Alias ({name})",
        "AlreadyExistsException",
        "An alias with the name arn:{partition}:kms:{region}:{account}:{name} already exists",
    ),
    "lambda.Function": Unique(
        ("Lambda", "CreateFunction"),
        "creating Lambda Function ({name})",
        "ResourceConflictException",
        "Function already exist: {name}",
        409,
    ),
    "lambda.Permission": Unique(
        ("Lambda", "AddPermission"),
        "adding Lambda Permission ({function}/{statementId})",
        "ResourceConflictException",
        "The statement id ({statementId}) provided already exists. Please provide a new statement id, or remove the "
        "existing statement.",
        409,
        name="statementId",
        within=("region", "function", "qualifier"),
    ),
    "lb.LoadBalancer": _by_the_provider("Load Balancer"),
    "lb.TargetGroup": _by_the_provider("Target Group"),
    **{
        kind: Unique(
            ("RDS", "CreateDBInstance"),
            {
                "rds.Instance": "creating RDS DB Instance ({identifier})",
                "rds.ClusterInstance": "creating RDS Cluster ({clusterIdentifier}) Instance ({identifier})",
            }.get(kind, "creating DB Instance ({identifier})"),
            "DBInstanceAlreadyExists",
            "DB instance already exists",
            name="identifier",
            kinds=_INSTANCES,
        )
        for kind in _INSTANCES
    },
    **{
        kind: Unique(
            ("RDS", "CreateDBCluster"),
            "creating RDS Cluster ({clusterIdentifier})",
            "DBClusterAlreadyExistsFault",
            "DB Cluster already exists",
            name="clusterIdentifier",
            kinds=_CLUSTERS,
        )
        for kind in _CLUSTERS
    },
    "rds.SubnetGroup": Unique(
        ("RDS", "CreateDBSubnetGroup"),
        "creating RDS DB Subnet Group ({name})",
        "DBSubnetGroupAlreadyExists",
        "The DB subnet group '{name}' already exists.",
    ),
    "rds.ParameterGroup": _group_of_parameters("CreateDBParameterGroup", "DB Parameter Group"),
    "rds.ClusterParameterGroup": _group_of_parameters(
        "CreateDBClusterParameterGroup", "Cluster Parameter Group"
    ),
    "redshift.Cluster": Unique(
        ("Redshift", "CreateCluster"),
        "creating Redshift Cluster ({clusterIdentifier})",
        "ClusterAlreadyExists",
        "Cluster already exists",
        name="clusterIdentifier",
    ),
    "s3.Bucket": Unique(
        ("S3", "CreateBucket"),
        "creating S3 Bucket ({bucket})",
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
        name="bucket",
        within=(),
    ),
    "scheduler.Schedule": Unique(
        ("Scheduler", "CreateSchedule"),
        "creating EventBridge Scheduler Schedule ({name})",
        "ConflictException",
        "Schedule {name} already exists.",
        409,
        within=("region", "groupName"),
    ),
    "secretsmanager.Secret": Unique(
        ("Secrets Manager", "CreateSecret"),
        "creating Secrets Manager Secret ({name})",
        "ResourceExistsException",
        "The operation failed because the secret {name} already exists.",
    ),
    "sfn.StateMachine": Unique(
        ("SFN", "CreateStateMachine"),
        "creating Step Functions State Machine ({name})",
        "StateMachineAlreadyExists",
        "State Machine Already Exists: 'arn:{partition}:states:{region}:{account}:stateMachine:{name}'",
    ),
    "sns.Topic": Unique(
        ("SNS", "CreateTopic"),
        "creating SNS Topic ({name})",
        "InvalidParameter",
        "Invalid parameter: {attribute} Reason: Topic already exists with different {difference}",
        takes_equals=(
            "tagsAll",
            "displayName",
            "kmsMasterKeyId",
            "deliveryPolicy",
            "policy",
            "signatureVersion",
        ),
    ),
    "sqs.Queue": Unique(
        ("SQS", "CreateQueue"),
        "creating SQS Queue ({name})",
        "QueueAlreadyExists",
        "A queue already exists with the same name and a different value for attribute {attribute}",
        takes_equals=tuple(_QUEUE),
    ),
    "ssm.Parameter": Unique(
        ("SSM", "PutParameter"),
        "creating SSM Parameter ({name})",
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        unless="overwrite",
    ),
    "wafv2.WebAcl": Unique(
        ("WAFV2", "CreateWebACL"),
        "creating WAFv2 WebACL ({name})",
        "WAFDuplicateItemException",
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing "
        "one.",
        within=("region", "scope"),
    ),
}


def claim(token: str, values: Values) -> tuple[Any, ...] | None:
    """What a thing of this type claims for itself alone: things of equal claims cannot exist together.

    None where AWS compares no name, or where the name is not known yet. `values` by wire name, the region among them.
    """
    kind = one_kind(token)
    row = UNIQUE.get(kind)
    name = values.get(row.name) if row else None
    if row is None or not isinstance(name, str) or not name:
        return None
    scope = tuple(values.get(each) for each in row.within)
    if any(each is UNKNOWN for each in scope):
        return None
    return (row.kinds or (kind,), row.name, *map(str, scope), name.lower() if row.ignores_case else name)


def refusal(token: str, first: Values, second: Values, facts: Mapping[str, Any]) -> AwsApiError | None:
    """AWS's answer to the second of two things of equal claims; None where it takes the second for the first.

    `facts` are what the texts name beside the properties: `account`, `partition`, `region`, and `there`, the id of the
    first.
    """
    row = UNIQUE[one_kind(token)]
    differs = [name for name in row.takes_equals if _plain(first.get(name)) != _plain(second.get(name))]
    if (row.takes_equals and not differs) or second.get(row.unless) is True:
        return None
    if row.code == "BucketAlreadyOwnedByYou" and facts["region"] == "us-east-1":
        # There S3 would take the request; the provider looks first.
        return AwsApiError("S3", "", "", "BucketAlreadyExists", f"creating S3 Bucket ({second['bucket']})")
    attribute = differs[0] if differs else ""
    fields = {
        **{name: value for name, value in second.items() if isinstance(value, str)},
        **facts,
        "attribute": _QUEUE.get(attribute, "Tags" if attribute == "tagsAll" else "Attributes"),
        "difference": "tags" if attribute == "tagsAll" else "attributes",
    }
    text, doing = (
        re.sub(r"\{(\w+)\}", lambda found: str(fields.get(found[1], "")), template)
        for template in (row.text, row.doing)
    )
    return AwsApiError(*row.call, row.code, text, doing, row.status)


def refuse_taken(request: ResourceRequest, values: Values) -> None:
    """Raises AwsApiError where the account has a thing already that claims the same name."""
    wanted = claim(request.type, values)
    if wanted is None:
        return
    tokens = [token for kind in wanted[0] for token in tokens_of(kind)]
    facts = {"account": request.account.id, "partition": request.partition, "region": request.region}
    others = (each for each in request.account.existing if each.type in tokens)
    for thing in (*request.account.with_text(wanted[1], str(wanted[-1]), *tokens), *others):
        if thing is request.current:
            continue
        if claim(thing.type, {"region": thing.region, **thing.values}) == wanted:
            refused = refusal(request.type, thing.values, values, {**facts, "there": thing.id})
            if refused is not None:
                raise refused
    for thing in request.account.scheduled.values():
        if claim(thing.type, {"region": thing.region, **thing.values}) == wanted:
            text = "You can't create this secret because a secret with this name is already scheduled for deletion."
            row = UNIQUE[one_kind(request.type)]
            doing = f"creating Secrets Manager Secret ({values['name']})"
            raise AwsApiError(*row.call, "InvalidRequestException", text, doing)


def _plain(value: Any) -> Any:
    """Nothing said is the same as nothing."""
    return value or None if value is not UNKNOWN else UNKNOWN
