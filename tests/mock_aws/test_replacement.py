"""What changes in place and what is made anew."""

from __future__ import annotations

import pytest

from lab_support.mock_aws.force_new import force_new
from lab_support.mock_aws.replacement import changed, replaces
from lab_support.mock_aws.sdk_types import resource_tokens, resource_type, token_of


def new_resource(kind: str, *names: str) -> list[str]:
    """Which of these inputs of a kind need a new resource when they change."""
    token = token_of(kind)
    assert token is not None
    return replaces(token, names)


def test_what_forces_a_new_resource_is_an_input_of_the_type() -> None:
    for token in resource_tokens():
        described, forcing = resource_type(token), force_new(token)
        assert described is not None
        assert forcing is None or set(described.inputs) >= forcing, token


# "Forces new resource" in the arguments' documentation of the provider.
@pytest.mark.parametrize(
    ("kind", "in_place", "anew"),
    [
        ("rds.Instance", ("identifier", "multiAz", "instanceClass"), ("storageEncrypted", "kmsKeyId")),
        ("efs.FileSystem", ("throughputMode",), ("encrypted", "kmsKeyId")),
        ("kinesis.Stream", ("shardCount", "encryptionType"), ("name",)),
        ("elasticache.ReplicationGroup", ("multiAzEnabled",), ("atRestEncryptionEnabled",)),
        ("ec2.Subnet", ("mapPublicIpOnLaunch",), ("vpcId", "cidrBlock", "availabilityZone")),
        ("apigateway.RestApi", ("name",), ()),
        ("glue.DevEndpoint", (), ("name",)),
        ("sqs.Queue", ("visibilityTimeoutSeconds",), ("fifoQueue", "region")),
    ],
)
def test_these_changes_force_a_new_resource(
    kind: str, in_place: tuple[str, ...], anew: tuple[str, ...]
) -> None:
    assert new_resource(kind, *in_place, *anew) == list(anew)


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
