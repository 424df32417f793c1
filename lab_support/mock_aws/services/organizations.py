"""AWS Organizations."""

from __future__ import annotations

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.lookup import Lookup, Values
from lab_support.mock_aws.resource_spec import ResourceSpec


def _organization(lookup: Lookup) -> Values:
    organization = next(lookup.resources(), None)
    if organization is not None:
        return {**organization.values, "id": organization.id}
    raise AwsApiError(
        "Organizations",
        "DescribeOrganization",
        "AWSOrganizationsNotInUseException",
        "Your account is not a member of an organization.",
        "reading Organizations Organization",
    )


SPECS = {
    "organizations.Organization": ResourceSpec(
        is_global=True, data_sources={"organizations.getOrganization": _organization}
    )
}
