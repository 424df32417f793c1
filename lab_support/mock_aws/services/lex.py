"""Amazon Lex."""

from lab_support.mock_aws.resource_spec import WORD, ResourceSpec

SPECS = {
    "lex.Bot": ResourceSpec(autoname=WORD),
    "lex.BotAlias": ResourceSpec(
        id="{botName}:{name}",
        arn="arn:{partition}:lex:{region}:{account}:bot:{botName}:{name}",
        autoname=WORD,
    ),
    "lex.Intent": ResourceSpec(autoname=WORD),
    "lex.SlotType": ResourceSpec(autoname=WORD),
}
