"""App: the only place of wiring; from settings to a house whose doors are filled.

Start in `build`. ground.py opens what everything stands on (keys, database, wire), parts.py fills the
rooms' doors, loops.py is the work that goes on beside requests.
Never here: a rule of any room; HTTP (web); reading files of settings (config).
"""

from toegang.app.elsewhere import links
from toegang.app.house import (
    App,
    build,
    build_ground,
    client_naming,
    explaining,
    jobs_of_mandates,
    mandates_office,
    open_accounts,
)
from toegang.app.life import life
from toegang.app.own import own_floor
from toegang.app.simulating import simulating

__all__ = [
    "App",
    "build",
    "build_ground",
    "client_naming",
    "explaining",
    "jobs_of_mandates",
    "life",
    "links",
    "mandates_office",
    "open_accounts",
    "own_floor",
    "simulating",
]
