"""Amazon Elasticsearch Service, the older name of OpenSearch Service."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "elasticsearch.Domain": ResourceSpec(
        name="domainName",
        autoname=Autoname(longest=28, lower=True),
        computed_inside={"vpcOptions": ("availabilityZones", "vpcId")},
    )
}
