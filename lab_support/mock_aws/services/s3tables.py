"""S3 Tables."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    # RenameTable gives a table another name and namespace.
    "s3tables.Table": ResourceSpec(
        id="{tableBucketArn};{namespace};{name}", arn="{tableBucketArn}/table/{uuid}", in_place=("namespace",)
    )
}
