"""S3 Tables."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "s3tables.Namespace": ResourceSpec(composed_id="{tableBucketArn};{namespace}"),
    # RenameTable gives a table another name and namespace.
    "s3tables.Table": ResourceSpec(
        id="{tableBucketArn};{namespace};{name}",
        arn="{tableBucketArn}/table/{uuid}",
        in_place=("namespace",),
    ),
    "s3tables.TableBucketPolicy": ResourceSpec(composed_id="{tableBucketArn}"),
    "s3tables.TablePolicy": ResourceSpec(composed_id="{tableBucketArn};{namespace};{name}"),
}
