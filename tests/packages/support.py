"""What the tests of packages and of recipes have in common."""
import pathlib
import re
import subprocess
import tempfile
import unittest


def version_of(source):
    return re.search(r'^project\(aibrixctl VERSION ([0-9.]+)', (source / 'CMakeLists.txt').read_text(), re.MULTILINE)[1]


def run(*words, **options):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False, **options)


class Test(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def succeeds(self, *words, **options):
        """What it printed."""
        ended = run(*words, **options)
        self.assertEqual(ended.returncode, 0, f'{words}\n{ended.stdout}\n{ended.stderr}')
        return ended.stdout + ended.stderr
