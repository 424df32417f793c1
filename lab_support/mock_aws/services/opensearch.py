"""OpenSearch Service: domains."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "opensearch.Domain": ResourceSpec(
        computed_inside={"vpcOptions": ("availabilityZones", "vpcId")},
        id="{arn}",
        arn="arn:{partition}:es:{region}:{account}:domain/{domainName}",
        computed={
            "domainId": "{account}/{domainName}",
            "endpoint": "search-{domainName}-{lower26}.{region}.es.{dns_suffix}",
            "dashboardEndpoint": "{endpoint}/_dashboards",
        },
        name="domainName",
        autoname=Autoname(),
        inline={"accessPolicies": "opensearch.DomainPolicy"},
    ),
    "opensearch.DomainPolicy": ResourceSpec(overwrites=("domainName",)),
}
