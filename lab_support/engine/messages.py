"""What the engine and the provider say of a run, in plain words, and which of it refuses the program."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import grpc
from pulumi import automation as auto

from lab_support.errors import PreviewFailed, chain_of
from lab_support.mock_aws.account import Account
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan

STACK: Final = "pulumi:pulumi:Stack"
_MARKUP = re.compile(r"<\{%[^%]*%\}>")
# How the SDK reports what ended its run of an inline program. A traceback follows; the exception is its last line.
_RUNTIME_ERROR: Final = "python inline source runtime error: "
# What the engine puts before a provider's words.
_WRAPPINGS = tuple(
    re.compile(text)
    for text in (
        r"^error: ",
        f"^{_RUNTIME_ERROR}",
        r"^unmarshal properties: ",
        r"^(Preview|Update|Destroy) failed: (?=\S)",
        r"^\d+ errors? occurred:\s*",
        r"^\* ",
    )
)
# How gRPC reports an exception in a method of the mock account.
_INTERNAL_ERROR: Final = "Exception calling application"
# The SDK's own lines, which the engine adds to the words with which it refuses a call of the SDK.
_TRACEBACK: Final = " Traceback (most recent call last)"
# Errors that the engine finds by itself, without asking a provider: a duplicate URN, a missing file.
DUPLICATE: Final = "Duplicate resource URN"
_ABOUT_THE_PROGRAM: Final = (
    DUPLICATE,
    "failed to compute asset hash",
    "failed to compute archive hash",
)
_NOT_ABOUT_A_RESOURCE = (
    "preview failed",
    "update failed",
    "destroy failed",
    "an unhandled error occurred",
    "resource monitor shut down",
)


def diagnostics(events: Iterable[Any], *severities: str) -> list[Diagnostic]:
    """The engine's messages of these severities (`error`, `warning`, `info`), without its markup."""
    found = []
    for event in events:
        message = event.diagnostic_event
        if message is None:
            continue
        severity = "info" if message.severity.startswith("info") else message.severity
        if severity in severities:
            found.append(Diagnostic(severity, plain_words(message.message), message.urn or ""))
    return list(dict.fromkeys(found))


def plain_words(message: str) -> str:
    """A message of the engine or a provider, without the engine's markup and the prefixes of both."""
    text = _MARKUP.sub("", message)
    for wrapping in _WRAPPINGS:
        text = wrapping.sub("", text.strip())
    return " ".join(text.split())


def refusals(events: Iterable[Any]) -> list[Diagnostic]:
    """The errors about single resources; where there are none, those about the whole update."""
    errors = [d for d in diagnostics(events, "error") if not d.text.lower().startswith(_NOT_ABOUT_A_RESOURCE)]
    if any(_INTERNAL_ERROR in d.text for d in errors):
        return []  # a defect of the mock account is no refusal
    about_resources = [d for d in errors if d.urn and STACK not in d.urn]
    about_all = [d for d in errors if any(words in d.text for words in _ABOUT_THE_PROGRAM)]
    return about_resources or [replace(d, text=d.text.partition(_TRACEBACK)[0]) for d in about_all]


def refused_reference(events: Iterable[Any]) -> str:
    """What is wrong with a reference to another stack, as a sentence; empty if nothing is."""
    for error in diagnostics(events, "error"):
        _, is_reference, name = error.urn.partition("::pulumi:pulumi:StackReference::")
        if is_reference:
            unknown = re.match(r"unknown stack \W*([^\"]+)", error.text)
            if unknown:
                return f"The program refers to the stack {unknown[1]}, which does not exist here."
            return f"The program's reference to the stack {name} is refused: {error.text}."
    return ""


def malformed_token(error: BaseException) -> str:
    """The sentence about a token over which the engine itself breaks down; empty for another error."""
    token = re.search(r"Module member token '([^'\n]*)'", str(error))
    return f"The program calls {token[1]!r}, which is not of the form package:module:name." if token else ""


def broken_run(events: Iterable[Any]) -> str:
    """What ended the SDK's run of the program, as the engine reports it; empty where the engine itself has ended.

    The lab turns what a program raises into an orderly failure. So this is left of a program that cancels the task in
    which it runs, stops its event loop, or exits from a callback of it.
    """
    for event in events:
        message = event.diagnostic_event
        if message is not None and _RUNTIME_ERROR in message.message:
            text = _MARKUP.sub("", message.message).strip()
            return " ".join(text.splitlines()[-1].split()).removeprefix("asyncio.exceptions.")
    return ""


def noted_refusals(account: Account, plan: Plan | None = None) -> list[Diagnostic]:
    """What the provider refuses in an account in which nothing is created; `plan` knows the lines of the program."""
    found = []
    for urn, text in dict.fromkeys(account.refused):
        resource = plan.by_urn(urn) if plan else None
        found.append(Diagnostic("error", text, urn, resource.source if resource else None))
    return sorted(found, key=lambda refusal: (refusal.location.line if refusal.location else 0, refusal.urn))


def with_refusals(failure: Exception, account: Account) -> Exception:
    """The failure of a run, with what the provider had refused before the engine or AWS stopped it."""
    if isinstance(failure, PreviewFailed) and account.refused:
        told = dict.fromkeys((*noted_refusals(account), *failure.diagnostics))
        return PreviewFailed(told, failure.environment)
    return failure


def told_before_start(error: BaseException) -> list[Diagnostic]:
    """Why the engine did not start, in its own words: what is wrong in the project's files or settings."""
    if not isinstance(error, auto.errors.CommandError):
        return []
    told = re.findall(r"^error: (.+)$", str(error), re.MULTILINE) or re.findall(
        r"stderr: error: (.+)$", str(error), re.MULTILINE
    )
    return [Diagnostic("error", plain_words(text)) for text in told]


def is_internal_error(error: BaseException | None) -> bool:
    """Whether an exception that the program raised is a defect of the mock account."""
    return type(error) is Exception and _INTERNAL_ERROR in str(error)


def is_engine_error(error: BaseException) -> bool:
    """Whether an exception that the program raised only repeats what the engine refused."""
    return any(isinstance(cause, grpc.RpcError) and isinstance(cause, grpc.Call) for cause in chain_of(error))
