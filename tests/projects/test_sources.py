"""What a program's source says about its region and its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.projects.sources import config_reads, region_in, required_keys, said_in


def region(folder: Path, **files: str) -> str | None:
    for name, text in {"main": "", **files}.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = region_in(folder, folder / "main.py")
    return found and found[0]


class TestRegion:
    @pytest.mark.parametrize(
        ("program", "expected"),
        [
            ("zones = ['us-west-2a', 'us-west-2b']", "us-west-2"),
            ("zone = 'us-gov-east-1a'", "us-gov-east-1"),
            ("provider(region='us-east-1'); zone = 'eu-west-1c'", "eu-west-1"),
            ("region = 'ap-northeast-3'", "ap-northeast-3"),
            ("endpoint = 'com.amazonaws.us-east-1.s3'", None),
            ("zones = ['us-west-2a', 'eu-west-1a']", None),
            ("regions = ['us-west-2', 'eu-west-1']", None),
            ("# us-west-2a", None),
            ("def (", None),
        ],
    )
    def test_the_region_is_the_only_one_that_the_program_mentions(
        self, tmp_path: Path, program: str, expected: str
    ) -> None:
        assert region(tmp_path, main=program) == expected

    @pytest.mark.parametrize(
        ("statement", "file"),
        [
            ("import network", "network"),
            ("from network import vpc", "network"),
            ("from parts.network import vpc", "parts__network"),
            ("from parts import network", "parts__network"),
            ("import parts.network", "parts__network"),
            ("from .parts import network", "parts__network"),
        ],
    )
    def test_what_the_program_imports_is_read(self, tmp_path: Path, statement: str, file: str) -> None:
        assert region(tmp_path, main=statement, **{file: "zone = 'us-west-2a'"}) == "us-west-2"

    def test_a_package_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "parts").mkdir()
        (tmp_path / "parts" / "__init__.py").write_text("zone = 'us-west-2a'", encoding="utf-8")
        assert region(tmp_path, main="import parts") == "us-west-2"

    def test_what_an_imported_module_imports_is_read(self, tmp_path: Path) -> None:
        network = "from .zones import zone"
        files = {"parts__network": network, "parts__zones": "import main\nzone = 'us-west-2a'"}
        assert region(tmp_path, main="import parts.network", **files) == "us-west-2"

    def test_code_that_the_program_deploys_is_not_read(self, tmp_path: Path) -> None:
        assert region(tmp_path, app__handler="import boto3\nzone = 'us-west-2a'") is None


@pytest.mark.parametrize(
    ("program", "keys"),
    [
        ("c = pulumi.Config()\nc.require('a')\nc.get('b')", ["shop:a"]),
        (
            "c = Config('net')\nc.require_object('a')\nd = Config()\nd.require_secret('a')",
            ["net:a", "shop:a"],
        ),
        ("pulumi.Config('aws').require('region')", ["aws:region"]),
        ("c.require(name)\nc.require()\nrequire('x')\nc.require('a')\nc.require('a')", ["shop:a"]),
    ],
)
def test_required_keys_are_found_with_their_namespace(tmp_path: Path, program: str, keys: list[str]) -> None:
    (tmp_path / "main.py").write_text(program, encoding="utf-8")
    assert list(required_keys(tmp_path, tmp_path / "main.py", "shop")) == keys


def test_keys_variables_and_defaults_that_a_program_reads_are_found(tmp_path: Path) -> None:
    main = tmp_path / "__main__.py"
    main.write_text(
        "import os, pulumi\n"
        "c, net = pulumi.Config(), pulumi.Config('net')\n"
        "c.get('a') or 'one'\nnet.require_int('b')\nc.get_secret('c')\npulumi.Config('aws').require('region')\n"
        "c.get('d', 'two')\nos.getenv('E')\nos.environ['F']\nos.environ.get('G', 'x')\n",
        encoding="utf-8",
    )
    net = main.read_text(encoding="utf-8").replace("c, net =", "net = pulumi.Config('net')\nc, _ =")
    main.write_text(net, encoding="utf-8")
    reads = config_reads(tmp_path, main, "shop")
    assert set(reads.keys) == {"shop:a", "net:b", "shop:c", "aws:region", "shop:d"}
    assert reads.variables == ("E", "F", "G")
    assert reads.defaults == {"one", "two", "x"}


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("unit = [x.arn for x in units.children if x.name == 'Security'][0]", {"name": ("Security",)}),
        ("unit = next(x for x in units if 'Security' == x['name'])", {"name": ("Security",)}),
        (
            "a = network.outputs['SubnetId'], vpc.tags['Name']",
            {"outputs[]": ("SubnetId",), "tags[]": ("Name",)},
        ),
        ("a = x.name != 'Security', x.size == 3, x[0], y['k'], x.name == other", {}),
        ("def (", {}),
    ],
)
def test_what_a_program_says_of_what_it_looks_up(
    tmp_path: Path, program: str, expected: dict[str, tuple[str, ...]]
) -> None:
    (tmp_path / "main.py").write_text(program, encoding="utf-8")
    assert said_in(tmp_path, tmp_path / "main.py") == expected
