"""Copies of a data store that outlive it: recovery points of AWS Backup, and replicas in another region.

AWS Backup Developer Guide, "Deleting backups" (recovery points stay in their vault until someone deletes them, or their
lifecycle does) and "Assigning resources to a backup plan"; Amazon EFS User Guide, "Backing up EFS file systems" and
"Replicating EFS file systems". Such a copy is older than the store: how much of it is lost depends on the schedule.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import created


def copies_elsewhere(plan: Plan, store: Resource) -> str:
    """What keeps, or may keep, an older copy of a store, as a sentence without its full stop; empty if nothing does."""
    for policy in created(plan, "efs.BackupPolicy"):
        block = policy.get("backup_policy", {})
        if _is_of(plan, policy, "file_system_id", store) and (
            block is UNKNOWN or block.get("status") in ("ENABLED", UNKNOWN)
        ):
            return f"{policy.name} backs it up"
    for selection in created(plan, "backup.Selection"):
        if _selects(selection, store):
            return f"{selection.name} backs it up"
    for kind, name in _REPLICATIONS:
        for replication in created(plan, kind):
            if _is_of(plan, replication, name, store):
                return f"{replication.name} replicates it"
    return ""


_REPLICATIONS = (
    ("efs.ReplicationConfiguration", "source_file_system_id"),
    ("rds.InstanceAutomatedBackupsReplication", "source_db_instance_arn"),
)


def _is_of(plan: Plan, resource: Resource, name: str, store: Resource) -> bool:
    return store in plan.referenced(resource, name, store.kind)


def _selects(selection: Resource, store: Resource) -> bool:
    """Whether a selection of AWS Backup includes a store, or may."""
    arn = store.get("arn")
    if _lists(selection.get("not_resources"), arn) is True:
        return False
    tags: Any = store.get("tags_all", store.get("tags", {}))
    wanted = selection.get("selection_tags", [])
    if tags is UNKNOWN or wanted is UNKNOWN:
        return True
    by_tag = any(
        tag is UNKNOWN or tags.get(tag.get("key")) in (tag.get("value"), UNKNOWN) for tag in wanted or ()
    )
    return by_tag or _lists(selection.get("resources"), arn) is not False


def _lists(patterns: Any, arn: Any) -> bool | None:
    """Whether a pattern matches an ARN; None if that is unknown."""
    if patterns is UNKNOWN:
        return None
    listed = list(patterns or ())
    if not listed:
        return False
    if isinstance(arn, str) and any(isinstance(one, str) and fnmatchcase(arn, one) for one in listed):
        return True
    return None if arn is UNKNOWN or any(one is UNKNOWN for one in listed) else False
