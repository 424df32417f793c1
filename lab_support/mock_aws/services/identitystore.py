"""Identity Store: the users and groups of IAM Identity Center.

Formats: Service Authorization Reference, "AWS Identity Store"; Identity Store API Reference (`GroupId`, `UserId`).
"""

from __future__ import annotations

from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.resource_spec import ResourceSpec

_ARN = "arn:{partition}:identitystore:::"


def _by_id(kind: str, own: str) -> FindOne:
    missing = f"no Identity Store {kind} found matching criteria; try different search"
    return FindOne({"identityStoreId": "identityStoreId", own: own}, missing, gives={"id": own})


SPECS = {
    "identitystore.Group": ResourceSpec(
        id="{identityStoreId}/{uuid}",
        arn=_ARN + "group/{uuid}",
        computed={"groupId": "{uuid}"},
        name="displayName",
        data_sources={"identitystore.getGroup": _by_id("Group", "groupId")},
    ),
    "identitystore.User": ResourceSpec(
        id="{identityStoreId}/{uuid}",
        computed={"userId": "{uuid}"},
        name="userName",
        data_sources={"identitystore.getUser": _by_id("User", "userId")},
    ),
    "identitystore.GroupMembership": ResourceSpec(
        id="{identityStoreId}/{uuid}", computed={"membershipId": "{uuid}"}
    ),
}
