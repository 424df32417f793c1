"""GuardDuty."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"guardduty.MemberDetectorFeature": ResourceSpec(composed_id="{detectorId},{accountId},{name}")}
