"""Functions of other packages. Expected values are those of the examples in Terraform's documentation of functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab_support.mock_aws.account import Account
from lab_support.mock_packages.functions import CannotCall, call


def std(name: str, /, **args: Any) -> Any:
    return call(f"std:index:{name}", args, Account(), "ap-southeast-1")["result"]


@pytest.mark.parametrize(
    ("name", "args", "result"),
    [
        ("base64encode", {"input": "Hello World"}, "SGVsbG8gV29ybGQ="),
        ("chunklist", {"input": ["a", "b", "c", "d", "e"], "size": 2}, [["a", "b"], ["c", "d"], ["e"]]),
        ("cidrhost", {"input": "10.12.112.0/20", "host": 16}, "10.12.112.16"),
        ("cidrhost", {"input": "10.12.112.0/20", "host": -1}, "10.12.127.255"),
        ("cidrnetmask", {"input": "172.16.0.0/12"}, "255.240.0.0"),
        ("cidrsubnet", {"input": "172.16.0.0/12", "newbits": 4, "netnum": 2}, "172.18.0.0/16"),
        (
            "cidrsubnet",
            {"input": "fd00:fd12:3456:7890::/56", "newbits": 16, "netnum": 162},
            "fd00:fd12:3456:7800:a200::/72",
        ),
        (
            "cidrsubnets",
            {"input": "10.1.0.0/16", "newbits": [4, 4, 8, 4]},
            ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"],
        ),
        ("coalesce", {"input": ["", "b"]}, "b"),
        ("element", {"input": ["a", "b", "c"], "index": 3}, "a"),
        ("flatten", {"input": [["a", "b"], [], ["c"]]}, ["a", "b", "c"]),
        ("format", {"input": "There are %d lights", "args": [4]}, "There are 4 lights"),
        ("formatlist", {"input": "Hello, %s!", "args": [["Ann", "Ben"]]}, ["Hello, Ann!", "Hello, Ben!"]),
        ("join", {"separator": "-", "input": ["foo", "bar"]}, "foo-bar"),
        ("jsonencode", {"input": {"hello": "world"}}, '{"hello":"world"}'),
        ("jsonencode", {"input": "a<b"}, '"a\\u003cb"'),
        ("lookup", {"map": {"a": "ay"}, "key": "c", "default": "what?"}, "what?"),
        ("merge", {"input": [{"a": 1}, {"a": 2, "c": 3}]}, {"a": 2, "c": 3}),
        ("range", {"limit": 3}, [0, 1, 2]),
        ("range", {"start": 4, "limit": 1, "step": -1}, [4, 3, 2]),
        ("regex", {"pattern": "[a-z]+", "string": "53453453.345345aaabbbccc23454"}, "aaabbbccc"),
        ("replace", {"text": "hello world", "search": "/w.*d/", "replace": "everybody"}, "hello everybody"),
        ("replace", {"text": "1 + 2 + 3", "search": "+", "replace": "-"}, "1 - 2 - 3"),
        ("slice", {"list": ["a", "b", "c", "d"], "from": 1, "to": 3}, ["b", "c"]),
        ("split", {"separator": ",", "text": "foo,bar"}, ["foo", "bar"]),
        ("substr", {"input": "hello world", "offset": 1, "length": 4}, "ello"),
        ("substr", {"input": "hello world", "offset": -5, "length": -1}, "world"),
        ("title", {"input": "hello world"}, "Hello World"),
        ("sha1", {"input": "hello world"}, "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"),
        ("trimprefix", {"input": "helloworld", "prefix": "hello"}, "world"),
        ("zipmap", {"keys": ["a", "b"], "values": [1, 2]}, {"a": 1, "b": 2}),
    ],
)  # fmt: skip
def test_a_function_is_computed(name: str, args: dict[str, Any], result: Any) -> None:
    assert std(name, **args) == result


def test_a_function_of_a_file_reads_it(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text("{}", encoding="utf-8")
    assert std("file", input=str(tmp_path / "policy.json")) == "{}"
    assert std("filemd5", input=str(tmp_path / "policy.json")) == "99914b932bd37a50b983c5e7c90ae93b"


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("file", {"input": "/nowhere/policy.json"}, r"/nowhere/policy\.json: No such file"),
        ("cidrsubnet", {"input": "10.0.0.0/30", "newbits": 8, "netnum": 0}, "has no subnet number 0"),
        ("jsondecode", {"input": "{"}, "std:index:jsondecode: Expecting"),
        ("index", {"input": ["a"], "element": "b"}, "std:index:index"),
    ],
)
def test_what_cannot_be_computed_says_so(name: str, args: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotCall, match=words):
        std(name, **args)


def test_a_command_is_not_run(tmp_path: Path) -> None:
    found = call("command:local:run", {"command": f"touch {tmp_path}/x"}, Account(), "eu-west-1")
    assert found["stdout"] == ""
    assert list(tmp_path.iterdir()) == []


def test_an_archive_has_a_hash_that_follows_from_its_files(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("1", encoding="utf-8")
    ask = {"type": "zip", "sourceDir": str(tmp_path), "outputPath": str(tmp_path / "out.zip")}
    first = call("archive:index/getFile:getFile", ask, Account(), "eu-west-1")
    (tmp_path / "app.py").write_text("2", encoding="utf-8")
    second = call("archive:index/getFile:getFile", ask, Account(), "eu-west-1")
    assert len(first["outputSha256"]) == 64
    assert first["outputSha256"] != second["outputSha256"]
    assert not (tmp_path / "out.zip").exists()


def test_an_unknown_function_answers_with_its_arguments() -> None:
    assert call("pebble:index:getStone", {"size": 3}, Account(), "eu-west-1") == {"id": "getStone", "size": 3}
