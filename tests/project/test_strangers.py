"""What may come from a stranger runs no code, leaves no folder and is what it is said to be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_loaders.known import KnownDataset
from data_loaders.registry import REGISTRY
from data_loaders.sources.http_mirror import HttpMirror

ROOT = Path(__file__).resolve().parents[2]
FILES = [p for name in ("nn", "data_loaders", "experiments", "pipeline")
         for p in (ROOT / name).rglob("*.py")]  # fmt: skip
# Modules whose files may hold code, and calls that run text or write where an archive says.
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "tarfile"}
CALLS = {"eval", "exec", "extract", "extractall", "unpack_archive", "read_pickle", "to_pickle"}


def hostile(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from {alias.name.split(".")[0] for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom):
            yield from {(node.module or "").split(".")[0]} & MODULES
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            # Pandas' `str.extract` matches text.
            if name in CALLS and ".str." not in ast.unparse(node.func):
                yield str(name)
            if name == "YAML" and "safe" not in ast.unparse(node):
                yield "YAML that is not safe"
            for keyword in node.keywords:
                if (
                    keyword.arg in ("allow_pickle", "shell")
                    and ast.unparse(keyword.value) != "False"
                ):
                    yield str(keyword.arg)


def test_nothing_that_is_read_can_run_code_or_be_written_where_it_says() -> None:
    assert len(FILES) > 300
    found = {
        f"{path.relative_to(ROOT)}: {what}"
        for path in FILES
        for what in hostile(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    "text",
    ["import pickle", "f.extractall(p)", "np.load(p, allow_pickle=True)", "YAML()", "eval(s)"],
)
def test_the_search_finds_what_it_is_for(text: str) -> None:
    assert list(hostile(ast.parse(text)))


@pytest.mark.parametrize("known", REGISTRY.values(), ids=REGISTRY)
def test_what_comes_without_encryption_has_a_pinned_sha_256(known: KnownDataset) -> None:
    """Then it does not matter who changed it on the way: other bytes are refused."""
    for mirror in (source for source in known.sources if isinstance(source, HttpMirror)):
        hashes = list(mirror.file_hashes.values())
        assert hashes or known.content_hash
        if not mirror.base_url.startswith("https://"):
            assert all(len(text) == 64 and int(text, 16) for text in hashes), mirror.base_url
