"""The release drill: release 2 renames a data store, and later the stack is destroyed. What is left of the data?

    for store in release(plan).stores:
        print(store.resource.name, store.renamed.fate, store.destroyed.fate)

To the engine, a resource with a new name is a new resource, and the one of the old name is no longer in the program: it
creates the one and deletes the other. A property that cannot be changed in place has the same effect. Each store is
judged by itself, as with `--skip-preview`: one that is protected stops neither the deletion of the others, nor that of
what they need. (A preview fails for the first that is protected.)

Sources: Pulumi documentation, "protect" and "retainOnDelete" (www.pulumi.com/docs/iac/concepts/resources/options/);
Amazon RDS User Guide, "Deleting a DB instance"; Amazon DynamoDB Developer Guide, "Enable point-in-time recovery in
DynamoDB"; AWS KMS Developer Guide, "Deleting AWS KMS keys".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lab_support.drills.databases import is_replica
from lab_support.drills.keys import customer_key
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = ["release"]  # what notebooks import from lab_support

# The stores of data, in words, and the property that turns their encryption on.
STORES: Final = {
    "rds.Instance": ("database", "storage_encrypted"),
    "rds.Cluster": ("database cluster", "storage_encrypted"),
    "efs.FileSystem": ("file system", "encrypted"),
    "dynamodb.Table": ("table", "server_side_encryption"),
}


class Fate(StrEnum):
    """What becomes of a store that the engine is to delete."""

    PROTECTED = "the engine refuses to delete it"
    RETAINED = "it stays, and Pulumi forgets it"
    REFUSED = "AWS refuses to delete it"
    SNAPSHOT = "it is gone, and a copy of its last state is left"
    UNREADABLE = "what is left cannot be read"
    LOST = "it is gone, with all of its data"
    UNKNOWN = "unknown until deployment"


_KEPT: Final = (Fate.PROTECTED, Fate.RETAINED, Fate.REFUSED, Fate.SNAPSHOT)


@dataclass(frozen=True)
class Outcome:
    """The fate of a store at one deletion, and the reason in a sentence without its full stop."""

    fate: Fate
    why: str

    @property
    def survives(self) -> bool:
        """Whether the data is there, or can be restored as it was."""
        return self.fate in _KEPT


@dataclass(frozen=True)
class ReleasedStore:
    """A store of data: what becomes of it when release 2 renames it, and when the stack is destroyed.

    `key` is the customer managed key of the program that encrypts it, if one does.
    """

    resource: Resource
    what: str
    key: Resource | None
    renamed: Outcome
    destroyed: Outcome

    @property
    def survives(self) -> bool:
        """Whether its data survives both."""
        return self.renamed.survives and self.destroyed.survives


@dataclass(frozen=True)
class Releases:
    """The stores of a plan after the second release and after the end of the stack."""

    environment: str
    stores: tuple[ReleasedStore, ...]

    @property
    def survives(self) -> bool:
        """Whether there is a store, and the data of all of them survives."""
        return bool(self.stores) and all(store.survives for store in self.stores)


def release(plan: Plan) -> Releases:
    """What two releases and a destruction leave of each data store of the plan."""
    return Releases(
        plan.stack,
        tuple(
            ReleasedStore(
                store,
                STORES[store.kind][0],
                key := _key_of(plan, store),
                fate_of(store),
                _with_its_key(store, key, fate_of(store)),
            )
            for store in _stores(plan)
        ),
    )


def fate_of(store: Resource) -> Outcome:
    """What becomes of a store that the engine is to delete, because it is renamed or its stack is destroyed."""
    if store.op == "read":
        return Outcome(Fate.RETAINED, "this program only reads it, so no release of this program deletes it")
    if store.protect:
        return Outcome(Fate.PROTECTED, "it has protect=True")
    if store.retain_on_delete:
        return Outcome(Fate.RETAINED, "it has retain_on_delete=True")
    decides = {"dynamodb.Table": _table, "efs.FileSystem": _files}.get(store.kind, _database)
    return decides(store)


def _database(store: Resource) -> Outcome:
    """Amazon RDS User Guide, "Deleting a DB instance"; Amazon Aurora User Guide, "Deleting Aurora DB clusters"."""
    protection, skips = store.get("deletion_protection", False), store.get("skip_final_snapshot", False)
    name, keeps = store.get("final_snapshot_identifier"), store.get("delete_automated_backups", True)
    if protection is True:
        return Outcome(Fate.REFUSED, "it has deletion_protection=True")
    if UNKNOWN in (protection, skips):
        return Outcome(Fate.UNKNOWN, "its deletion protection or final snapshot is unknown until deployment")
    if not skips and name is not UNKNOWN and not name:
        return Outcome(Fate.REFUSED, "the provider does not delete it without final_snapshot_identifier")
    if not skips:
        return Outcome(Fate.SNAPSHOT, "RDS takes a final snapshot, from which a new one can be restored")
    days = store.get("backup_retention_period", 0)
    # "You can only retain automated backups of DB instances, not Multi-AZ DB clusters" (RDS User Guide, "Retaining
    # automated backups"); Aurora retains those of its clusters.
    retains = store.kind == "rds.Instance" or str(store.get("engine", "")).startswith("aurora")
    if keeps is False and retains and days is not UNKNOWN and days:
        return Outcome(Fate.SNAPSHOT, f"RDS keeps its automated backups for {days:.0f} days more")
    backups = ", and its automated backups are deleted with it" if days is not UNKNOWN and days else ""
    return Outcome(Fate.LOST, f"skip_final_snapshot leaves no snapshot{backups}")


def _files(store: Resource) -> Outcome:
    """EFS has no protection against deletion (Amazon EFS User Guide, "Deleting an Amazon EFS file system")."""
    return Outcome(Fate.LOST, "EFS deletes it with its files, which cannot be undone")


def _table(store: Resource) -> Outcome:
    """Amazon DynamoDB Developer Guide, "Using deletion protection", "Delete a table with PITR enabled"."""
    protection = store.get("deletion_protection_enabled", False)
    recovery = store.get("point_in_time_recovery")
    if protection is True:
        return Outcome(Fate.REFUSED, "it has deletion_protection_enabled=True")
    if protection is UNKNOWN or recovery is UNKNOWN:
        return Outcome(Fate.UNKNOWN, "its deletion protection is unknown until deployment")
    if isinstance(recovery, dict) and recovery.get("enabled") is True:
        return Outcome(
            Fate.SNAPSHOT, "with point-in-time recovery, DynamoDB keeps a system backup for 35 days"
        )
    return Outcome(Fate.LOST, "DynamoDB deletes it with its items, and there is no backup")


def _with_its_key(store: Resource, key: Resource | None, outcome: Outcome) -> Outcome:
    """The fate of a store when the whole stack is destroyed, its key with it.

    A store that is still in Pulumi's state keeps its key: the engine deletes nothing that another resource needs.
    """
    if outcome.fate not in (Fate.RETAINED, Fate.SNAPSHOT) or store.op == "read":
        return outcome
    if key is None or key.op == "read" or key.protect or key.retain_on_delete:
        return outcome
    days = key.get("deletion_window_in_days", 30)
    within = f" within {days:.0f} days" if isinstance(days, (int, float)) else ""
    why = f"destroy schedules the deletion of {key.name}, and unless someone cancels it{within}, the key is gone"
    return Outcome(Fate.UNREADABLE, why)


def _key_of(plan: Plan, store: Resource) -> Resource | None:
    encrypted = store.get(STORES[store.kind][1])
    if isinstance(encrypted, dict):  # a block of the table, with its own key
        key = plan.resolve(encrypted.get("kms_key_arn"), "kms.Key", "kms.ReplicaKey")
        return key if encrypted.get("enabled") is True else None
    return customer_key(plan, store) if encrypted is True else None


def _stores(plan: Plan) -> Iterator[Resource]:
    """The data stores of a plan; an instance of a cluster and a replica hold no data of their own."""
    for store in plan.of_type(*STORES):
        if store.op != "delete" and not is_replica(store):
            yield store
