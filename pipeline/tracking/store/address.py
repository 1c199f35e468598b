"""Addresses of tracking stores: taken from the environment, quoted, shown without secrets."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from experiments.errors import StudyError

VARIABLE = "MLFLOW_TRACKING_URI"
# Up to its last @ it may hold any sign, behind it none that ends one in a text.
_ADDRESS = r"\b[a-z][a-z0-9+]*://(\S*@)?[^\s'\"<>)]+"
_KEEPERS = ("http", "https", "sqlite", "postgresql", "mysql", "mssql")


class AddressError(StudyError):
    """MLflow can keep no runs at the address; trying again does not help."""


def tracking_uri(project: Path) -> str:
    """Return `MLFLOW_TRACKING_URI`, or the project's own SQLite database.

    Raises
    ------
    AddressError
        If MLflow can keep no runs at that address.
    """
    uri = os.environ.get(VARIABLE)
    if not uri:
        path = project.resolve() / "mlflow.db"
        # SQLAlchemy ends a path at a question mark and decodes %41; MLflow makes the folder that
        # a quoted one would name.
        if "?" in str(path) or unquote(str(path)) != str(path):
            raise AddressError(
                "the project's path must hold neither a question mark nor a percent sign before "
                f"two hexadecimal digits for MLflow's database; got {path}. "
                f"Rename the folder, or set {VARIABLE}=sqlite:////another/folder/mlflow.db"
            )
        return f"sqlite:///{path}"
    if urlsplit(uri).scheme.partition("+")[0] not in _KEEPERS:
        raise AddressError(
            f"{VARIABLE} must be the address of a server or a database; got {shown(uri)}, and "
            f"MLflow keeps no runs in folders any more. Run `unset {VARIABLE}` for the project's "
            "own database, or name one: sqlite:////folder/mlflow.db"
        )
    return uri


def database_path(uri: str) -> Path | None:
    """Return the file behind a `sqlite:///` address, None for any other address.

    >>> database_path("sqlite:////srv/c#1/mlflow.db?timeout=3")
    PosixPath('/srv/c#1/mlflow.db')
    >>> database_path("sqlite:////srv/a%20b/mlflow.db")
    PosixPath('/srv/a b/mlflow.db')
    """
    if not uri.startswith("sqlite:///"):
        return None
    from sqlalchemy import make_url

    name = make_url(uri).database
    return Path(name) if name and name != ":memory:" else None


def local_folder(location: str) -> Path | None:
    """Return the folder of an artifact location, None for one that is not on this machine.

    >>> local_folder("file:///srv/c%23"), local_folder("mlflow-artifacts:/3")
    (PosixPath('/srv/c#'), None)
    """
    parts = urlsplit(location)
    if parts.scheme not in ("", "file"):
        return None
    return Path(url2pathname(parts.path) if parts.scheme else location)


def shown(text: str) -> str:
    """Return a text whose addresses have lost user, password and query, where secrets stand.

    >>> shown("no answer from https://ann:pw@host:5000/mlflow?token=x today")
    'no answer from https://host:5000/mlflow today'
    """
    own = os.environ.get(VARIABLE, "")
    # A password may hold what ends an address in a text.
    if "://" in own:
        text = text.replace(own, _bare(own))
    return re.sub(_ADDRESS, lambda match: _bare(match[0]), text)


def _bare(address: str) -> str:
    """Return an address without user, password and query; no more than its scheme in doubt."""
    scheme, _, rest = address.partition("://")
    before, at, place = rest.rpartition("@")
    if at and any(sign in before for sign in "?#"):
        return f"{scheme}://…"
    return f"{scheme}://{re.split('[?#]', place)[0]}"
