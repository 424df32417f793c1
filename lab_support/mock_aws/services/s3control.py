"""S3 Control."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {"s3control.DirectoryBucketAccessPointScope": ResourceSpec(composed_id="{name},{accountId}")}
