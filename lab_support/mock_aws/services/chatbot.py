"""AWS Chatbot: channel configurations."""

from lab_support.mock_aws.resource_spec import ResourceSpec

SPECS = {
    "chatbot.SlackChannelConfiguration": ResourceSpec(composed_id="{configurationName}"),
    "chatbot.TeamsChannelConfiguration": ResourceSpec(composed_id="{configurationName}"),
}
