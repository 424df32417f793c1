"""The views of the reader drill and the login drill."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.drills.logins import logins
from lab_support.drills.reader import reader
from tests.drills.test_logins import INJECTED, READ, a_secret, a_task, allow
from tests.drills.test_logins import a_database as a_database_with_login
from tests.drills.test_reader import a_database, with_variable
from tests.drills.test_secret_values import SECRET, URL
from tests.markup import all_words, body, words
from tests.plans import a_plan, a_resource


def test_each_place_is_a_sheet_and_an_open_one_stands_out() -> None:
    view = show(reader(a_plan(a_database(), with_variable(URL), outputs={"url": URL})))
    sheets = body(view).findall(".//div[@class]")
    styles = [sheet.get("class") for sheet in sheets if "lab-sheet " in f"{sheet.get('class')} "]
    assert styles == ["lab-sheet lab-open"] * 4
    assert all_words(view, ".//h5") == [
        "The state file",
        "The stack's exports",
        "The deployment's log",
        "The AWS account",
    ]


def test_the_text_says_what_the_picture_shows_and_not_the_secret() -> None:
    view = show(reader(a_plan(a_database(), with_variable(URL))))
    for shown in (words(body(view)), " ".join(view.text.split())):
        for fact in (
            "✗ readable with read-only access",
            "✗ task › container_definitions › c › environment › URL",
            "by ecs:DescribeTaskDefinition",
            "✓ db › password: [secret]",
            "✓ db › password: not shown",
        ):
            assert fact in shown
        assert SECRET not in shown


def test_a_secret_that_is_kept_is_not_seen() -> None:
    assert "✓ not readable with read-only access" in show(reader(a_plan(a_database()))).text


def test_a_key_of_the_configuration_keeps_its_spelling() -> None:
    configured = {"app:dbPassword": SECRET, "app:api_key_wo": "k9fX2mQw77Lp"}
    assert all_words(show(reader(a_plan(), configured)), ".//h4") == [
        "dbPassword of the configuration",
        "api_key_wo of the configuration",
    ]


def test_a_password_that_rds_makes_up_is_said_to_be_there() -> None:
    view = show(reader(a_plan(a_resource("rds.Instance", "db", manage_master_user_password=True))))
    assert "RDS generates the password of db" in view.text
    assert "RDS generates the password of db" in words(body(view))


def test_a_plan_without_secrets_says_so() -> None:
    view = show(reader(a_plan()))
    assert (
        view.text == words(body(view)) == "The plan has no secret whose value is known, so none can be seen."
    )


def test_a_login_ends_where_it_is_refused() -> None:
    def styles(*statements: dict[str, object]) -> list[str]:
        plan = a_plan(a_database_with_login(), *a_secret(), *a_task(INJECTED, list(statements)))
        stops = body(show(logins(plan))).findall(".//ol/li")
        return [str(stop.get("class")).removeprefix("lab-stop lab-") for stop in stops]

    assert styles(allow(READ)) == ["passed", "passed", "passed"]
    assert styles() == ["passed", "ended", "unreached"]


def test_a_plan_without_tasks_says_so() -> None:
    view = show(logins(a_plan()))
    assert view.text == words(body(view)) == "The plan has no task definition, so no task logs in."
