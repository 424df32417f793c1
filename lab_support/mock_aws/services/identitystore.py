"""Identity Store: the users and groups of IAM Identity Center.

Formats: Service Authorization Reference, "AWS Identity Store"; Identity Store API Reference (`GroupId`, `UserId`).
"""

from __future__ import annotations

from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.resource_spec import ResourceSpec

_ARN = "arn:{partition}:identitystore:::"

SPECS = {
    "identitystore.Group": ResourceSpec(
        id="{identityStoreId}/{uuid}",
        arn=_ARN + "group/{uuid}",
        computed={"groupId": "{uuid}"},
        name="displayName",
        data_sources={
            "identitystore.getGroup": FindOne(
                {"identityStoreId": "identityStoreId", "groupId": "groupId"},
                "no Identity Store Group found matching criteria; try different search",
                gives={"id": "groupId"},
            )
        },
    ),
    "identitystore.User": ResourceSpec(
        id="{identityStoreId}/{uuid}",
        computed={"userId": "{uuid}"},
        name="userName",
        data_sources={
            "identitystore.getUser": FindOne(
                {"identityStoreId": "identityStoreId", "userId": "userId"},
                "no Identity Store User found matching criteria; try different search",
                gives={"id": "userId"},
            )
        },
    ),
    "identitystore.GroupMembership": ResourceSpec(
        id="{identityStoreId}/{uuid}", computed={"membershipId": "{uuid}"}
    ),
}
