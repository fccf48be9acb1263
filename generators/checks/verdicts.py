"""What a check answers."""

from generators.checks.reasons import CheckReason
from schemas.kinds import Verdict
from schemas.records import CheckResult

_LONGEST_MESSAGE = 300


def passed(name: str, score: float | None = None) -> CheckResult:
    """Return that the question stands the check."""
    return CheckResult(name=name, verdict=Verdict.PASS, score=score)


def skipped(name: str, message: str) -> CheckResult:
    """Return that the check cannot decide, and why."""
    return CheckResult(name=name, verdict=Verdict.SKIP, message=message[:_LONGEST_MESSAGE])


def rejected(name: str, reason: CheckReason, message: str, score: float | None = None) -> CheckResult:
    """Return that the question fails the check; what it shows of hostile text is shortened."""
    return CheckResult(
        name=name, verdict=Verdict.FAIL, reason_code=reason.value, message=message[:_LONGEST_MESSAGE], score=score
    )
