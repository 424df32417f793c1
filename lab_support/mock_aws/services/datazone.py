"""Amazon DataZone."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "datazone.AssetType": ResourceSpec(composed_id="{domainIdentifier}__{name}"),
    "datazone.EnvironmentBlueprintConfiguration": ResourceSpec(
        composed_id="{domainId}__{environmentBlueprintId}"
    ),
}
