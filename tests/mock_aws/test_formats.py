"""Ids, ARNs and addresses of the frequent types have the form that AWS and the provider publish.

Sources: ARNs from AWS's Service Authorization Reference and the examples in the provider's documentation of each type
(`pulumi import`, "Attribute Reference"); which handle the id is, from the same; addresses from the guide named beside.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import Any

import pytest

from lab_support.cli.explanation import explain
from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET, VPC
from lab_support.mock_aws.existing import find_existing
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type, token_of
from tests.mock_aws.asking import a_request, answered, created

HERE = "ap-southeast-1"
ACCOUNT = "123456789012"
HEX = "[0-9a-f]{17}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ELB = f"arn:aws:elasticloadbalancing:{HERE}:{ACCOUNT}"
ALB = f"{ELB}:loadbalancer/app/web/50dc6c495c0c9188"
EC2 = f"arn:aws:ec2:{HERE}:{ACCOUNT}"

# kind, inputs, form of the id, form of the ARN (`=` the same as the id, empty for a type without one)
FORMS: list[tuple[str, dict[str, Any], str, str]] = [
    # The id is a name.
    ("iam.Role", {"name": "n"}, "n", f"arn:aws:iam::{ACCOUNT}:role/n"),
    ("iam.User", {"name": "n"}, "n", f"arn:aws:iam::{ACCOUNT}:user/n"),
    ("iam.InstanceProfile", {"name": "n"}, "n", f"arn:aws:iam::{ACCOUNT}:instance-profile/n"),
    ("s3.Bucket", {"bucket": "n"}, "n", "arn:aws:s3:::n"),
    ("lambda.Function", {"name": "n"}, "n", f"arn:aws:lambda:{HERE}:{ACCOUNT}:function:n"),
    ("ecr.Repository", {"name": "n"}, "n", f"arn:aws:ecr:{HERE}:{ACCOUNT}:repository/n"),
    ("dynamodb.Table", {"name": "n"}, "n", f"arn:aws:dynamodb:{HERE}:{ACCOUNT}:table/n"),
    ("cloudwatch.LogGroup", {"name": "n"}, "n", f"arn:aws:logs:{HERE}:{ACCOUNT}:log-group:n"),
    ("cloudwatch.EventRule", {"name": "n"}, "n", f"arn:aws:events:{HERE}:{ACCOUNT}:rule/n"),
    (
        "cloudwatch.EventRule",
        {"name": "n", "eventBusName": "orders"},
        "orders/n",
        f"arn:aws:events:{HERE}:{ACCOUNT}:rule/orders/n",
    ),
    ("cloudwatch.MetricAlarm", {"name": "n"}, "n", f"arn:aws:cloudwatch:{HERE}:{ACCOUNT}:alarm:n"),
    ("rds.SubnetGroup", {"name": "n"}, "n", f"arn:aws:rds:{HERE}:{ACCOUNT}:subgrp:n"),
    ("eks.Cluster", {"name": "n"}, "n", f"arn:aws:eks:{HERE}:{ACCOUNT}:cluster/n"),
    ("glue.Crawler", {"name": "n"}, "n", f"arn:aws:glue:{HERE}:{ACCOUNT}:crawler/n"),
    ("ssm.Parameter", {"name": "/a/n"}, "/a/n", f"arn:aws:ssm:{HERE}:{ACCOUNT}:parameter/a/n"),
    (
        "elasticache.ReplicationGroup",
        {"replicationGroupId": "n"},
        "n",
        f"arn:aws:elasticache:{HERE}:{ACCOUNT}:replicationgroup:n",
    ),
    ("elasticache.SubnetGroup", {"name": "n"}, "n", f"arn:aws:elasticache:{HERE}:{ACCOUNT}:subnetgroup:n"),
    (
        "autoscaling.Group",
        {"name": "n"},
        "n",
        f"arn:aws:autoscaling:{HERE}:{ACCOUNT}:autoScalingGroup:{UUID}:autoScalingGroupName/n",
    ),
    ("codepipeline.Pipeline", {"name": "n"}, "n", f"arn:aws:codepipeline:{HERE}:{ACCOUNT}:n"),
    # The id is the ARN.
    ("iam.Policy", {"name": "n"}, f"arn:aws:iam::{ACCOUNT}:policy/n", "="),
    ("sns.Topic", {"name": "n"}, f"arn:aws:sns:{HERE}:{ACCOUNT}:n", "="),
    ("ecs.Cluster", {"name": "n"}, f"arn:aws:ecs:{HERE}:{ACCOUNT}:cluster/n", "="),
    (
        "ecs.Service",
        {"name": "n", "cluster": f"arn:aws:ecs:{HERE}:{ACCOUNT}:cluster/c"},
        f"arn:aws:ecs:{HERE}:{ACCOUNT}:service/c/n",
        "=",
    ),
    ("lb.LoadBalancer", {"name": "n"}, f"{ELB}:loadbalancer/app/n/[0-9a-f]{{16}}", "="),
    (
        "lb.LoadBalancer",
        {"name": "n", "loadBalancerType": "network"},
        f"{ELB}:loadbalancer/net/n/[0-9a-f]{{16}}",
        "=",
    ),
    ("lb.TargetGroup", {"name": "n"}, f"{ELB}:targetgroup/n/[0-9a-f]{{16}}", "="),
    (
        "lb.Listener",
        {"loadBalancerArn": ALB},
        f"{ELB}:listener/app/web/50dc6c495c0c9188/[0-9a-f]{{16}}",
        "=",
    ),
    (
        "lb.ListenerRule",
        {"listenerArn": f"{ELB}:listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65"},
        f"{ELB}:listener-rule/app/web/50dc6c495c0c9188/0467ef3c8400ae65/[0-9a-f]{{16}}",
        "=",
    ),
    (
        "secretsmanager.Secret",
        {"name": "n"},
        f"arn:aws:secretsmanager:{HERE}:{ACCOUNT}:secret:n-[a-zA-Z0-9]{{6}}",
        "=",
    ),
    ("acm.Certificate", {"domainName": "x.org"}, f"arn:aws:acm:{HERE}:{ACCOUNT}:certificate/{UUID}", "="),
    ("sfn.StateMachine", {"name": "n"}, f"arn:aws:states:{HERE}:{ACCOUNT}:stateMachine:n", "="),
    ("kinesis.Stream", {"name": "n", "shardCount": 1}, f"arn:aws:kinesis:{HERE}:{ACCOUNT}:stream/n", "="),
    (
        "kinesis.FirehoseDeliveryStream",
        {"name": "n"},
        f"arn:aws:firehose:{HERE}:{ACCOUNT}:deliverystream/n",
        "=",
    ),
    ("lambda.LayerVersion", {"layerName": "n"}, f"arn:aws:lambda:{HERE}:{ACCOUNT}:layer:n:1", "="),
    ("codebuild.Project", {"name": "n"}, f"arn:aws:codebuild:{HERE}:{ACCOUNT}:project/n", "="),
    (
        "iam.OpenIdConnectProvider",
        {"url": "https://token.example.com"},
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com",
        "=",
    ),
    # The id is drawn by AWS.
    ("ec2.Vpc", {}, f"vpc-{HEX}", f"{EC2}:vpc/vpc-{HEX}"),
    ("ec2.Subnet", {}, f"subnet-{HEX}", f"{EC2}:subnet/subnet-{HEX}"),
    ("ec2.SecurityGroup", {}, f"sg-{HEX}", f"{EC2}:security-group/sg-{HEX}"),
    ("ec2.InternetGateway", {}, f"igw-{HEX}", f"{EC2}:internet-gateway/igw-{HEX}"),
    ("ec2.NatGateway", {}, f"nat-{HEX}", ""),
    ("ec2.Eip", {}, f"eipalloc-{HEX}", f"{EC2}:elastic-ip/eipalloc-{HEX}"),
    ("ec2.RouteTable", {}, f"rtb-{HEX}", f"{EC2}:route-table/rtb-{HEX}"),
    ("ec2.RouteTableAssociation", {}, f"rtbassoc-{HEX}", ""),
    ("ec2.VpcEndpoint", {}, f"vpce-{HEX}", f"{EC2}:vpc-endpoint/vpce-{HEX}"),
    ("ec2.Instance", {}, f"i-{HEX}", f"{EC2}:instance/i-{HEX}"),
    ("ec2.LaunchTemplate", {}, f"lt-{HEX}", f"{EC2}:launch-template/lt-{HEX}"),
    ("ec2transitgateway.TransitGateway", {}, f"tgw-{HEX}", f"{EC2}:transit-gateway/tgw-{HEX}"),
    (
        "ec2transitgateway.VpcAttachment",
        {},
        f"tgw-attach-{HEX}",
        f"{EC2}:transit-gateway-attachment/tgw-attach-{HEX}",
    ),
    ("efs.FileSystem", {}, f"fs-{HEX}", f"arn:aws:elasticfilesystem:{HERE}:{ACCOUNT}:file-system/fs-{HEX}"),
    ("efs.MountTarget", {}, f"fsmt-{HEX}", ""),
    ("kms.Key", {}, UUID, f"arn:aws:kms:{HERE}:{ACCOUNT}:key/{UUID}"),
    ("apigateway.RestApi", {}, "[a-z0-9]{10}", f"arn:aws:apigateway:{HERE}::/restapis/[a-z0-9]{{10}}"),
    ("apigatewayv2.Api", {}, "[a-z0-9]{10}", f"arn:aws:apigateway:{HERE}::/apis/[a-z0-9]{{10}}"),
    (
        "cloudfront.Distribution",
        {},
        "E[A-Z0-9]{13}",
        f"arn:aws:cloudfront::{ACCOUNT}:distribution/E[A-Z0-9]{{13}}",
    ),
    ("route53.Zone", {}, "Z[A-Z0-9]{20}", "arn:aws:route53:::hostedzone/Z[A-Z0-9]{20}"),
    ("route53.HealthCheck", {}, UUID, f"arn:aws:route53:::healthcheck/{UUID}"),
    (
        "cognito.UserPool",
        {},
        f"{HERE}_[A-Za-z0-9]{{9}}",
        f"arn:aws:cognito-idp:{HERE}:{ACCOUNT}:userpool/{HERE}_[A-Za-z0-9]{{9}}",
    ),
    ("iam.AccessKey", {"user": "u"}, "AKIA[A-Z0-9]{16}", ""),
    # The id is put together by the provider.
    ("iam.RolePolicy", {"role": "r", "name": "n"}, "r:n", ""),
    ("iam.RolePolicyAttachment", {"role": "r", "policyArn": "arn:p"}, "r/arn:p", ""),
    (
        "sqs.Queue",
        {"name": "n"},
        f"https://sqs.{HERE}.amazonaws.com/{ACCOUNT}/n",
        f"arn:aws:sqs:{HERE}:{ACCOUNT}:n",
    ),
    ("glue.CatalogDatabase", {"name": "n"}, f"{ACCOUNT}:n", f"arn:aws:glue:{HERE}:{ACCOUNT}:database/n"),
    ("s3.BucketObject", {"bucket": "b", "key": "k/x"}, "b/k/x", "arn:aws:s3:::b/k/x"),
    ("lambda.Permission", {"statementId": "s"}, "s", ""),
    ("cloudwatch.EventTarget", {"rule": "r", "targetId": "t"}, "r-t", ""),
    (
        "route53.Record",
        {"zoneId": "Z1", "name": "www", "type": "A", "setIdentifier": "blue"},
        "Z1_www_A_blue",
        "",
    ),
    ("apigateway.Method", {"restApi": "a", "resourceId": "r", "httpMethod": "GET"}, "agm-a-r-GET", ""),
    (
        "apigateway.Stage",
        {"restApi": "a", "stageName": "s"},
        "ags-a-s",
        f"arn:aws:apigateway:{HERE}::/restapis/a/stages/s",
    ),
    ("ecs.TaskDefinition", {"family": "f"}, "f", f"arn:aws:ecs:{HERE}:{ACCOUNT}:task-definition/f:1"),
    (
        "eks.NodeGroup",
        {"clusterName": "c", "nodeGroupName": "n"},
        "c:n",
        f"arn:aws:eks:{HERE}:{ACCOUNT}:nodegroup/c/n/{UUID}",
    ),
    (
        "appautoscaling.Target",
        {"resourceId": "service/c/s", "serviceNamespace": "ecs"},
        "service/c/s",
        f"arn:aws:application-autoscaling:{HERE}:{ACCOUNT}:scalable-target/[0-9a-f]{{34}}",
    ),
    # A route: the CRC of its destination follows the table (hashicorp/terraform-provider-aws, routeCreateID).
    ("ec2.Route", {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}, "r-rtb-11080289494", ""),
]
# The same of types of which the other outputs are placeholders.
FORMS_OF_RARE_TYPES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "elasticbeanstalk.Environment",
        {"name": "n", "application": "shop"},
        "e-[a-z0-9]{10}",
        f"arn:aws:elasticbeanstalk:{HERE}:{ACCOUNT}:environment/shop/n",
    ),
    ("kms.ExternalKey", {}, UUID, f"arn:aws:kms:{HERE}:{ACCOUNT}:key/{UUID}"),
    ("elasticsearch.Domain", {"domainName": "n"}, f"arn:aws:es:{HERE}:{ACCOUNT}:domain/n", "="),
    (
        "appsync.Function",
        {"name": "n", "apiId": "api"},
        "api-[a-z0-9]{26}",
        f"arn:aws:appsync:{HERE}:{ACCOUNT}:apis/api/functions/[a-z0-9]{{26}}",
    ),
    ("lex.BotAlias", {"name": "n", "botName": "bot"}, "bot:n", f"arn:aws:lex:{HERE}:{ACCOUNT}:bot:bot:n"),
    (
        "backup.RestoreTestingPlan",
        {"name": "n"},
        "n",
        f"arn:aws:backup:{HERE}:{ACCOUNT}:restore-testing-plan:n-{UUID}",
    ),
    (
        "s3tables.Table",
        {"name": "t", "namespace": "ns", "tableBucketArn": "arn:aws:s3tables:r:1:bucket/b"},
        "arn:aws:s3tables:r:1:bucket/b;ns;t",
        f"arn:aws:s3tables:r:1:bucket/b/table/{UUID}",
    ),
]


def bare(kind: str, inputs: dict[str, Any]) -> tuple[Any, Any]:
    """The answer without the rules by which AWS refuses: here only forms matter."""
    request = a_request(kind, "x", **inputs)
    return answer(
        request, replace(services.specs().get(kind, ResourceSpec()), rules=()), resource_type(request.type)
    )


@pytest.mark.parametrize(("kind", "inputs", "identity", "arn"), [*FORMS, *FORMS_OF_RARE_TYPES])
def test_ids_and_arns_have_awss_form(kind: str, inputs: dict[str, Any], identity: str, arn: str) -> None:
    found, values = bare(kind, inputs)
    assert re.fullmatch(identity, found) or found == identity
    if arn == "=":
        assert values["arn"] == found
    elif arn:
        assert re.fullmatch(arn, values["arn"])


# Outputs that depend on what the account cannot see: the size of the code, where AWS has its own endpoints.
LEFT_OUT = {
    "lambda.Function": {"sourceCodeSize"},
    "lambda.LayerVersion": {"codeSha256", "sourceCodeSize"},
    "wafv2.WebAcl": {"capacity"},
    "apigateway.DomainName": {"regionalZoneId"},
}


@pytest.mark.parametrize("kind", sorted({form[0] for form in FORMS} | {"rds.Instance", "rds.Cluster"}))
def test_every_output_that_aws_computes_is_answered(kind: str) -> None:
    # An output that is no input and is never null in the SDK is one that the provider reads back from AWS.
    token = str(token_of(kind))
    described = resource_type(token)
    assert described is not None
    answered = {found.wire_name for found in explain(token).properties.values()}
    wanted = {name for name, prop in described.outputs.items() if prop.required} - set(described.inputs)
    assert wanted - answered == LEFT_OUT.get(kind, set())


class TestAddresses:
    def test_the_address_of_an_s3_bucket_has_awss_form(self) -> None:
        # AWS General Reference, "Amazon S3 endpoints and quotas".
        _, values = answered(a_request("s3.Bucket", "b", bucket="n"))
        assert values["bucketDomainName"] == "n.s3.amazonaws.com"
        assert values["bucketRegionalDomainName"] == "n.s3.ap-southeast-1.amazonaws.com"
        assert values["hostedZoneId"] == "Z3O0J2DXBE1FTB"
        _, site = answered(a_request("s3.BucketWebsiteConfiguration", "b", bucket="n"))
        assert site["websiteEndpoint"] == "n.s3-website-ap-southeast-1.amazonaws.com"
        _, other = answered(
            a_request("s3.BucketWebsiteConfiguration", "b", region="eu-central-1", bucket="n")
        )
        assert other["websiteEndpoint"] == "n.s3-website.eu-central-1.amazonaws.com"

    def test_addresses_of_load_balancers_have_awss_form(self) -> None:
        # Elastic Load Balancing API Reference, CreateLoadBalancer; AWS General Reference, "Elastic Load Balancing
        # endpoints and quotas".
        _, alb = answered(a_request("lb.LoadBalancer", "lb", name="web"))
        assert re.fullmatch(r"web-\d{10}\.ap-southeast-1\.elb\.amazonaws\.com", alb["dnsName"])
        assert alb["zoneId"] == "Z1LMS91P8CMLE5"
        _, inside = answered(a_request("lb.LoadBalancer", "lb", name="web", internal=True))
        assert inside["dnsName"].startswith("internal-web-")
        _, nlb = answered(a_request("lb.LoadBalancer", "lb", name="web", loadBalancerType="network"))
        assert re.fullmatch(r"web-[0-9a-f]{16}\.elb\.ap-southeast-1\.amazonaws\.com", nlb["dnsName"])
        assert nlb["zoneId"] == "ZKVM4W9LS7TM"

    def test_addresses_of_lambda_functions_have_awss_form(self) -> None:
        # API Gateway Developer Guide, "Lambda integrations"; Lambda Developer Guide, "Function URLs".
        _, values = answered(a_request("lambda.Function", "f", packageType="Image", name="n"))
        arn = f"arn:aws:lambda:{HERE}:{ACCOUNT}:function:n"
        assert values["invokeArn"] == (
            f"arn:aws:apigateway:{HERE}:lambda:path/2015-03-31/functions/{arn}/invocations"
        )
        assert (values["version"], values["qualifiedArn"]) == ("$LATEST", f"{arn}:$LATEST")
        _, published = answered(
            a_request("lambda.Function", "f", packageType="Image", name="n", publish=True)
        )
        assert (published["version"], published["qualifiedArn"]) == ("1", f"{arn}:1")
        _, url = answered(a_request("lambda.FunctionUrl", "u", functionName="n"))
        assert re.fullmatch(r"https://[a-z0-9]{32}\.lambda-url\.ap-southeast-1\.on\.aws/", url["functionUrl"])
        assert url["functionArn"] == arn

    def test_addresses_of_apis_have_awss_form(self) -> None:
        # API Gateway Developer Guide, "Invoke REST APIs in API Gateway", "Publish HTTP APIs".
        account = Account()
        api = created("apigateway.RestApi", "api", account=account, name="n")
        stage = created(
            "apigateway.Stage", "s", account=account, restApi=api.id, stageName="v1", deployment="d"
        )
        host = f"{api.id}.execute-api.{HERE}.amazonaws.com"
        assert stage.values["invokeUrl"] == f"https://{host}/v1"
        assert api.values["executionArn"] == f"arn:aws:execute-api:{HERE}:{ACCOUNT}:{api.id}"
        assert api.values["rootResourceId"] != api.id
        first = created(
            "apigateway.Resource",
            "a",
            account=account,
            restApi=api.id,
            parentId=api.values["rootResourceId"],
            pathPart="a",
        )
        second = created(
            "apigateway.Resource", "b", account=account, restApi=api.id, parentId=first.id, pathPart="b"
        )
        assert second.values["path"] == "/a/b"
        socket = created("apigatewayv2.Api", "ws", account=account, name="n", protocolType="WEBSOCKET")
        assert socket.values["apiEndpoint"] == f"wss://{socket.id}.execute-api.{HERE}.amazonaws.com"
        web = created("apigatewayv2.Api", "http", account=account, name="n", protocolType="HTTP")
        root = created("apigatewayv2.Stage", "root", account=account, apiId=web.id, name="$default")
        assert root.values["invokeUrl"] == f"https://{web.id}.execute-api.{HERE}.amazonaws.com/"

    def test_addresses_of_caches_have_awss_form(self) -> None:
        # Amazon ElastiCache User Guide, "Finding connection endpoints".
        def redis(**inputs: Any) -> Any:
            return answered(a_request("elasticache.ReplicationGroup", "r", replicationGroupId="n", **inputs))[
                1
            ]

        plain, tls = redis(numCacheClusters=2), redis(transitEncryptionEnabled=True)
        assert re.fullmatch(
            r"n\.[a-z0-9]{6}\.ng\.0001\.apse1\.cache\.amazonaws\.com", plain["primaryEndpointAddress"]
        )
        assert re.fullmatch(
            r"n-ro\.[a-z0-9]{6}\.ng\.0001\.apse1\.cache\.amazonaws\.com", plain["readerEndpointAddress"]
        )
        assert re.fullmatch(
            r"master\.n\.[a-z0-9]{6}\.apse1\.cache\.amazonaws\.com", tls["primaryEndpointAddress"]
        )
        assert plain["memberClusters"] == ["n-001", "n-002"]
        assert plain["configurationEndpointAddress"] == ""
        shards = redis(numNodeGroups=2, replicasPerNodeGroup=1, transitEncryptionEnabled=True)
        assert shards["clusterEnabled"] is True
        assert re.fullmatch(
            r"clustercfg\.n\.[a-z0-9]{6}\.apse1\.cache\.amazonaws\.com",
            shards["configurationEndpointAddress"],
        )
        assert shards["memberClusters"] == ["n-0001-001", "n-0001-002", "n-0002-001", "n-0002-002"]

    def test_addresses_of_databases_have_awss_form(self) -> None:
        # Amazon RDS User Guide, "Finding the connection information": all of an account share the middle part.
        account = Account()
        inputs = {"engine": "mysql", "instanceClass": "db.t3.micro", "allocatedStorage": 20, "username": "u"}
        made = [
            created("rds.Instance", n, account=account, identifier=n, password="secret-word", **inputs)
            for n in ("one", "two")
        ]
        middles = {database.values["address"].partition(".")[2] for database in made}
        assert len(middles) == 1
        assert re.fullmatch(r"c[a-z0-9]{11}\.ap-southeast-1\.rds\.amazonaws\.com", middles.pop())
        assert made[0].values["endpoint"] == f"{made[0].values['address']}:3306"
        assert made[0].values["hostedZoneId"] == "Z2G0U3KFCY8NZ5"
        assert re.fullmatch("db-[A-Z0-9]{26}", made[0].id)

    def test_addresses_of_instances_have_awss_form(self) -> None:
        # Amazon VPC User Guide, "DNS attributes for your VPC".
        account = Account()
        subnet = created(
            "ec2.Subnet",
            "s",
            account=account,
            cidrBlock="10.0.7.0/24",
            mapPublicIpOnLaunch=True,
            vpcId="vpc-1",
        )
        machine = created("ec2.Instance", "i", account=account, subnetId=subnet.id).values
        assert machine["privateIp"].startswith("10.0.7.")
        assert machine["privateDns"] == f"ip-{machine['privateIp'].replace('.', '-')}.{HERE}.compute.internal"
        assert (
            machine["publicDns"]
            == f"ec2-{machine['publicIp'].replace('.', '-')}.{HERE}.compute.amazonaws.com"
        )
        assert machine["availabilityZone"] == subnet.values["availabilityZone"]
        hidden = created(
            "ec2.Instance", "j", account=account, subnetId=subnet.id, associatePublicIpAddress=False
        ).values
        assert (hidden["publicIp"], hidden["publicDns"]) == ("", "")

    def test_addresses_of_clusters_have_awss_form(self) -> None:
        # Amazon EKS User Guide, "Create an IAM OIDC provider": the issuer has the id of the endpoint.
        _, values = answered(a_request("eks.Cluster", "c", name="n", vpcConfig={"subnetIds": []}))
        found = re.fullmatch(
            r"https://([0-9A-F]{32})\.gr7\.ap-southeast-1\.eks\.amazonaws\.com", values["endpoint"]
        )
        assert found is not None
        issuer = values["identities"][0]["oidcs"][0]["issuer"]
        assert issuer == f"https://oidc.eks.ap-southeast-1.amazonaws.com/id/{found[1]}"

    def test_the_address_of_an_image_repository_has_awss_form(self) -> None:
        # Amazon ECR User Guide, "Private repositories".
        _, values = answered(a_request("ecr.Repository", "r", name="n"))
        assert values["repositoryUrl"] == f"{ACCOUNT}.dkr.ecr.{HERE}.amazonaws.com/n"
        assert values["registryId"] == ACCOUNT


class TestCertificates:
    def test_each_domain_is_validated_by_a_record(self) -> None:
        # AWS Certificate Manager User Guide, "DNS validation": a wildcard shares the record of its domain.
        inputs = {"domainName": "x.org", "subjectAlternativeNames": ["*.x.org"], "validationMethod": "DNS"}
        _, values = answered(a_request("acm.Certificate", "c", **inputs))
        first, second = values["domainValidationOptions"]
        assert re.fullmatch(r"_[0-9a-f]{32}\.x\.org\.", first["resourceRecordName"])
        assert re.fullmatch(r"_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.", first["resourceRecordValue"])
        assert {**first, "domainName": "*.x.org"} == second
        assert (values["status"], values["type"]) == ("PENDING_VALIDATION", "AMAZON_ISSUED")


class TestNames:
    def test_a_record_has_the_name_of_its_zone(self) -> None:
        account = Account()
        zone = created("route53.Zone", "z", account=account, name="x.org")
        for name, whole in (("www", "www.x.org"), ("www.x.org", "www.x.org"), ("x.org.", "x.org")):
            record = created("route53.Record", name, account=account, zoneId=zone.id, name=name, type="A")
            assert record.values["fqdn"] == whole
        servers = zone.values["nameServers"]
        assert len(servers) == len(set(servers)) == 4
        assert zone.values["primaryNameServer"] in servers


def test_an_unknown_region_leaves_the_hosted_zone_unknown() -> None:
    assert (
        answered(a_request("s3.Bucket", "b", region="xx-north-9", bucket="n"))[1]["hostedZoneId"] is UNKNOWN
    )


DATABASE = {
    "engine": "postgres",
    "engineVersion": "16.3",
    "instanceClass": "db.t3.medium",
    "identifier": "n",
    "username": "u",
}


class TestGeneratedValues:
    @pytest.mark.parametrize(("size", "iops", "throughput"), [(20, 3000, 125), (400, 12000, 500)])
    def test_gp3_storage_has_a_baseline(self, size: int, iops: int, throughput: int) -> None:
        # Amazon RDS User Guide, "gp3 storage (recommended)".
        inputs = {**DATABASE, "allocatedStorage": size, "password": "secret-word"}
        _, values = answered(a_request("rds.Instance", "db", **inputs))
        assert (values["iops"], values["storageThroughput"]) == (iops, throughput)
        assert values["parameterGroupName"] == "default.postgres16"

    def test_a_password_that_rds_manages_is_in_a_secret(self) -> None:
        # Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager".
        inputs = {**DATABASE, "allocatedStorage": 20, "manageMasterUserPassword": True}
        _, values = answered(a_request("rds.Instance", "db", **inputs))
        (secret,) = values["masterUserSecrets"]
        assert re.fullmatch(
            rf"arn:aws:secretsmanager:{HERE}:{ACCOUNT}:secret:rds!db-{UUID}-[a-z0-9]{{6}}",
            secret["secretArn"],
        )
        assert secret["secretStatus"] == "active"

    def test_a_vpc_gets_the_ipv6_block_that_it_asks_for(self) -> None:
        _, values = answered(a_request("ec2.Vpc", "v", assignGeneratedIpv6CidrBlock=True))
        assert re.fullmatch(r"2001:db8:[0-9a-f]{4}:[0-9a-f]{2}00::/56", values["ipv6CidrBlock"])
        assert re.fullmatch(f"vpc-cidr-assoc-{HEX}", values["ipv6AssociationId"])
        _, plain = answered(a_request("ec2.Vpc", "v"))
        assert (plain["ipv6CidrBlock"], plain["ipv6AssociationId"]) == ("", "")

    def test_target_tracking_has_two_alarms(self) -> None:
        # Application Auto Scaling User Guide, "How target tracking scaling works".
        inputs = {"name": "n", "resourceId": "service/c/s", "serviceNamespace": "ecs"}
        _, values = answered(
            a_request("appautoscaling.Policy", "p", policyType="TargetTrackingScaling", **inputs)
        )
        assert [re.sub(UUID, "ID", arn).rpartition(":")[2] for arn in values["alarmArns"]] == [
            "TargetTracking-service/c/s-AlarmHigh-ID",
            "TargetTracking-service/c/s-AlarmLow-ID",
        ]

    def test_who_has_to_confirm_a_subscription(self) -> None:
        # Amazon SNS Developer Guide, "Subscribing an endpoint": e-mail and web addresses, not what the account owns.
        for protocol, pending in (("email", True), ("https", True), ("sqs", False), ("lambda", False)):
            _, values = answered(a_request("sns.TopicSubscription", "s", topic="arn:t", protocol=protocol))
            assert values["pendingConfirmation"] is pending


class TestDefaultNetwork:
    def test_it_is_the_one_that_can_be_looked_up(self) -> None:
        account = Account()
        (vpc,) = find_existing(account, HERE, VPC)
        adopted, values = answered(a_request("ec2.DefaultVpc", "d", account=account))
        assert adopted == vpc.id
        assert {n: values[n] for n in ("mainRouteTableId", "defaultSecurityGroupId", "cidrBlock")} == {
            n: vpc.values[n] for n in ("mainRouteTableId", "defaultSecurityGroupId", "cidrBlock")
        }
        (group,) = find_existing(account, HERE, SECURITY_GROUP)
        assert answered(a_request("ec2.DefaultSecurityGroup", "g", account=account))[0] == group.id

    def test_its_subnets_place_what_is_put_into_them(self) -> None:
        account = Account()
        for subnet in find_existing(account, HERE, SUBNET):
            zone = subnet.values["availabilityZone"]
            request = a_request("ec2.DefaultSubnet", zone, account=account, availabilityZone=zone)
            adopted, values = answered(request)
            assert (adopted, values["cidrBlock"]) == (subnet.id, subnet.values["cidrBlock"])
            _, machine = answered(a_request("ec2.Instance", zone, account=account, subnetId=subnet.id))
            network = ipaddress.IPv4Network(subnet.values["cidrBlock"])
            assert ipaddress.IPv4Address(machine["privateIp"]) in network
            assert machine["publicIp"]
            assert machine["availabilityZone"] == zone
