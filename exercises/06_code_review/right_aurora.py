# An Aurora cluster with two members: the second one takes over in another zone.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
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
        'family="postgres17"',
        'family="aurora-postgresql17"',
    ),
    (
        'engine="postgres"',
        'engine="aurora-postgresql"',
    ),
    (
        """\
            instance_class="db.t3.medium",
            allocated_storage=100,
            storage_type="gp3",
""",
        """\
            storage_type="aurora",
""",
    ),
    (
        """\
        # Made once, at the first deployment; no later one changes it.
""",
        """\
        for number in range(2):
            aws.rds.ClusterInstance(
                f"emergency-alert-db-{number}-{self.environment_suffix}",
                identifier=f"emergency-alert-db-{number}-{self.environment_suffix}",
                cluster_identifier=self.rds_instance.id,
                engine="aurora-postgresql",
                instance_class="db.r6g.large",
                publicly_accessible=False,
                tags=self.tags,
                opts=ResourceOptions(parent=self),
            )
        # Made once, at the first deployment; no later one changes it.
""",
    ),
    (
        '{"DBInstanceIdentifier": data.rds_instance.identifier}',
        '{"DBClusterIdentifier": data.rds_instance.cluster_identifier}',
    ),
)
