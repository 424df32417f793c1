"""Amazon Lex."""

from lab_support.mock_aws.resource_spec import WORD, ResourceSpec

SPECS = {
    "lex.Bot": ResourceSpec(autoname=WORD),
    "lex.BotAlias": ResourceSpec(autoname=WORD),
    "lex.Intent": ResourceSpec(autoname=WORD),
    "lex.SlotType": ResourceSpec(autoname=WORD),
}
