"""The comparisons of a run as a table: on the terminal, as Markdown for docs/performance.md, and as JSON."""

import json
import os
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.comparison import Comparison, Target

# How busy the machine was when the benchmarks began: processes that wanted a processor, over a minute.
_LOAD = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
RATIOS = Path(__file__).parents[1] / ".benchmarks" / "ratios.json"


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "pulumi": version("pulumi"),
        "pulumi_aws": version("pulumi-aws"),
        "load_before": _LOAD,
    }


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name"))
    return next(names, platform.processor())


def as_json(found: Iterable[Comparison]) -> dict[str, Any]:
    """What ratios.json holds."""
    return {
        "machine": machine(),
        "ratios": [
            {
                "target": each.target.value,
                "what": each.what,
                "ours": round(each.ours, 4),
                "theirs": round(each.theirs, 4),
                "unit": each.unit,
                "ratio": round(each.ratio, 3),
                "limit": each.limit,
                "met": each.met,
                "rounds": each.rounds,
            }
            for each in _sorted(found)
        ],
    }


def write(found: Iterable[Comparison], path: Path = RATIOS) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def as_text(found: Iterable[Comparison]) -> Iterator[str]:
    """The lines of the table on a terminal."""
    rows = _sorted(found)
    width = max(len(each.what) for each in rows)
    for target in Target:
        of_target = [each for each in rows if each.target is target]
        if of_target:
            yield f"{target.value:{width}}       ours     theirs  ratio  limit  met"
        for each in of_target:
            yield (
                f"  {each.what:{width}}  {_amount(each.ours, each.unit):>9}  {_amount(each.theirs, each.unit):>9}"
                f"  {each.ratio:5.2f}  {_limit(each.limit):>5}  {_MET[each.met]}"
            )


def as_markdown(ratios: dict[str, Any]) -> Iterator[str]:
    """The same as Markdown, from what ratios.json holds."""
    told = ratios["machine"]
    yield (
        f"{told['processor']}, {told['cores']} cores, {told['system']}, Python {told['python']}, "
        f"Pulumi {told['pulumi']}, pulumi-aws {told['pulumi_aws']}; load average before the run: {told['load_before']}."
    )
    for target in Target:
        rows = [each for each in ratios["ratios"] if each["target"] == target.value]
        if not rows:
            continue
        yield from ("", f"**{target.value}**", "")
        yield "| what is compared | ours | theirs | ratio | limit | met | rounds |"
        yield "|---|--:|--:|--:|--:|---|--:|"
        for row in rows:
            ours, theirs = (_amount(row[name], row["unit"]) for name in ("ours", "theirs"))
            yield (
                f"| {row['what']} | {ours} | {theirs} | {row['ratio']:.2f} | {_limit(row['limit'])} "
                f"| {_MET[row['met']]} | {row['rounds']} |"
            )


_MET = {True: "yes", False: "**no**", None: ""}


def _sorted(found: Iterable[Comparison]) -> list[Comparison]:
    order = list(Target)
    return sorted(found, key=lambda each: order.index(each.target))


def _amount(value: float, unit: str) -> str:
    places = next((places for places, below in ((3, 1), (2, 10), (1, 100)) if value < below), 0)
    return f"{value:.{places}f} {unit}"


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"
