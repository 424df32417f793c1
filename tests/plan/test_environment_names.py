"""Which names hold the environment."""

from __future__ import annotations

import pytest

from lab_support.plan.environment_names import names_environment


@pytest.mark.parametrize(
    "name",
    [
        *("environment_suffix", "environmentSuffix", "ENVIRONMENT_SUFFIX", "env", "ENV", "environment"),
        *("stage", "env_name", "envSuffix", "deploy_env", "deployment-environment", "suffix", "stack_suffix"),
    ],
)
def test_common_names_for_the_environment_are_recognised(name: str) -> None:
    assert names_environment(name)


@pytest.mark.parametrize(
    "name",
    ["name", "environment_variables", "lambda_environment", "region", "stages", "envoy", "project", ""],
)
def test_similar_names_are_not_taken_for_the_environment(name: str) -> None:
    assert not names_environment(name)
