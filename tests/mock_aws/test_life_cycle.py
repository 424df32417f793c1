"""The life of a stack through the real engine: created, changed, replaced, protected, destroyed, deployed beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import deploy, destroy, preview
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan
from tests.plans import logical_name

Program = Callable[[str], None]
ROLE_TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, '
    '"Action": "sts:AssumeRole"}]}'
)
CREDENTIALS = {"username": "alerts", "password": "correct-horse"}


def ops(plan: Plan) -> dict[str, str]:
    """What is done to each resource, by logical name."""
    return {resource.name: resource.op for resource in plan}


def refusal(run: Callable[..., Plan], program: Program, account: Account, environment: str = "dev") -> str:
    """The words in which one resource is refused."""
    with pytest.raises(PreviewFailed) as caught:
        run(program, environment, account=account)
    return caught.value.diagnostics[0].text


def system(**database: Any) -> Program:
    """A database in its network, with a role and a log group."""

    def program(environment_suffix: str) -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        subnets = [
            aws.ec2.Subnet(
                f"subnet-{zone}",
                vpc_id=vpc.id,
                cidr_block=f"10.0.{number}.0/24",
                availability_zone=f"ap-southeast-1{zone}",
            )
            for number, zone in enumerate("ab")
        ]
        group = aws.rds.SubnetGroup("group", subnet_ids=[subnet.id for subnet in subnets])
        given = {"identifier": f"alerts-{environment_suffix}", "skip_final_snapshot": True, **database}
        aws.rds.Instance(
            "db",
            engine="postgres",
            instance_class="db.t3.medium",
            allocated_storage=20,
            db_subnet_group_name=group.name,
            **CREDENTIALS,
            **given,
        )
        role = aws.iam.Role("role", assume_role_policy=ROLE_TRUST)
        aws.iam.RolePolicyAttachment(
            "read", role=role.name, policy_arn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
        )
        aws.cloudwatch.LogGroup("logs", name=f"/alerts/{environment_suffix}")

    return program


def test_a_stack_lives_its_whole_life() -> None:
    account = Account()
    created = deploy(system(), account=account)
    assert set(ops(created).values()) == {"create"}
    assert set(ops(preview(system(), account=account)).values()) == {"same"}

    larger = system(multi_az=True, deletion_protection=True)
    assert ops(preview(larger, account=account))["db"] == "update"
    updated = deploy(larger, account=account).named("db")
    assert updated["multi_az"] is True
    assert updated.id == created.named("db").id, "the same database"

    kept = refusal(destroy, larger, account)
    assert kept == (
        "deleting RDS DB Instance (alerts-dev): operation error RDS: DeleteDBInstance, https response error "
        "StatusCode: 400, api error InvalidParameterCombination: Cannot delete protected DB Instance, please disable "
        "deletion protection and try again."
    )
    left = {logical_name(resource.urn) for resource in account.resources.values()}
    assert left >= {"db", "group", "subnet-a", "subnet-b", "vpc"}, "and what the database needs"

    deploy(system(), account=account)
    gone = destroy(system(), account=account)
    assert set(ops(gone)) == set(ops(created))
    assert account.resources == {}


def test_a_database_is_renamed_in_place_and_replaced_to_be_encrypted() -> None:
    account = Account()
    old = deploy(system(), account=account).named("db")
    renamed = deploy(system(identifier="alerts-renamed"), account=account).named("db")
    assert (renamed.op, renamed.id) == ("update", old.id)
    assert renamed["arn"].endswith(":db:alerts-renamed")

    encrypted = system(identifier="alerts-renamed", storage_encrypted=True)
    assert ops(preview(encrypted, account=account))["db"] == "replace"
    new = deploy(encrypted, account=account).named("db")
    assert new.id != old.id
    databases = [resource for resource in account.resources.values() if logical_name(resource.urn) == "db"]
    assert [(database.id, database.values["storageEncrypted"]) for database in databases] == [(new.id, True)]


def test_a_change_that_aws_refuses_is_told_as_a_change() -> None:
    account = Account()
    deploy(system(), account=account)
    for run in (preview, deploy):
        assert refusal(run, system(backup_retention_period=36), account) == (
            "updating RDS DB Instance (alerts-dev): operation error RDS: ModifyDBInstance, https response error "
            "StatusCode: 400, api error InvalidParameterValue: Invalid backup retention period: 36. Retention period "
            "must be between 0 and 35."
        )
    database = next(resource for resource in account.resources.values() if logical_name(resource.urn) == "db")
    assert database.values["backupRetentionPeriod"] == 0


def test_a_final_snapshot_is_asked_for_and_then_there() -> None:
    account = Account()
    deploy(system(skip_final_snapshot=False), account=account)
    assert refusal(destroy, system(), account) == (
        "final_snapshot_identifier is required when skip_final_snapshot is false"
    )
    with_snapshot = system(skip_final_snapshot=False, final_snapshot_identifier="alerts-last")
    deploy(with_snapshot, account=account)
    destroy(with_snapshot, account=account)
    assert [resource.id for resource in account.existing] == ["alerts-last"]


def test_a_replacement_also_replaces_what_depends_on_it() -> None:
    def network(block: str) -> Program:
        def program(environment_suffix: str) -> None:
            vpc = aws.ec2.Vpc("vpc", cidr_block=f"{block}.0.0/16")
            aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block=f"{block}.1.0/24")

        return program

    account = Account()
    deploy(network("10.0"), account=account)
    assert ops(preview(network("10.1"), account=account)) == {"vpc": "replace", "subnet": "replace"}
    done = deploy(network("10.1"), account=account)
    assert sorted(resource.id for resource in account.resources.values()) == sorted(
        resource.id for resource in done
    )
    assert done.named("subnet")["vpc_id"] == done.named("vpc").id


class TestFixedNames:
    """A new resource of the old one's name: the provider deletes first, unless the program wants it otherwise."""

    def table(self, key: str, **options: Any) -> Program:
        def program(environment_suffix: str) -> None:
            aws.dynamodb.Table(
                "alerts",
                name="alerts",
                hash_key=key,
                billing_mode="PAY_PER_REQUEST",
                attributes=[{"name": key, "type": "S"}],
                opts=pulumi.ResourceOptions(**options),
            )

        return program

    def test_it_takes_the_place_of_the_old_one(self) -> None:
        account = Account()
        deploy(self.table("id"), account=account)
        assert ops(preview(self.table("key"), account=account)) == {"alerts": "replace"}
        assert deploy(self.table("key"), account=account).named("alerts")["hash_key"] == "key"
        assert len(account.resources) == 1

    def test_created_first_it_collides_with_the_old_one(self) -> None:
        account = Account()
        deploy(self.table("id"), account=account)
        text = refusal(deploy, self.table("key", delete_before_replace=False), account)
        assert text.endswith("ResourceInUseException: Table already exists: alerts")
        (resource,) = account.resources.values()
        assert resource.values["hashKey"] == "id", "the old one is still there"


