"""What a forecast costs: the future of a thousand cases if nobody acts, on one core.

Measured: `domain.case.ladder.forecast` for cases in six states, compared with iterating over the same number of days of the calendar,
which every forecast has to do at least. No server is involved.

Repeat: `python -m benchmarks.foresight` (takes seconds).
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from rich.console import Console

from benchmarks.lives import OFFICE, commands_of, receipt_of
from domain.calendar import SHANGHAI, Calendar, business_date
from domain.case.casefile import Case
from domain.case.decider import begin, carry_out, receive
from domain.case.ladder import forecast
from domain.events import Event
from domain.rules import Rules
from office.calendar.loading import published_calendar
from office.packs import load_pack

CASES: Final = 1000
MOST_SECONDS: Final = 2.0


def cases_of(rules: Rules, now: datetime, count: int) -> list[Case]:
    """Cases in six states: received, accepted, forwarded, acknowledged, recognised, endorsed."""
    found = []
    day = business_date(now)
    for number in range(count):
        case_no = f"QQ-{OFFICE}-{day.year}-{number:06d}"
        case = begin(case_no, receive(case_no, receipt_of(day), rules, now))
        for command in commands_of(day)[: number % 6]:
            case = carry_out(case, command, rules, now).case
        found.append(case)
    return found


def walk(calendar: Calendar, since: datetime, until: datetime) -> None:
    """Ask for every day in between whether it is a working day."""
    day = business_date(since)
    while day < business_date(until):
        calendar.is_working(day)
        day += timedelta(days=1)


def walk_all(calendar: Calendar, now: datetime, futures: Sequence[Sequence[Event]]) -> None:
    """Walk through the days of every forecast."""
    for future in futures:
        walk(calendar, now, future[-1].at)


def seconds(work: Callable[[], object]) -> float:
    """The median CPU time of five runs, in seconds."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return statistics.median(times)


def main() -> None:
    """Print the CPU seconds for a thousand forecasts."""
    now = datetime.now(SHANGHAI)
    calendar = published_calendar(business_date(now))
    rules = load_pack("gansu").for_case(calendar)
    cases = cases_of(rules, now, CASES)
    futures = [forecast(case, rules, now) for case in cases]
    ours = seconds(lambda: [forecast(case, rules, now) for case in cases])
    least = seconds(lambda: walk_all(calendar, now, futures))
    events = sum(map(len, futures))
    Console().print(
        f"{CASES} forecasts, {events} events: {ours:.2f} s of one core (target ≤ {MOST_SECONDS}); "
        f"a walk through the same days {least:.2f} s, ratio {ours / least:.1f}"
    )


if __name__ == "__main__":
    main()
