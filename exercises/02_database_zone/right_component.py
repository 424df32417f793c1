# Network and database are component resources; the database component always has a standby.
class Network(pulumi.ComponentResource):
    """Three private subnets, one per zone, and the subnet group over them."""

    def __init__(self, suffix: str, tags: dict[str, str]) -> None:
        super().__init__("emergency:alert:Network", f"network-{suffix}")
        own = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(f"vpc-{suffix}", cidr_block="10.0.0.0/16", tags=tags, opts=own)
        self.subnets = [
            aws.ec2.Subnet(
                f"private-{zone}-{suffix}",
                vpc_id=self.vpc.id,
                cidr_block=f"10.0.{number}.0/24",
                availability_zone=f"ap-southeast-1{zone}",
                tags=tags,
                opts=own,
            )
            for number, zone in enumerate("abc", start=10)
        ]
        self.database_subnets = aws.rds.SubnetGroup(
            f"db-subnets-{suffix}",
            subnet_ids=[subnet.id for subnet in self.subnets],
            tags=tags,
            opts=own,
        )
        self.register_outputs({"vpc_id": self.vpc.id})


class AlertDatabase(pulumi.ComponentResource):
    """PostgreSQL with a standby in another zone, encrypted with a key of its own."""

    def __init__(self, suffix: str, network: Network, tags: dict[str, str]) -> None:
        super().__init__("emergency:alert:Database", f"database-{suffix}")
        own = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            f"key-{suffix}", description="Alert data", enable_key_rotation=True, tags=tags, opts=own
        )
        self.instance = aws.rds.Instance(
            f"db-{suffix}",
            identifier=f"emergency-alert-db-{suffix}",
            engine="postgres",
            engine_version="17",
            instance_class="db.t3.medium",
            allocated_storage=100,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=key.arn,
            db_name="alerts",
            username="alert_admin",
            manage_master_user_password=True,
            db_subnet_group_name=network.database_subnets.name,
            multi_az=True,
            publicly_accessible=False,
            backup_retention_period=30,
            deletion_protection=True,
            final_snapshot_identifier=f"emergency-alert-db-final-{suffix}",
            tags=tags,
            opts=own,
        )
        self.endpoint = self.instance.endpoint
        self.register_outputs({"endpoint": self.endpoint})


def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    network = Network(environment_suffix, tags)
    database = AlertDatabase(environment_suffix, network, tags)
    pulumi.export("database_endpoint", database.endpoint)
