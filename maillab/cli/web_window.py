"""`maillab --web`: the window in a browser, for whoever has the token, until Ctrl-C or SIGTERM."""

import argparse
from collections.abc import Sequence


def run(args: argparse.Namespace, arguments: Sequence[str] | None) -> int:
    """Serve the window with these arguments (`None`: it would be served again); 2 where its files are not installed,
    3 for a port that is taken.
    """
    import asyncio
    import importlib.util

    from maillab.cli.options import USAGE, chosen_token, fail
    from maillab.web.admission import NoToken

    if args.web < 0:
        return fail(USAGE, "--web -1: a port is expected, 0 for a free one")
    if importlib.util.find_spec("textual_serve") is None:
        return fail(USAGE, "--web needs the package textual-serve\n  pip install 'maillab[terminal-web]'")
    if arguments is None:
        return fail(USAGE, "write --web, --listen and --http-token in full")
    try:
        token = chosen_token(args)
    except NoToken as error:
        return fail(USAGE, str(error))
    asyncio.run(_serve(args, arguments, token))
    return 0


async def _serve(args: argparse.Namespace, arguments: Sequence[str], token: str) -> None:
    import asyncio

    from maillab.cli.http_door import tell_of_token
    from maillab.cli.language import say
    from maillab.cli.options import tell
    from maillab.endpoints import HOST
    from maillab.system import ENDS, HERE
    from maillab.web.terminal.door import WebWindow

    loop, over = asyncio.get_running_loop(), asyncio.Event()
    HERE.on_signals(loop, ENDS, lambda _: over.set())
    async with WebWindow(arguments, args.web, args.listen or HOST, token, tell) as door:
        tell(say(f"the window is shown at {door.link('/')}\nCtrl-C ends it, and the lab."))
        tell_of_token(door)
        await over.wait()
