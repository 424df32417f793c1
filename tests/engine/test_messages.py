"""What the engine says becomes diagnostics in plain words, refusals, and whose error it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import grpc
import pulumi
import pytest

from lab_support.engine.messages import diagnostics, is_engine_error, refusals
from lab_support.plan.diagnostic import Diagnostic
from tests.processes import python

STACK_URN = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"
DATABASE = "aws:rds/instance:Instance"
URN = f"urn:pulumi:dev::p::{DATABASE}::db"


def said(text: str, severity: str = "error", urn: str | None = None) -> Any:
    """An event in which the engine says something."""
    event = SimpleNamespace(message=text, severity=severity, urn=urn)
    return SimpleNamespace(diagnostic_event=event, res_outputs_event=None, resource_pre_event=None)


class TestDiagnostics:
    @pytest.mark.parametrize(
        ("message", "text"),
        [
            ("<{%reset%}>plain<{%reset%}>", "plain"),
            ("error: 1 error occurred:\n\t* creating X: refused\n\n", "creating X: refused"),
            ("Preview failed: 2 errors occurred:\n\t* a\n\t* b", "a * b"),
            ("update failed", "update failed"),
        ],
    )
    def test_prefixes_of_the_engine_are_removed(self, message: str, text: str) -> None:
        assert diagnostics([said(message)], "error") == [Diagnostic("error", text)]

    def test_only_the_wanted_severities_are_returned(self) -> None:
        events = [said("a", "warning"), said("b", "info#err"), said("c", "debug"), said("d")]
        assert [diagnostic.text for diagnostic in diagnostics(events, "warning", "info")] == ["a", "b"]

    def test_a_repeated_message_counts_once(self) -> None:
        assert len(diagnostics([said("a"), said("a"), said("a", urn=URN)], "error")) == 2

    def test_events_without_a_message_are_skipped(self) -> None:
        assert diagnostics([SimpleNamespace(diagnostic_event=None)], "error") == []


class TestRefusals:
    def test_an_error_about_a_resource_comes_before_one_about_the_update(self) -> None:
        events = [
            said("refused", urn=URN),
            said("an unhandled error occurred", urn=STACK_URN),
            said("preview failed"),
        ]
        assert refusals(events) == [Diagnostic("error", "refused", URN)]
        assert refusals(events)[0].resource == "db"

    def test_an_error_about_the_stack_is_no_refusal(self) -> None:
        assert refusals([said("something broke", urn=STACK_URN), said("preview failed")]) == []

    def test_an_error_inside_the_mock_account_is_no_refusal(self) -> None:
        events = [said("Exception calling application: 'name'", urn=URN), said("refused", urn=URN)]
        assert refusals(events) == []

    def test_a_duplicate_urn_is_a_refusal(self) -> None:
        (found,) = refusals([said(f"Duplicate resource URN '{URN}'; try giving it a unique name")])
        assert found.text.startswith("Duplicate resource URN")

    @pytest.mark.parametrize("kind", ["asset", "archive"])
    def test_a_missing_file_is_a_refusal(self, kind: str) -> None:
        words = f'failed to compute {kind} hash for "source": open /x/app: no such file or directory'
        (found,) = refusals([said(f"python inline source runtime error: unmarshal properties: {words}")])
        assert found.text == words

    def test_the_traceback_of_the_sdk_behind_the_words_of_the_engine_is_left_out(self) -> None:
        words = 'failed to compute archive hash for "code": open /p/dist/f.zip: no such file or directory'
        traceback = f'Traceback (most recent call last):\n  File "settings.py", line 349\nException: {words}'
        assert refusals([said(f"{words}\n{traceback}", urn=STACK_URN)]) == [
            Diagnostic("error", words, STACK_URN)
        ]


class TestWhoseErrorItIs:
    class Rpc(grpc.RpcError, grpc.Call):
        """What a failed call raises: a plain grpc.RpcError can only be the program's own."""

    def test_the_error_of_a_grpc_call_is_an_engine_error(self) -> None:
        assert is_engine_error(self.Rpc())

    def test_an_exception_with_a_grpc_error_as_its_cause_or_context_is_an_engine_error(self) -> None:
        caused = ValueError()
        caused.__cause__ = self.Rpc()
        handled = ValueError()
        handled.__context__ = caused
        assert is_engine_error(caused)
        assert is_engine_error(handled)

    @pytest.mark.parametrize(
        "error", [ValueError(), SystemExit(), grpc.RpcError(), pulumi.ConfigMissingError("k", False)]
    )
    def test_any_other_exception_is_no_engine_error(self, error: BaseException) -> None:
        assert not is_engine_error(error)

    def test_an_exception_that_is_its_own_cause_is_examined_once(self) -> None:
        # Pulumi's SDK raises such errors, for instance where an output was made outside of the program.
        code = """
            from lab_support.engine.messages import is_engine_error

            error = ValueError()
            error.__cause__ = error
            print("ready")
            print(is_engine_error(error))
        """
        with python(code) as process:
            out, _ = process.communicate(timeout=60)
        assert out == "ready\nFalse\n"
