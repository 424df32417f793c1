# json.dumps cannot write a value that Pulumi will know later.
ACTIONS = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStream",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
]


def program(environment_suffix: str) -> None:
    stream = aws.kinesis.Stream(f"emergency-alert-stream-{environment_suffix}", shard_count=4)
    statement = {"Effect": "Allow", "Action": ACTIONS, "Resource": stream.arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    pulumi.export("policy", policy)
