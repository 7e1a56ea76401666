#!/usr/bin/env python3
"""Promise: signed reports are acknowledged within a second, whatever others do to the server.

    python3 benches/server_flood.py [target/release/tiuv]

Starts `tiuv serve --webhooks` over a workspace of its own, opens 1,000 connections that never say a whole request (opened anew
when the server ends them), lets four callers without a signature ask as fast as they can, and sends 200 signed reports a second
for ten seconds. Prints how long acknowledgements took, the memory of the server before and in the end, and how long it took to
end on SIGTERM with all of that still open. Fails where a report is not acknowledged within a second, where memory grows by more
than half, or where the end takes longer than ten seconds."""
import http.client
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HALF_OPEN, SECONDS, PER_SECOND = 1_000, 10, 200
CONFIG = """[webhooks]
public_url = "https://club.example"
[webhooks.gateway.http.http]
secret_env = "KEY"
secret_query = "key"
get = true
status = { id = "id", status = "status" }
"""


def memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def main():
    tiuv = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/tiuv")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    place = tempfile.mkdtemp()
    pathlib.Path(place, "tiuv.toml").write_text(CONFIG)
    pathlib.Path(place, "list.csv").write_text("id,first name,mobile\n1,Dana,050-2345678\n2,Noam,050-2345679\n")
    subprocess.run([tiuv, "clean", "list.csv", "--quiet"], cwd=place, check=True)
    # The server has the 1,024 files of a plain system.
    server = subprocess.Popen(
        [tiuv, "serve", "--webhooks", "--listen", "127.0.0.1:0"], cwd=place, env={**os.environ, "KEY": "s3cret"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard)))
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    port = 0
    for line in server.stdout:
        if "127.0.0.1:" in line:
            port = int(re.search(r"127\.0\.0\.1:(\d+)", line).group(1))
            break
    threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()
    ends = threading.Event()
    before = memory(server.pid)

    def half_open(many):
        sockets = []
        while not ends.is_set():
            alive = []
            for one in sockets:
                try:
                    if one.recv(16, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b"":
                        one.close()
                        continue
                except BlockingIOError:
                    pass
                except OSError:
                    one.close()
                    continue
                alive.append(one)
            sockets = alive
            while len(sockets) < many and not ends.is_set():
                try:
                    one = socket.create_connection(("127.0.0.1", port), timeout=2)
                    one.sendall(b"POST /webhooks/http/status?key=s3cret HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nid=")
                    sockets.append(one)
                except OSError:
                    break
            time.sleep(0.05)

    floods = [0, 0]

    def flood():
        while not ends.is_set():
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                for number in range(50):
                    if ends.is_set():
                        break
                    connection.request("GET", f"/webhooks/http/status?key=wrong{number}&id=1&status=1")
                    answer = connection.getresponse()
                    answer.read()
                    floods[0 if answer.status in (403, 429) else 1] += 1
                connection.close()
            except OSError:
                continue
            except http.client.HTTPException:
                continue

    threads = [threading.Thread(target=half_open, args=(HALF_OPEN // 2,), daemon=True) for _ in range(2)]
    threads += [threading.Thread(target=flood, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    took, lost = [], []

    def report(number):
        started = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", f"/webhooks/http/status?key=s3cret&id=M{number}&status=1")
            status = connection.getresponse().status
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            status = repr(error)
        if status != 200:
            lost.append(status)
        took.append(time.monotonic() - started)

    started = time.monotonic()
    reports = []
    for number in range(SECONDS * PER_SECOND):
        wait = started + number / PER_SECOND - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        reports.append(threading.Thread(target=report, args=(number,)))
        reports[-1].start()
    for one in reports:
        one.join()
    in_all = time.monotonic() - started
    after = memory(server.pid)
    stopped = time.monotonic()
    server.send_signal(signal.SIGTERM)
    exit_code = server.wait(timeout=30)
    end = time.monotonic() - stopped
    ends.set()
    took.sort()
    print(f"{len(took)} signed reports in {in_all:.1f} s beside {floods[0]} unsigned requests turned away ({floods[1]} answered)")
    print(f"acknowledged: median {took[len(took) // 2] * 1000:.0f} ms, 99 % {took[len(took) * 99 // 100] * 1000:.0f} ms, "
          f"slowest {took[-1] * 1000:.0f} ms; {len(lost)} not: {lost[:3]}")
    print(f"memory {before} MiB before, {after} MiB in the end; ended {end:.1f} s after SIGTERM with {exit_code}")
    return int(bool(lost) or took[-1] > 1 or end > 10 or after > before * 1.5 + 20)


if __name__ == "__main__":
    sys.exit(main())
