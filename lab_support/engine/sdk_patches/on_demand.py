"""Lets the AWS SDK load only what a program uses: a file of a service, and a class of a file that holds hundreds.

    load_on_demand()   # once, after speed_up(), before a program runs

`aws.ec2.Vpc` makes pulumi_aws import all 182 files of `pulumi_aws.ec2`: a fifth of a second and 28 MB, of which a
program uses three files. From now on a name loads the file that offers it, and from a file that only declares nested
types (`_inputs`, `_enums`, `outputs`) it loads the one class. What a program gets are the SDK's own classes, made from
the SDK's own source, and several threads may ask at once.

The SDK names nested types in annotations only, as strings. Pulumi evaluates these when it registers the first resource
of a type, with names that it takes from the class's module; `globals_for_class` adds those that are not loaded yet.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final, ForwardRef

from pulumi import _types

# The SDK whose files have the shape that is known here. Any other one works as it is.
KNOWN: Final = "7.51.1"
_NESTED: Final = ("_inputs", "_enums")
_DECLARATIONS: Final = (*_NESTED, "outputs")
_STAR_IMPORT: Final = re.compile(r"^from \.(\w+) import \*$", re.MULTILINE)
_NEXT_DEFINITION: Final = re.compile(r"\n(?:@|class |def )")
_globals_for_class = _types._globals_for_cls


def load_on_demand() -> bool:
    """Changes how those services load that nobody has touched yet; says whether this is the SDK to do so with.

    Needs `globals_for_class` to be in place in pulumi. Doing it twice is harmless.
    """
    import pulumi_aws

    if pulumi_aws._utilities.get_version() != KNOWN or _types._globals_for_cls is not globals_for_class:
        return False
    if not any(isinstance(each, _Finder) for each in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    for name, module in vars(pulumi_aws).items():
        if type(module).__name__ == "_LazyModule" and name != "config":  # which is no service
            module.__class__ = Service
    return True


def load_files_named(service: ModuleType, names: Iterable[str]) -> None:
    """Loads those files of a service that are called as one of these names, as `Vpc` is in vpc.py."""
    letters = {name.replace("_", "").lower() for name in names}
    for file in _files_of(Path(service.__path__[0])):
        if file.replace("_", "") in letters:
            importlib.import_module(f"{service.__name__}.{file}")


class Service(ModuleType):
    """A module such as `pulumi_aws.ec2`; the names that it offers are those of its files."""

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":  # somebody imports everything
            return [each for each in dir(self) if not each.startswith("_")]
        if not name.startswith("__"):
            folder = Path(self.__path__[0])
            for file in _likely_first(_files_of(folder), name):
                if name in _offered_by(folder, file):
                    return self._load(file, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def _load(self, file: str, name: str) -> Any:
        module = importlib.import_module(f"{self.__name__}.{file}")
        if name not in self.__dict__:
            self.__dict__[name] = module if name == file else getattr(module, name)
        return self.__dict__[name]

    def __setattr__(self, name: str, value: Any) -> None:
        """Python sets a file here when it has loaded it. Its names come along, as with the SDK's own `import *`: what
        is called `get_ami` is the function then, and never the file of that name."""
        offered = {}
        if isinstance(value, ModuleType) and value.__name__ == f"{self.__name__}.{name}":
            offered = {each: vars(value)[each] for each in getattr(value, "__all__", ())}
        self.__dict__.update({name: value, **offered})

    def __dir__(self) -> list[str]:
        folder = Path(self.__path__[0])
        return sorted({*self.__dict__, *(name for f in _files_of(folder) for name in _offered_by(folder, f))})


class _Declarations(ModuleType):
    """A module such as `pulumi_aws.ec2._inputs`; a class is made when it is asked for."""

    lock: Final = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.__file__ is None:  # asked for while Python sets up the module
            raise AttributeError(name)
        with self.lock:
            if name not in self.__dict__:
                code = _class_in(Path(self.__file__), name)
                if code is None:
                    raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
                exec(code, self.__dict__)
            return self.__dict__[name]

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *(_names_in(Path(self.__file__)) if self.__file__ else ())})


class _Finder(MetaPathFinder, Loader):
    """Finds and loads the modules that only declare nested types, without the types."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, file = fullname.rpartition(".")
        if file in _DECLARATIONS and path and isinstance(sys.modules.get(package), Service):
            return spec_from_file_location(fullname, Path(path[0]) / f"{file}.py", loader=self)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Declarations(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Runs what stands above the types: imports."""
        path = Path(str(module.__file__))
        imports = _text(path).partition("\n__all__ = [")[0]
        exec(compile(imports, str(path), "exec", dont_inherit=True), module.__dict__)
        module.__dict__["__all__"] = []  # so that the SDK's `from ._inputs import *` makes no class


def globals_for_class(cls: type) -> dict[str, Any] | None:
    """The SDK's function of this name, with the nested types that the annotations of a class speak of."""
    known = _globals_for_class(cls)
    if known is None:
        return None
    for base in cls.__mro__:
        package = base.__module__.rpartition(".")[0]
        if isinstance(sys.modules.get(package), Service):
            for name in set(_named_by(base)) - known.keys():
                known.update(_nested_type(package, name))
    return known


def _nested_type(package: str, name: str) -> dict[str, Any]:
    for file in _NESTED:
        module = sys.modules.get(f"{package}.{file}")
        if isinstance(module, _Declarations) and name in _names_in(Path(str(module.__file__))):
            return {name: getattr(module, name)}
    return {}


def _named_by(cls: type) -> Iterator[str]:
    """The names in quotes that the annotations of a class's properties contain."""
    for each in vars(cls).values():
        if isinstance(each, property) and each.fget is not None:
            yield from _in_quotes(each.fget.__annotations__.get("return"))


def _in_quotes(annotation: Any) -> Iterator[str]:
    quoted = annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
    if isinstance(quoted, str):
        yield from re.findall(r"\w+", quoted)
    for each in getattr(annotation, "__args__", ()):
        yield from _in_quotes(each)


# -- what stands in the SDK's files, read without running them ---------------------------------------------


@cache
def _files_of(folder: Path) -> tuple[str, ...]:
    """The files of a service, as its `__init__` imports them."""
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    return (*_STAR_IMPORT.findall(text), *(["outputs"] if "\nfrom . import outputs\n" in text else []))


def _offered_by(folder: Path, file: str) -> frozenset[str]:
    """The names that a service has from a file: the file's own and what it exports."""
    return frozenset({file}) | (_names_in(folder / f"{file}.py") if file != "outputs" else frozenset())


def _likely_first(files: Sequence[str], name: str) -> list[str]:
    """`GetVpcResult` is in get_vpc.py, `VpcArgs` in vpc.py, and what is in no file of its name is a nested type."""
    letters = name.replace("_", "").lower()
    return sorted(files, key=lambda f: (f.replace("_", "") not in letters, f not in _NESTED, -len(f)))


@cache
def _names_in(path: Path) -> frozenset[str]:
    """The names in a file's `__all__`."""
    names: list[str] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if names or line.startswith("__all__ = ["):
                names.append(line)
                if "]" in line:
                    break
    return frozenset(re.findall(r"'(\w+)'", "".join(names)))


def _class_in(path: Path, name: str) -> CodeType | None:
    """The code that makes a top-level class, with the lines that it has in its file."""
    text = _text(path)
    start = max(text.find(f"\nclass {name}:"), text.find(f"\nclass {name}("))
    if start < 0:
        return None
    end = _NEXT_DEFINITION.search(text, start + 1)
    decorator = text.rfind("\n", 0, start)
    if text.startswith("\n@", decorator):
        start = decorator
    piece = text[start + 1 : end.start() if end else len(text)]
    return _moved_down(
        compile(piece, str(path), "exec", dont_inherit=True), lines=text.count("\n", 0, start + 1)
    )


def _moved_down(code: CodeType, lines: int) -> CodeType:
    inner = tuple(_moved_down(each, lines) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + lines, co_consts=inner)


@lru_cache(maxsize=2)  # up to 3 MB each
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
