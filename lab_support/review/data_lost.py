"""DATA-LOST: a data store that a rename, a replacement or a destroy deletes, with nothing left. The drill as a rule.

NIST SP 800-53 CP-9 (system backup). Databases, file systems and tables count. A bucket does not: S3 refuses to delete
one with objects in it. A store that the program restores from a snapshot, or that AWS Backup backs up, can be restored
to an older state: whether that is enough is reported as unknown. A copy whose key is deleted with the stack is no
finding: that deletion can be cancelled for a week at least.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.release import Fate, ReleasedStore, release
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.copies_elsewhere import copies_elsewhere
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject

# Where the data of a new store comes from, which the plan may not show.
_ORIGINS = (
    "snapshot_identifier",
    "restore_to_point_in_time",
    "restore_source_name",
    "import_table",
    "s3_import",
)
_ARGUMENTS = ("skip_final_snapshot", "deletion_protection", "deletion_protection_enabled")


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Data stores that are lost with all of their data when the engine deletes them."""
    for store in release(subject.plan).stores:
        resource = store.resource
        if resource.op == "read":
            continue
        if store.renamed.fate is Fate.UNKNOWN:
            yield Observation(resource, unknown=store.renamed.why, arguments=_ARGUMENTS)
        elif store.renamed.fate is Fate.LOST and _is_restored(resource):
            why = "it is restored from a copy, and what it has stored since then may not matter"
            yield Observation(resource, unknown=why, arguments=_ARGUMENTS)
        elif store.renamed.fate is Fate.LOST and (copies := copies_elsewhere(subject.plan, resource)):
            why = f"{copies}, and what it has stored since the latest copy may not matter"
            yield Observation(resource, unknown=why, arguments=_ARGUMENTS)
        elif store.renamed.fate is Fate.LOST:
            what = (
                "A rename, a change that needs a replacement, or a destroy deletes it with all of its data: "
                f"{store.renamed.why}."
            )
            yield Observation(resource, what, _repair(store), arguments=_ARGUMENTS)


def _is_restored(resource: Resource) -> bool:
    """Whether a store begins with data from elsewhere."""
    origins = [resource.inputs.get(name) for name in _ORIGINS]
    return any(origin is UNKNOWN or origin for origin in origins)


def _repair(store: ReleasedStore) -> str:
    own = {
        "dynamodb.Table": 'Set deletion_protection_enabled=True or point_in_time_recovery={"enabled": True}',
        "efs.FileSystem": "EFS has no protection of its own",
    }.get(
        store.resource.kind,
        "Set deletion_protection=True, or final_snapshot_identifier without skip_final_snapshot",
    )
    return f"{own}; protect=True or retain_on_delete=True in its ResourceOptions keeps any resource."


RULE = ReviewRule(
    "DATA-LOST",
    "Critical",
    "recovery",
    "CP-9",
    "A release can delete stored data of which no copy is left",
    "Let the service refuse (deletion_protection, deletion_protection_enabled) or leave a copy (a final snapshot, "
    "point-in-time recovery), or set protect=True or retain_on_delete=True in the ResourceOptions of the store and of "
    "its key. A store whose data can be made again, such as one for tests, can be accepted in .lab-review.yaml with a "
    "reason and a date.",
    check,
)
