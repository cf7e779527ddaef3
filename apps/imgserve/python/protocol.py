"""How the scripts here talk to `imgserve`: a JSON object on stdin, then one JSON object a line on stdout.

Import it before anything that may print: what others write to stdout goes to stderr.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

_answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def tell(**event: Any) -> None:
    """One event for `imgserve`; its names are the script's own."""
    print(json.dumps(event), file=_answers, flush=True)


def refuse(reason: str) -> NoReturn:
    """Ends the script with a reason that its user can do something about."""
    tell(error=reason)
    raise SystemExit(1)


def run(main: Callable[[dict], None]) -> None:
    """`main` with what `imgserve` asks; a package that is not there is the user's to mend."""
    asked = json.load(sys.stdin)
    try:
        main(asked)
    except ModuleNotFoundError as error:
        refuse(f"{sys.executable} has no module {error.name}")
