"""The page's templates, and how they put sentences: code, terms explained, titles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from pipeline.results.text.glossary import GLOSSARY
from pipeline.results.text.titles import dataset_title

HERE = Path(__file__).parent
_CODE = re.compile(r"`([^`]*)`")
# The longest first: one may stand within another.
_TERMS = re.compile(
    r"(?<!\w)(" + "|".join(map(re.escape, sorted(GLOSSARY, key=len, reverse=True))) + r")(?!\w)"
)


def rendered(name: str, **content: Any) -> markupsafe.Markup:
    """Return a template, filled; every value is escaped, since names are the user's."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE, encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"code": _code, "explained": _explained, "term": _term}
    environment.filters["titled"] = dataset_title
    return markupsafe.Markup(environment.get_template(name).render(content))


def _code(text: str) -> markupsafe.Markup:
    """Escape a sentence and set what stands between backticks as code."""
    code = markupsafe.Markup("<code>{}</code>")
    return markupsafe.Markup("").join(
        code.format(piece) if i % 2 else piece for i, piece in enumerate(_CODE.split(text))
    )


def _term(text: str, term: str) -> markupsafe.Markup:
    """Return a text that shows what a term means; the text alone without a term."""
    if not term:
        return markupsafe.escape(text)
    return markupsafe.Markup('<abbr title="{}">{}</abbr>').format(GLOSSARY[term], text)


def _explained(text: str) -> markupsafe.Markup:
    """Escape a text, numbers kept together, and explain each term of the glossary once."""
    for mark in (" ± ", " %", " pp", "n = "):
        text = text.replace(mark, mark.replace(" ", "\u00a0"))
    seen: set[str] = set()
    parts = []
    for i, piece in enumerate(_TERMS.split(text)):
        # Every second piece is a term; the shortest would catch the eye too often.
        new = i % 2 and piece not in seen and len(piece) > 2
        parts.append(_term(piece, piece if new else ""))
        seen |= {piece} if i % 2 else set()
    return markupsafe.Markup("").join(parts)
