"""Deleting databases: their protection, and the last snapshot that is taken of them.

DocumentDB and Neptune use RDS's API, so their clusters share this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.resource_spec import DeletionGuard

_SNAPSHOT: Final = "aws:rds/snapshot:Snapshot"
DISABLE_PROTECTION: Final = "please disable deletion protection and try again."
PROTECTED_CLUSTER: Final = DeletionGuard(
    "InvalidParameterCombination",
    f"Cannot delete protected Cluster, {DISABLE_PROTECTION}",
    call=("RDS", "DeleteDBCluster"),
    doing="deleting RDS Cluster ({id})",
    flag=("deletionProtection", True),
)


def final_snapshot(missing: str) -> Callable[[StoredResource, Account], tuple[StoredResource, ...]]:
    """What `on_delete` does for a database: the snapshot that is left of it, unless the program wants none.

    Without a name for the snapshot the provider refuses, with the text `missing`.
    """

    def on_delete(database: StoredResource, account: Account) -> tuple[StoredResource, ...]:
        if database.values.get("skipFinalSnapshot") is True:
            return ()
        name, identifier = (database.values.get(key) for key in ("finalSnapshotIdentifier", "identifier"))
        if not isinstance(name, str) or not name:
            raise AwsApiError("", "", "", missing)
        if any(snapshot.type == _SNAPSHOT and snapshot.id == name for snapshot in account.existing):
            text = f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."
            doing = f"deleting RDS DB Instance ({identifier})"
            raise AwsApiError("RDS", "DeleteDBInstance", "DBSnapshotAlreadyExists", text, doing)
        arn = f"{str(database.values.get('arn')).rsplit(':', 2)[0]}:snapshot:{name}"
        values = {"dbSnapshotIdentifier": name, "arn": arn, "dbInstanceIdentifier": identifier}
        return (StoredResource(f"{database.urn}#snapshot", _SNAPSHOT, name, database.region, values),)

    return on_delete