# One resource of a fixed name, and what AWS says when another environment wants it (mock_aws/uniqueness.py).
TAKEN: dict[str, tuple[Callable[[], Any], str]] = {
    "Kinesis": (
        lambda: aws.kinesis.Stream("it", name="alerts", shard_count=1),
        "ResourceInUseException: Stream alerts under account 123456789012 already exists.",
    ),
    "S3": (
        lambda: aws.s3.Bucket("it", bucket="alerts"),
        "BucketAlreadyOwnedByYou: Your previous request to create",
    ),
    "IAM role": (
        lambda: aws.iam.Role("it", name="alerts", assume_role_policy=ROLE_TRUST),
        "EntityAlreadyExists: Role with name alerts already exists.",
    ),
    "DynamoDB": (
        lambda: aws.dynamodb.Table(
            "it",
            name="alerts",
            hash_key="id",
            billing_mode="PAY_PER_REQUEST",
            attributes=[{"name": "id", "type": "S"}],
        ),
        "ResourceInUseException: Table already exists: alerts",
    ),
    "ECR": (
        lambda: aws.ecr.Repository("it", name="alerts"),
        "RepositoryAlreadyExistsException: The repository with name 'alerts' already exists in the registry with id",
    ),
    "log group": (
        lambda: aws.cloudwatch.LogGroup("it", name="/alerts"),
        "ResourceAlreadyExistsException: The specified log group already exists",
    ),
    "secret": (
        lambda: aws.secretsmanager.Secret("it", name="alerts"),
        "ResourceExistsException: The operation failed because the secret alerts already exists.",
    ),
    "EFS": (
        lambda: aws.efs.FileSystem("it", creation_token="alerts"),
        "already exists with creation token 'alerts'",
    ),
    "target group": (
        lambda: aws.lb.TargetGroup("it", name="alerts", target_type="lambda"),
        "ELBv2 Target Group (alerts) already exists",
    ),
    "cache": (
        lambda: aws.elasticache.ReplicationGroup(
            "it", replication_group_id="alerts", description="alerts", node_type="cache.t4g.small"
        ),
        "ReplicationGroupAlreadyExists: Replication group with specified name already exists.",
    ),
}


