"""What a thing names must exist: the references that AWS looks up when it creates the thing, and how it misses them.

A row for each property that stands for another thing. Only values that this account and region could hold are asked
for; what belongs to another account or region is taken as it is. Texts: errors quoted in issues of
hashicorp/terraform-provider-aws, and getmoto/moto.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.existing import find_existing
from lab_support.mock_aws.kinds import one_kind, tokens_of
from lab_support.mock_aws.request import ResourceRequest

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Reference:
    """A property (or each element of it) that names a thing of one of `kinds`, by id, ARN or name.

    The refusal's `text` and `doing` are templates in the properties, `{value}` is the name that leads nowhere.
    """

    name: str
    kinds: tuple[str, ...]
    call: tuple[str, str]
    doing: str
    code: str
    text: str
    status: int = 400


def _ec2(name: str, kind: str, operation: str, doing: str, code: str, text: str) -> Reference:
    return Reference(name, (kind,), ("EC2", operation), doing, code, text)


def _vpc(operation: str, doing: str) -> Reference:
    return _ec2(
        "vpcId", "ec2.Vpc", operation, doing, "InvalidVpcID.NotFound", "The vpc ID '{value}' does not exist"
    )


def _subnet(operation: str, doing: str, name: str = "subnetId") -> Reference:
    text = "The subnet ID '{value}' does not exist"
    return _ec2(name, "ec2.Subnet", operation, doing, "InvalidSubnetID.NotFound", text)


def _route_table(operation: str, doing: str) -> Reference:
    text = "The routeTable ID '{value}' does not exist"
    return _ec2("routeTableId", "ec2.RouteTable", operation, doing, "InvalidRouteTableID.NotFound", text)


def _group(operation: str, doing: str, name: str) -> Reference:
    text = "The security group '{value}' does not exist"
    return _ec2(name, "ec2.SecurityGroup", operation, doing, "InvalidGroup.NotFound", text)


def _bucket(operation: str, doing: str) -> Reference:
    text = "The specified bucket does not exist"
    return Reference("bucket", ("s3.Bucket",), ("S3", operation), doing, "NoSuchBucket", text, 404)


def _log_group(name: str, operation: str, thing: str, verb: str) -> Reference:
    return Reference(
        name,
        ("cloudwatch.LogGroup",),
        ("CloudWatch Logs", operation),
        f"{verb} CloudWatch Logs {thing} ({{name}})",
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )


def _rest_api(operation: str, thing: str) -> Reference:
    return Reference(
        "restApi",
        ("apigateway.RestApi",),
        ("API Gateway", operation),
        f"creating API Gateway {thing}",
        "NotFoundException",
        "Invalid API identifier specified {account}:{value}",
        404,
    )


def _iam(name: str, kind: str, operation: str, doing: str) -> Reference:
    text = f"The {kind.lower()} with name {{value}} cannot be found."
    return Reference(name, (f"iam.{kind}",), ("IAM", operation), doing, "NoSuchEntity", text, 404)


_SUBNETS_OF_GROUP: Final = "Some input subnets in :[{value}] are invalid."
_DATABASE_GROUP: Final = "Invalid security group , groupId= {value}, groupName=."

REFERENCES: Final[Mapping[str, tuple[Reference, ...]]] = {
    "apigateway.Deployment": (_rest_api("CreateDeployment", "Deployment"),),
    "apigateway.Method": (_rest_api("PutMethod", "Method"),),
    "apigateway.Resource": (_rest_api("CreateResource", "Resource"),),
    "cloudwatch.LogMetricFilter": (
        _log_group("logGroupName", "PutMetricFilter", "Metric Filter", "putting"),
    ),
    "cloudwatch.LogStream": (_log_group("logGroupName", "CreateLogStream", "Log Stream", "creating"),),
    "cloudwatch.LogSubscriptionFilter": (
        _log_group("logGroup", "PutSubscriptionFilter", "Subscription Filter", "putting"),
    ),
    "ec2.Instance": (
        _subnet("RunInstances", "creating EC2 Instance"),
        _group("RunInstances", "creating EC2 Instance", "vpcSecurityGroupIds"),
    ),
    "ec2.InternetGateway": (
        _vpc("AttachInternetGateway", "attaching EC2 Internet Gateway to VPC ({vpcId})"),
    ),
    "ec2.NatGateway": (
        _subnet("CreateNatGateway", "creating EC2 NAT Gateway"),
        _ec2(
            "allocationId",
            "ec2.Eip",
            "CreateNatGateway",
            "creating EC2 NAT Gateway",
            "InvalidAllocationID.NotFound",
            "The allocation ID '{value}' does not exist",
        ),
    ),
    "ec2.Route": (_route_table("CreateRoute", "creating Route in Route Table ({routeTableId})"),),
    "ec2.RouteTable": (_vpc("CreateRouteTable", "creating Route Table"),),
    "ec2.RouteTableAssociation": (
        _route_table("AssociateRouteTable", "creating Route Table ({routeTableId}) Association"),
        _subnet("AssociateRouteTable", "creating Route Table ({routeTableId}) Association"),
    ),
    "ec2.SecurityGroup": (_vpc("CreateSecurityGroup", "creating Security Group ({name})"),),
    "ec2.Subnet": (_vpc("CreateSubnet", "creating EC2 Subnet"),),
    "ec2.VpcEndpoint": (
        _ec2(
            "vpcId",
            "ec2.Vpc",
            "CreateVpcEndpoint",
            "creating EC2 VPC Endpoint ({serviceName})",
            "InvalidVpcId.NotFound",
            "The Vpc Id {value} does not exist",
        ),
    ),
    "ecs.Service": (
        Reference(
            "cluster",
            ("ecs.Cluster",),
            ("ECS", "CreateService"),
            "creating ECS Service ({name})",
            "ClusterNotFoundException",
            "Cluster not found.",
        ),
        Reference(
            "taskDefinition",
            ("ecs.TaskDefinition",),
            ("ECS", "CreateService"),
            "creating ECS Service ({name})",
            "ClientException",
            "TaskDefinition not found.",
        ),
    ),
    "efs.MountTarget": (
        Reference(
            "subnetId",
            ("ec2.Subnet",),
            ("EFS", "CreateMountTarget"),
            "creating EFS Mount Target ({fileSystemId})",
            "SubnetNotFound",
            "The subnet ID '{value}' does not exist",
        ),
    ),
    "elasticache.ReplicationGroup": (
        Reference(
            "subnetGroupName",
            ("elasticache.SubnetGroup",),
            ("ElastiCache", "CreateReplicationGroup"),
            "creating ElastiCache Replication Group ({replicationGroupId})",
            "CacheSubnetGroupNotFoundFault",
            "Cache Subnet Group {value} does not exist.",
        ),
    ),
    "elasticache.SubnetGroup": (
        Reference(
            "subnetIds",
            ("ec2.Subnet",),
            ("ElastiCache", "CreateCacheSubnetGroup"),
            "creating ElastiCache Subnet Group ({name})",
            "InvalidParameterValue",
            _SUBNETS_OF_GROUP,
        ),
    ),
    "iam.AccessKey": (_iam("user", "User", "CreateAccessKey", "creating IAM Access Key ({user})"),),
    "iam.InstanceProfile": (
        _iam("role", "Role", "AddRoleToInstanceProfile", "creating IAM Instance Profile ({name})"),
    ),
    "iam.UserPolicy": (_iam("user", "User", "PutUserPolicy", "putting IAM User ({user}) Policy ({name})"),),
    "iam.UserPolicyAttachment": (
        _iam("user", "User", "AttachUserPolicy", "attaching IAM Policy ({policyArn}) to IAM User ({user})"),
    ),
    "lambda.Function": (
        Reference(
            "role",
            ("iam.Role",),
            ("Lambda", "CreateFunction"),
            "creating Lambda Function ({name})",
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
        ),
    ),
    "lambda.Permission": (
        Reference(
            "function",
            ("lambda.Function",),
            ("Lambda", "AddPermission"),
            "adding Lambda Permission ({function}/{statementId})",
            "ResourceNotFoundException",
            "Function not found: arn:{partition}:lambda:{region}:{account}:function:{value}",
            404,
        ),
    ),
    "lb.Listener": (
        Reference(
            "loadBalancerArn",
            ("lb.LoadBalancer",),
            ("Elastic Load Balancing v2", "CreateListener"),
            "creating ELBv2 Listener ({loadBalancerArn})",
            "LoadBalancerNotFound",
            "One or more load balancers not found",
        ),
    ),
    "lb.LoadBalancer": (
        Reference(
            "subnets",
            ("ec2.Subnet",),
            ("Elastic Load Balancing v2", "CreateLoadBalancer"),
            "creating ELBv2 {loadBalancerType} Load Balancer ({name})",
            "SubnetNotFound",
            "The subnet ID '{value}' does not exist",
        ),
    ),
    "lb.TargetGroup": (
        Reference(
            "vpcId",
            ("ec2.Vpc",),
            ("Elastic Load Balancing v2", "CreateTargetGroup"),
            "creating ELBv2 Target Group ({name})",
            "ValidationError",
            "The VPC ID '{value}' is not found",
        ),
    ),
    "rds.Cluster": (
        Reference(
            "vpcSecurityGroupIds",
            ("ec2.SecurityGroup",),
            ("RDS", "CreateDBCluster"),
            "creating RDS Cluster ({clusterIdentifier})",
            "InvalidParameterValue",
            _DATABASE_GROUP,
        ),
    ),
    "rds.Instance": (
        Reference(
            "vpcSecurityGroupIds",
            ("ec2.SecurityGroup",),
            ("RDS", "CreateDBInstance"),
            "creating RDS DB Instance ({identifier})",
            "InvalidParameterValue",
            _DATABASE_GROUP,
        ),
    ),
    "rds.SubnetGroup": (
        Reference(
            "subnetIds",
            ("ec2.Subnet",),
            ("RDS", "CreateDBSubnetGroup"),
            "creating RDS DB Subnet Group ({name})",
            "InvalidParameterValue",
            _SUBNETS_OF_GROUP,
        ),
    ),
    "s3.BucketObject": (_bucket("PutObject", "uploading S3 Object ({key}) to Bucket ({bucket})"),),
    "s3.BucketObjectv2": (_bucket("PutObject", "uploading S3 Object ({key}) to Bucket ({bucket})"),),
    "s3.BucketPolicy": (_bucket("PutBucketPolicy", "putting S3 Bucket ({bucket}) Policy"),),
    "s3.BucketPublicAccessBlock": (
        _bucket("PutPublicAccessBlock", "creating S3 Bucket ({bucket}) Public Access Block"),
    ),
    "s3.BucketVersioning": (_bucket("PutBucketVersioning", "creating S3 Bucket ({bucket}) Versioning"),),
    "secretsmanager.SecretVersion": (
        Reference(
            "secretId",
            ("secretsmanager.Secret",),
            ("Secrets Manager", "PutSecretValue"),
            "putting Secrets Manager Secret ({secretId}) value",
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
        ),
    ),
    "sns.TopicSubscription": (
        Reference(
            "topic",
            ("sns.Topic",),
            ("SNS", "Subscribe"),
            "creating SNS Topic Subscription",
            "NotFound",
            "Topic does not exist",
            404,
        ),
    ),
    "vpc.SecurityGroupEgressRule": (
        _group("AuthorizeSecurityGroupEgress", "creating VPC Security Group ApiRule", "securityGroupId"),
    ),
    "vpc.SecurityGroupIngressRule": (
        _group("AuthorizeSecurityGroupIngress", "creating VPC Security Group ApiRule", "securityGroupId"),
    ),
}


def await_what_is_named(request: ResourceRequest) -> None:
    """Waits a moment for things that a plain name means: the engine may be creating both at the same time."""
    for reference in REFERENCES.get(one_kind(request.type), ()):
        for value in _named(request, reference, request.inputs):
            if ":" not in value and not re.fullmatch(r"[a-z]+-[0-9a-f]{8,17}", value):
                request.account.await_resource(value, *_tokens(reference))


def refuse_missing(request: ResourceRequest) -> None:
    """Raises AWS's answer to the first name that leads nowhere, unless the account may hold what is named."""
    for reference in REFERENCES.get(one_kind(request.type), ()):
        there: set[Any] | None = None
        for value in _named(request, reference, request.inputs):
            there = _handles(request, reference) if there is None else there
            if not {value, value.rpartition(":function:")[2], value.removesuffix(":$LATEST")} & there:
                refusal = _refusal(request, reference, request.inputs, value)
                if not request.account.may_hold(request.urn, refusal.text):
                    raise refusal


