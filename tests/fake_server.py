"""Kubernetes API servers made of dumps, for tests and for the documentation's outputs: fake-api-server as a process beside this one."""
import os
import subprocess


class FakeServer:
    """Listens once it is made and until it is closed; what it serves is read by `kubeconfig`, whose context is called test."""

    def __init__(self, program, kubeconfig, *dumps, options=()):
        self.kubeconfig = kubeconfig
        self.process = subprocess.Popen([program, *options, kubeconfig, *dumps], stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline():
            self.close()
            raise RuntimeError(f'{program} ended with {self.process.returncode} before it listened')

    def named(self, name):
        """One more kubeconfig beside the first: its context, cluster and user have this name."""
        config = self.kubeconfig.with_name(f'kubeconfig-{name}')
        config.write_text(self.kubeconfig.read_text().replace(': test\n', f': {name}\n').replace(': tester\n', f': {name}\n'))
        return config

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def unreachable(kubeconfig, name):
    """Writes a kubeconfig whose one context leads to where nothing listens."""
    kubeconfig.write_text(f'{{apiVersion: v1, kind: Config, clusters: [{{name: {name}, cluster: {{server: "https://127.0.0.1:1"}}}}], '
                          f'contexts: [{{name: {name}, context: {{cluster: {name}}}}}]}}\n')
    return kubeconfig


def joined(*kubeconfigs):
    """What KUBECONFIG is for contexts in several files; the first says which is the current one."""
    return os.pathsep.join(map(str, kubeconfigs))
