# A Multi-AZ DB cluster: two readable standbys, for which there is a third zone now.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        'enumerate("ab")',
        'enumerate("abc")',
    ),
    (
        "self.rds_instance = aws.rds.Instance(",
        "self.rds_instance = aws.rds.Cluster(",
    ),
    (
        """\
            identifier=self.rds_identifier,
""",
        """\
            cluster_identifier=self.rds_identifier,
""",
    ),
    (
        'db_name="alerts"',
        'database_name="alerts"',
    ),
    (
        """\
            username="alert_admin",
""",
        """\
            master_username="alert_admin",
""",
    ),
    (
        "/aws/rds/instance/",
        "/aws/rds/cluster/",
    ),
    (
        "rds_parameters = aws.rds.ParameterGroup(",
        "rds_parameters = aws.rds.ClusterParameterGroup(",
    ),
    (
        "parameter_group_name=rds_parameters.name",
        "db_cluster_parameter_group_name=rds_parameters.name",
    ),
    (
        """\
            multi_az=True,
            publicly_accessible=False,
""",
        """\
            # no zone is named: RDS spreads the members over the subnets
""",
    ),
    (
        """\
            instance_class="db.t3.medium",
            allocated_storage=100,
            storage_type="gp3",
""",
        """\
            db_cluster_instance_class="db.m6gd.large",
            allocated_storage=100,
            storage_type="io1",
            iops=1000,
""",
    ),
    (
        '{"DBInstanceIdentifier": data.rds_instance.identifier}',
        '{"DBClusterIdentifier": data.rds_instance.cluster_identifier}',
    ),
)
