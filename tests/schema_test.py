"""Every JSON document the program prints validates against lib/report/report.schema.json, and so do
the golden ones; a document with an unknown key does not. Every kind of document is printed here."""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

from fake_server import FakeServer, joined, unreachable

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

program, root, fake_api_server = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
schema = json.loads((root / "lib/report/report.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
by_kind = {}
for variant in schema["oneOf"]:
    definition = schema["$defs"][variant["$ref"].rsplit("/", 1)[1]]
    kind = definition["properties"]["kind"]
    for name in kind.get("enum", [kind.get("const")]):
        by_kind[name] = jsonschema.Draft202012Validator({**definition, "$defs": schema["$defs"]})

folder = tempfile.TemporaryDirectory()
environment = {**os.environ, "KUBECONFIG": "/nonexistent/config", "XDG_STATE_HOME": folder.name}


def document(*arguments, text=None):
    run = subprocess.run([program, *arguments, "-o", "json"], capture_output=True, text=True, input=text,
                         env=environment, check=False)
    parsed = json.loads(run.stdout)
    assert parsed.get("exitCode", run.returncode) == run.returncode, (arguments, run.returncode)
    return parsed


class Gateway(http.server.BaseHTTPRequestHandler):
    """Answers plain requests well, and those with a strategy with a refusal of the gateway's."""

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        refused = "routing-strategy" in self.headers
        body = b'{"error":{"message":"error on selecting target pod","code":"service_unavailable"}}' if refused \
            else b'{"data":[{"id":"a"}]}'
        self.send_response(503 if refused else 200)
        if refused:
            self.send_header("x-error-routing", "true")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


STUCK = """
{"apiVersion": "v1", "kind": "List", "items": [
 {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system", "uid": "cluster-1"}},
 {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team-a", "uid": "ns"}},
 {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "aibrix-system", "uid": "sys"}},
 {"apiVersion": "apps/v1", "kind": "Deployment",
  "metadata": {"name": "aibrix-controller-manager", "namespace": "aibrix-system", "uid": "cm"},
  "spec": {"replicas": 0}, "status": {}},
 {"apiVersion": "model.aibrix.ai/v1alpha1", "kind": "ModelAdapter",
  "metadata": {"name": "sql-lora", "namespace": "team-a", "uid": "u",
               "deletionTimestamp": "2026-08-22T12:00:00Z",
               "finalizers": ["adapter.model.aibrix.ai/finalizer", "backup.example.com/archive"]}}]}
"""


def live_documents():
    """What needs servers: a gateway and an API server, both on the loopback."""
    gateway = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{gateway.server_port}"
    place = pathlib.Path(folder.name)
    dump = place / "stuck.json"
    dump.write_text(STUCK)
    with FakeServer(fake_api_server, place / "config", dump) as server:
        config = str(server.kubeconfig)
        out = {"endpoint test": document("endpoint", "test", "--address", address),
               "endpoint test MODEL": document("endpoint", "test", "llama", "--address", address,
                                               "--kubeconfig", config),
               "fix": document("fix", "finalizers", "--force", "-n", "team-a", "--kubeconfig",
                               config)}
        out["fix --apply"] = document("fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm",
                                      out["fix"]["confirm"], "--kubeconfig", config)
        environment["KUBECONFIG"] = joined(config, unreachable(place / "other", "gone"))
        out["many contexts"] = document("doctor", "--all-contexts")
        environment["KUBECONFIG"] = "/nonexistent/config"
        out["runs"] = document("undo")
        out["undo"] = document("undo", out["fix --apply"]["run"], "--kubeconfig", config)
    gateway.shutdown()
    return out


examples = [root / "examples/broken-cluster", root / "examples/healthy-cluster"]
answers = root / "../shared/testdata/responses"
cases = {"golden": json.loads((root / "tests/golden/report.json").read_text()),
         "no kubeconfig": document("doctor", "--kubeconfig", "/nonexistent"),
         "bad flag": document("doctor", "--bad"),
         "version": document("version"),
         "settings": document("config", "view"),
         "catalogue": document("explain", "--list"),
         "checks": document("explain"),
         "one check": document("explain", "REF001"),
         "unknown answer": document("explain", "-", text="all is well\n"),
         "answer": document("explain", "-", text='{"error":{"message":"model a does not exist"}}'),
         "flag": document("explain", "-", text="UF,URX\n"),
         **live_documents()}
for path in sorted(answers.glob("*.http")) if answers.is_dir() else []:
    cases[path.name] = document("explain", "-", "-f", str(examples[0]), "--whole-cluster", text=path.read_text())
for example in map(str, examples):
    whole = ("-f", example, "--whole-cluster")
    cases[example + " answer"] = document("explain", "-", *whole, text='{"error":{"message":"httproute: aibrix-system/'
                                          'qwen2-5-72b-instruct-router, route\'s object references are not resolved: '
                                          'RefNotPermitted."}}')
    for place in ("outside", "node", "inside"):
        cases[f"{example} {place}"] = document("endpoint", "print", "--from", place, *whole, "--model",
                                                   "llama-3-1-8b-instruct")
    for model in ("qwen2-5-72b-instruct", "sql-lora", "no-such-model"):
        cases[f"{example} {model}"] = document("trace", model, *whole)
    cases[example + " models"] = document("trace", *whole)
    cases[example + " preflight"] = document("preflight", "uninstall", *whole)
    cases[example + " preflight install"] = document("preflight", "install", *whole)
    cases[example + " preflight upgrade"] = document("preflight", "upgrade", *whole)
    for fix in ("finalizers", "referencegrants", "webhooks"):
        cases[f"{example} {fix}"] = document("fix", fix, *whole)
    cases[example + " type"] = document("fix", "service-type", "--to", "NodePort", *whole)
folders = [root / "examples", root / "../shared/testdata/clusters"]
for path in sorted(p for folder_ in folders if folder_.is_dir() for p in folder_.glob("**/*.yaml")):
    cases[path.name] = document("doctor", "-f", str(path))
    cases[path.name + " whole"] = document("doctor", "-f", str(path), "--whole-cluster")

failed = 0
for name, case in cases.items():
    errors = list(by_kind[case["kind"]].iter_errors(case)) if case["kind"] in by_kind else []
    if case["kind"] not in by_kind:
        failed += 1
        print(f"{name}: the schema has no {case['kind']}")
    elif not errors and not validator.is_valid(case):
        errors = list(validator.iter_errors(case))
    for error in errors:
        failed += 1
        print(f"{name}: {error.json_path}: {error.message[:300]}")
kinds = {case["kind"] for case in cases.values()}
for kind in sorted(set(by_kind) - kinds):
    failed += 1
    print(f"{kind} was never printed")
for kind in kinds:
    spoiled = dict(next(case for case in cases.values() if case["kind"] == kind), surprise=1)
    if validator.is_valid(spoiled):
        failed += 1
        print(f"{kind}: an unknown key was accepted")
print(f"{len(cases)} documents of {len(kinds)} kinds, {failed} errors")
sys.exit(1 if failed else 0)
