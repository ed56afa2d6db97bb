"""client.py ADDRESS SCENARIO: one call, its result as a line of JSON."""
import json
import os
import sys
import grpc
from probe import SERVICE, UNLIMITED, message, read, same

address, scenario = sys.argv[1:]
channel = grpc.insecure_channel(address, options=UNLIMITED, compression={
    "gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate}.get(scenario, grpc.Compression.NoCompression))
PATIENCE = 30


def method(kind, name):
    return getattr(channel, kind)(f"/{SERVICE}/{name}", request_serializer=same, response_deserializer=same)


def echo(name="Echo", metadata=(), timeout=PATIENCE, **fields):
    return method("unary_unary", name).with_call(message(**fields), timeout=timeout, metadata=metadata)


def error(call):
    try:
        call()
        return None
    except grpc.RpcError as e:
        trailers = dict(e.trailing_metadata() or ())
        return {"code": e.code().value[0], "details": e.details(), "binary": trailers.get("grpc-status-details-bin", b"").hex()}


def pick(metadata):
    return {"text": dict(metadata).get("x-text"), "bytes": [v.hex() for k, v in metadata if k == "x-bytes-bin"]}


def stream(call):
    texts = []

    def drain():
        for reply in call:
            texts.append(read(reply)["text"])

    return {"texts": texts, "error": error(drain)}


def run_metadata():
    _, call = echo(metadata=(("x-text", "words, with comma"), ("x-bytes-bin", bytes([0, 1, 2, 0xFE, 0xFF])), ("x-bytes-bin", b"\x07")))
    return {"headers": pick(call.initial_metadata()), "trailers": pick(call.trailing_metadata())}


def run_duplex():
    texts = []
    import queue
    balls = queue.Queue()
    balls.put("ball 0")
    call = method("stream_stream", "Chat")((message(text=ball) for ball in iter(balls.get, None)), timeout=PATIENCE)
    for reply in call:
        texts.append(read(reply)["text"])
        balls.put(f"ball {len(texts)}" if len(texts) < 20 else None)
    return {"texts": texts, "code": call.code().value[0]}


def run_deadline():
    # The reply shows that the call had reached the server's code when its deadline passed; how long that takes is the machine's business.
    limit = 0.3
    while True:
        text = f"deadline-{os.getpid()}-{limit}"
        result = stream(method("unary_stream", "Repeat")(message(text=text, count=1, hang=1), timeout=limit))
        if result["texts"] or limit > 8:
            seen = bool(result["texts"]) and read(echo("AwaitCancelled", text=text)[0])["text"] == text
            return {"error": result["error"], "seen": seen}
        limit *= 2


def run_cancel():
    text = f"cancel-{os.getpid()}"
    call = method("unary_stream", "Repeat")(message(text=text, count=1, hang=1), timeout=PATIENCE)
    next(call)
    call.cancel()
    return {"error": stream(call)["error"], "seen": read(echo("AwaitCancelled", text=text)[0])["text"] == text}


def run_concurrent():
    calls = [method("unary_unary", "Echo").future(message(text=str(i)), timeout=PATIENCE) for i in range(300)]
    return {"right": all(read(call.result())["text"] == str(i) for i, call in enumerate(calls))}


LARGE = bytes([7]) * (8 * 1024 * 1024)
scenarios = {
    "unary": lambda: {"text": read(echo(text="grüße, 世界")[0])["text"]},
    "gzip": lambda: {"text": len(read(echo(text="a" * 10000)[0])["text"])},
    "deflate": lambda: error(lambda: echo(text="a" * 10000)),
    "large": lambda: {"same": read(echo(payload=LARGE)[0])["payload"] == LARGE},
    "server-limit": lambda: error(lambda: echo(payload=bytes(5 * 1024 * 1024))),
    "server-streaming": lambda: stream(method("unary_stream", "Repeat")(message(text="no", count=100), timeout=PATIENCE)),
    "server-streaming-error": lambda: stream(method("unary_stream", "Repeat")(message(text="später", count=2, fail_code=10), timeout=PATIENCE)),
    "client-streaming": lambda: {"text": read(method("stream_unary", "Collect")(
        (message(text=str(i)) for i in range(50)), timeout=PATIENCE))["text"]},
    "duplex": run_duplex,
    "metadata": run_metadata,
    "error": lambda: error(lambda: echo(text="nicht gefunden: Größe 100 % 世界\nzweite Zeile", fail_code=5, payload=bytes([8, 5, 0xFF]))),
    "throw": lambda: error(lambda: echo(throw_error=1)),
    "deadline": run_deadline,
    "cancel": run_cancel,
    "unknown-method": lambda: error(lambda: echo("Missing")),
    "concurrent": run_concurrent,
}
print(json.dumps(scenarios[scenario]()))
