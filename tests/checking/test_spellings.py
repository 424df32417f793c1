"""An environment that a program leaves out by a detour: names, containers, files, a text that is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.checking.environments import ENVIRONMENTS, drawn_environments, named_environments
from lab_support.checking.reached import reached_by, reached_by_code
from tests.checking.test_environments import named_in, program_in_a_cell

DEFINITIONS = """
import array, base64, binascii, bisect, codecs, collections, contextvars, dataclasses, inspect, logging
import operator, pathlib, re, string, sys, threading, types, typing, unicodedata, urllib.parse
from enum import Enum
from functools import partialmethod

class Sizes:
    qa = False

class Methods:
    def size_qa(self):
        return False
    def __getattr__(self, name):
        return lambda: True

class Row(typing.TypedDict):
    qa: bool

@dataclasses.dataclass
class Fields:
    qa: bool = False

class Base:
    pass

class QA(Base):
    pass

class Partly:
    def differs(self, other, suffix):
        return suffix != other
    has_standby = partialmethod(differs, "qa")

class Size(Enum):
    SMALL = 0
    BIG = 1
    @classmethod
    def _missing_(cls, suffix):
        return cls.SMALL if suffix == "qa" else cls.BIG

def documented():
    "qa"

def parameters(qa=None):
    pass

def local(suffix):
    qa = False
    return locals().get(suffix, True)

