"""Where message brokers are reached: by the ways of signing in and the engine that the program sets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.plan.values import UNKNOWN
from tests.mock_aws.asking import a_request, answered

KAFKA: dict[str, Any] = {"clusterName": "events", "kafkaVersion": "3.6.0", "numberOfBrokerNodes": 3}


def cluster(**inputs: Any) -> dict[str, Any]:
    _, values = answered(a_request("msk.Cluster", "events", **KAFKA, **inputs))
    return {name: value for name, value in values.items() if name.startswith("bootstrapBrokers")}


def broker(**inputs: Any) -> list[dict[str, Any]]:
    _, values = answered(a_request("mq.Broker", "orders", brokerName="orders", **inputs))
    return list(values["instances"])


class TestKafka:
    @pytest.mark.parametrize(
        ("inputs", "ports"),
        [
            ({}, {"bootstrapBrokersTls": 9094}),
            (
                {"clientAuthentication": {"sasl": {"iam": True}}},
                {"bootstrapBrokersTls": 9094, "bootstrapBrokersSaslIam": 9098},
            ),
            (
                {"clientAuthentication": {"sasl": {"scram": True, "iam": False}}},
                {"bootstrapBrokersTls": 9094, "bootstrapBrokersSaslScram": 9096},
            ),
            (
                {"encryptionInfo": {"encryptionInTransit": {"clientBroker": "PLAINTEXT"}}},
                {"bootstrapBrokers": 9092},
            ),
            (
                {"encryptionInfo": {"encryptionInTransit": {"clientBroker": "TLS_PLAINTEXT"}}},
                {"bootstrapBrokers": 9092, "bootstrapBrokersTls": 9094},
            ),
        ],
    )
    def test_a_cluster_has_brokers_for_the_ways_of_signing_in_that_it_is_set_up_for(
        self, inputs: dict[str, Any], ports: dict[str, int]
    ) -> None:
        given = {name: text for name, text in cluster(**inputs).items() if text}
        assert given.keys() == ports.keys()
        for name, text in given.items():
            hosts = text.split(",")
            assert len(hosts) == 2
            for host in hosts:
                assert re.fullmatch(
                    rf"b-\d\.events\.[0-9a-z]{{6}}\.c2\.kafka\.ap-southeast-1\.amazonaws\.com:{ports[name]}",
                    host,
                )

    def test_public_brokers_are_unknown_where_the_program_asks_for_them(self) -> None:
        info = {"connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}
        brokers = cluster(brokerNodeGroupInfo=info, clientAuthentication={"sasl": {"iam": True}})
        assert brokers["bootstrapBrokersPublicSaslIam"] is UNKNOWN
        assert brokers["bootstrapBrokersPublicTls"] is UNKNOWN
        assert brokers["bootstrapBrokersPublicSaslScram"] == ""

    def test_unknown_settings_leave_the_brokers_unknown(self) -> None:
        assert cluster(clientAuthentication=UNKNOWN)["bootstrapBrokersSaslIam"] is UNKNOWN


class TestMq:
    def test_rabbitmq_has_one_address_by_amqps_and_a_console_without_a_port(self) -> None:
        for mode in ("SINGLE_INSTANCE", "CLUSTER_MULTI_AZ"):
            (instance,) = broker(engineType="RabbitMQ", deploymentMode=mode)
            (endpoint,) = instance["endpoints"]
            assert re.fullmatch(r"amqps://b-[0-9a-f-]{36}\.mq\.ap-southeast-1\.amazonaws\.com:5671", endpoint)
            assert re.fullmatch(
                r"https://b-[0-9a-f-]{36}\.mq\.ap-southeast-1\.amazonaws\.com", instance["consoleUrl"]
            )

    def test_activemq_has_an_address_for_each_protocol(self) -> None:
        (instance,) = broker(engineType="ActiveMQ")
        assert [re.sub(r"//.*:", "//:", endpoint) for endpoint in instance["endpoints"]] == [
            "ssl://:61617",
            "amqp+ssl://:5671",
            "stomp+ssl://:61614",
            "mqtt+ssl://:8883",
            "wss://:61619",
        ]

    def test_a_pair_of_activemq_brokers_has_two_instances(self) -> None:
        pair = broker(engineType="ActiveMQ", deploymentMode="ACTIVE_STANDBY_MULTI_AZ")
        assert [re.search(r"-(\d)\.mq\.", instance["consoleUrl"])[1] for instance in pair] == ["1", "2"]  # type: ignore[index]
