"""What a run says to the engine: no debug messages, edited requests, and nothing before the engine is there."""

from __future__ import annotations

import contextvars
import threading
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from lab_support.engine.operations import preview
from lab_support.engine.sdk_patches.apply import AS_IS
from lab_support.engine.stubs import DeferredStub, EditingStub, QuietEngine, drop_debug_messages
from tests.programs import two_streams


class Engine:
    """Keeps the messages that it is sent."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def Log(self, request: Any) -> None:
        self.messages.append(request.message)


def messages_at_every_level() -> list[str]:
    """What reaches the engine when a run of the lab logs a message at each level."""
    engine = Engine()

    def run() -> None:
        settings.configure(settings.Settings("project", "stack", engine=engine))
        drop_debug_messages()
        for level in (pulumi.log.debug, pulumi.log.info, pulumi.log.warn, pulumi.log.error):
            level(level.__name__)

    contextvars.copy_context().run(run)
    return engine.messages


def test_only_debug_messages_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(AS_IS, raising=False)
    assert messages_at_every_level() == ["info", "warn", "error"]


def test_debug_messages_are_sent_where_the_sdk_is_to_be_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AS_IS, "1")
    assert messages_at_every_level() == ["debug", "info", "warn", "error"]


def test_a_preview_sends_no_debug_message_about_a_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(AS_IS, raising=False)
    sent: list[str] = []
    dropped = QuietEngine.Log

    def noted(self: QuietEngine, request: Any, **options: Any) -> Any:
        sent.append(request.message)
        return dropped(self, request, **options)

    monkeypatch.setattr(QuietEngine, "Log", noted)
    plan = preview(two_streams, "dev")
    assert any("alerts-dev" in message for message in sent)  # the SDK has tried
    assert plan.diagnostics == ()


def test_a_call_waits_for_the_stub() -> None:
    deferred, answers = DeferredStub(), []
    calling = threading.Thread(target=lambda: answers.append(deferred.Ask(1)))
    calling.start()
    calling.join(0.05)
    assert calling.is_alive()
    deferred.resolve(SimpleNamespace(Ask=lambda request: request + 1))
    calling.join(10)
    assert answers == [2]


def test_a_call_to_an_engine_that_never_comes_is_an_error() -> None:
    deferred = DeferredStub()
    deferred.resolve(None)
    with pytest.raises(pulumi.RunError, match="the engine has gone"):
        deferred.Ask(1)


def test_only_the_named_methods_are_edited() -> None:
    engine = SimpleNamespace(Log=lambda request: request, Ask=lambda request: request)
    edited = EditingStub(engine, Log=lambda request: request.append("edited"))
    assert edited.Log([]) == ["edited"]
    assert edited.Ask([]) == []
