"""`aibrixctl mcp`, driven by the protocol's official client against an API server made of examples/, and how the program ends.
Usage: mcp_client_test.py PROGRAM ROOT FAKE-API-SERVER"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from fake_server import FakeServer

program, root, fake = (pathlib.Path(path).resolve() for path in sys.argv[1:4])
broken = root / 'examples/broken-cluster'
hello = json.dumps({'jsonrpc': '2.0', 'id': 0, 'method': 'initialize', 'params': {
    'protocolVersion': '2025-11-25', 'capabilities': {}, 'clientInfo': {'name': 'test', 'version': '1'}}}) + '\n'
call = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': 'doctor', 'arguments': {}}}) + '\n'


def started(*words):
    return subprocess.Popen([program, 'mcp', *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ends_by_signals():
    """While it waits, and in the middle of a call that waits for the API server."""
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        server = started('-f', str(broken))
        server.stdin.write(hello)
        server.stdin.flush()
        assert json.loads(server.stdout.readline())['id'] == 0
        server.send_signal(number)
        out, err = server.communicate(timeout=60)
        assert (server.returncode, out) == (code, ''), (server.returncode, out, err)


def ends_in_a_call(kubeconfig):
    server = started('--kubeconfig', kubeconfig)
    server.stdin.write(hello + call)
    server.stdin.flush()
    assert json.loads(server.stdout.readline())['id'] == 0
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=60)
    assert (server.returncode, out) == (143, ''), (server.returncode, out, err)


def ends_with_its_client():
    """Nobody reads its answers any more."""
    server = started('-f', str(broken))
    server.stdout.close()
    server.stdin.write(hello + call)
    server.stdin.close()
    assert server.wait(timeout=60) == 0, server.stderr.read()
    server.stderr.close()


with tempfile.TemporaryDirectory(prefix='aibrixctl-mcp-') as name:
    folder = pathlib.Path(name)
    os.environ['XDG_STATE_HOME'] = name
    ends_by_signals()
    ends_with_its_client()
    with FakeServer(fake, folder / 'slow', broken, options=('--delay', '/pods=600000')) as slow:
        ends_in_a_call(slow.kubeconfig)
    made = subprocess.run(['sh', str(root / 'scripts/mcp-client')], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        print('skipped: the official client cannot be had: ' + made.stderr.strip())
        sys.exit(1 if os.environ.get('CI') == 'true' else 77)
    with FakeServer(fake, folder / 'kubeconfig', broken) as server:
        url = re.search(r'server: *(https://\S+)', server.kubeconfig.read_text())[1]
        sys.exit(subprocess.run([made.stdout.strip(), root / 'tests/mcp_client.py', program, server.kubeconfig, url], check=False,
                                timeout=600).returncode)
