"""One line on the terminal: how far the whole study is, and how long the rest will take."""

from __future__ import annotations

import sys
from typing import Self


class StudyBar:
    """A bar over the wall seconds of a study, of which one stage is drawn at a time.

    `label` names the stage; `total` and `done` are the expected seconds of the whole study and of
    what is finished of it.
    """

    def __init__(self, label: str, *, total: float, done: float) -> None:
        from tqdm import tqdm

        self.total, self.done = max(total, done), done
        self._bar = tqdm(
            total=self.total,
            initial=done,
            desc=label,
            bar_format="{desc} {percentage:3.0f}% of the study |{bar}|{postfix}",
            file=sys.stderr,
            mininterval=1,
        )
        self._tell(self.total - done)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.close()

    def advance(self, seconds: float, left: float | None = None, note: str = "") -> None:
        """Move on by so many expected seconds, whatever they took, and tell a note.

        What is left is by default what is expected of the rest.
        """
        self.done += seconds
        self._bar.update(seconds)
        self._tell(self.total - self.done if left is None else left, note)

    def _tell(self, left: float, note: str = "") -> None:
        self._bar.set_postfix_str(f"{clock(left)} left{note}", refresh=False)
        if not self._bar.disable and self._bar.n in (self._bar.initial, self.total):
            self._bar.refresh()


def clock(seconds: float) -> str:
    """Return seconds as a clock shows them.

    Examples
    --------
    >>> clock(61.2), clock(3725), clock(-0.1)
    ('01:01', '1:02:05', '00:00')
    """
    minutes, seconds = divmod(round(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
