"""Every route of our own: one table."""

from maillab.web.ours import entries, machines, rules, sessions, wait
from maillab.web.routes import ApiRoute

_V1 = "/maillab/v1"
_RULE = f"{_V1}/rules/{{number}}"

ROWS = (
    ApiRoute("GET", f"{_V1}/ready", machines.ready, "Where everything is"),
    ApiRoute(
        "GET", f"{_V1}/entries", entries.entries,
        "The logbook after number `since`, what matches `filter`, explained in `lang`: a line of JSON each; with "
        "`Accept: text/event-stream` it goes on as events", query=("since", "filter", "lang", "limit"),
    ),
    ApiRoute(
        "GET", f"{_V1}/wait", wait.wait, "Wait for messages", query=("query", "count", "timeout"),
    ),
    ApiRoute("GET", f"{_V1}/machines", machines.machines, "Every site: doors, people, queue"),
    ApiRoute("POST", f"{_V1}/machines/{{site}}/{{service}}/{{deed}}", machines.switch, "`start` or `stop` a door"),
    ApiRoute("POST", f"{_V1}/queue/retry", machines.retry, "Try all that waits"),
    ApiRoute(
        "POST", f"{_V1}/queue/{{site}}/{{job}}/{{deed}}", machines.job, "`retry`, `bounce` or `remove` one job",
    ),
    ApiRoute("GET", f"{_V1}/clock", machines.clock, "The lab's time"),
    ApiRoute("POST", f"{_V1}/clock", machines.turn, 'Turn it forward, each retry in its turn: `{"advance": "5d"}`'),
    ApiRoute("GET", f"{_V1}/rules", rules.listed, "Every rule, and how often it was applied"),
    ApiRoute("POST", f"{_V1}/rules", rules.add, 'Add one: `{"rule": "at rcpt answer 451 once"}`'),
    ApiRoute("PUT", _RULE, rules.change, 'Write it anew (`rule`), or switch it (`{"on": false}`)'),
    ApiRoute("DELETE", _RULE, rules.remove, "Remove it"),
    ApiRoute("GET", f"{_V1}/sessions", sessions.listed, "The saved sessions"),
    ApiRoute(
        "GET", f"{_V1}/sessions/{{name}}", sessions.exported,
        "A session in a `format` of `maillab export`, or `maillab` for the file itself; `live` is the one that goes on",
        query=("format", "filter", "lang"),
    ),
    ApiRoute(
        "GET", f"{_V1}/sessions/{{name}}/entries", sessions.entries,
        "Its entries, told as those of the logbook: whole conversations of which something matches `filter`",
        query=("filter", "lang"),
    ),
    ApiRoute("PUT", f"{_V1}/sessions/{{name}}", sessions.put, "Save a session under a new name"),
)  # fmt: skip
