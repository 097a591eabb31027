"""Drives `aibrixctl mcp` with the Model Context Protocol's official Python client: mcp_client.py PROGRAM KUBECONFIG SERVER-URL

Lists and calls every tool, in the protocol's versions with a handshake and without one; then gives bad arguments, cancels a call,
loses the cluster and finds it again, all in one connection. The client holds each result against the tool's output schema. Prints a
line for each thing that was seen. Runs in the Python of scripts/mcp-client; tests/mcp_client_test.py and the scenarios start it.
"""
import asyncio
import contextlib
import os
import sys
import urllib.parse

import anyio
from mcp import Client, MCPError, StdioServerParameters

PROGRAM, KUBECONFIG, SERVER = sys.argv[1:4]
SECONDS = 120
ANSWER = 'HTTP/1.1 400 Bad Request\nx-error-no-model-backends: qwen\n\n{"error":{"message":"model qwen does not exist"}}'
CALLS = [
    ('doctor', {}, 'DoctorReport'),
    ('doctor', {'only': ['INS*'], 'logs': False}, 'DoctorReport'),
    ('trace', {}, 'TraceList'),
    ('trace', {'model': 'llama-3-8b'}, 'Trace'),
    ('explain', {'code': 'REF001'}, 'CheckCatalogue'),
    ('explain', {'text': ANSWER}, 'AnswerExplanation'),
    ('explain', {'text': ANSWER, 'cluster': True}, 'AnswerExplanation'),
    ('endpoint', {'from': 'inside'}, 'Endpoint'),
    ('fix_plan', {'fix': 'finalizers'}, 'FixPlan'),
    ('fix_plan', {'fix': 'finalizers', 'force': True, 'min_age': '1s'}, 'FixPlan'),
    ('fix_plan', {'fix': 'referencegrants', 'scope': 'namespace'}, 'FixPlan'),
    ('fix_plan', {'fix': 'service-type', 'to': 'NodePort', 'node_port': 30080}, 'FixPlan'),
    ('fix_plan', {'fix': 'webhooks', 'delete': True}, 'FixPlan'),
]
TOOLS = ['doctor', 'trace', 'explain', 'endpoint', 'fix_plan']


class Way:
    """The way to the API server, which can be held up or cut: bytes go through, TLS is between the two ends."""

    def __init__(self, host, port):
        self.host, self.port = host, port
        self.open, self.waiting = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.ends = set()

    async def start(self):
        self.server = await asyncio.start_server(self.serve, '127.0.0.1', getattr(self, 'own', 0))
        self.own = self.server.sockets[0].getsockname()[1]

    async def cut(self):
        self.server.close()
        for writer in list(self.ends):
            writer.transport.abort()

    async def serve(self, reader, writer):
        self.ends.add(writer)
        if not self.open.is_set():
            self.waiting.set()
        with contextlib.suppress(OSError):
            await self.open.wait()
            far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
            self.ends.add(far_writer)
            await asyncio.gather(self.pass_on(reader, far_writer), self.pass_on(far_reader, writer))
            far_writer.close()
        writer.close()

    @staticmethod
    async def pass_on(reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()


def said(text):
    print(text, flush=True)


def text_of(result):
    assert len(result.content) == 1, result.content
    return result.content[0].text


async def good(client, name, arguments, kind, **more):
    result = await client.call_tool(name, arguments, read_timeout_seconds=SECONDS, **more)
    assert not result.is_error, (name, arguments, text_of(result))
    assert result.structured_content['kind'] == kind, (name, result.structured_content)
    assert result.structured_content['apiVersion'] == 'aibrixctl/v1'
    assert 20 < len(text_of(result)) < 3000, text_of(result)
    return result


async def refused(client, name, arguments, *words):
    result = await client.call_tool(name, arguments, read_timeout_seconds=SECONDS)
    assert result.is_error, (name, arguments, result)
    for word in words:
        assert word in text_of(result), (word, text_of(result))


async def every_tool(client):
    listed = (await client.list_tools()).tools
    assert [tool.name for tool in listed] == TOOLS, listed
    for tool in listed:
        assert tool.annotations.read_only_hint and not tool.annotations.destructive_hint
        assert tool.output_schema and tool.input_schema['additionalProperties'] is False
    for name, arguments, kind in CALLS:
        result = await good(client, name, arguments, kind)
        said(f'{name} {arguments}: {text_of(result).splitlines()[0]}')


async def bad_arguments(client):
    await refused(client, 'doctor', {'model': 'x'}, 'did you mean models?')
    await refused(client, 'doctor', {'models': 7}, 'takes a list of strings')
    await refused(client, 'doctor', {'kubeconfig': '/etc/passwd'}, 'there is no argument')
    await refused(client, 'fix_plan', {'fix': 'finalizer'}, 'did you mean finalizers?')
    try:
        await client.call_tool('doctr', {})
        raise AssertionError('an unknown tool was called')
    except MCPError as error:
        assert error.code == -32602 and 'did you mean doctor?' in error.message, error
    await good(client, 'explain', {'code': 'REF001'}, 'CheckCatalogue')
    said('bad arguments are errors that say what to give')


async def progress(client):
    told = []

    async def keep(done, total, message):
        told.append((done, total, message))

    await good(client, 'doctor', {}, 'DoctorReport', progress_callback=keep)
    await anyio.sleep(0.1)
    assert told and [entry[0] for entry in told] == sorted({entry[0] for entry in told}), told
    said(f'progress: {told[0][2]} … {told[-1][2]}')


async def cancelled(client, way):
    way.open.clear()
    await way.cut()
    await way.start()
    with anyio.move_on_after(SECONDS) as scope:
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, 'doctor', {})
            await way.waiting.wait()
            group.cancel_scope.cancel()
    assert not scope.cancelled_caught, 'the call did not end'
    # Waits behind the one that was cancelled, and needs no cluster: the server is free again.
    await good(client, 'explain', {'code': 'REF001'}, 'CheckCatalogue')
    way.open.set()
    await good(client, 'doctor', {}, 'DoctorReport')
    said('a cancelled call ends, and the next one is served')


async def lost(client, way):
    await way.cut()
    for name, arguments in (('doctor', {}), ('trace', {}), ('endpoint', {}), ('fix_plan', {'fix': 'webhooks'})):
        await refused(client, name, arguments, 'ConnectionRefused', 'next: ')
    await good(client, 'explain', {'code': 'REF001'}, 'CheckCatalogue')
    await way.start()
    await good(client, 'doctor', {}, 'DoctorReport')
    said('a lost cluster is an error, and is found again')


async def drive(mode, way):
    host = urllib.parse.urlsplit(SERVER).hostname
    words = ['mcp', '--kubeconfig', KUBECONFIG, '--server', f'https://127.0.0.1:{way.own}', '--tls-server-name', host]
    kept = {name: os.environ[name] for name in os.environ if name.endswith('SAN_OPTIONS') or name == 'XDG_STATE_HOME'}
    server = StdioServerParameters(command=PROGRAM, args=words, env=kept)
    async with Client(server, mode=mode, cache=None) as client:
        said(f'== {client.protocol_version}, {client.server_info.name} {client.server_info.version}')
        await every_tool(client)
        await bad_arguments(client)
        await progress(client)
        await cancelled(client, way)
        await lost(client, way)


async def main():
    there = urllib.parse.urlsplit(SERVER)
    for mode in ('auto', 'legacy'):
        way = Way(there.hostname, there.port)
        await way.start()
        await drive(mode, way)
        await way.cut()
    said('all was as it should be')


asyncio.run(main())
