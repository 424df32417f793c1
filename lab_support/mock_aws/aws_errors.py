"""What the account answers when it refuses a request, in the words of AWS and of the provider."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from lab_support.mock_aws.data.aws_errors import is_declared, status_of

# Part of every code by which AWS says so: NoSuchEntity, DBSubnetGroupNotFoundFault, KMSKeyNotAccessibleFault, ...
_MISSING: Final = ("NotFound", "NoSuch", "NotAccessible", "DoesNotExist", "NonExist", "NotInUse")
_THING: Final = re.compile(
    r"(?:The )?(.+?) (?:cannot be found|could not be found|not found|does not exist|is not found)\.?"
)

# The calls by which a resource is changed, where their name does not follow from the call that creates it.
_CHANGES: Final = {
    "CreateCacheSubnetGroup": "ModifyCacheSubnetGroup",
    "CreateDBCluster": "ModifyDBCluster",
    "CreateDBInstance": "ModifyDBInstance",
    "CreateDBInstanceReadReplica": "ModifyDBInstance",
    "CreateDBSubnetGroup": "ModifyDBSubnetGroup",
    "CreateFunction": "UpdateFunctionConfiguration",
    "CreateListener": "ModifyListener",
    "CreateLoadBalancer": "ModifyLoadBalancerAttributes",
    "CreatePolicy": "CreatePolicyVersion",
    "CreateQueue": "SetQueueAttributes",
    "CreateReplicationGroup": "ModifyReplicationGroup",
    "CreateRole": "UpdateAssumeRolePolicy",
    "CreateTargetGroup": "ModifyTargetGroup",
}


@dataclass(eq=False)
class AwsApiError(Exception):
    """AWS refuses a request: `code` and `text` are AWS's own (`InvalidParameterCombination`).

    `service` and `operation` say which call it was (`RDS`, `CreateDBInstance`); `doing` is how the provider
    begins its sentence (`creating RDS DB Instance (emergency-alert-db-dev)`). Without an operation it is the provider
    that refuses, before it calls AWS: then `text` stands alone. `status` is the HTTP status; 0 means the one of the
    service's model.
    """

    service: str
    operation: str
    code: str
    text: str
    doing: str = ""
    status: int = 0

    @property
    def is_about_missing(self) -> bool:
        """Whether AWS refuses because something that the request names does not exist."""
        return any(word in self.code for word in _MISSING) or "could not be found" in self.text

    @property
    def missing_thing(self) -> str:
        """What does not exist, without saying so: `role with name admin`; all of the text where that is not plain."""
        found = _THING.fullmatch(self.text)
        return found[1] if found else self.text

    def of_an_update(self) -> AwsApiError:
        """The same error for a request that changes a resource instead of creating it."""
        operation = _CHANGES.get(self.operation, re.sub("^Create", "Update", self.operation))
        return replace(self, operation=operation, doing=re.sub("^creating", "updating", self.doing))

    def __str__(self) -> str:
        lead = f"{self.doing}: " if self.doing else ""
        if not self.operation:
            return f"{lead}{self.text}"
        # As AWS's SDK for Go prints it, less the request's id: errors that the call's model declares stand alone.
        known = is_declared(self.service, self.operation, self.code)
        status = self.status or status_of(self.service, self.code)
        return (
            f"{lead}operation error {self.service}: {self.operation}, https response error "
            f"StatusCode: {status}, {'' if known else 'api error '}{self.code}: {self.text}"
        )


@dataclass(eq=False)
class CreationRefused(Exception):
    """A rule refuses the call that creates a resource; the type's entry says which call that is (`creation`)."""

    code: str
    text: str
