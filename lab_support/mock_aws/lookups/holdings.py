"""Data sources that look up one thing of the account, or list several: one row each.

What is said where nothing is found are the provider's own sentences (hashicorp/terraform-provider-aws,
internal/service/*/*_data_source.go).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.lookups.lookup import (
    DataSource,
    Lookup,
    Values,
    has_tags,
    is_called,
    not_found,
    passes,
    single,
)


@dataclass(frozen=True)
class Held:
    """One thing of the account.

    `by` says which property of a `kind` an argument asks for (`*`: its id, ARN or name). Where nothing fits, the
    provider says `missing`, a template in the arguments; without one it says that no `what` matches, or several do.
    `gives` are outputs that the thing has under another name.
    """

    kind: str
    by: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    what: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)
    everywhere: bool = False

    def __call__(self, lookup: Lookup) -> Values:
        found = [
            thing
            for thing in lookup.resources(self.kind, everywhere=self.everywhere)
            if fits(thing, lookup, self.by, self.kind)
        ]
        if self.missing and not found:
            raise not_found(filled(self.missing, lookup))
        thing = found[0] if self.missing else single(found, self.what)
        values = {**thing.values, "id": thing.id}
        return {**values, **{name: values.get(source) for name, source in self.gives.items()}}


@dataclass(frozen=True)
class Listed:
    """All things of a kind that fit: each output is the list of one of their properties, sorted by id."""

    kind: str
    gives: Mapping[str, str]
    by: Mapping[str, str] = field(default_factory=dict)
    everywhere: bool = False

    def __call__(self, lookup: Lookup) -> Values:
        found = [
            thing
            for thing in lookup.resources(self.kind, everywhere=self.everywhere)
            if fits(thing, lookup, self.by, self.kind)
        ]
        found.sort(key=lambda thing: thing.id)
        return {
            name: [thing.id if source == "id" else thing.values.get(source, "") for thing in found]
            for name, source in self.gives.items()
        }


def fits(thing: StoredResource, lookup: Lookup, by: Mapping[str, str], kind: str) -> bool:
    """Whether a thing is what the arguments ask for, its tags and the filters of EC2 included."""
    for argument, name in by.items():
        wanted = lookup.args.get(argument)
        if wanted is None:
            continue
        if name == "*":
            if not is_called(thing, wanted):
                return False
        elif name == "id":
            if thing.id != wanted:
                return False
        elif name.startswith("~"):
            if not re.search(str(wanted), str(thing.values.get(name[1:], ""))):
                return False
        elif _plain(thing.values.get(name)) != _plain(wanted):
            return False
    return has_tags(thing, lookup.args.get("tags")) and passes(thing, lookup.args.get("filters"), kind)


def filled(template: str, lookup: Lookup) -> str:
    """A sentence with the arguments in it; of alternatives (`{arn|name}`) the one that is given."""

    def argument(match: re.Match[str]) -> str:
        given = (lookup.args.get(name) for name in match[1].split("|"))
        return next((str(each) for each in given if each is not None), "")

    return re.sub(r"\{([\w|]+)\}", argument, template)


def _plain(value: Any) -> Any:
    """Nothing, `False` and what is not said are the same to a data source."""
    return value or None


def _named(kind: str, what: str, **more: Any) -> Held:
    """One that is asked for by `name` alone."""
    return Held(kind, {"name": "*"}, f"reading {what} ({{name}}): couldn't find resource", **more)


def _zone(lookup: Lookup) -> Values:
    """A hosted zone: a dot at the end of its name means nothing, and public ones are meant unless it is said."""
    name = str(lookup.args.get("name") or "").rstrip(".")
    private = bool(lookup.args.get("privateZone") or lookup.args.get("vpcId"))
    found = [
        zone
        for zone in lookup.resources("route53.Zone", everywhere=True)
        if (not name or str(zone.values.get("name")).rstrip(".") == name)
        and lookup.args.get("zoneId") in (None, zone.id)
        and (bool(zone.values.get("vpcs")) == private or lookup.args.get("zoneId"))
        and has_tags(zone, lookup.args.get("tags"))
    ]
    zone = single(found, "Route 53 Hosted Zone")
    servers = zone.values.get("nameServers") or []
    return {
        **zone.values,
        "id": zone.id,
        "zoneId": zone.id,
        "name": str(zone.values.get("name")).rstrip("."),
        "primaryNameServer": servers[0] if isinstance(servers, list) and servers else "",
        "privateZone": private,
    }


DATA_SOURCES: Final[dict[str, DataSource]] = {
    "acm.getCertificate": Held(
        "acm.Certificate",
        {"domain": "domainName"},
        "no ACM Certificate matching domain ({domain})",
        gives={"id": "arn"},
    ),
    "apigateway.getRestApi": Held(
        "apigateway.RestApi", {"name": "name"}, "no REST APIs with name {name} found in this region"
    ),
    "apigatewayv2.getApi": Held(
        "apigatewayv2.Api", {"apiId": "id"}, "reading API Gateway v2 API ({apiId}): couldn't find resource"
    ),
    "autoscaling.getGroup": _named("autoscaling.Group", "Auto Scaling Group"),
    "backup.getVault": _named("backup.Vault", "Backup Vault"),
    "cloudfront.getDistribution": Held(
        "cloudfront.Distribution",
        {"id": "id"},
        "reading CloudFront Distribution ({id}): couldn't find resource",
        everywhere=True,
    ),
    "cloudwatch.getLogGroup": _named("cloudwatch.LogGroup", "CloudWatch Logs Log Group"),
    "cognito.getUserPool": Held(
        "cognito.UserPool",
        {"userPoolId": "id"},
        "reading Cognito User Pool ({userPoolId}): couldn't find resource",
    ),
    "cognito.getUserPools": Listed("cognito.UserPool", {"ids": "id", "arns": "arn"}, {"name": "name"}),
    "dynamodb.getTable": _named("dynamodb.Table", "Amazon DynamoDB Table"),
    "ebs.getVolume": Held(
        "ebs.Volume", what="EC2 EBS Volume", gives={"volumeId": "id", "volumeType": "type"}
    ),
    "ec2.getEips": Listed("ec2.Eip", {"allocationIds": "id", "publicIps": "publicIp"}),
    "ec2.getElasticIp": Held("ec2.Eip", {"id": "id", "publicIp": "publicIp"}, what="EC2 EIP"),
    "ec2.getInstance": Held("ec2.Instance", {"instanceId": "id"}, what="EC2 Instance"),
    "ec2.getInstances": Listed(
        "ec2.Instance", {"ids": "id", "privateIps": "privateIp", "publicIps": "publicIp"}
    ),
    "ec2.getKeyPair": Held(
        "ec2.KeyPair", {"keyName": "keyName", "keyPairId": "keyPairId"}, what="EC2 Key Pair"
    ),
    "ec2.getLaunchTemplate": Held(
        "ec2.LaunchTemplate", {"id": "id", "name": "name"}, what="EC2 Launch Template"
    ),
    "ec2.getNatGateway": Held("ec2.NatGateway", {"id": "id", "subnetId": "subnetId"}, what="EC2 NAT Gateway"),
    "ec2.getNatGateways": Listed("ec2.NatGateway", {"ids": "id"}),
    "ec2.getNetworkInterface": Held("ec2.NetworkInterface", {"id": "id"}, what="EC2 Network Interface"),
    "ec2.getVpcEndpoint": Held(
        "ec2.VpcEndpoint",
        {"id": "id", "vpcId": "vpcId", "serviceName": "serviceName"},
        what="EC2 VPC Endpoint",
    ),
    "ec2.getVpcPeeringConnection": Held(
        "ec2.VpcPeeringConnection", {"id": "id", "vpcId": "vpcId"}, what="EC2 VPC Peering Connection"
    ),
    "ec2transitgateway.getTransitGateway": Held(
        "ec2transitgateway.TransitGateway", {"id": "id"}, what="EC2 Transit Gateway"
    ),
    "ecr.getRepository": _named("ecr.Repository", "ECR Repository"),
    "ecr.getRepositories": Listed("ecr.Repository", {"names": "name"}),
    "ecs.getCluster": Held(
        "ecs.Cluster", {"clusterName": "*"}, "reading ECS Cluster ({clusterName}): couldn't find resource"
    ),
    "ecs.getService": Held(
        "ecs.Service", {"serviceName": "*"}, "reading ECS Service ({serviceName}): couldn't find resource"
    ),
    "ecs.getTaskDefinition": Held(
        "ecs.TaskDefinition",
        {"taskDefinition": "*"},
        "reading ECS Task Definition ({taskDefinition}): couldn't find resource",
        gives={"id": "arn"},
    ),
    "efs.getFileSystem": Held(
        "efs.FileSystem",
        {"fileSystemId": "id", "creationToken": "creationToken"},
        "reading EFS FileSystem: couldn't find resource",
        gives={"fileSystemId": "id"},
    ),
    "eks.getCluster": _named("eks.Cluster", "EKS Cluster"),
    "eks.getClusters": Listed("eks.Cluster", {"names": "name"}),
    "elasticache.getCluster": Held(
        "elasticache.Cluster",
        {"clusterId": "clusterId"},
        "reading ElastiCache Cache Cluster ({clusterId}): couldn't find resource",
    ),
    "elasticache.getReplicationGroup": Held(
        "elasticache.ReplicationGroup",
        {"replicationGroupId": "replicationGroupId"},
        "reading ElastiCache Replication Group ({replicationGroupId}): couldn't find resource",
    ),
    "elasticache.getSubnetGroup": _named("elasticache.SubnetGroup", "ElastiCache Subnet Group"),
    "iam.getGroup": Held(
        "iam.Group",
        {"groupName": "name"},
        "reading IAM Group ({groupName}): couldn't find resource",
        gives={"groupId": "uniqueId"},
        everywhere=True,
    ),
    "iam.getInstanceProfile": _named("iam.InstanceProfile", "IAM Instance Profile", everywhere=True),
    "iam.getOpenIdConnectProvider": Held(
        "iam.OpenIdConnectProvider",
        {"arn": "arn", "url": "url"},
        "reading IAM OIDC Provider ({arn|url}): couldn't find resource",
        everywhere=True,
    ),
    "iam.getRole": _named("iam.Role", "IAM Role", everywhere=True),
    "iam.getRoles": Listed(
        "iam.Role", {"arns": "arn", "names": "name"}, {"nameRegex": "~name"}, everywhere=True
    ),
    "iam.getUser": Held(
        "iam.User",
        {"userName": "name"},
        "reading IAM User ({userName}): couldn't find resource",
        gives={"userId": "uniqueId", "userName": "name"},
        everywhere=True,
    ),
    "iam.getUsers": Listed(
        "iam.User", {"arns": "arn", "names": "name"}, {"nameRegex": "~name"}, everywhere=True
    ),
    "kinesis.getStream": _named("kinesis.Stream", "Kinesis Stream"),
    "lambda.getFunction": Held(
        "lambda.Function",
        {"functionName": "*"},
        "reading Lambda Function ({functionName}): couldn't find resource",
        gives={"functionName": "name"},
    ),
    "lb.getListener": Held(
        "lb.Listener",
        {"arn": "arn", "loadBalancerArn": "loadBalancerArn", "port": "port"},
        "reading ELBv2 Listener ({arn|loadBalancerArn}): couldn't find resource",
    ),
    "lb.getLoadBalancer": Held("lb.LoadBalancer", {"arn": "arn", "name": "name"}, what="ELBv2 Load Balancer"),
    "lb.getTargetGroup": Held("lb.TargetGroup", {"arn": "arn", "name": "name"}, what="ELBv2 Target Group"),
    "msk.getCluster": Held(
        "msk.Cluster",
        {"clusterName": "clusterName"},
        "reading MSK Cluster ({clusterName}): couldn't find resource",
    ),
    "rds.getCluster": Held(
        "rds.Cluster",
        {"clusterIdentifier": "clusterIdentifier"},
        "reading RDS Cluster ({clusterIdentifier}): couldn't find resource",
    ),
    "rds.getInstance": Held(
        "rds.Instance",
        {"dbInstanceIdentifier": "identifier"},
        what="RDS DB Instance",
        gives={
            "id": "identifier",
            "dbInstanceIdentifier": "identifier",
            "dbInstanceArn": "arn",
            "dbInstanceClass": "instanceClass",
            "dbInstancePort": "port",
            "dbSubnetGroup": "dbSubnetGroupName",
            "masterUsername": "username",
            "vpcSecurityGroups": "vpcSecurityGroupIds",
        },
    ),
    "rds.getSubnetGroup": _named("rds.SubnetGroup", "RDS DB Subnet Group"),
    "route53.getZone": _zone,
    "s3.getBucket": Held(
        "s3.Bucket",
        {"bucket": "bucket"},
        "reading S3 Bucket ({bucket}): couldn't find resource",
        gives={"bucketRegion": "region"},
        everywhere=True,
    ),
    "sfn.getStateMachine": _named("sfn.StateMachine", "Step Functions State Machine"),
    "sns.getTopic": Held(
        "sns.Topic", {"name": "name"}, "reading SNS Topic ({name}): empty result", gives={"id": "arn"}
    ),
    "sqs.getQueue": Held(
        "sqs.Queue",
        {"name": "name"},
        "reading SQS Queue ({name}) URL: operation error SQS: GetQueueUrl, https response error StatusCode: 400, "
        "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
        gives={"url": "id"},
    ),
}


DATA_SOURCES.update(
    {f"alb{name[2:]}": answered for name, answered in DATA_SOURCES.items() if name.startswith("lb.")}
)
