"""Where people find the nearest shelter: a database of shelters, and a function that answers questions about them."""

import json

import pulumi
import pulumi_aws as aws

stack = pulumi.get_stack()

database = aws.rds.Instance(
    f"shelters-{stack}",
    engine="postgres",
    instance_class="db.t3.medium",
    allocated_storage=50,
    storage_encrypted=True,
    db_name="shelters",
    username="shelter_admin",
    manage_master_user_password=True,
    skip_final_snapshot=True,
)

notices = aws.sns.Topic(f"shelter-notices-{stack}")
aws.cloudwatch.MetricAlarm(
    f"shelter-questions-{stack}",
    namespace="AWS/Lambda",
    metric_name="Errors",
    dimensions={"FunctionName": f"shelter-answers-{stack}"},
    statistic="Sum",
    period=60,
    evaluation_periods=5,
    comparison_operator="GreaterThanThreshold",
    threshold=0,
    alarm_actions=[notices.arn],
)

role = aws.iam.Role(
    f"shelter-answers-{stack}",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.iam.RolePolicy(
    f"shelter-answers-policy-{stack}",
    role=role.id,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "rds:*", "Resource": "*"}],
        }
    ),
)
aws.lambda_.Function(
    f"shelter-answers-{stack}",
    name=f"shelter-answers-{stack}",
    role=role.arn,
    runtime="python3.12",
    handler="answers.handler",
    code=pulumi.AssetArchive(
        {"answers.py": pulumi.StringAsset("def handler(event, context): ...")}
    ),
    environment={"variables": {"DATABASE": database.address}},
)

pulumi.export("database", database.endpoint)
