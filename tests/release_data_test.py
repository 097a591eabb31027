# The generated release data is what scripts/release-data makes of the releases' own manifests. Skipped without them.
import importlib.machinery
import importlib.util
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
manifests = root / "../shared/testdata/aibrix"
if not manifests.is_dir():
    print(f"skipped: {manifests} is not there")
    sys.exit(77)
try:
    import yaml  # noqa: F401
except ImportError:
    print("skipped: python3-yaml is not there")
    sys.exit(77)
loader = importlib.machinery.SourceFileLoader("release_data", str(root / "scripts/release-data"))
script = importlib.util.module_from_spec(importlib.util.spec_from_loader("release_data", loader))
sys.dont_write_bytecode = True
loader.exec_module(script)
failed = compared = 0
for generated in sorted((root / "lib/aibrix/release_data").glob("*.inc")):
    release = generated.stem
    folder = manifests / release
    if not folder.is_dir():
        print(f"{release}: no manifests to compare with")
        failed += 1
        continue
    compared += 1
    if generated.read_text() != script.text(release, folder):
        print(f"{generated}: differs from what its manifests say; run scripts/release-data {release}")
        failed += 1
print(f"{compared} releases compared, {failed} differ")
sys.exit(1 if failed or not compared else 0)
