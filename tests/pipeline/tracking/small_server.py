"""A tracking server as small as can be: what the client asks of it, kept in memory, and faults."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit


class SmallServer(ThreadingHTTPServer):
    """Answers until `healthy` requests were made; from then on it has its `fault`, if it has one.

    A fault is "500", "hangs" (accepts, and never answers) or "dies" (closes every connection).
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder, self.uri = folder, f"http://127.0.0.1:{self.server_port}"
        self.fault, self.healthy, self.asked = "", 0, 0
        self.experiments, self.runs = {}, {}
        self.released = threading.Event()

    def status_by_key(self) -> dict[str, list[str]]:
        """The statuses of the live runs, by run key."""
        statuses = {}
        for run in self.runs.values():
            if run["info"]["lifecycle_stage"] == "active":
                tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
                statuses.setdefault(tags["run_key"], []).append(run["info"]["status"])
        return statuses


@contextmanager
def small_server(folder: Path) -> Iterator[SmallServer]:
    with SmallServer(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.released.set()
        server.shutdown()


class Answer(BaseHTTPRequestHandler):
    """One request, by the last words of its path: `runs/create` is `runs_create`."""

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        address = urlsplit(self.path)
        body = json.loads(self.rfile.read(length)) if length else dict(parse_qsl(address.query))
        server, status = self.server, 200
        server.asked += 1
        if server.fault and server.asked > server.healthy:
            if server.fault == "hangs":
                server.released.wait(30)
            if server.fault != "500":
                self.close_connection = True
                return
            status, content = 500, {"error_code": "INTERNAL_ERROR", "message": "no"}
        else:
            name = "_".join(address.path.split("/")[-2:]).replace("-", "_")
            content = getattr(self, name)(**body)
            if content is None:
                status, content = 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"}
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        pass

    def experiments_get_by_name(self, experiment_name):
        known = self.server.experiments.get(experiment_name)
        return known and {"experiment": known}

    def experiments_create(self, name, **_):
        number = str(len(self.server.experiments) + 1)
        self.server.experiments[name] = {
            "experiment_id": number,
            "name": name,
            "artifact_location": self.server.folder.as_uri(),
            "lifecycle_stage": "active",
        }
        return {"experiment_id": number}

    def experiments_set_experiment_tag(self, **_):
        return {}

    def runs_search(self, experiment_ids, **_):
        found = self.server.runs.values()
        return {
            "runs": [
                run
                for run in found
                if run["info"]["experiment_id"] in experiment_ids
                and run["info"]["lifecycle_stage"] == "active"
            ]
        }

    def runs_create(self, experiment_id, run_name, start_time, tags, **_):
        run_id = f"{len(self.server.runs):032x}"
        info = {
            "run_id": run_id,
            "run_uuid": run_id,
            "run_name": run_name,
            "experiment_id": experiment_id,
            "status": "RUNNING",
            "start_time": start_time,
            "artifact_uri": (self.server.folder / run_id).as_uri(),
            "lifecycle_stage": "active",
        }
        self.server.runs[run_id] = {"info": info, "data": {"tags": tags}}
        return {"run": self.server.runs[run_id]}

    def runs_get(self, run_id, **_):
        return {"run": self.server.runs[run_id]}

    def runs_log_batch(self, **_):
        return {}

    runs_log_inputs = runs_log_batch

    def runs_update(self, run_id, status, **_):
        self.server.runs[run_id]["info"]["status"] = status
        return {"run_info": self.server.runs[run_id]["info"]}

    def runs_delete(self, run_id):
        self.server.runs[run_id]["info"]["lifecycle_stage"] = "deleted"
        return {}
