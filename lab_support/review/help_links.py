"""Where each rule is explained: its anchor on the page `rules.html` of the documentation's site."""

from __future__ import annotations

from typing import Final

# The address of the site that tools/site_pages.py builds, with a slash at the end. Whoever publishes the lab sets it;
# the release workflow refuses this one, which RFC 2606 reserves, so that it leads to nobody's site.
SITE: Final = "https://pulumi-review-lab.example/"
PAGE: Final = "rules.html"


def anchor(rule_id: str) -> str:
    """The anchor of a rule on the page; the generator of the site makes the same from the rule's heading."""
    return rule_id.lower()


def help_link(rule_id: str) -> str:
    """The address at which a rule is explained."""
    return f"{SITE}{PAGE}#{anchor(rule_id)}"
