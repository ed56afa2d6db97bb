"""server.py: serves Probe on two free ports (any message size; 4 MiB, replies in gzip), prints both, ends with stdin."""
import sys
from concurrent import futures
import grpc
from probe import SERVICE, STATUS, UNLIMITED, Cancellations, message, read, same

cancellations = Cancellations()


def fail(request, context):
    context.set_trailing_metadata((("grpc-status-details-bin", request["payload"]),))
    context.abort(STATUS[request["fail_code"]], request["text"])


def report_cancellation(request, context):
    """Returns what can be waited for until the call has ended."""
    ended = cancellations.of(request["text"])
    # What ended before it could be listened to is not told any more.
    if not context.add_callback(ended.set):
        ended.set()
    return ended


def echo(data, context):
    request = read(data)
    back = tuple((key, value) for key, value in context.invocation_metadata() if key.startswith("x-"))
    context.send_initial_metadata(back)
    context.set_trailing_metadata(back)
    if request["fail_code"]:
        fail(request, context)
    if request["hang"]:
        report_cancellation(request, context).wait()
    return message(text=request["text"], payload=request["payload"])


def collect(requests, context):
    return message(text=",".join(read(data)["text"] for data in requests))


def repeat(data, context):
    request = read(data)
    # Before the first reply: grpcio goes on after a yield only while the call is alive.
    ended = report_cancellation(request, context) if request["hang"] else None
    for i in range(request["count"]):
        yield message(text=f"{request['text']} {i}", payload=request["payload"])
    if request["fail_code"]:
        fail(request, context)
    if ended:
        ended.wait()


def chat(requests, context):
    yield from requests


def await_cancelled(data, context):
    request = read(data)
    cancellations.of(request["text"]).wait()
    return message(text=request["text"])


def start(options, **more):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=options, **more)
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(echo, same, same),
        "Collect": grpc.stream_unary_rpc_method_handler(collect, same, same),
        "Repeat": grpc.unary_stream_rpc_method_handler(repeat, same, same),
        "Chat": grpc.stream_stream_rpc_method_handler(chat, same, same),
        "AwaitCancelled": grpc.unary_unary_rpc_method_handler(await_cancelled, same, same),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


unlimited, first = start(UNLIMITED)
limited, second = start([("grpc.max_receive_message_length", 4 * 1024 * 1024)], compression=grpc.Compression.Gzip)
print(first, second, flush=True)
sys.stdin.read()
unlimited.stop(0)
limited.stop(0)
