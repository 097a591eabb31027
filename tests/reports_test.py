"""Every format of a report is read by the readers that others wrote for it, over ordinary runs, runs that failed, and texts
that somebody chose to do harm; each is found again as it was shown. Usage: reports_test.py PROGRAM UNIT ROOT VALIDATORS FAKE-API-SERVER"""
import contextlib
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest.mock

from fake_server import FakeServer, joined, unreachable

program, unit, root, validators = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
fake = sys.argv[5]
in_ci = os.environ.get("CI") == "true"
lacking = [name for name in ("dot", "cmark", "xmllint", "node", "chromium") if shutil.which(name) is None]
try:
    import jsonschema
    import junitparser
    import yaml
    from prometheus_client.openmetrics import parser as openmetrics
    from prometheus_client import parser as prometheus
except ImportError as error:
    lacking.append(str(error))
if not lacking:
    made = subprocess.run(["sh", str(root / "scripts/report-validators"), str(validators)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        lacking.append("scripts/report-validators: " + made.stderr.strip())
if lacking:
    print("skipped: missing " + ", ".join(lacking))
    sys.exit(1 if in_ci else 77)

modules = validators / "node_modules"
sarif_tool = modules / "@microsoft/sarif-multitool-linux"
sarif_schema = json.loads((sarif_tool / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
crd = yaml.safe_load((validators / "wgpolicyk8s.io_clusterpolicyreports.yaml").read_text())
policy_schema = next(v for v in crd["spec"]["versions"] if v["name"] == "v1alpha2")["schema"]["openAPIV3Schema"]


def closed(schema):
    """A field that the CRD does not know would be pruned: here it is an error."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
            schema = {**schema, "additionalProperties": False}
            if set(schema["properties"]) >= {"apiVersion", "kind", "metadata"}:
                schema["properties"] = {**schema["properties"], "metadata": {"type": "object"}}
        return {key: closed(value) for key, value in schema.items() if key != "description"}
    return [closed(item) for item in schema] if isinstance(schema, list) else schema


policy_schema = closed(policy_schema)
# docs.gitlab.com, "Code Quality report format": no schema file is published.
gitlab_schema = {
    "type": "array",
    "items": {
        "type": "object", "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1}, "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {"type": "object", "required": ["path", "lines"], "properties": {
                "path": {"type": "string", "minLength": 1, "pattern": "^(?!\\./)"},
                "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}}}}}}


def check_junit(path):
    subprocess.run(["xmllint", "--noout", "--nonet", "--schema", str(validators / "junit-10.xsd"), str(path)], check=True, stderr=subprocess.DEVNULL)
    suites = junitparser.JUnitXml.fromfile(str(path))
    for suite in suites:
        cases = list(suite)
        results = [result for case in cases for result in case.result]
        kinds = [sum(isinstance(r, kind) for r in results) for kind in (junitparser.Failure, junitparser.Error, junitparser.Skipped)]
        assert [len(cases), *kinds] == [suite.tests, suite.failures, suite.errors, suite.skipped], (path, suite.name)
        assert suite.tests > 0 and all(case.name and case.classname for case in cases)
    assert suites.tests == sum(suite.tests for suite in suites) > 0
    return suites


def check_sarif(path):
    document = json.loads(path.read_text())
    jsonschema.validators.validator_for(sarif_schema)(sarif_schema).validate(document)
    for run in document["runs"]:
        for result in run["results"]:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            location = result["locations"][0]
            assert "physicalLocation" in location or location["logicalLocations"]
    return document


def check_sarif_with_multitool(folder):
    """Microsoft's validator: what it calls an error is one."""
    files = sorted(folder.glob("*.sarif"))
    for file in files:
        out = file.with_suffix(".judged")
        run = subprocess.run([str(sarif_tool / "Sarif.Multitool"), "validate", str(file), "--output", str(out), "--log", "ForceOverwrite",
                              "--level", "Error"], capture_output=True, text=True, check=False)
        judged = json.loads(out.read_text(encoding="utf-8-sig"))["runs"][0]
        errors = [r for r in judged.get("results", []) if r.get("level", "warning") == "error"]
        assert not errors, (file, errors[:3])
        assert judged["invocations"][0].get("executionSuccessful", True), (file, run.stdout[-500:])


def check_github(path):
    lines = path.read_text().splitlines()
    assert len(lines) <= 10, len(lines)
    for line in lines:
        assert re.fullmatch(r"::(error|warning|notice) title=[^:,\s]+(,file=[^:,]*)?(,line=\d+)?(,col=\d+)?::.*", line), line
    return lines


def check_gitlab(path):
    document = json.loads(path.read_text())
    jsonschema.Draft7Validator(gitlab_schema).validate(document)
    assert len({issue["fingerprint"] for issue in document}) == len(document)
    return document


class Page(html.parser.HTMLParser):
    """Tags of a page and the texts between them."""
    allowed = set("html head meta title style body a main h1 h2 h3 p ul ol li dl dt dd b details summary div table caption thead tbody tr "
                  "th td code pre fieldset legend label input svg g rect path text".split())
    void = {"meta", "input"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.inside, self.texts, self.attributes, self.policy = [], [], [], [], ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        assert tag in self.allowed, tag
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "style", "srcset"), (tag, name)
            assert name != "href" or value.startswith("#"), value
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"]
        self.attributes.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)
            self.texts.append([tag, ""])
            self.inside.append(self.texts[-1])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.void:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag
        self.inside.pop()

    def handle_data(self, data):
        if self.inside:
            self.inside[-1][1] += data

    def handle_comment(self, data):
        raise AssertionError("a comment: " + data)

    def of(self, tag):
        return [text for name, text in self.texts if name == tag]


def check_html(path):
    page = Page(path.read_text())
    assert page.policy.startswith("default-src 'none'; style-src 'sha256-"), page.policy
    return page


def check_markdown(path):
    """As cmark reads it, without what GitHub adds: the table is told by its lines."""
    rendered = subprocess.run(["cmark", "--unsafe", str(path)], capture_output=True, text=True, check=True).stdout
    tags = set(re.findall(r"<(/?[a-z0-9]+)", rendered))
    assert {t.strip("/") for t in tags} <= {"h3", "h4", "p", "code", "strong", "ol", "li"}, tags
    for line in path.read_text().splitlines():
        if line.startswith("|"):
            bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line)
            assert bare.count("|") in (3, 6), line  # 3: clusters
    return rendered


def check_prometheus(path):
    text = path.read_text()
    new = [(s.name, s.labels, s.value) for family in openmetrics.text_string_to_metric_families(text) for s in family.samples]
    old = [(s.name, s.labels, s.value) for family in prometheus.text_string_to_metric_families(text) for s in family.samples]
    assert new == old and new
    return new


def check_policyreport(path):
    documents = list(yaml.safe_load_all(path.read_text()))
    for document in documents:
        jsonschema.Draft7Validator(policy_schema).validate(document)
        assert document["kind"] == "ClusterPolicyReport" and document["apiVersion"] == "wgpolicyk8s.io/v1alpha2"
        counts = [sum(r["result"] == word for r in document["results"]) for word in ("pass", "fail", "warn", "error", "skip")]
        assert counts == list(document["summary"].values())
    assert len({d["metadata"]["name"] for d in documents}) == len(documents), "one would replace the other"
    return documents[0] if len(documents) == 1 else documents


def check_dot(path):
    drawn = json.loads(subprocess.run(["dot", "-Tjson0", str(path)], capture_output=True, text=True, check=True).stdout)
    assert all("URL" not in node and "href" not in node for node in drawn.get("objects", []))
    return drawn


def check_svg(path):
    subprocess.run(["xmllint", "--noout", "--nonet", str(path)], check=True)
    text = path.read_text()
    assert not re.search(r"<(script|foreignObject|image|a|use)\b|href=", text)
    return text


def check_mermaid(paths):
    run = subprocess.run(["node", str(root / "tests/mermaid_parse.mjs"), str(modules), *map(str, paths)], capture_output=True, text=True,
                         check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(paths)
    for path, answer in zip(paths, answers):
        assert answer["ok"] and answer["clicks"] == 0, (path, answer)
    return answers


CHECKS = {"junit": check_junit, "sarif": check_sarif, "github": check_github, "gitlab": check_gitlab, "markdown": check_markdown,
          "prometheus": check_prometheus, "policyreport": check_policyreport, "html": check_html}
environment = {**os.environ, "KUBECONFIG": "/nonexistent/config", "SOURCE_DATE_EPOCH": "0"}


def run_with_all(folder, name, *arguments):
    """Every format in one run; each is read, and gives the same bytes again."""
    outputs = [word for f in CHECKS for word in ("-o", f"{f}={folder / (name + '.' + f)}")]
    run = subprocess.run([program, *arguments, *outputs, "-o", f"json={folder / (name + '.json')}"], capture_output=True, text=True,
                         env=environment, check=False)
    read = {f: check(folder / f"{name}.{f}") for f, check in CHECKS.items()}
    document = json.loads((folder / f"{name}.json").read_text())
    assert document["exitCode"] == run.returncode, (name, run.returncode, run.stderr)
    for f in CHECKS:
        alone = subprocess.run([program, *arguments, "-o", f], capture_output=True, text=True, env=environment, check=False)
        assert alone.returncode == run.returncode, (name, f)
        if document["kind"] != "Error":
            assert alone.stdout == (folder / f"{name}.{f}").read_text(), (name, f)
    return document, read


def check_doctor(document, read):
    """What -o json holds is what each of the others holds."""
    findings = document["findings"]
    prints = [f["fingerprint"] for f in findings]
    assert [r["partialFingerprints"]["aibrixctl/v1"] for r in read["sarif"]["runs"][0]["results"]] == prints
    assert [i["fingerprint"] for i in read["gitlab"]] == prints or len(set(prints)) < len(prints)
    assert [r["properties"]["fingerprint"] for r in read["policyreport"]["results"] if "fingerprint" in r.get("properties", {})] == prints
    assert {labels["fingerprint"] for n, labels, _ in read["prometheus"] if n == "aibrixctl_finding_info"} == set(prints)
    assert read["junit"].failures == document["summary"]["error"]
    assert sum(a.get("class", "").startswith("finding ") for _, a in read["html"].attributes) == len(findings)
    assert min(10, len(findings)) == len(read["github"])


def hostile(folder):
    """The unit test leaves its reports here, each about one text."""
    subprocess.run([unit, "no text of a cluster steers the reader of a report"], env={**environment, "AIBRIXCTL_REPORTS_TO": str(folder)},
                   check=True, stdout=subprocess.DEVNULL)
    expected = json.loads((folder / "expected.json").read_text())
    assert len(expected) > 20
    for number, text in enumerate(expected):
        read = {f: check(folder / f"{number}.{f}") for f, check in CHECKS.items()}
        shown, utf8 = text["shown"], text["utf8"]
        failure = next(r for s in read["junit"] for case in s for r in case.result if isinstance(r, junitparser.Failure))
        assert failure.message == f"{shown}. {shown}" or failure.message.split() == f"{shown}. {shown}".split(), (number, failure.message)
        info = [labels for name, labels, _ in read["prometheus"] if name == "aibrixctl_finding_info"]
        assert [i["title"] for i in info] == [shown] and info[0]["namespace"] == shown, number
        assert shown in read["html"].of("h3") and shown in read["html"].of("code"), number
        assert read["sarif"]["runs"][0]["results"][0]["properties"]["evidence"][0] == {"key": utf8, "value": utf8, "want": utf8}, number
        assert read["gitlab"][0]["description"].endswith(f"{utf8}. {utf8}"), number
        assert len(read["github"]) == 1, number
        # yaml-cpp writes what is no character as U+FFFD.
        resource = read["policyreport"]["results"][0]["resources"][0]
        assert resource["name"] == re.sub("[\ufffe\uffff]", "\ufffd", utf8), number
        svg = check_svg(folder / f"{number}.svg")
        drawn = check_dot(folder / f"{number}.dot")
        assert len(drawn["objects"]) == 4 and svg.count('<g class="hop ') == 4, number
    answers = check_mermaid([folder / f"{number}.mermaid" for number in range(len(expected))])
    assert all(len(a["nodes"]) == 4 and a["edges"] == 4 for a in answers)
    return len(expected)


HOSTILE = ["]]></failure>", "</script><script>alert(1)</script>", "\" ' ` ``` \\ &amp; <b>", "\n::error::x\n##[error]y", "%0A::x",
           "| [a](https://evil.example) |", "\"} 1\n# EOF", "\"]:::x; click h0 \"https://evil.example\" %%{init: {}}%%", "\u0000\u001b[31m\u0085",
           "\u202e\u200b\ufeff\ufffe", "\U0001f680 \u6f22"]


def spoiled(objects, text):
    """Names of a cluster's own things, each the same everywhere, and messages."""
    names = {o["metadata"][key] for o in objects for key in ("name", "namespace") if key in o.get("metadata", {})}
    own = {n for n in names if not n.startswith(("aibrix", "envoy", "kube-", "default")) and not n.endswith((".io", ".ai"))}

    def spoil(value):
        if isinstance(value, dict):
            return {k: v + text if k == "message" and isinstance(v, str) else spoil(v) for k, v in value.items()}
        if isinstance(value, list):
            return [spoil(v) for v in value]
        return value + text if isinstance(value, str) and value in own else value

    return spoil(objects)


def spoiled_clusters(folder, path):
    objects = []
    for file in sorted(pathlib.Path(path).rglob("*.yaml")):
        for document in yaml.load_all(file.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            objects += document.get("items", [document]) if document else []
    for number, text in enumerate(HOSTILE):
        dump = folder / f"cluster-{number}.json"
        dump.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": spoiled(objects, text)}, default=str))
        document, read = run_with_all(folder, f"spoiled-{number}", "doctor", "-f", str(dump), "--whole-cluster")
        check_doctor(document, read)
        assert len(document["findings"]) > 3, text


def browsed(folder, page):
    """Chromium, headless, with a log of what it asks for: nothing, and no complaint of the policy."""
    log = folder / "net.json"
    run = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                          f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", "--enable-logging=stderr", "--dump-dom", page.as_uri()],
                         capture_output=True, text=True, check=False, timeout=120)
    assert "</main>" in run.stdout, run.stderr[-500:]
    assert "Content Security Policy" not in run.stderr and "CONSOLE" not in run.stderr, run.stderr[-800:]
    asked = set(re.findall(r'"url":"((?:https?|ftp|ws)[^"]*)"', log.read_text())) if log.exists() else set()
    own = ("google", "gvt1.com", "chromium.org")  # the browser's, about itself
    assert not [u for u in asked if not any(host in u for host in own)], asked
    return run.stdout


def several_clusters(folder, dumps):
    """One broken, one healthy, one that does not answer: each format tells each of them."""
    with contextlib.ExitStack() as servers:
        configs = [servers.enter_context(FakeServer(fake, folder / f"kubeconfig-of-{name}", dump)).named(name) for name, dump in dumps.items()]
        with unittest.mock.patch.dict(environment, KUBECONFIG=joined(*configs, unreachable(folder / "gone", "gone"))):
            document, read = run_with_all(folder, "clusters", "doctor", "--all-contexts")
    assert {i["cluster"]["context"] for i in document["items"]} == set(dumps) and [f["context"] for f in document["failures"]] == ["gone"]
    assert document["exitCode"] == 1
    told = {"sarif": json.dumps(read["sarif"]), "junit": str([s.name for s in read["junit"]]), "github": str(read["github"]),
            "gitlab": json.dumps(read["gitlab"]), "markdown": read["markdown"], "prometheus": str(read["prometheus"]),
            "policyreport": json.dumps(read["policyreport"]), "html": str(read["html"].texts)}
    for name in (*dumps, "gone"):
        assert not [f for f in CHECKS if name not in told[f]], name


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        broken, healthy = str(root / "examples/broken-cluster"), str(root / "examples/healthy-cluster")
        for title, path in (("broken", broken), ("healthy", healthy)):
            document, read = run_with_all(folder, title, "doctor", "-f", path, "--whole-cluster")
            check_doctor(document, read)
            assert "findings" in document
        for way in ("uninstall", "install", "upgrade"):
            document, read = run_with_all(folder, "preflight-" + way, "preflight", way, "-f", broken)
            assert read["junit"].failures == len(document["inTheWay"])
        document, read = run_with_all(folder, "failed", "doctor", "-f", "/nonexistent")
        assert document["kind"] == "Error" and read["junit"].errors == 1
        assert read["sarif"]["runs"][0]["invocations"][0]["executionSuccessful"] is False
        several_clusters(folder, {"broken": broken, "healthy": healthy})
        check_sarif_with_multitool(folder)
        models = json.loads(subprocess.run([program, "trace", "-f", broken, "-o", "json"], capture_output=True, text=True, env=environment,
                                           check=False).stdout)["models"]
        model = models[0].get("model") or models[0].get("name")
        for f in ("svg", "dot", "mermaid"):
            drawn = subprocess.run([program, "trace", model, "-f", broken, "-o", f], capture_output=True, text=True, env=environment,
                                   check=False)
            (folder / f"trace.{f}").write_text(drawn.stdout)
        assert len(check_dot(folder / "trace.dot")["objects"]) == check_svg(folder / "trace.svg").count('<g class="hop ')
        check_mermaid([folder / "trace.mermaid"])
        bad = folder / "hostile"
        bad.mkdir()
        count = hostile(bad)
        spoiled_clusters(folder, broken)
        for page in (folder / "broken.html", bad / "1.html", bad / "2.html"):
            page = page.rename(page.with_suffix(".page.html"))
            browsed(folder, page)
        print(f"ok: {len(CHECKS)} formats and 3 pictures, {count} hostile texts")


main()
