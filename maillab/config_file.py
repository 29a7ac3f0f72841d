"""A configuration read from TOML, or from a table that was read already; every complaint names file, line and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

import msgspec

from maillab import checked, source
from maillab.config import Config, default_sites
from maillab.profiles import PROFILES
from maillab.rules.older import of_fault
from maillab.source import Key, Source
from maillab.spelling import nearest

REQUIRE_TLS = """
  true offers TLS, false does not. To require it, beside `tls = true` write a rule (maillab help rules):
  rules = ['at smtp mail tls:no answer 530 5.7.0 "Must issue STARTTLS first"']"""  # RFC 3207 §4


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A configuration and where it came from ("" for the default lab)."""

    config: Config
    source: str


def read(text: bytes, name: str, said: Mapping[str, Any] = MappingProxyType({})) -> Config:
    """Read TOML; `name` is what a complaint calls the file; `said` are keys that win over it. Raises `ConfigError`.

    >>> read(b'strictnes = "strict"', "lab.toml")
    Traceback (most recent call last):
    maillab.source.ConfigError: lab.toml:1: `strictnes`: unknown key; did you mean `strictness`?
    """
    where, table = source.read(text, name)
    return _made(table | dict(said), where)


def from_table(table: dict[str, Any], name: str) -> Config:
    """The same from a table that was read already: a story brings its world with it. Raises `ConfigError`."""
    return _made(table, Source(name))


def check(config: Config, name: str) -> None:
    """What types cannot say. Raises `ConfigError`; `name` is what it calls the configuration."""
    checked.check(config, Source(name))


def _made(table: dict[str, Any], where: Source) -> Config:
    table = _without_faults(table, where)
    _refuse_unknown_keys(table, Config, where, ())
    table = _profile(table.get("profile"), where) | table
    if "sites" not in table:
        table["sites"] = msgspec.to_builtins(default_sites(_origins(table.get("zones"))))
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        key = source.parsed(path.rstrip("`"))
        hint = REQUIRE_TLS if key[-1:] == ("tls",) and "`str`" in what else ""
        raise where.error(key, f"{what[:1].lower()}{what[1:]}{hint}") from error
    checked.check(config, where)
    return config


def _without_faults(table: dict[str, Any], where: Source) -> dict[str, Any]:
    """Older configurations call the rules of a site faults."""
    if not isinstance(sites := table.get("sites"), list):
        return table
    renewed = []
    for index, site in enumerate(sites):
        if isinstance(site, dict) and isinstance(faults := site.get("faults"), list):
            try:
                rules = [of_fault(fault) for fault in faults]
            except (KeyError, TypeError, AttributeError):
                raise where.error(("sites", index, "faults"), "no faults; write `rules`") from None
            site = {key: value for key, value in site.items() if key != "faults"}
            site["rules"] = [*site.get("rules", ()), *rules]
        renewed.append(site)
    return table | {"sites": renewed}


def _profile(chosen: Any, where: Source) -> dict[str, Any]:
    """The settings of a profile; none for none."""
    if not chosen:
        return {}
    if not isinstance(chosen, str) or chosen not in PROFILES:
        raise where.error(("profile",), f"unknown {chosen!r}; known: {', '.join(PROFILES)}")
    return PROFILES[chosen]


def _origins(zones: Any) -> frozenset[str]:
    """The origins of zones that were not checked yet, as far as they can be read."""
    rows = zones if isinstance(zones, list) else []
    return frozenset(str(row.get("origin", "")).rstrip(".").lower() for row in rows if isinstance(row, dict))


def _refuse_unknown_keys(table: dict[str, Any], struct: type, where: Source, above: Key) -> None:
    hints = {field.name: field.type for field in msgspec.structs.fields(struct)}
    for key, value in table.items():
        if key not in hints:
            near = nearest(key, hints)
            hint = f"did you mean `{near}`?" if near else "known here: " + ", ".join(hints)
            raise where.error((*above, key), f"unknown key; {hint}")
        for inner in [*get_args(hints[key]), hints[key]]:
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                for step, row in _rows(value, named=inner is not hints[key]):
                    if isinstance(row, dict):
                        _refuse_unknown_keys(row, inner, where, (*above, key, *step))


def _rows(value: Any, *, named: bool) -> list[tuple[Key, Any]]:
    """The tables that stand where one, a list of them, or (`named`) one for each name is expected."""
    if isinstance(value, list):
        return [((place,), row) for place, row in enumerate(value)]
    if named and isinstance(value, dict):
        return [((name,), row) for name, row in value.items()]
    return [((), value)]
