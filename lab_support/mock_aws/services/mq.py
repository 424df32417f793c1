"""Amazon MQ: brokers."""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws.request import ResourceRequest, Values, fields_of
from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec
from lab_support.mock_aws.templates import render
from lab_support.plan.values import UNKNOWN

# In the order of the provider (website/docs/r/mq_broker.html.markdown, "instances").
_ACTIVEMQ: Final = (
    *("ssl://{host}:61617", "amqp+ssl://{host}:5671", "stomp+ssl://{host}:61614"),
    *("mqtt+ssl://{host}:8883", "wss://{host}:61619"),
)


def _instances(request: ResourceRequest, values: Values) -> list[dict[str, Any]]:
    """Where the broker is reached: RabbitMQ behind one load balancer, ActiveMQ at each of its instances."""
    broker = render("b-{uuid}", fields_of(request, values))
    domain = f"mq.{request.region}.{request.dns_suffix}"
    if str(values.get("engineType")).casefold() == "rabbitmq":
        host = f"{broker}.{domain}"
        return [{"consoleUrl": f"https://{host}", "endpoints": [f"amqps://{host}:5671"], "ipAddress": ""}]
    paired = values.get("deploymentMode") == "ACTIVE_STANDBY_MULTI_AZ"
    hosts = [f"{broker}-{number}.{domain}" for number in ((1, 2) if paired else (1,))]
    return [
        {
            "consoleUrl": f"https://{host}:8162",
            "endpoints": [endpoint.format(host=host) for endpoint in _ACTIVEMQ],
            "ipAddress": UNKNOWN,
        }
        for host in hosts
    ]


SPECS = {
    "mq.Broker": ResourceSpec(
        id="b-{uuid}",
        arn="arn:{partition}:mq:{region}:{account}:broker:{brokerName}:b-{uuid}",
        defaults={"autoMinorVersionUpgrade": False, "publiclyAccessible": False},
        computed={"instances": _instances},
        name="brokerName",
        autoname=Autoname(longest=55),
    )
}
