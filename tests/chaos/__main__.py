"""Runs one campaign and prints its report as JSON. `bash tests/chaos.sh` starts it in namespaces of its own."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from . import reference
from .campaign import REST_SECONDS, Campaign, Orders, fault_before, judge, say
from .evidence import Evidence, Violation
from .figures import figures_of
from .jobs import Course
from .kinds import KINDS
from .plan import CI, FULL, draw
from .world import ROOT

# Figures about figures and the machine are the benchmarks'.
sys.path.insert(0, str(ROOT / "tests/benchmarks"))
from harness import COMMIT, LOAD_BEFORE, REPORTS, describe_machine, spread

CI_FAULTS = 20
FOREVER = 7 * 24 * 3600
ENDING = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    arguments = read_arguments()
    if arguments.judge:
        return judge_again(arguments)
    for number in ENDING:
        signal.signal(number, interrupt)
    data = Path(tempfile.mkdtemp(prefix="oc-"))
    # PostgreSQL's own user passes through.
    data.chmod(0o755)
    campaign = Campaign(orders_of(arguments), data)
    try:
        campaign.run()
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130
    finally:
        say(f"Logs, step logs and evidence are in {data}")
    violations = list(campaign.violations())
    report = report_of(arguments, campaign, violations)
    publish(arguments, report)
    (data / "report.json").write_text(json.dumps(report))
    for violation in violations:
        tell(arguments, campaign.evidence, violation)
    if not violations and not arguments.keep:
        shutil.rmtree(data, ignore_errors=True)
    return 1 if violations else 0


def judge_again(arguments: argparse.Namespace) -> int:
    """The checks have become better: what was seen of an earlier campaign is held against them once more."""
    earlier = json.loads((arguments.judge / "report.json").read_text())
    arguments.seed, arguments.ci = earlier["seed"], earlier["ci"]
    evidence, course = Evidence.load(arguments.judge / "evidence.json"), course_of(arguments)
    violations = list(judge(evidence, course, reference.weights_of(course), is_over=True))
    publish(arguments, {
        **earlier,
        **figures_of(evidence, spread),
        "judged_again_with": COMMIT,
        "violations": told(violations, evidence),
    })
    for violation in violations:
        tell(arguments, evidence, violation)
    return 1 if violations else 0


def publish(arguments: argparse.Namespace, report: dict[str, Any]) -> None:
    print(text := json.dumps(report, indent=2))
    if arguments.write:
        (REPORTS / "chaos.json").write_text(text + "\n")


def interrupt(*_: object) -> None:
    """Takes everything down; a second request does not disturb that."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos.sh", description="Breaks a training cluster and checks what it does.")
    parser.add_argument("--seed", type=int, default=1, help="of all faults (default: 1)")
    parser.add_argument("--faults", type=int, help="how many (default: 20)")
    parser.add_argument("--minutes", type=float, help="no fault begins later")
    parser.add_argument("--ci", action="store_true", help="short faults with short rests: 20 in less than 10 minutes")
    parser.add_argument("--kinds", type=kinds, default=tuple(KINDS), help="KIND,...: only these (default: all)")
    parser.add_argument("--write", action="store_true", help="keep the report in tests/benchmarks/reports/chaos.json")
    parser.add_argument("--judge", type=Path, metavar="FOLDER", help="hold what a campaign left there against the "
                        "checks once more, and break nothing")
    parser.add_argument("--keep", action="store_true", help="keep logs also when nothing was found")
    arguments = parser.parse_args()
    # As many as there can be in the time.
    given = arguments.faults or (int(arguments.minutes * 12) if arguments.minutes else CI_FAULTS)
    arguments.faults = given
    return arguments


def kinds(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    if unknown := [kind for kind in found if kind not in KINDS]:
        raise argparse.ArgumentTypeError(f"{unknown} are no kinds; there are {', '.join(KINDS)}")
    return found


def orders_of(arguments: argparse.Namespace) -> Orders:
    return Orders(
        arguments.seed,
        draw(arguments.seed, arguments.faults, CI if arguments.ci else FULL, arguments.kinds),
        course_of(arguments),
        arguments.minutes * 60 if arguments.minutes else FOREVER,
    )


def course_of(arguments: argparse.Namespace) -> Course:
    return Course(arguments.seed, steps=150 if arguments.ci else 300, pace=0.2)


def report_of(arguments: argparse.Namespace, campaign: Campaign, violations: list[Violation]) -> dict[str, Any]:
    return {
        "benchmark": "a cluster of 3 silos, PostgreSQL and 6 hosts, training with 4 ranks, broken again and again",
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": COMMIT,
        "machine": describe_machine(),
        "load_average_before": round(LOAD_BEFORE, 2),
        "load_average_after": round(os.getloadavg()[0], 2),
        "seed": arguments.seed,
        "ci": arguments.ci,
        "faults": len(campaign.evidence.faults),
        "faults_without_a_victim": campaign.skipped,
        "rest_bound_s": REST_SECONDS,
        **figures_of(campaign.evidence, spread),
        "violations": told(violations, campaign.evidence),
    }


def told(violations: list[Violation], evidence: Evidence) -> list[dict[str, Any]]:
    return [
        {
            "invariant": violation.invariant,
            "fault": fault_before(violation.moment, evidence.faults),
            "evidence": violation.evidence,
        }
        for violation in violations
    ]


def tell(arguments: argparse.Namespace, evidence: Evidence, violation: Violation) -> None:
    fault = fault_before(violation.moment, evidence.faults)
    say(f"VIOLATION of '{violation.invariant}' with seed {arguments.seed}, after fault {fault}: {violation.evidence}")
    more = " --ci" if arguments.ci else ""
    if arguments.kinds != tuple(KINDS):
        more += f" --kinds {','.join(arguments.kinds)}"
    say(f"  again: bash tests/chaos.sh --seed {arguments.seed} --faults {fault or 1}{more}")


if __name__ == "__main__":
    sys.exit(main())
