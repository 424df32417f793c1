"""What code is suspicious in a program that passes, and what is not; read without running it."""

from __future__ import annotations

import pytest

from lab_support.checking.grading.analysis import analyse
from lab_support.checking.judge import as_solved
from lab_support.course.exercises import catalogue
from lab_support.course.fixes import fix_files, read_fix

HARMLESS = [
    "import os",
    "import os, sys\nname = os.path.join('a', 'b')\nnew = sys.version_info >= (3, 11)",
    "import json, re, random, hashlib, time, uuid, ipaddress, dataclasses",
    "from typing import Any\nfrom collections.abc import Sequence",
    "import pulumi_random, pulumi_tls",
    "import pulumi\npulumi.runtime.register_stack_transformation(print)",
    "from pulumi import Output, ResourceOptions, export, get_stack",
    "import pulumi_aws as aws\nkind = getattr(aws.rds, 'Instance')",
    "import pulumi_aws as aws\nfor name in ('Instance', 'Cluster'):\n    kind = getattr(aws.rds, name)",
    "class Database:\n    def __init__(self, name):\n        self.name = name\n        super().__init__()",
    "from lab_support import preview, show",
    "if __name__ == '__main__':\n    print('run me with pulumi')",
    "tags = {'environment': 'x'}\ntags['modules'] = 1",
    "import logging\nlogging.getLogger('x').info('made')\nlog = logging.getLogger(__doc__)",
    "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    await asyncio.gather()",
    "import time, uuid\nx = time.time(), time.strftime('%Y'), uuid.uuid4(), uuid.uuid5(uuid.NAMESPACE_DNS, 'x')",
    "import operator\nx = sorted(y, key=operator.attrgetter('name'))",
    "x = 'arn:aws:kinesis:{0.region}:{1[account]}:stream/*'.format(a, b)",
    "text = 'alert-{}'\nx = text.format(1)\ny = TEXTS['a'].format(x)",
    "match kind:\n    case Database(name=name):\n        pass",
    "account = '123456789012'\narn = f'arn:aws:iam::{account}:root'",
]
SUSPICIOUS = [
    "import os\nx = os.environ['HOME']",
    "import os as o\nx = o.getenv('HOME')",
    "from os import environ",
    "import os\nf(os)",
    "import os\nx = os.path.exists('/proc')",
    "import sys\nx = sys.modules",
    "import inspect",
    "import subprocess",
    "import gc",
    "import ctypes",
    "from pulumi.runtime import settings",
    "from pulumi.runtime import is_dry_run",
    "import pulumi.runtime.settings as s",
    "import pulumi\nx = pulumi.runtime.is_dry_run()",
    "import pulumi\nx = pulumi.automation",
    "x = eval('1')",
    "x = __import__('os')",
    "x = ().__class__.__base__.__subclasses__()",
    "x = getattr(f, 'is' + '_dry_run')()",
    "x = globals()",
    "x = __file__",
    "y = 1 if __name__ == '__main__' else 2",
    "if __name__ == '__main__':\n    y = 1",
    "import pulumi_aws as aws\naws.rds.Instance.__init__ = f",
    "try:\n    f()\nexcept Exception as e:\n    x = e.__traceback__.tb_frame.f_back",
    "import asyncio\nx = asyncio.all_tasks()",
    "open('x')",
    "import logging\nx = logging.os.getpid()",
    "import random as r\nx = r.os",
    "import time\nx = time.process_time()",
    "from time import thread_time",
    "import uuid\nx = uuid.uuid1().node",
    "import logging\nx = logging.getLogger().manager.loggerDict",
    "import logging\nx = logging.FileHandler('/proc/stat')",
    "from logging import os as system",
    "import asyncio\nx = asyncio.create_subprocess_shell('ls')",
    "import operator, re\nx = operator.attrgetter('enum.sys')(re)",
    "from operator import methodcaller\nx = methodcaller('__reduce' + '_ex__')(f)",
    "match f:\n    case object(__globals__=names):\n        pass",
    "x = '{0.__globals__}'.format(f)",
    "x = str.format('{0.__globals__}', f)",
    "text = '{0.' + under + '}'\nx = text.format(f)",
    "import typing\nx = typing.get_type_hints(f)",
    "x = hash('zone') % 2",
    "x = 1 if account.account_id == '123456789012' else 2",
]


@pytest.mark.parametrize("code", HARMLESS)
def test_what_programs_do_is_not_suspicious(code: str) -> None:
    assert analyse([code])["suspicions"] == []


@pytest.mark.parametrize("code", SUSPICIOUS)
def test_what_no_infrastructure_needs_is_suspicious(code: str) -> None:
    assert analyse([code])["suspicions"]


def test_no_right_fix_of_the_course_is_suspicious() -> None:
    found = {}
    for exercise in catalogue():
        programs = {path.name: list(read_fix(path, exercise).cells) for path in fix_files(exercise, "right")}
        for name, cells in {**programs, "solution": as_solved(exercise)}.items():
            if suspicions := analyse(cells)["suspicions"]:
                found[f"{exercise.slug}/{name}"] = suspicions
    assert found == {}


def test_environments_that_code_compares_are_found_without_running_it() -> None:
    found = analyse(
        ["def program(suffix):\n    return suffix in ('qa', 'uat') or suffix.startswith('hotfix')"]
    )
    assert {"qa", "uat", "hotfix"} <= set(found["compared"])


def test_annotations_are_no_environments() -> None:
    found = analyse(["def program(suffix: 'str') -> 'None':\n    return suffix == 'qa'"])
    assert not {"str", "None", "return"} & {*found["compared"], *found["other"]}


@pytest.mark.parametrize("code", ["x = (", "x = 1\0", "(" * 500 + ")" * 500, "x = " + "-" * 100_000 + "1"])
def test_what_is_no_code_has_a_reason(code: str) -> None:
    assert analyse([code])["error"]


DOCUMENTED = "class Part:\n    '''A part.'''\n    size: int = 1\n"


@pytest.mark.parametrize(
    ("reads", "are_named"),
    [
        ("", False),
        ("x = Part.__doc__", True),
        ("x = Part.__annotations__", True),
        ("x = __annotations__['y']", True),
    ],
)
def test_names_are_compared_where_the_code_asks_for_them_but_not_for_a_docstring_or_an_annotation(
    reads: str, are_named: bool
) -> None:
    found = analyse([f"{DOCUMENTED}\ndef program(suffix):\n    return suffix == 'qa'\n\n{reads}"])
    assert ("size" in found["compared"]) == are_named
