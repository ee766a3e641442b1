"""The load itself, in a process of its own so that its work is not counted as the server's.

Reads one JSON order on standard input: port, paths, cookie, requests, connections; prints one JSON
answer: milliseconds of each request and how many were not answered 200. Loopback only, bounded.
"""

import http.client
import json
import sys
import threading
import time

MOST_REQUESTS = 20_000
MOST_SECONDS = 300


def visit(order: dict, share: int, first: int, results: list[float], errors: list[int]) -> None:
    """One connection's share of the requests, one after another."""
    connection = http.client.HTTPConnection("127.0.0.1", order["port"], timeout=30)
    headers = {"Accept-Encoding": "br, gzip", "Cookie": order["cookie"], "Accept-Language": "vi"}
    end = time.monotonic() + MOST_SECONDS
    for number in range(first, first + share):
        started = time.perf_counter()
        try:
            connection.request("GET", order["paths"][number % len(order["paths"])], headers=headers)
            response = connection.getresponse()
            response.read()
            status = response.status
        except OSError:
            connection.close()
            status = 0
        results.append((time.perf_counter() - started) * 1000)
        if status != 200:
            errors.append(status)
        if time.monotonic() > end:
            raise SystemExit("too slow: stopped")
    connection.close()


def main() -> None:
    order = json.load(sys.stdin)
    requests = min(order["requests"], MOST_REQUESTS)
    share = max(1, requests // order["connections"])
    results: list[float] = []
    errors: list[int] = []
    threads = [
        threading.Thread(target=visit, args=(order, share, number * share, results, errors))
        for number in range(order["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"ms": results, "errors": errors}, sys.stdout)


if __name__ == "__main__":
    main()
