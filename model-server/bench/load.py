"""Requests per second and latency of the server on one core.

Starts the server on a core of its own, asks it from another one, and stops it. Each connection sends
its next request when it has the answer to the last one.

    PYTHONPATH=src python bench/load.py [--seconds 5] [--connections 16] [--batch 1]
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, cast

ROOT = Path(__file__).resolve().parent.parent
_SERVER = {
    "CLUSTER_NAME": "bench",
    "CLOUD_PROVIDER": "local",
    "CLOUD_REGION": "local",
    "MODEL_DIR": str(ROOT / "model"),
    "AUTH": "none",
    "PORT": "0",
    "DRAIN_SECONDS": "0",
    "PYTHONPATH": str(ROOT / "src"),
}


def request(batch: int) -> bytes:
    description = json.loads((ROOT / "model" / "model.json").read_text())
    body = json.dumps({"instances": [description["check"]["instance"]] * batch}).encode()
    head = (
        "POST /v1/predict HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes) -> None:
    writer.write(content)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise SystemExit(f"unexpected answer: {head.splitlines()[0].decode()}")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))


async def connection(port: int, content: bytes, start: float, end: float) -> list[float]:
    """The seconds that each request took which began within the measured time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    while (began := time.perf_counter()) < end:
        await ask(reader, writer, content)
        if began >= start:
            took.append(time.perf_counter() - began)
    writer.close()
    return took


async def measure(port: int, content: bytes, connections: int, seconds: float) -> list[float]:
    start = time.perf_counter() + 1  # a second that does not count
    ends = [connection(port, content, start, start + seconds) for _ in range(connections)]
    return sorted(value for values in await asyncio.gather(*ends) for value in values)


def ready_port(output: IO[str]) -> int:
    port = 0
    for line in output:
        record = json.loads(line)
        port = int(record.get("port", port))
        if record["message"] == "ready":
            return port
    raise SystemExit("the server did not start")


def main() -> None:
    parser = argparse.ArgumentParser(description="Load on one core")
    parser.add_argument("--seconds", type=float, default=5, choices=range(1, 16))
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--batch", type=int, default=1)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    command = ["taskset", "-c", str(cores[0]), sys.executable, "-m", "model_server"]
    environment = {**os.environ, **_SERVER}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        output = cast("IO[str]", server.stdout)
        port = ready_port(output)
        # A log line for each request is part of the cost, but nobody may wait for it to be read.
        threading.Thread(target=output.read, daemon=True).start()
        os.sched_setaffinity(0, cores[-1:])
        try:
            work = measure(port, request(options.batch), options.connections, options.seconds)
            took = asyncio.run(work)
        finally:
            server.terminate()
            server.wait(timeout=30)
    count = len(took)
    print(
        f"batch {options.batch}, {options.connections} connections: "
        f"{count / options.seconds:.0f} requests/s, "
        f"{count * options.batch / options.seconds:.0f} instances/s, "
        f"p50 {took[count // 2] * 1000:.1f} ms, p99 {took[count * 99 // 100] * 1000:.1f} ms"
    )


if __name__ == "__main__":
    main()
