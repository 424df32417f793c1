"""What a description of infrastructure has no use for, read from its code: the grader's reasons to call it suspect."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from typing import Final

from lab_support.mock_aws.account import ACCOUNT_ID

# What programs import. All else is shown to the instructor where a program would pass.
_MODULES: Final = frozenset(
    """
    __future__ abc argparse base64 bisect collections contextlib copy dataclasses datetime decimal difflib enum fnmatch
    fractions functools hashlib heapq html ipaddress itertools json lab_support logging math numbers operator
    pprint pulumi pulumi_aws pulumi_command pulumi_random pulumi_tls pulumi_kubernetes pulumi_std random re secrets
    statistics string textwrap time types typing typing_extensions unicodedata urllib uuid warnings zoneinfo asyncio
    IPython keyword calendar binascii hmac csv zlib struct os sys
    """.split()
)
# Modules that others have imported under their own names: `logging.os`.
_BEHIND: Final = frozenset(
    "os sys builtins inspect subprocess socket importlib ctypes gc threading traceback platform pathlib posix".split()
)
# Modules of which only this much is harmless; many programs import them and use nothing.
_HARMLESS: Final = {
    "time": "time.time time.sleep time.str time.gmtime time.localtime time.mktime time.asctime time.ctime".split(),
    "uuid": "uuid.uuid3 uuid.uuid4 uuid.uuid5 uuid.UUID uuid.NAMESPACE_".split(),
    "logging": """
    logging.getLogger logging.basicConfig logging.debug logging.info logging.warning logging.error logging.critical
    logging.exception logging.DEBUG logging.INFO logging.WARNING logging.ERROR logging.CRITICAL logging.Logger
    """.split(),
    "asyncio": """
    asyncio.sleep asyncio.gather asyncio.wait asyncio.timeout asyncio.create_task asyncio.ensure_future asyncio.run
    asyncio.as_completed asyncio.iscoroutine asyncio.Future asyncio.Task asyncio.Lock asyncio.Event asyncio.Queue
    asyncio.Semaphore asyncio.CancelledError asyncio.TimeoutError asyncio.shield
    """.split(),
    "os": ("os.path.join", "os.path.basename", "os.path.dirname", "os.path.splitext", "os.linesep", "os.sep"),
    "sys": ("sys.version_info", "sys.maxsize"),
}
_OF_PULUMI: Final = frozenset({"runtime", "automation", "_utils", "provider"})  # the SDK's own machinery
_HARMLESS_OF_RUNTIME: Final = frozenset(
    """
    register_stack_transformation register_stack_transform register_resource_transform register_invoke_transform
    """.split()
)
_NAMES: Final = {
    **dict.fromkeys(("eval", "exec", "compile", "__import__"), "runs code made at run time"),
    **dict.fromkeys(("open", "breakpoint", "input"), "reads files or input"),
    **dict.fromkeys(("globals", "locals", "vars", "dir", "__builtins__"), "looks at Python's own objects"),
    **dict.fromkeys(("setattr", "delattr"), "changes attributes by name"),
    **dict.fromkeys(("__name__", "__file__", "__spec__", "__loader__"), "looks at where it runs"),
    "get_ipython": "looks at where it runs",
}
_ATTRIBUTES: Final = {
    **dict.fromkeys(
        """
        __subclasses__ __globals__ __code__ __builtins__ __closure__ __mro__ __bases__ __base__ __reduce__
        __reduce_ex__ __getattribute__ __import__ __loader__ __spec__ __traceback__ tb_frame tb_next f_back f_globals
        f_locals f_code f_builtins gi_frame gi_code cr_frame cr_code ag_frame co_code __self__ __module__ __dict__
        """.split(),
        "looks at Python's own objects",
    ),
    **dict.fromkeys(("get_type_hints", "ForwardRef", "make_dataclass"), "runs code made at run time"),
    **dict.fromkeys(("loggerDict", "hasHandlers", "handlers"), "looks at what else runs"),
    **dict.fromkeys(("is_dry_run",), "tells a preview from a deployment"),
    **dict.fromkeys(("get_organization", "get_root_directory"), "looks at where it runs"),
    **dict.fromkeys(("environ", "getenv", "environb"), "reads environment variables"),
    **dict.fromkeys(
        ("modules", "_getframe", "settrace", "gettrace", "setprofile"), "looks at Python's own objects"
    ),
    **dict.fromkeys(
        ("all_tasks", "current_task", "get_event_loop", "get_running_loop"), "looks at what else runs"
    ),
}
_ACCOUNT: Final = (ACCOUNT_ID, int(ACCOUNT_ID))  # which is also that of AWS's examples
_SPECIAL_METHODS: Final = frozenset({"__init__", "__new__", "__setattr__", "__getattr__", "__call__"})


def suspicious(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What a description of infrastructure has no use for, with its line."""
    imported = set(_imported_names(tree))
    guard = {id(part) for part in _main_guards(tree)}
    yield from _of_the_system(tree)
    yield from _suspicious_calls(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.MatchClass) and any(map(_is_inner, node.kwd_attrs)):
            yield "looks at Python's own objects (match)", line
        elif isinstance(node, (ast.Compare, ast.MatchValue)) and _names_account(node):
            yield "asks whether it runs in the mock account", line
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for what in _suspicious_import(node):
                yield what, line
        elif isinstance(node, ast.Name) and node.id in _NAMES and id(node) not in guard:
            yield f"{_NAMES[node.id]} ({node.id})", line
        elif isinstance(node, ast.Attribute):
            yield from ((what, line) for what in _suspicious_attribute(node, imported))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            name = node.args[1] if len(node.args) > 1 else None
            known = name.value if isinstance(name, ast.Constant) else None
            of_import = bool(node.args) and _root(node.args[0]) in imported
            if not isinstance(known, str) and not of_import:
                yield "reads attributes by a computed name (getattr)", line
            elif isinstance(known, str) and (known in _ATTRIBUTES or known.startswith("_")):
                yield f"reads the attribute {known}", line


