"""Amazon MQ: brokers."""

from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec

SPECS = {
    "mq.Broker": ResourceSpec(
        id="b-{uuid}",
        arn="arn:{partition}:mq:{region}:{account}:broker:{brokerName}:b-{uuid}",
        defaults={"autoMinorVersionUpgrade": False, "publiclyAccessible": False},
        computed={
            "instances": [
                {
                    "consoleUrl": "https://b-{uuid}-1.mq.{region}.{dns_suffix}:8162",
                    "endpoints": ["ssl://b-{uuid}-1.mq.{region}.{dns_suffix}:61617"],
                    "ipAddress": "",
                }
            ]
        },
        name="brokerName",
        autoname=Autoname(longest=55),
    )
}