def all_taken(environment_suffix: str) -> None:
    for make, _ in TAKEN.values():
        make()


@pytest.fixture(scope="module")
def with_dev() -> Account:
    """An account in which dev has all of these names."""
    account = Account()
    deploy(all_taken, "dev", account=account)
    return account


@pytest.mark.parametrize("service", TAKEN)
def test_a_second_environment_is_refused_a_name_already_in_preview(service: str, with_dev: Account) -> None:
    make, text = TAKEN[service]
    account = with_dev.copy()
    assert text in refusal(preview, lambda suffix: make(), account, "prod")
    assert text in refusal(deploy, lambda suffix: make(), account, "prod")
    assert account.resources == with_dev.resources


def test_the_environment_that_has_the_names_keeps_them(with_dev: Account) -> None:
    assert set(ops(preview(all_taken, "dev", account=with_dev)).values()) == {"same"}


def test_some_names_may_be_used_again() -> None:
    def program(environment_suffix: str) -> None:
        aws.sqs.Queue("queue", name="alerts")
        aws.sns.Topic("topic", name="alerts")
        aws.ecs.Cluster("cluster", name="alerts")
        aws.apigateway.RestApi("api", name="alerts")
        aws.cloudwatch.EventRule("rule", name="alerts", schedule_expression="rate(1 minute)")

    account = Account()
    deploy(program, "dev", account=account)
    assert set(ops(deploy(program, "prod", account=account)).values()) == {"create"}


def test_a_queue_of_other_attributes_is_refused() -> None:
    def queue(seconds: int) -> Program:
        return lambda suffix: aws.sqs.Queue("queue", name="alerts", visibility_timeout_seconds=seconds)

    account = Account()
    deploy(queue(30), "dev", account=account)
    assert refusal(preview, queue(60), account, "prod").endswith(
        "a different value for attribute VisibilityTimeout"
    )


def test_a_secret_keeps_its_name_for_a_while() -> None:
    def secret(**arguments: Any) -> Program:
        return lambda suffix: aws.secretsmanager.Secret("secret", name="alerts", **arguments)

    account = Account()
    deploy(secret(), account=account)
    destroy(secret(), account=account)
    assert "already scheduled for deletion" in refusal(preview, secret(), account)
    other = Account()
    deploy(secret(recovery_window_in_days=0), account=other)
    destroy(secret(recovery_window_in_days=0), account=other)
    assert ops(deploy(secret(), account=other)) == {"secret": "create"}


def test_what_does_not_exist_is_missed_already_in_preview() -> None:
    def program(environment_suffix: str) -> None:
        aws.ec2.Subnet("subnet", vpc_id="vpc-0123456789abcdef0", cidr_block="10.0.0.0/24")

    assert refusal(preview, program, Account()).endswith(
        "InvalidVpcID.NotFound: The vpc ID 'vpc-0123456789abcdef0' does not exist"
    )


def test_what_was_deployed_elsewhere_can_be_looked_up_and_used() -> None:
    def network(environment_suffix: str) -> None:
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"Name": "shared"})

    def user(environment_suffix: str) -> None:
        vpc = aws.ec2.get_vpc(tags={"Name": "shared"})
        aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
        default = aws.ec2.get_vpc(default=True)
        aws.ec2.SecurityGroup("group", vpc_id=default.id)

    account = Account()
    vpc = deploy(network, "shared", account=account).named("vpc")
    assert deploy(user, "dev", account=account).named("subnet")["vpc_id"] == vpc.id
    assert "The vpc '" in refusal(destroy, network, account, "shared"), "somebody uses it"
