"""Amazon Elasticsearch Service, the older name of OpenSearch Service."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "elasticsearch.Domain": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:es:{region}:{account}:domain/{domainName}",
        computed={
            "domainId": "{account}/{domainName}",
            "endpoint": "search-{domainName}-{lower26}.{region}.es.{dns_suffix}",
            "kibanaEndpoint": "{endpoint}/_plugin/kibana/",
        },
        name="domainName",
        autoname=Autoname(longest=28, lower=True),
        computed_inside={"vpcOptions": ("availabilityZones", "vpcId")},
    )
}