def _of_the_system(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What a program does with the modules of which only a part is harmless."""
    aliases = {
        alias.asname or alias.name.partition(".")[0]: alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.partition(".")[0] in _HARMLESS
    }
    dotted = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _root(node) in aliases]
    inner = {id(node.value) for node in dotted}
    for attribute in dotted:
        module = aliases[_root(attribute)]
        used = module + ast.unparse(attribute).removeprefix(_root(attribute))
        if id(attribute) not in inner and not used.startswith(tuple(_HARMLESS[module])):
            yield f"uses {used[:60]}", attribute.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in aliases and id(node) not in inner:
            yield f"hands on the module {aliases[node.id]}", node.lineno
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in _HARMLESS:
            for alias in node.names:
                harmless = tuple(_HARMLESS[(node.module or "").partition(".")[0]])
                if not f"{node.module}.{alias.name}".startswith(harmless):
                    yield f"imports {node.module}.{alias.name}", node.lineno


def _suspicious_calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Calls that read attributes which a text names (str.format, attrgetter, methodcaller), and of hash and id."""
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if isinstance(node.func, ast.Name) and name in ("hash", "id"):
            yield f"depends on what differs from one process to the next ({name})", node.lineno
        texts: list[ast.expr] = []
        if name in ("attrgetter", "methodcaller"):
            texts = list(node.args)
        elif name in ("format", "format_map") and isinstance(node.func, ast.Attribute):
            of_class = isinstance(node.func.value, ast.Name) and node.func.value.id == "str"
            texts = list(node.args[:1]) if of_class else [node.func.value]
        for text in texts:
            values = assigned.get(text.id, []) if isinstance(text, ast.Name) else [text]
            if any(_names_inner(value, is_path=name in ("attrgetter", "methodcaller")) for value in values):
                yield f"reads attributes that a text names ({name})", node.lineno


def _names_inner(text: ast.expr, is_path: bool) -> bool:
    """Whether a text names attributes that no program needs; a computed one may."""
    if not isinstance(text, ast.Constant):
        return isinstance(text, (ast.BinOp, ast.JoinedStr, ast.Call))
    if is_path:
        paths = [str(text.value)]
    else:
        try:
            paths = [field or "" for _, field, _, _ in string.Formatter().parse(str(text.value))]
        except ValueError:
            return False
    return any(_is_inner(part) for path in paths for part in re.split(r"[.\[\]]", path))


def _is_inner(name: str) -> bool:
    return name.startswith("_") or name in _BEHIND or name in _ATTRIBUTES


def _names_account(node: ast.Compare | ast.MatchValue) -> bool:
    parts = [node.value] if isinstance(node, ast.MatchValue) else [node.left, *node.comparators]
    return any(
        isinstance(inner, ast.Constant) and inner.value in _ACCOUNT
        for part in parts
        for inner in ast.walk(part)
    )


def _suspicious_import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        modules = [(alias.name, "") for alias in node.names]
    else:
        modules = [(node.module or "", alias.name) for alias in node.names]
    for module, name in modules:
        parts = module.split(".")
        if name in _ATTRIBUTES or name in _BEHIND:
            yield f"imports {module}.{name}"
        if parts[0] not in _MODULES and not parts[0].startswith("pulumi_"):
            yield f"imports {parts[0] or 'its neighbours'}"
        elif parts[0] == "pulumi":
            inner = [*parts[1:], name]
            machinery = not _OF_PULUMI.isdisjoint(inner) or any(part.startswith("_") for part in inner)
            if machinery and not (inner[0] == "runtime" and inner[-1] in _HARMLESS_OF_RUNTIME | {"runtime"}):
                yield f"imports {module}{'.' if name else ''}{name}"
        elif any(part.startswith("_") for part in [*parts[1:], name]) and parts[0] != "__future__":
            yield f"imports {module}.{name}"


def _suspicious_attribute(node: ast.Attribute, imported: set[str]) -> Iterator[str]:
    name = node.attr
    root = _root(node)
    of_import = root in imported
    if isinstance(node.ctx, (ast.Store, ast.Del)):
        if of_import:
            yield f"changes {ast.unparse(node)[:60]}"
        return
    if name in _BEHIND and of_import:
        yield f"reaches the module {name} through another one"
    elif name in _ATTRIBUTES and (
        of_import
        or name.startswith("_")
        or "_" in name
        or name in ("environ", "getenv", "loggerDict", "hasHandlers")
    ):
        yield f"{_ATTRIBUTES[name]} ({name})"
    elif name.startswith("_") and of_import and name not in _SPECIAL_METHODS:
        yield f"uses {ast.unparse(node)[:60]}"
    elif of_import and isinstance(node.value, ast.Attribute) and node.value.attr == "runtime":
        if name not in _HARMLESS_OF_RUNTIME and root == "pulumi":
            yield f"uses pulumi.runtime.{name}"
    elif of_import and root == "pulumi" and name == "automation":
        yield "uses pulumi.automation"


def _imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield (alias.asname or alias.name).partition(".")[0]
    yield from ("pulumi", "aws")  # from the exercise's own set-up


def _main_guards(tree: ast.Module) -> Iterable[ast.AST]:
    """The names in `if __name__ == "__main__":` around nothing but calls, which run in no graded program."""
    for node in tree.body:
        if not isinstance(node, ast.If) or node.orelse or ast.unparse(node.test) != "__name__ == '__main__'":
            continue
        if all(isinstance(part, (ast.Expr, ast.Pass)) for part in node.body):
            yield from ast.walk(node.test)


def _root(node: ast.AST) -> str:
    """The name at the beginning of `a.b.c`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
