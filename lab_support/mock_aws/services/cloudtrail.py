"""CloudTrail: trails."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

SPECS = {
    "cloudtrail.Trail": ResourceSpec(
        creation=("CloudTrail", "CreateTrail", "creating CloudTrail Trail ({name})"),
        defaults={"isOrganizationTrail": False},
        computed={"homeRegion": "{region}", "snsTopicArn": ""},
        unique=Unique("TrailAlreadyExistsException", "Trail {name} already exists for customer: {account}"),
    )
}
