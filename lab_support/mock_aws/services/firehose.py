"""Data Firehose: delivery streams."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

SPECS = {
    "kinesis.FirehoseDeliveryStream": ResourceSpec(
        creation=("Firehose", "CreateDeliveryStream", "creating Kinesis Firehose Delivery Stream ({name})"),
        defaults={"destinationId": "destinationId-000000000001", "versionId": "1"},
        unique=Unique("ResourceInUseException", "Firehose {name} under accountId {account} already exists"),
        force_new=("destination",),
    )
}
