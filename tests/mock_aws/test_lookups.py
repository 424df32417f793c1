"""Data sources by name: what they find in the account, and what they say where there is nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data_sources import assumed, look_up
from lab_support.mock_aws.make_existing import make_existing
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import function_type
from tests.mock_aws.asking import created

SINGAPORE = "ap-southeast-1"


def token_of(name: str) -> str:
    """The token of a data source (`ec2.getVpc`)."""
    module, _, function = name.rpartition(".")
    return f"aws:{module or 'index'}/{function}:{function}"


def found(source: str, account: Account | None = None, /, region: str = SINGAPORE, **args: Any) -> Any:
    return look_up(token_of(source), args, account or Account(), region)


def refused(source: str, account: Account | None = None, /, **args: Any) -> str:
    with pytest.raises(AwsApiError) as caught:
        found(source, account, **args)
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(services.data_sources()))
def test_every_data_source_exists_in_the_sdk(name: str) -> None:
    described = function_type(token_of(name))
    assert described is not None
    _, source = services.data_sources()[name]
    assert set(getattr(source, "by", ())) <= set(described.inputs) | {"prefixListId"}


# One that was deployed is found, and one that was not is missed in the provider's words (the sentences of
# hashicorp/terraform-provider-aws, internal/service/*/*_data_source.go).
@pytest.mark.parametrize(
    ("kind", "values", "name", "args", "missing"),
    [
        (
            "iam.Role",
            {"name": "app"},
            "iam.getRole",
            {"name": "app"},
            "reading IAM Role ({}): couldn't find resource",
        ),
        (
            "sns.Topic",
            {"name": "app"},
            "sns.getTopic",
            {"name": "app"},
            "reading SNS Topic ({}): empty result",
        ),
        (
            "dynamodb.Table",
            {"name": "app", "hashKey": "id", "attributes": [{"name": "id", "type": "S"}]},
            "dynamodb.getTable",
            {"name": "app"},
            "reading Amazon DynamoDB Table ({}): couldn't find resource",
        ),
        (
            "s3.Bucket",
            {"bucket": "app"},
            "s3.getBucket",
            {"bucket": "app"},
            "reading S3 Bucket ({}): couldn't find resource",
        ),
        (
            "ecr.Repository",
            {"name": "app"},
            "ecr.getRepository",
            {"name": "app"},
            "reading ECR Repository ({}): couldn't find resource",
        ),
        (
            "secretsmanager.Secret",
            {"name": "app"},
            "secretsmanager.getSecret",
            {"name": "app"},
            "reading Secrets Manager Secret ({}): couldn't find resource",
        ),
        (
            "route53.Zone",
            {"name": "app"},
            "route53.getZone",
            {"name": "app"},
            "no matching Route 53 Hosted Zone found",
        ),
        (
            "lb.LoadBalancer",
            {"name": "app"},
            "alb.getLoadBalancer",
            {"name": "app"},
            "no matching ELBv2 Load Balancer found",
        ),
        (
            "glue.Connection",
            {"name": "app"},
            "glue.getConnection",
            {"id": "app"},
            "no matching glue Connection found",
        ),
        (
            "acm.Certificate",
            {"domainName": "app"},
            "acm.getCertificate",
            {"domain": "app"},
            "no ACM Certificate matching domain ({})",
        ),
        (
            "kinesis.Stream",
            {"name": "app", "shardCount": 1},
            "kinesis.getStream",
            {"name": "app"},
            "reading Kinesis Stream ({}): couldn't find resource",
        ),
    ],
)
def test_what_was_deployed_is_found_and_what_was_not_is_missed(
    kind: str, values: dict[str, Any], name: str, args: dict[str, Any], missing: str
) -> None:
    account = Account()
    resource = created(kind, "logical", account=account, **values)
    assert found(name, account, **args)["arn"] == resource.values["arn"]
    assert refused(name, account, **dict.fromkeys(args, "other")) == missing.format("other")


class TestNetwork:
    def test_a_new_account_has_a_default_vpc_with_a_subnet_in_each_zone(self) -> None:
        # Amazon VPC User Guide, "Default VPC components".
        vpc = found("ec2.getVpc", default=True)
        assert (vpc["cidrBlock"], vpc["default"]) == ("172.31.0.0/16", True)
        ids = found("ec2.getSubnets", filters=[{"name": "vpc-id", "values": [vpc["id"]]}])["ids"]
        subnets = [found("ec2.getSubnet", id=subnet_id) for subnet_id in ids]
        assert sorted(subnet["availabilityZone"] for subnet in subnets) == [
            f"{SINGAPORE}{zone}" for zone in "abc"
        ]
        assert sorted(subnet["cidrBlock"] for subnet in subnets) == [
            "172.31.0.0/20",
            "172.31.16.0/20",
            "172.31.32.0/20",
        ]
        group = found("ec2.getSecurityGroup", name="default", vpcId=vpc["id"])
        assert group["description"] == "default VPC security group"
        table = found("ec2.getRouteTable", vpcId=vpc["id"])
        assert table["id"] == vpc["mainRouteTableId"]
        assert found("ec2.getVpc", region="eu-west-1", default=True)["id"] != vpc["id"]

    def test_it_may_have_been_deleted(self) -> None:
        assert (
            refused("ec2.getVpc", Account(default_network=False), default=True) == "no matching EC2 VPC found"
        )

    def test_what_is_there_already_can_be_described(self) -> None:
        zone = make_existing("route53.Zone", name="example.com")
        vpc = make_existing("ec2.Vpc", id="vpc-0a1b2c3d", cidrBlock="10.0.0.0/16", tags={"Name": "main"})
        account = Account(existing=(zone, vpc))
        assert found("route53.getZone", account, name="example.com.")["zoneId"] == zone.id
        filters = [{"name": "tag:Name", "values": ["ma*"]}]
        assert found("ec2.getVpc", account, filters=filters)["id"] == "vpc-0a1b2c3d"
        assert found("ec2.getVpc", account, tags={"Name": "main"})["cidrBlock"] == "10.0.0.0/16"
        with pytest.raises(LookupError, match="has no type"):
            make_existing("ec2.Nothing")

    def test_filters_and_tags_choose(self) -> None:
        account = Account()
        vpc = created("ec2.Vpc", "vpc", account=account, cidrBlock="10.0.0.0/16")
        for number, (tier, zone) in enumerate([("private", "a"), ("private", "b"), ("public", "a")]):
            created(
                "ec2.Subnet",
                f"subnet-{number}",
                account=account,
                vpcId=vpc.id,
                cidrBlock=f"10.0.{number}.0/24",
                availabilityZone=f"{SINGAPORE}{zone}",
                tags={"Tier": tier},
            )
        of_vpc = {"name": "vpc-id", "values": [vpc.id]}
        assert len(found("ec2.getSubnets", account, filters=[of_vpc])["ids"]) == 3
        assert len(found("ec2.getSubnets", account, filters=[of_vpc], tags={"Tier": "private"})["ids"]) == 2
        zone_a = {"name": "availability-zone", "values": [f"{SINGAPORE}a"]}
        assert (
            len(found("ec2.getSubnets", account, filters=[of_vpc, zone_a], tags={"Tier": "private"})["ids"])
            == 1
        )
        assert refused("ec2.getSubnet", account, vpcId=vpc.id) == (
            "multiple EC2 Subnets matched; use additional constraints to reduce matches to a single EC2 Subnet"
        )

    def test_a_route_table_is_found_by_its_subnet(self) -> None:
        account = Account()
        vpc = created("ec2.Vpc", "vpc", account=account, cidrBlock="10.0.0.0/16")
        subnet = created("ec2.Subnet", "s", account=account, vpcId=vpc.id, cidrBlock="10.0.0.0/24")
        table = created("ec2.RouteTable", "t", account=account, vpcId=vpc.id)
        created("ec2.RouteTableAssociation", "a", account=account, subnetId=subnet.id, routeTableId=table.id)
        assert found("ec2.getRouteTable", account, subnetId=subnet.id)["routeTableId"] == table.id
        assert len(found("ec2.getRouteTables", account, vpcId=vpc.id)["ids"]) == 2, "the main one too"

    def test_lists_may_be_empty(self) -> None:
        assert found("ec2.getVpcs", Account(default_network=False))["ids"] == []
        assert found("ec2.getInstances")["ids"] == []


class TestPlaces:
    def test_the_partition_and_its_names(self) -> None:
        gov = found("getPartition", region="us-gov-west-1")
        assert (gov["partition"], gov["dnsSuffix"], gov["reverseDnsPrefix"]) == (
            "aws-us-gov",
            "amazonaws.com",
            "com.amazonaws",
        )

    def test_regions_are_found_and_unknown_ones_refused(self) -> None:
        assert found("getRegion")["description"] == "Asia Pacific (Singapore)"
        assert refused("getRegion", name="mars-north-1") == "region not found for name: mars-north-1"
        names = found("getRegions")["names"]
        assert "us-east-1" in names
        assert "ap-east-1" not in names, "it must be opted into"
        assert found("getRegions", region="cn-north-1")["names"] == ["cn-north-1", "cn-northwest-1"]

    def test_parts_of_an_arn(self) -> None:
        parts = found("getArn", arn="arn:aws:rds:eu-west-1:123456789012:db:mysql-db")
        assert (parts["service"], parts["account"], parts["resource"]) == (
            "rds",
            "123456789012",
            "db:mysql-db",
        )

    def test_aws_own_accounts_and_services(self) -> None:
        # Elastic Load Balancing User Guide, "Enable access logs for your Application Load Balancer".
        account = found("elb.getServiceAccount")
        assert (account["id"], account["arn"]) == ("114774131450", "arn:aws:iam::114774131450:root")
        assert found("getServicePrincipal", serviceName="s3")["name"] == "s3.amazonaws.com"
        assert len(found("s3.getCanonicalUserId")["id"]) == 64

    def test_one_zone_that_does_not_exist(self) -> None:
        assert (
            refused("getAvailabilityZone", name="ap-southeast-1z")
            == "no matching EC2 Availability Zone found"
        )


class TestSecrets:
    def test_the_newest_value_of_a_secret(self) -> None:
        account = Account()
        secret = created("secretsmanager.Secret", "s", account=account, name="db")
        assert "couldn't find resource" in refused("secretsmanager.getSecretVersion", account, secretId="db")
        for value in ("first", "second"):
            created(
                "secretsmanager.SecretVersion", value, account=account, secretId=secret.id, secretString=value
            )
        for handle in ("db", secret.id):
            version = found("secretsmanager.getSecretVersion", account, secretId=handle)
            assert (version["secretString"], version["versionStages"]) == ("second", ["AWSCURRENT"])

    def test_a_secret_that_rds_manages(self) -> None:
        account = Account()
        database = created(
            "rds.Instance",
            "db",
            account=account,
            identifier="db",
            engine="postgres",
            instanceClass="db.t3.medium",
            allocatedStorage=20,
            username="alert_admin",
            manageMasterUserPassword=True,
        )
        arn = database.values["masterUserSecrets"][0]["secretArn"]
        secret = found("secretsmanager.getSecret", account, arn=arn)
        assert found("secretsmanager.getSecret", account, name=secret["name"]) == secret
        assert secret["arn"] == arn
        assert secret["name"].startswith("rds!db-")

    def test_a_secret_of_a_real_account_is_a_stand_in(self) -> None:
        args = {"secretId": "production/database"}
        token = "aws:secretsmanager/getSecretVersion:getSecretVersion"
        value = json.loads(assumed(token, args, Account(), SINGAPORE)["secretString"])
        assert set(value.values()) == {"stand-in-for-a-secret", 5432}

    def test_parameters_are_found_and_missing_ones_refused(self) -> None:
        account = Account()
        created("ssm.Parameter", "p", account=account, name="/app/size", type="String", value="4")
        assert found("ssm.getParameter", account, name="/app/size")["value"] == "4"
        assert refused("ssm.getParameter", account, name="/app") == (
            "reading SSM Parameter (/app): couldn't find resource"
        )
        assert found("ssm.getParametersByPath", account, path="/app")["names"] == ["/app/size"]

    def test_parameters_that_aws_publishes(self) -> None:
        linux = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
        assert re.fullmatch(r"ami-[0-9a-f]{17}", found("ssm.getParameter", name=linux)["value"])
        ecs = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended"
        image = found("ssm.getParameter", name=f"{ecs}/image_id")["value"]
        assert json.loads(found("ssm.getParameter", name=ecs)["value"])["image_id"] == image

    def test_a_password_has_what_was_asked_for(self) -> None:
        password = found("secretsmanager.getRandomPassword", passwordLength=20, excludePunctuation=True)
        assert re.fullmatch(r"[A-Za-z0-9]{20}", password["randomPassword"])

    def test_the_token_for_a_registry(self) -> None:
        token = found("ecr.getAuthorizationToken")
        assert token["userName"] == "AWS"
        assert token["proxyEndpoint"] == f"https://123456789012.dkr.ecr.{SINGAPORE}.amazonaws.com"


class TestCatalog:
    def test_an_image_that_its_owner_publishes(self) -> None:
        filters = [{"name": "name", "values": ["al2023-ami-2023.*-arm64"]}]
        image = found("ec2.getAmi", owners=["amazon"], mostRecent=True, filters=filters)
        assert re.fullmatch(r"ami-[0-9a-f]{17}", image["id"])
        assert (image["architecture"], image["ownerId"]) == ("arm64", "137112412989")
        assert (
            found("ec2.getAmi", owners=["amazon"], region="eu-west-1", filters=filters)["id"] != image["id"]
        )

    def test_ones_own_image_must_exist(self) -> None:
        assert refused("ec2.getAmi", owners=["self"]) == (
            "Your query returned no results. Please change your search criteria and try again."
        )

    def test_policies_of_cloudfront(self) -> None:
        # Amazon CloudFront Developer Guide, "Use managed cache policies".
        policy = found("cloudfront.getCachePolicy", name="Managed-CachingOptimized")
        assert policy["id"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
        assert (
            refused("cloudfront.getCachePolicy", name="mine") == "no matching CloudFront Cache Policy found"
        )

    def test_types_of_instances(self) -> None:
        # Amazon EC2 Instance Types guide: m5.xlarge has 4 vCPUs and 16 GiB.
        size = found("ec2.getInstanceType", instanceType="m5.xlarge")
        assert (size["defaultVcpus"], size["memorySize"]) == (4, 16384)
        offered = found(
            "ec2.getInstanceTypeOfferings",
            locationType="availability-zone",
            filters=[{"name": "instance-type", "values": ["t3.micro"]}],
        )
        assert offered["locations"] == [f"{SINGAPORE}{zone}" for zone in "abc"]


class TestResults:
    def test_nothing_is_missing_that_the_result_has(self) -> None:
        account = Account()
        created("ec2.Vpc", "v", account=account, cidrBlock="10.0.0.0/16", tags={"Name": "x"})
        vpc = found("ec2.getVpc", account, tags={"Name": "x"})
        assert vpc["ipv6CidrBlockAssociations"] == []
        assert vpc["enableNetworkAddressUsageMetrics"] is False

    def test_what_is_not_known_yet_is_left_out(self) -> None:
        account = Account()
        created("sns.Topic", "t", account=account, name="app", displayName=UNKNOWN)
        assert UNKNOWN not in found("sns.getTopic", account, name="app").values()

    def test_what_belongs_to_aws_is_answered_from_the_type_of_the_result(self) -> None:
        schemas = found("getIpRanges", services=["ec2"])
        assert (schemas["cidrBlocks"], schemas["services"]) == ([], ["ec2"])
