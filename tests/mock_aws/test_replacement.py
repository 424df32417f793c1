"""What changes in place and what is made anew."""

from __future__ import annotations

import pytest

from lab_support.mock_aws.data.force_new import published_force_new, published_in_place
from lab_support.mock_aws.force_new import force_new, parts_of_id
from lab_support.mock_aws.naming import autonamed_property
from lab_support.mock_aws.replacement import changed, replaces
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import specs
from lab_support.toolchain.sdk_types import resource_tokens, resource_type, token_of


def new_resource(kind: str, *names: str) -> list[str]:
    """Which of these inputs of a kind need a new resource when they change."""
    token = token_of(kind)
    assert token is not None
    return replaces(token, names)


def test_what_forces_a_new_resource_is_an_input_of_the_type() -> None:
    for token in resource_tokens():
        described, forcing = resource_type(token), force_new(token)
        assert described is not None
        assert {*forcing} <= {*described.inputs}, token


@pytest.mark.parametrize(("type", "spec"), specs().items())
def test_an_entry_says_only_what_is_not_published(type: str, spec: ResourceSpec) -> None:
    token = token_of(type)
    if token is None:
        assert not spec.force_new
        return
    published, by_default = (
        published_force_new(token),
        autonamed_property(token, resource_type(token)) or "name",
    )
    taken_for_good = {*published, by_default, f"{by_default}Prefix", *parts_of_id(type)} - published_in_place(
        token
    )
    assert not {*spec.force_new} & {*published}
    assert {*spec.in_place} <= taken_for_good


# "Forces new resource" in the arguments' documentation of the provider.
@pytest.mark.parametrize(
    ("kind", "in_place", "anew"),
    [
        ("iam.User", ("name", "path"), ()),
        ("iam.Policy", ("policy",), ("name", "path", "description")),
        ("rds.ClusterInstance", ("instanceClass",), ("identifier", "clusterIdentifier")),
        ("apigateway.Resource", ("parentId", "pathPart"), ("restApi",)),
        ("mq.Broker", ("autoMinorVersionUpgrade",), ("deploymentMode", "engineType")),
        ("dax.Cluster", ("description",), ("clusterName", "nodeType")),
        ("rds.Instance", ("identifier", "multiAz", "instanceClass"), ("storageEncrypted", "kmsKeyId")),
        ("efs.FileSystem", ("throughputMode",), ("encrypted", "kmsKeyId")),
        ("kinesis.Stream", ("shardCount", "encryptionType"), ("name",)),
        ("elasticache.ReplicationGroup", ("multiAzEnabled",), ("atRestEncryptionEnabled",)),
        ("ec2.Subnet", ("mapPublicIpOnLaunch",), ("vpcId", "cidrBlock", "availabilityZone")),
        ("apigateway.RestApi", ("name",), ()),
        ("glue.DevEndpoint", (), ("name",)),
        ("sqs.Queue", ("visibilityTimeoutSeconds",), ("fifoQueue", "region")),
        (
            "docdb.Cluster",
            ("engineVersion",),
            ("clusterIdentifier", "engine", "port", "restoreToPointInTime"),
        ),
        ("neptune.Cluster", ("engineVersion",), ("clusterIdentifier", "engine", "port")),
        ("ses.DomainIdentity", (), ("domain",)),
        ("cognito.IdentityProvider", ("providerDetails",), ("providerName", "userPoolId")),
        ("cognito.ResourceServer", ("scopes",), ("identifier",)),
        ("s3.AnalyticsConfiguration", ("filter",), ("bucket", "name")),
        ("s3.BucketAccelerateConfiguration", ("status",), ("bucket",)),
        ("iam.Group", ("name",), ()),
        ("iam.GroupPolicy", ("policy",), ("group", "name")),
        ("kms.ExternalKey", ("policy", "enabled"), ("multiRegion",)),
        ("elasticbeanstalk.Environment", ("solutionStackName",), ("name", "tier")),
        ("codecommit.Repository", ("repositoryName",), ()),
        ("s3tables.Table", ("name", "namespace"), ("tableBucketArn",)),
    ],
)
def test_these_changes_force_a_new_resource(
    kind: str, in_place: tuple[str, ...], anew: tuple[str, ...]
) -> None:
    assert new_resource(kind, *in_place, *anew) == list(anew)


@pytest.mark.parametrize("type", sorted(specs()))
def test_an_input_that_is_part_of_the_id_forces_a_new_resource_unless_it_is_changed_in_place(
    type: str,
) -> None:
    token, spec = token_of(type), specs()[type]
    if token is None:
        pytest.skip("no type of the SDK")
    in_place = (published_in_place(token) | {*spec.in_place}) - {*spec.force_new}
    assert {*parts_of_id(type)} - {*force_new(type)} <= in_place


@pytest.mark.parametrize(
    ("type", "parts"),
    [
        ("iam.GroupPolicy", {"group", "name"}),  # "{group}:{name}"
        ("ssm.Parameter", {"name"}),
        ("kinesis.Stream", {"name"}),  # its ARN
        ("sns.TopicPolicy", {"arn"}),  # the ARN of another resource
        ("ec2.Vpc", set()),  # AWS draws it
    ],
)
def test_parts_of_an_id_are_the_inputs_in_its_template(type: str, parts: set[str]) -> None:
    assert {*parts_of_id(type)} == parts


def test_changes_are_new_lost_and_different_inputs() -> None:
    assert changed({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "d": 1}) == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('{"a": 1}', '{"a":1}', True),
        ('["a"]', '[ "a" ]', True),
        ('{"a": 1}', '{"a": 2}', False),
        ("{", "{ ", False),
    ],
)
def test_json_is_compared_by_its_meaning(old: str, new: str, same: bool) -> None:
    assert changed({"policy": old}, {"policy": new}) == ([] if same else ["policy"])