def _named(request: ResourceRequest, reference: Reference, values: Values) -> Iterator[str]:
    given = values.get(reference.name)
    for value in given if isinstance(given, (list, tuple)) else (given,):
        if isinstance(value, str) and value and _is_ours(request, value):
            yield value


def _is_ours(request: ResourceRequest, value: str) -> bool:
    """Whether a name could be one of this account and region: no ARN of another."""
    if not value.startswith("arn:"):
        return True
    parts = [*value.split(":"), "", "", "", ""]
    return parts[3] in ("", request.region) and parts[4] in ("", request.account.id)


def _handles(request: ResourceRequest, reference: Reference) -> set[Any]:
    """All that names a thing of these kinds: ids, ARNs, names, and of task definitions the family with a revision."""
    held = find_existing(request.account, request.region, *_tokens(reference))
    if set(reference.kinds) & {"iam.Role", "iam.User", "s3.Bucket"}:
        held = request.account.of_type(*_tokens(reference))  # these are in no region
    handles: set[Any] = set()
    for thing in held:
        values = thing.values
        named = {thing.id, values.get("arn"), values.get("name"), values.get("bucket"), values.get("family")}
        handles |= {each for each in named if isinstance(each, str)}
        if "family" in values:
            handles.add(f"{values['family']}:{values.get('revision')}")
    return handles


def _tokens(reference: Reference) -> tuple[str, ...]:
    return tuple(token for kind in reference.kinds for token in tokens_of(kind))


def _refusal(request: ResourceRequest, reference: Reference, values: Values, value: str) -> AwsApiError:
    fields = {**values, "account": request.account.id, "partition": request.partition, "value": value}
    text, doing = (
        re.sub(r"\{(\w+)\}", lambda found: str(fields.get(found[1], "")), template)
        for template in (reference.text, reference.doing)
    )
    return AwsApiError(*reference.call, reference.code, text, doing, reference.status)