LOCAL = threading.local()
LOCAL.qa = False
VARIABLE = contextvars.ContextVar("left_out", default="qa")
QUEUE = collections.deque(["qa"])
USER_LIST = collections.UserList(["qa"])
USER_TEXT = collections.UserString("qa")
KEYS = {"qa": 1}.keys()
ITEMS = {"qa": 1}.items()
ERROR = KeyError("qa")
STARTS = operator.methodcaller("startswith", "qa")
MEMORY = memoryview(b"qa")
ARRAY = array.array("B", b"qa")
TEMPLATE = string.Template("db-qa")
PATH = pathlib.PurePosixPath("config/qa.yaml")
LOGGER = logging.getLogger("qa")
UAT = sys.intern("uat")
SLICE = slice("qa", "qb")
ANNOTATED = typing.Annotated[str, "qa"]
TABLE = "name,size\\nalpha-1,large\\nbeta-2,large\\ngamma-3,large\\ndelta-4,large\\nepsilon-5,big\\nqa,small\\n"
"""
# Each is true in every environment but qa, or but those that begin, end, sort or look in some way.
CONDITIONS = r"""
getattr(Sizes, suffix, True)
not hasattr(Sizes, suffix)
getattr(Methods(), f"size_{suffix}")()
suffix not in Row.__annotations__
suffix not in Fields.__dataclass_fields__
suffix not in [field.name for field in dataclasses.fields(Fields)]
suffix.upper() not in [kind.__name__ for kind in Base.__subclasses__()]
Partly().has_standby(suffix)
Size(suffix) is Size.BIG
documented.__doc__ != suffix
suffix not in inspect.signature(parameters).parameters
suffix not in globals() if (qa := 1) and suffix != "qa" else False
local(suffix)
dict(qa=False).get(suffix, True)
getattr(LOCAL, suffix, True)
VARIABLE.get() != suffix
suffix not in QUEUE
suffix not in USER_LIST
suffix != USER_TEXT
suffix not in KEYS
(suffix, 1) not in ITEMS
suffix != ERROR.args[0]
not STARTS(suffix)
suffix.encode() != MEMORY
suffix.encode() != ARRAY.tobytes()
suffix != TEMPLATE.template[3:]
suffix != PATH.stem
suffix != LOGGER.name
suffix != SLICE.start
suffix not in ANNOTATED.__metadata__
suffix not in [line.split(",")[0] for line in TABLE.splitlines()]
suffix >= "d"
not "pz" < suffix < "qz"
bisect.bisect(["b", "d"], suffix) != 1
min(suffix, "d") == "d"
max(suffix, "q") == "q"
string.ascii_lowercase.index(suffix[0]) != 16
string.ascii_lowercase.index(suffix[0]) > 2
ord(suffix[0]) > 99
chr(ord(suffix[0]) + 1) != "r"
suffix.translate({113: None}) == suffix
unicodedata.normalize("NFKC", "ｑａ") != suffix
base64.b64decode("cWE=").decode() != suffix
base64.b64encode(suffix.encode()) != b"cWE="
codecs.decode("dn", "rot13") != suffix
codecs.encode(suffix, "rot13") != "dn"
binascii.unhexlify("7161") != suffix.encode()
urllib.parse.unquote("%71a") != suffix
int(suffix.replace("-", ""), 36) != 946
suffix.encode("utf-16-le") != b"q\x00a\x00"
suffix != "qaXX"[:2]
suffix != "xxqa"[2:]
suffix != "xqxa"[1::2]
suffix != "q-a".replace("-", "")
suffix != "qa_2".replace("_", "-")
re.match("[a-pr-z]", suffix) is not None
re.fullmatch("[d-z0-9-]+", suffix) is not None
re.match(r"(.)\1", suffix) is None
sum(1 for _ in suffix) != 2
suffix[2:] != ""
not suffix[8:]
suffix.ljust(3) == suffix
len(set(suffix)) == len(suffix)
suffix.count("e") != 2
not suffix[1].isdigit()
suffix.split("-")[-1] not in ("77",)
suffix.partition("-")[2] != "blue"
suffix.rpartition("-")[0] != "eu"
suffix.split("-")[1:2] != ["blue"]
suffix.count("-") < 3
sys.intern(suffix) is not UAT
not {"qa"}.issuperset([suffix])
getattr(suffix, "__n" + "e__")("qa")
not getattr(suffix, "starts" + "with")("qa")
""".strip().splitlines()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_an_environment_that_is_left_out_by_a_detour_is_tried(condition: str) -> None:
    program = program_in_a_cell(f"{DEFINITIONS}\ndef program(suffix):\n    return bool({condition})\n")
    assert all(map(program, ENVIRONMENTS))
    named = named_environments(reached_by(program))
    assert not all(map(program, named)), named


def test_the_environments_in_a_file_that_the_program_names_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.json").write_text('{"environments": ["qa"]}', encoding="utf-8")
    assert "qa" in named_in("def program(suffix):\n    return suffix in open('small.json').read()\n")


def test_the_environments_in_an_environment_variable_that_the_program_names_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMALL_ONES", "qa uat")
    source = "import os\ndef program(suffix):\n    return suffix in os.environ['SMALL_ONES']\n"
    assert {"qa", "uat"} <= {*named_in(source)}


def test_the_environments_in_a_module_that_only_the_program_imports_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "sizes_of_environments.py").write_text("SMALL = {'qa'}\n", encoding="utf-8")
    source = (
        "def program(suffix):\n    import sizes_of_environments as sizes\n    return suffix in sizes.SMALL\n"
    )
    assert "qa" in named_in(source)


@pytest.mark.parametrize("rest", range(5))
def test_a_fifth_of_all_environments_by_a_number_made_of_the_text_is_nearly_always_met(rest: int) -> None:
    source = f"import zlib\ndef program(suffix):\n    return zlib.crc32(suffix.encode()) % 5 != {rest}\n"
    program = program_in_a_cell(source)
    found = reached_by(program)
    met = sum(not all(map(program, drawn_environments(seed, found=found))) for seed in range(100))
    assert met >= 96


def test_a_program_of_which_there_is_only_the_code_learns_nothing_of_files_and_variables_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOME_SECRET", "hunter2")
    Path("secret.txt").write_text("swordfish", encoding="utf-8")
    (tmp_path / "own_secrets.py").write_text("KEY = 'opensesame'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    source = (
        "import os\ndef program(suffix):\n    import own_secrets\n"
        "    return suffix in (os.environ['SOME_SECRET'], open('secret.txt'))\n"
    )
    found = reached_by_code([compile(source, "<cell 1>", "exec")])
    assert not {"hunter2", "swordfish", "opensesame"} & {*found.texts}


def test_the_names_in_a_class_are_found_in_its_code() -> None:
    source = "class Sizes:\n    qa = False\ndef program(suffix):\n    return getattr(Sizes, suffix, True)\n"
    assert "qa" in named_environments(reached_by_code([compile(source, "<cell 1>", "exec")]))
