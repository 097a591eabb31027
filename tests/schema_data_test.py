# The generated table of schemas is what scripts/schema-data makes of its sources. Skipped where one of them is not at hand.
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
manifests = root / "../shared/testdata/aibrix"
if not manifests.is_dir():
    print(f"skipped: {manifests} is not there")
    sys.exit(77)
sys.dont_write_bytecode = True
with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder) / "schemas.inc"
    done = subprocess.run([sys.executable, root / "scripts/schema-data", manifests, out], capture_output=True, text=True)
    if done.returncode != 0:
        # No Go, no network, no python3-yaml: the modules cannot be had.
        absent = any(w in done.stderr for w in ("No such file or directory: 'go'", "go', 'mod', 'download'", "No module named 'yaml'"))
        print(("skipped: " if absent else "") + done.stderr.strip().splitlines()[-1])
        sys.exit(77 if absent else 1)
    if out.read_text() != (root / "lib/aibrix/schema_data/schemas.inc").read_text():
        print("lib/aibrix/schema_data/schemas.inc differs from what its sources say; run scripts/schema-data")
        sys.exit(1)
print("the same")
