"""What Python code does, apart from how it is written down; the same on every Python."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

# What the parser fills in, or adds from one Python to the next, without saying anything new.
_SILENT = {"ctx", "kind", "type_comment"}
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Import:
    """A name that an import binds.

    Parameters
    ----------
    local : str
        The name in the importing code; "*" for a star import.
    module : str
        The module as written, relative imports resolved.
    name : str, optional
        What is taken from it; None when the module itself is bound.
    """

    local: str
    module: str
    name: str | None = None


class Code:
    """One file of Python, read for what it computes.

    Comments, layout, docstrings, the words of `raise` and `assert`, and the import statements
    themselves are left out: what is imported is asked of `imports`.

    Parameters
    ----------
    text : str
        The source.
    module : str
        Its dotted name, which relative imports start from.
    is_package : bool
        Whether it is an `__init__`.
    """

    def __init__(self, text: str, module: str = "", *, is_package: bool = False) -> None:
        self._tree = ast.parse(text)
        package = module if is_package else module.rpartition(".")[0]
        self.imports = frozenset(_imports(self._tree, package))
        self._tree = _Silenced().visit(self._tree)

    def bases(self) -> dict[str, list[str]]:
        """Return the dotted bases of each class at the top level."""
        classes = [node for node in self._tree.body if isinstance(node, ast.ClassDef)]
        return {c.name: [".".join(_chain(base)) for base in c.bases] for c in classes}

    def without_fields(self, classes: Collection[str]) -> None:
        """Leave out the fields that these classes declare; class variables stay."""
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef) and node.name in classes:
                node.body = [part for part in node.body if not _is_field(part)] or [ast.Pass()]

    def defines(self, name: str) -> bool:
        """Return whether the top level binds a name by anything but an import."""
        for node in self._tree.body:
            if isinstance(node, Definition) and node.name == name:
                return True
            names = () if isinstance(node, Definition) else ast.walk(node)
            if any(_binds(part, name) for part in names):
                return True
        return False

    @property
    def is_silent(self) -> bool:
        """Whether it does nothing but import and list names."""
        return all(isinstance(node, ast.Pass) or _lists_names(node) for node in self._tree.body)

    def chains(self) -> set[tuple[str, ...]]:
        """Return the names that the code uses, with the attributes taken from them.

        A `raise` uses none: which error it is decides nothing that a run computes.
        """
        return set(_used(self._tree))

    def canonical(self) -> str:
        """Return the code in a form that only a change of what it does changes."""
        return _written(self._tree)


def _imports(tree: ast.AST, package: str) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield Import(alias.asname, alias.name)
                else:
                    yield Import(alias.name.split(".")[0], alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            parts = package.split(".")[: len(package.split(".")) + 1 - node.level]
            start = ".".join(parts) if node.level else ""
            module = ".".join(filter(None, (start, node.module)))
            for alias in node.names:
                yield Import(alias.asname or alias.name, module, alias.name)


class _Silenced(ast.NodeTransformer):
    """Leave out what computes nothing."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        value = node.value
        is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
        return None if is_text else self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        return None

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        # Some Pythons cut the text between the braces in pieces, or add an empty one.
        merged: list[ast.expr] = []
        for part in node.values:
            last = merged[-1] if merged else None
            if isinstance(part, ast.Constant) and isinstance(last, ast.Constant):
                merged[-1] = ast.Constant(str(last.value) + str(part.value))
            elif not (isinstance(part, ast.Constant) and part.value == ""):
                merged.append(part)
        node.values = merged
        return self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(getattr(node, "body", None), list) and not node.body:  # type: ignore[attr-defined]
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node


def _binds(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and "ClassVar" not in ast.dump(node.annotation)


def _lists_names(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and _written(node.targets[0]) == "Name(id='__all__')"


def _chain(node: ast.AST) -> list[str]:
    """Return `a.b.c` in parts; nothing when it does not start with a name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []


def _used(node: ast.AST) -> Iterator[tuple[str, ...]]:
    chain = _chain(node)
    if chain:
        yield tuple(chain)
    elif not isinstance(node, ast.Raise):
        for child in ast.iter_child_nodes(node):
            yield from _used(child)


def _written(value: object) -> str:
    if isinstance(value, ast.AST):
        fields = [
            f"{name}={_written(content)}"
            for name, content in ast.iter_fields(value)
            if name not in _SILENT and content is not None and content != []
        ]
        return f"{type(value).__name__}({','.join(fields)})"
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    return ascii(value)
