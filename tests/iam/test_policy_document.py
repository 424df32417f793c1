"""`aws.iam.get_policy_document`: the JSON that means what the statements say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.iam.policy_document import InvalidArgument, policy_document

READ = {"sid": "Read", "actions": ["s3:GetObject", "s3:ListBucket"], "resources": ["arn:aws:s3:::b/*"]}


def document(**args: Any) -> Any:
    """The document that comes of these arguments."""
    result = policy_document(args)
    made = json.loads(result["json"])
    assert json.loads(result["minifiedJson"]) == made
    assert "\n" not in result["minifiedJson"]
    return made


def statement(**given: Any) -> Any:
    (made,) = document(statements=[given])["Statement"]
    return made


def test_a_statement_in_the_words_of_iam() -> None:
    assert document(statements=[READ]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetObject"],
                "Resource": "arn:aws:s3:::b/*",
            }
        ],
    }


@pytest.mark.parametrize(
    ("given", "element", "value"),
    [
        ({"effect": "Deny"}, "Effect", "Deny"),
        ({"actions": ["a:B"]}, "Action", "a:B"),
        ({"notActions": ["a:B", "a:C", "a:B"]}, "NotAction", ["a:C", "a:B"]),
        ({"notResources": ["*"]}, "NotResource", "*"),
        ({"principals": [{"type": "*", "identifiers": ["*"]}]}, "Principal", "*"),
        ({"principals": [{"type": "AWS", "identifiers": ["*"]}]}, "Principal", {"AWS": "*"}),
        (
            {"principals": [{"type": "AWS", "identifiers": ["a"]}, {"type": "AWS", "identifiers": ["b"]}]},
            "Principal",
            {"AWS": ["a", "b"]},
        ),
        (
            {"notPrincipals": [{"type": "Service", "identifiers": ["ecs.amazonaws.com"]}]},
            "NotPrincipal",
            {"Service": "ecs.amazonaws.com"},
        ),
        (
            {
                "conditions": [
                    {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]},
                    {"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o", "p"]},
                    {"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]},
                ]
            },
            "Condition",
            {
                "StringEquals": {"aws:SourceAccount": "1", "aws:PrincipalOrgID": ["o", "p"]},
                "Bool": {"aws:SecureTransport": "true"},
            },
        ),
    ],
)
def test_each_argument_becomes_its_element(given: dict[str, Any], element: str, value: Any) -> None:
    made = statement(**given)
    assert made[element] == value
    assert set(made) <= {"Effect", element}


def test_what_is_not_given_does_not_appear() -> None:
    assert statement(sid="", actions=[], principals=[], conditions=[]) == {"Effect": "Allow"}


def test_version_and_id_of_the_document() -> None:
    made = document(version="2008-10-17", policyId="mine", statements=[READ])
    assert (made["Version"], made["Id"]) == ("2008-10-17", "mine")


def test_no_statement_is_an_empty_document() -> None:
    assert document() == {"Version": "2012-10-17"}


def test_sources_come_first() -> None:
    source = json.dumps({"Statement": [{"Sid": "Source", "Effect": "Allow"}]})
    made = document(sourcePolicyDocuments=[source], statements=[READ])
    assert [statement["Sid"] for statement in made["Statement"]] == ["Source", "Read"]


def test_an_override_takes_the_place_of_the_statement_of_its_sid() -> None:
    overrides = [
        json.dumps({"Statement": [{"Sid": "Read", "Effect": "Deny"}, {"Effect": "Deny"}]}),
        json.dumps({"Statement": [{"Sid": "New", "Effect": "Deny"}]}),
    ]
    made = document(statements=[READ, {"sid": "Other"}], overridePolicyDocuments=overrides)["Statement"]
    assert [statement.get("Sid") for statement in made] == ["Read", "Other", None, "New"]
    assert made[0] == {"Sid": "Read", "Effect": "Deny"}


def test_a_statement_takes_the_place_of_the_sources_of_its_sid() -> None:
    # The SDK's own "Example Using A Source Document", in which the statement's Sid is SidToOverride.
    source = json.dumps({"Statement": [{"Sid": "Read", "Effect": "Deny"}]})
    made = document(sourcePolicyDocuments=[source], statements=[READ])["Statement"]
    assert [statement["Effect"] for statement in made] == ["Allow"]


def test_variables_of_iam_are_written_with_an_ampersand() -> None:
    # The SDK's own example; `${` would be taken for its own by the language that the provider comes from.
    assert (
        statement(resources=["arn:aws:s3:::b/&{aws:username}/*"])["Resource"]
        == "arn:aws:s3:::b/${aws:username}/*"
    )
    condition = {"test": "StringLike", "variable": "s3:prefix", "values": ["home/&{aws:username}/*"]}
    assert statement(conditions=[condition])["Condition"] == {
        "StringLike": {"s3:prefix": "home/${aws:username}/*"}
    }


def test_a_condition_of_one_variable_keeps_the_order_of_its_values() -> None:
    one = {"test": "StringLike", "variable": "s3:prefix", "values": ["a", "c"]}
    made = statement(conditions=[one, {**one, "values": ["b"]}])["Condition"]
    assert made == {"StringLike": {"s3:prefix": ["a", "c", "b"]}}


def test_documents_are_read_as_the_provider_reads_them() -> None:
    source = {
        "Version": "2008-10-17",
        "Id": "source",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["a", "b"]},
                "Condition": {"Bool": {"aws:SecureTransport": True}, "StringEquals": {"x": ["only"]}},
                "Comment": "unknown elements are dropped",
            },
            {"Effect": "Deny", "Principal": {"AWS": "*"}},
            {"Effect": "Deny", "Principal": "*"},
        ],
    }
    made = document(sourcePolicyDocuments=[json.dumps(source)])
    assert (made["Version"], made["Id"]) == ("2012-10-17", "source")
    assert made["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["b", "a"]},
            "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"x": "only"}},
        },
        {"Effect": "Deny", "Principal": {"AWS": "*"}},
        {"Effect": "Deny", "Principal": "*"},
    ]


def test_the_text_is_the_one_that_go_writes() -> None:
    # encoding/json, MarshalIndent: two spaces, and the characters of HTML as escapes.
    condition = {"test": "StringEquals", "variable": "v", "values": ["a&b<c>é"]}
    result = policy_document({"statements": [{"sid": "S", "conditions": [condition]}]})
    assert result["json"].startswith(
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Sid": "S"'
    )
    assert r"a\u0026b\u003cc\u003eé" in result["minifiedJson"]
    assert result["id"].isdigit()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"sourceJson": "{}"}, 'expected "source_json" to be an empty string: got {}'),
        (
            {"statements": [{"effect": "allow"}]},
            'statement.0.effect to be one of ["Allow" "Deny"], got allow',
        ),
        ({"statements": [READ, READ]}, "duplicate Sid (Read). Remove the Sid or ensure the Sid is unique."),
        (
            {"sourcePolicyDocuments": ['{"Statement": [{"Sid": "A"}]}'] * 2},
            "merging source document 1: duplicate Sid (A) in source_policy_documents (statement 0).",
        ),
        ({"overridePolicyDocuments": ["{"]}, '"override_policy_documents.0" contains an invalid JSON'),
        ({"sourcePolicyDocuments": ['{"Statement": {"Sid": "A"}}']}, "json: cannot unmarshal object"),
        ({"version": "2012"}, 'expected version to be one of ["2008-10-17" "2012-10-17"], got 2012'),
        (
            {"version": "2008-10-17", "statements": [{"resources": ["&{aws:username}"]}]},
            "which is not supported in document version 2008-10-17",
        ),
    ],
)
def test_what_the_provider_does_not_take(args: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        policy_document(args)
    assert words in str(caught.value)
