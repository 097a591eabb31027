"""Every JSON document the program prints validates against lib/report/report.schema.json, and so do
the golden ones; a document with an unknown key does not."""
import json
import os
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

program, root = sys.argv[1], pathlib.Path(sys.argv[2])
schema = json.loads((root / "lib/report/report.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def document(*arguments):
    run = subprocess.run([program, *arguments, "-o", "json"], capture_output=True, text=True,
                         env={**os.environ, "KUBECONFIG": "/nonexistent/config"}, check=False)
    parsed = json.loads(run.stdout)
    assert parsed["exitCode"] == run.returncode, (arguments, run.returncode)
    return parsed


cases = {"golden": json.loads((root / "tests/golden/report.json").read_text()),
         "no kubeconfig": document("doctor", "--kubeconfig", "/nonexistent"),
         "bad flag": document("doctor", "--bad")}
folders = [root / "examples", root / "../shared/testdata/clusters"]
for path in sorted(p for folder in folders if folder.is_dir() for p in folder.glob("**/*.yaml")):
    cases[path.name] = document("doctor", "-f", str(path))
    cases[path.name + " whole"] = document("doctor", "-f", str(path), "--whole-cluster")

failed = 0
for name, case in cases.items():
    for error in validator.iter_errors(case):
        failed += 1
        print(f"{name}: {error.json_path}: {error.message[:300]}")
spoiled = dict(cases["golden"], surprise=1)
if not list(validator.iter_errors(spoiled)):
    failed += 1
    print("an unknown key was accepted")
print(f"{len(cases)} documents, {failed} errors")
sys.exit(1 if failed else 0)
