"""Accessibility violations that axe-core finds in part of a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")

# JupyterLab's body has no height of its own and hides what overflows: axe would take all text for invisible, and
# measure no contrast.
_VISIBLE = "body { min-height: 100vh }"


def violations(page: Page, selector: str) -> list[str]:
    """The serious and critical violations in what a selector matches, each with the rule and the element.

    Raises AssertionError where nothing matches, or where axe could see no text: then it would have judged nothing.
    """
    assert page.locator(selector).count(), f"nothing on the page matches {selector}"
    style = page.add_style_tag(content=_VISIBLE)
    try:
        # Of what passes, axe then describes one element for each rule, not all of them: the rules' names are enough.
        found = Axe().run(page, context=selector, options={"resultTypes": ["violations"]}).response
    finally:
        style.evaluate("tag => tag.remove()")
    judged = {rule["id"] for rule in (*found["passes"], *found["violations"], *found["incomplete"])}
    assert "color-contrast" in judged, f"axe sees no text in {selector}"
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]}: {' '.join(node['failureSummary'].split())}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
