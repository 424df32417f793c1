"""Redshift: clusters."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique

SPECS = {
    "redshift.Cluster": ResourceSpec(
        creation=("Redshift", "CreateCluster", "creating Redshift Cluster ({clusterIdentifier})"),
        defaults={
            "automatedSnapshotRetentionPeriod": 1,
            "databaseName": "dev",
            "enhancedVpcRouting": False,
            "multiAz": False,
            "numberOfNodes": 1,
            "port": 5439,
            "skipFinalSnapshot": False,
        },
        computed={
            "dnsName": "{clusterIdentifier}.c{home11}.{region}.redshift.{dns_suffix}",
            "endpoint": "{dnsName}:{port}",
            "clusterNamespaceArn": "arn:{partition}:redshift:{region}:{account}:namespace:{uuid}",
            "masterPasswordSecretArn": "",
        },
        name="clusterIdentifier",
        unique=Unique("ClusterAlreadyExists", "Cluster already exists"),
    )
}
