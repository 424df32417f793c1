"""What a person sees of a page: whether content fits, and whether it is readable."""

import re

from playwright.sync_api import Locator, expect

# The windows that are looked at: a theme and a width in pixels. Each theme and each width is there.
WINDOWS = (("JupyterLab Light", 1280), ("JupyterLab Dark", 900))


def overflow(element: Locator) -> int:
    """By how many pixels the content of an element is wider than the element."""
    width: int = element.evaluate("e => e.scrollWidth - e.clientWidth")
    return width


def leaves_its_box(element: Locator) -> list[str]:
    """The texts of what is drawn outside the box that it belongs to, of all list items and cards in an element."""
    texts: list[str] = element.evaluate(
        """e => [...e.querySelectorAll('li > *, .lab-card > *')].filter(part => {
            const [inner, outer] = [part.getBoundingClientRect(), part.parentElement.getBoundingClientRect()];
            return inner.width && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
        }).map(part => part.textContent.trim())"""
    )
    return texts


def rgba(colour: str) -> tuple[float, ...]:
    """The four numbers of a CSS colour as the browser computes it: `rgb(r, g, b)` or `rgba(r, g, b, a)`."""
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour)]
    return tuple(numbers) if len(numbers) == 4 else (*numbers, 1.0)


def blend(top: tuple[float, ...], below: tuple[float, ...]) -> tuple[float, ...]:
    """The result of a translucent colour over an opaque one."""
    return (*(t * top[3] + b * (1 - top[3]) for t, b in zip(top[:3], below[:3], strict=True)), 1.0)


def luminance(colour: tuple[float, ...]) -> float:
    """The relative luminance of an opaque colour, as WCAG 2 defines it."""
    channels = [value / 255 for value in colour[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(text: Locator) -> float:
    """The contrast of an element's text against the backgrounds behind it."""
    front, *layers = text.evaluate(
        """e => {
            const seen = [getComputedStyle(e).color];
            for (; e; e = e.parentElement) seen.push(getComputedStyle(e).backgroundColor);
            return seen;
        }"""
    )
    back = rgba("rgb(255, 255, 255)")  # what a browser paints first
    for layer in reversed(layers):
        back = blend(rgba(layer), back)
    bright, dark = sorted((luminance(blend(rgba(front), back)), luminance(back)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def is_readable(cell: Locator, *selectors: str) -> None:
    """Asserts that text has the contrast that WCAG 2 requires (level AA)."""
    for selector in selectors:
        texts = cell.locator(f".jp-OutputArea-output {selector}")
        expect(texts.first).to_be_visible()
        for text in texts.all():
            seen = contrast(text)
            assert seen >= 4.5, f"{text.inner_text()[:60]!r} ({selector}) has a contrast of {seen:.1f}"
