"""`maillab config`: the configuration in force, as TOML or JSON, and where it comes from; `--check FILE` reads one."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maillab.config_file import LoadedConfig


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options, add_settings_options

    parser = commands.add_parser("config")
    add_lab_options(parser)
    add_settings_options(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the configuration. Raises `ConfigError`, and `OSError` for a file that cannot be read."""
    import msgspec

    from maillab.cli.language import say
    from maillab.cli.options import find_config, known_lab

    loaded = find_config(args, known_lab(args))
    _check_keys(loaded)
    table = msgspec.to_builtins(loaded.config)
    if args.json:
        sys.stdout.write(msgspec.json.encode({"source": loaded.source, "config": table}).decode() + "\n")
    else:
        sys.stdout.write(say(f"# from: {loaded.source or 'the default lab; no file was found'}") + "\n" + toml(table))
    return 0


def _check_keys(loaded: "LoadedConfig") -> None:
    """The window alone knows its keys; it is asked where somebody changes them. Raises `ConfigError`."""
    from maillab.config import ConfigError

    if loaded.config.keys:
        from maillab.tui.actions.keymap import KeysError, keymap

        try:
            keymap(loaded.config.keys)
        except KeysError as error:
            raise ConfigError(f"{loaded.source}: `keys`: {error}") from error


def toml(table: dict[str, Any], path: str = "") -> str:
    """Plain TOML of a configuration: values first, then tables; TOML has no null, and neither have we.

    >>> toml({"a": 1, "b": {"c": "x"}, "d": [{"e": True}]})
    'a = 1\\n\\n[b]\\nc = "x"\\n\\n[[d]]\\ne = true\\n'
    """
    lines, blocks = [], []
    for key, value in table.items():
        name = key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else _value(key)
        if isinstance(value, dict):
            if value:
                blocks.append(f"\n[{path}{name}]\n" + toml(value, f"{path}{name}."))
        elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            blocks += [f"\n[[{path}{name}]]\n" + toml(row, f"{path}{name}.") for row in value]
        else:
            lines.append(f"{name} = {_value(value)}\n")
    return "".join(lines + blocks)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return str(value) if isinstance(value, int | float) else json.dumps(str(value), ensure_ascii=False)
