"""SNS: topics, who may publish to them, and who gets what is published."""

from __future__ import annotations

import json
import re

from lab_support.iam.policy import PolicyError, parse
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, Reference, ResourceSpec, Unique
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:sns:{region}:{account}:{name}"

# What the default policy lets the account's own principals and alarms do.
_ACTIONS = (
    *("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission"),
    *("DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish"),
)

# A subscriber by email or web address has to confirm; one that belongs to the account need not.
_MAIL = ("email", "email-json")
_CONFIRMED = (*_MAIL, "http", "https")


def _default_policy(request: ResourceRequest, values: Values) -> object:
    """The policy that SNS gives a topic created without one: everything for the account that owns it.

    Amazon SNS Developer Guide, "Example cases for Amazon SNS access control".
    """
    name = values.get("name")
    if not isinstance(name, str):
        return UNKNOWN
    account = request.account.id
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in _ACTIONS],
        "Resource": f"arn:{request.partition}:sns:{values['region']}:{account}:{name}",
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _name_is_valid(request: ResourceRequest, values: Values) -> None:
    """The characters that the provider allows, and the ending that a FIFO topic must have."""
    name = values.get("name")
    ending = r"\.fifo" if values.get("fifoTopic") is True else ""
    if isinstance(name, str) and not re.fullmatch(rf"[0-9A-Za-z_-]{{1,256}}{ending}", name):
        raise InvalidInput("name", f"invalid topic name: {name}")


def _policy_is_about_sns(request: ResourceRequest, values: Values) -> None:
    """A topic's policy is about the topic: SNS takes no actions of other services in it."""
    document = values.get("policy")
    try:
        statements = parse(document).statements if isinstance(document, str) else ()
    except PolicyError:
        return
    actions = [action.lower() for statement in statements for action in statement.action.values]
    if any(":" in action and not action.startswith("sns:") for action in actions):
        text = "Invalid parameter: Policy statement action out of service scope!"
        raise CreationRefused("InvalidParameter", text)


def _endpoint_fits_protocol(request: ResourceRequest, values: Values) -> None:
    """Mail goes to an address and a text to a number; only some protocols take a message as it was published.

    Amazon SNS API Reference, Subscribe; Amazon SNS Developer Guide, "Amazon SNS raw message delivery".
    """
    protocol, endpoint = values.get("protocol"), values.get("endpoint")
    # Only what is clearly something else is refused: a value that was looked up may be a placeholder.
    others = {
        **dict.fromkeys(_MAIL, (r"(arn:|https?://|\+?\d)[^@]*", "Email address")),
        "sms": (r"(arn:|https?://).*|.*@.*", "Phone number"),
    }
    form, what = others.get(str(protocol), (r"(?!)", ""))
    if isinstance(endpoint, str) and re.fullmatch(form, endpoint):
        raise CreationRefused("InvalidParameter", f"Invalid parameter: {what}")
    if values.get("rawMessageDelivery") is True and protocol in (*_MAIL, "sms", "lambda", "application"):
        text = f"Delivery protocol [{protocol}] does not support raw message delivery."
        raise CreationRefused("InvalidParameter", f"Invalid parameter: Attributes Reason: {text}")


SPECS = {
    "sns.Topic": ResourceSpec(
        creation=("SNS", "CreateTopic", "creating SNS Topic ({name})"),
        # Creating a topic that exists already returns it, so no name is ever taken.
        generated="terraform-",
        defaults={
            "contentBasedDeduplication": False,
            "policy": _default_policy,
            "fifoThroughputScope": "",
            "signatureVersion": 1,
            "tracingConfig": "PassThrough",
        },
        computed={"beginningArchiveTime": ""},
        inline={"policy": "sns.TopicPolicy"},
        rules=(_name_is_valid, _policy_is_about_sns),
        autoname=Autoname(longest=80, fifo="fifoTopic"),
        unique=Unique(
            "InvalidParameter",
            "Invalid parameter: {attribute} Reason: Topic already exists with different {difference}",
            takes_equals={
                "tagsAll": "Tags",
                **dict.fromkeys(
                    ("displayName", "kmsMasterKeyId", "deliveryPolicy", "policy", "signatureVersion"),
                    "Attributes",
                ),
            },
        ),
        data_sources={
            "sns.getTopic": FindOne(
                {"name": "name"}, "reading SNS Topic ({name}): empty result", gives={"id": "arn"}
            )
        },
    ),
    "sns.TopicSubscription": ResourceSpec(
        creation=("SNS", "Subscribe", "creating SNS Topic Subscription"),
        id="{arn}",
        arn="{topic}:{uuid}",
        defaults={"confirmationTimeoutInMinutes": 1, "filterPolicyScope": ""},
        computed={
            "pendingConfirmation": when("protocol", _CONFIRMED, True, False),
            "confirmationWasAuthenticated": when("protocol", _CONFIRMED, False, True),
        },
        references=(Reference("NotFound", "Topic does not exist", name="topic", target="sns.Topic"),),
        force_new=("endpoint", "protocol"),
        rules=(_endpoint_fits_protocol,),
    ),
    "sns.TopicPolicy": ResourceSpec(
        creation=("SNS", "SetTopicAttributes", "setting SNS Topic ({arn}) attribute (Policy)"),
        id="{arn}",
        overwrites=("arn",),
        rules=(_policy_is_about_sns,),
    ),
}
