"""Fill the generated parts of the documentation, from the code that they describe.

Three comments in a page are replaced: `<!-- fields module:Class -->` by a table of a model's
fields, `<!-- commands -->` by the command line, `<!-- tables -->` by the tables of `nn`. A line
``name: words`` below the first, up to an empty line, says what a field means where the class's
docstring does not; ``name (allowed): words`` also what params.yaml may say, where that is not the
field's own type. The words `-` leave the field out, as one that nobody writes.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Literal

import typer
from pydantic import BaseModel

FIELDS = re.compile(r"<!-- fields ([\w.]+):(\w+) -->\n((?:\w+(?: \([^)]*\))?: .+\n)*)")
LINE = re.compile(r"(\w+)(?: \(([^)]*)\))?: (.+)")
WORDS = {int: "whole number", float: "number", str: "text", bool: "true or false"}
LIMITS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
TABLES = ("OPTIMIZERS", "ACTIVATIONS", "INITIALIZERS", "LOSSES", "SCHEDULES", "AUGMENTATIONS")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in a page (an event of MkDocs)."""
    markdown = FIELDS.sub(_fields, markdown)
    markdown = markdown.replace("<!-- commands -->", "\n".join(command_line()))
    return markdown.replace("<!-- tables -->", "\n".join(tables()))


def _fields(match: re.Match[str]) -> str:
    model = getattr(import_module(match[1]), match[2])
    return "\n".join(field_rows(model, match[3].splitlines())) + "\n"


def field_rows(model: type, lines: Sequence[str] = ()) -> Iterator[str]:
    """Yield a table of a model's fields: name, what is allowed, default, meaning.

    Parameters
    ----------
    model : type
        A pydantic model or a dataclass.
    lines : sequence of str
        ``name: meaning`` or ``name (allowed): meaning``, before what the docstring says.

    Raises
    ------
    ValueError
        If a field has no meaning, or a meaning no field.
    """
    rows = dict(_pydantic(model) if issubclass(model, BaseModel) else _dataclass(model))
    meanings = documented(model)
    for line in lines:
        name, allowed, meanings[name] = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
        if name not in rows:
            raise ValueError(f"{model.__name__} has no field {name}.")
        rows[name] = (allowed or rows[name][0], rows[name][1])
    yield "| field | allowed | default | meaning |"
    yield "|---|---|---|---|"
    for name, (allowed, default) in rows.items():
        if name not in meanings:
            raise ValueError(f"{model.__name__}.{name} needs a meaning: `{name}: …` in the page.")
        if meanings[name] != "-":
            yield f"| `{name}` | {allowed} | {default} | {meanings[name]} |"


def _pydantic(model: type[BaseModel]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, field in model.model_fields.items():
        default = (
            "required"
            if field.is_required()
            else f"`{_plain(field.get_default(call_default_factory=True))}`"
        )
        yield name, (_allowed(field.annotation, field.metadata), default)


def _dataclass(model: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    hints = typing.get_type_hints(model)
    for field in dataclasses.fields(model):
        required = field.default is dataclasses.MISSING
        yield (
            field.name,
            (
                _allowed(hints[field.name], []),
                "required" if required else f"`{_plain(field.default)}`",
            ),
        )


def _plain(value: Any) -> str:
    """Return a default as params.yaml writes it."""
    if hasattr(value, "as_value"):
        value = value.as_value()
    if value in (None, (), ""):
        return "none"
    if isinstance(value, BaseModel):
        return "see below"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_plain, value))}]"
    return "{}" if isinstance(value, Mapping) and not value else str(value)


def _allowed(annotation: Any, metadata: list[Any]) -> str:
    """Return in words what a field takes."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _allowed(arguments[0], [*arguments[1:], *metadata])
    if origin is Literal:
        return " \\| ".join(f"`{choice}`" for choice in arguments)
    if origin in (typing.Union, types.UnionType):
        kinds = [_allowed(kind, metadata) for kind in arguments if kind is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if origin is tuple:
        return f"list: {_allowed(arguments[0], [])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"mapping: {_allowed(arguments[1], [])}"
    bounds = [
        f"{sign} {bound:g}"
        for limit in _limits(metadata)
        for name, sign in LIMITS.items()
        if (bound := getattr(limit, name, None)) is not None
    ]
    words = WORDS.get(annotation, "component" if hasattr(annotation, "as_value") else "mapping")
    return " ".join([words, ", ".join(bounds)]).strip()


def _limits(metadata: list[Any]) -> Iterator[Any]:
    for entry in metadata:
        yield from getattr(entry, "metadata", [entry])


def documented(model: type) -> dict[str, str]:
    """Return what `Parameters` in the docstrings of a class and its bases says of each name."""
    meanings: dict[str, str] = {}
    for base in reversed(model.__mro__):
        meanings |= _parameters(inspect.cleandoc(base.__doc__ or ""))
    return meanings


def _parameters(docstring: str) -> dict[str, str]:
    _, _, section = docstring.partition("Parameters\n----------\n")
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in re.split(r"\n\n\w+\n-+\n", section)[0].splitlines():
        if line and not line[0].isspace():
            names = [name.strip() for name in line.split(" : ")[0].split(",")]
            continue
        for name in names:
            meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip()
    return meanings


def command_line() -> Iterator[str]:
    """Yield every command with its usage, arguments and options, as `--help` knows them."""
    from pipeline.cli import app

    yield from _command(typer.main.get_command(app), "knockout")


def _command(command: Any, name: str) -> Iterator[str]:
    parameters = [entry for entry in command.params if entry.name != "help"]
    inner = getattr(command, "commands", {})
    words = [_shown(entry) for entry in parameters if entry.param_type_name == "argument"]
    usage = " ".join([name, "[OPTIONS]", *words, *(["COMMAND …"] if inner else [])])
    yield f"## `{name}`\n\n{(command.help or '').strip()}\n\n```text\n{usage}\n```\n"
    if parameters:
        yield "| | meaning |\n|---|---|"
    for entry in parameters:
        default = entry.default
        known = isinstance(default, str | int) and not isinstance(default, bool)
        yield f"| `{_shown(entry)}` | {entry.help}{f' Default: `{default}`.' if known else ''} |"
    yield ""
    for child, command_inside in inner.items():
        yield from _command(command_inside, f"{name} {child}")


def _shown(parameter: Any) -> str:
    """Return `--option` or ARGUMENT, in brackets where it may be left out."""
    if parameter.param_type_name == "option":
        return ", ".join([*parameter.opts, *parameter.secondary_opts])
    name = parameter.name.upper() + "…" * (parameter.nargs == -1)
    return name if parameter.required else f"[{name}]"


def tables() -> Iterator[str]:
    """Yield the tables of `nn`: each name that params.yaml knows, its class and what it is."""
    nn = import_module("nn")
    for table in TABLES:
        yield f"### `{table}`\n\n| name | what it is |\n|---|---|"
        for name, entry in getattr(nn, table).items():
            summary = (inspect.getdoc(entry) or "").split("\n\n")[0].replace("\n", " ")
            yield f"| `{name}` | {summary.replace('|', '&#124;')} |"
        yield ""
