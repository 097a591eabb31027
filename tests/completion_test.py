#!/usr/bin/env python3
"""Completion in the real shells, at a terminal of tmux: completion_test.py AIBRIXCTL SOURCE FAKE-API-SERVER.

Two contexts lead to two clusters, so that a completion which does not pass on the flags typed before is seen.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from fake_server import FakeServer, joined

PROGRAM, SOURCE, SERVER = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
BASH_COMPLETION = pathlib.Path('/usr/share/bash-completion/bash_completion')
missing = [tool for tool in ('tmux', 'bash', 'zsh', 'fish') if not shutil.which(tool)]
if not BASH_COMPLETION.exists():
    missing.append('bash-completion')
if missing:
    print('skipped: not installed:', ', '.join(missing))
    sys.exit(77)


def serve(folder, name, example):
    own = folder / (name + '-namespace.yaml')  # what the other cluster has not
    own.write_text(f'{{apiVersion: v1, kind: Namespace, metadata: {{name: team-{name}, uid: u-{name}}}}}\n')
    return FakeServer(SERVER, folder / (name + '.yaml'), SOURCE / 'examples' / example, own)


class Shell:
    """An interactive shell in a tmux window of its own server."""

    def __init__(self, folder, name, kubeconfig):
        self.name = name
        self.socket = str(folder / ('tmux-' + name))
        home = folder / name
        home.mkdir()
        common = f'export PATH={folder}/bin:$PATH KUBECONFIG={kubeconfig} XDG_STATE_HOME={home}\n'
        if name == 'bash':
            (home / 'rc').write_text(common + f'PS1="ready> "\nbind "set show-all-if-ambiguous on"\n'
                                     f'bind "set bell-style none"\n. {BASH_COMPLETION}\n'
                                     f'. {SOURCE}/completions/aibrixctl.bash\n')
            command = f'bash --noprofile --rcfile {home}/rc'
        elif name == 'zsh':
            (home / '.zshrc').write_text(common + f'PS1="ready> "\nfpath=({SOURCE}/completions $fpath)\n'
                                         'autoload -U compinit\ncompinit -u -D\nsetopt no_beep no_list_beep\n')
            command = f'env ZDOTDIR={home} zsh -d'
        else:
            (home / 'config.fish').write_text(
                f'set -gx PATH {folder}/bin $PATH\nset -gx KUBECONFIG {kubeconfig}\n'
                f'set -gx XDG_STATE_HOME {home}\nset -g fish_greeting\nfunction fish_prompt; echo -n "ready> "; end\n'
                f'source {SOURCE}/completions/aibrixctl.fish\n')
            command = f'env HOME={home} fish --no-config -C "source {home}/config.fish"'
        self.command = command
        self.tmux('-f', '/dev/null', 'new-session', '-d', '-x', '160', '-y', '50', command)
        self.until(lambda text: 'ready> ' in text)

    def tmux(self, *words):
        return subprocess.run(['tmux', '-S', self.socket, *words], capture_output=True, text=True, check=True).stdout

    def screen(self):
        return self.tmux('capture-pane', '-p').rstrip()

    def until(self, holds, seconds=20):
        end = time.time() + seconds
        while time.time() < end:
            if holds(self.screen()):
                return True
            time.sleep(0.1)
        return False

    def type(self, line):
        """The line alone behind the prompt. A shell that still works on Ctrl-C may drop what is typed meanwhile, and bash, when it comes
        while a completion ends, may never read again: a new one then."""
        for attempt in range(10):
            if attempt % 3 == 2:
                self.tmux('respawn-pane', '-k', self.command)
                self.until(lambda text: 'ready> ' in text)
            self.tmux('send-keys', 'C-c')
            self.tmux('send-keys', 'C-l')
            self.until(lambda text: text.strip().endswith('ready>'))
            self.tmux('send-keys', '-l', line)
            if self.until(lambda text: text.strip() == f'ready> {line}'.strip(), 3):
                return

    def completes(self, line, *wanted):
        """Whether all these words are shown once TAB was pressed behind the line."""
        self.type(line)
        self.tmux('send-keys', 'Tab')
        if self.until(lambda text: all(word in text for word in wanted), 4):
            return True
        self.tmux('send-keys', 'Tab')  # the first one may only have written what all words begin with
        return self.until(lambda text: all(word in text for word in wanted), 40)

    def close(self):
        subprocess.run(['tmux', '-S', self.socket, 'kill-server'], capture_output=True, check=False)


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='aibrixctl-completion-'))
        (cls.folder / 'bin').mkdir()
        for name in ('aibrixctl', 'kubectl-aibrix'):
            (cls.folder / 'bin' / name).symlink_to(PROGRAM)
        (cls.folder / 'bin' / 'kubectl_complete-aibrix').symlink_to(SOURCE / 'completions' / 'kubectl_complete-aibrix')
        cls.servers = {name: serve(cls.folder, name, example) for name, example in (('lab', 'broken-cluster'), ('healthy', 'healthy-cluster'))}
        cls.kubeconfig = joined(*(server.named(name) for name, server in cls.servers.items()))

    @classmethod
    def tearDownClass(cls):
        for server in cls.servers.values():
            server.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def try_shell(self, name):
        shell = Shell(self.folder, name, self.kubeconfig)
        self.addCleanup(shell.close)
        lines = (('doctor l', ('doctor llama-3-1-8b-instruct',)),
                 ('doctor -n tea', ('team-a', 'team-lab')),
                 ('doctor -n ', ('team-a', 'aibrix-system')),
                 ('doctor --context ', ('healthy', 'lab')),
                 ('doctor --context=he', ('--context=healthy',)),
                 ('explain REF', ('REF001', 'REF006')),
                 ('doctor --only INS005,REF00', ('REF001', 'REF006')),
                 ('--context healthy doctor -n ', ('team-healthy',)),
                 ('fix ', ('finalizers', 'webhooks')),
                 ('rbac print ', ('snapshot', 'doctor')),
                 ('undo --ap', ('undo --apply',)))
        for line, wanted in lines:
            with self.subTest(shell=name, line=line):
                done = shell.completes(f'aibrixctl {line}', *wanted)
                self.assertTrue(done, shell.screen())
        with self.subTest(shell=name, line='kubectl-aibrix'):
            self.assertTrue(shell.completes('kubectl-aibrix fix web', 'kubectl-aibrix fix webhooks'), shell.screen())
        with self.subTest(shell=name, line='only of the context that was typed'):
            self.assertTrue(shell.completes('aibrixctl doctor --context healthy -n ', 'team-healthy'), shell.screen())
            self.assertNotIn('team-lab', shell.screen())

    def test_bash(self):
        self.try_shell('bash')

    def test_zsh(self):
        self.try_shell('zsh')

    def test_fish(self):
        self.try_shell('fish')

    def test_kubectl_asks_its_plugin(self):
        environment = {**os.environ, 'PATH': f"{self.folder}/bin:{os.environ['PATH']}",
                       'KUBECONFIG': self.kubeconfig}
        asked = subprocess.run(['kubectl_complete-aibrix', '--context', 'lab', 'doctor', '-n', 'team'], env=environment,
                               capture_output=True, text=True, check=True)
        self.assertEqual(asked.stdout, 'team-a\nteam-lab\n:4\n')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
