"""What the account answers when it does not do what it was asked, in the words of AWS and of the provider."""

from __future__ import annotations

from dataclasses import dataclass

_IN_THE_MODEL = frozenset(
    {
        "AlreadyExistsException",
        "DBInstanceAlreadyExists",
        "DBSubnetGroupAlreadyExists",
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        "InvalidDBInstanceState",
        "NotFoundException",
        "ResourceAlreadyExistsException",
        "ResourceExistsException",
        "ResourceInUseException",
        "ResourceNotFoundException",
    }
)
# Part of every code by which AWS says so: NoSuchEntity, DBSubnetGroupNotFoundFault, KMSKeyNotAccessibleFault, ...
_MISSING = ("NotFound", "NoSuch", "NotAccessible", "DoesNotExist", "NonExist")


@dataclass(eq=False)
class Refusal(Exception):
    """AWS refuses a request: `code` and `text` are AWS's own (`InvalidParameterCombination`).

    `service` and `operation` say which call it was (`RDS`, `CreateDBInstance`); `doing` is how the provider
    begins its sentence (`creating RDS DB Instance (emergency-alert-db-dev)`).
    """

    service: str
    operation: str
    code: str
    text: str
    doing: str = ""
    status: int = 400

    @property
    def is_about_missing(self) -> bool:
        """Whether AWS refuses because something that the request names does not exist."""
        return any(word in self.code for word in _MISSING) or "could not be found" in self.text

    def __str__(self) -> str:
        # As AWS's SDK for Go prints it, less the request's id: errors that the API's model names stand alone.
        known = self.code in _IN_THE_MODEL or self.code.endswith("Fault")
        lead = f"{self.doing}: " if self.doing else ""
        return (
            f"{lead}operation error {self.service}: {self.operation}, https response error "
            f"StatusCode: {self.status}, {'' if known else 'api error '}{self.code}: {self.text}"
        )


@dataclass(eq=False)
class InvalidInput(Exception):
    """The provider itself rejects an input before it calls AWS: a wrong type, a value out of its range."""

    property: str
    reason: str

    def __str__(self) -> str:
        return self.reason
