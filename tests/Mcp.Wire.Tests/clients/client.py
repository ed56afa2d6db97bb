"""Reads one call as JSON from stdin, makes it with grpcio, and prints what came of it as JSON.

Messages are bytes in base64; what they mean is the tests' business.
"""
import base64
import json
import sys

import grpc

call = json.load(sys.stdin)
with open(call["root"], "rb") as root:
    credentials = grpc.ssl_channel_credentials(root.read())
channel = grpc.secure_channel(call["address"], credentials, options=[
    ("grpc.max_receive_message_length", call["limit"]), ("grpc.max_send_message_length", -1)])
grpc.channel_ready_future(channel).result(timeout=60)

requests = [base64.b64decode(text) for text in call["requests"]]
options = {
    "metadata": (("authorization", "Bearer " + call["token"]),) if call["token"] else (),
    "timeout": (call["deadline"] or 60000) / 1000,
}
KINDS = {"unary": channel.unary_unary, "server": channel.unary_stream, "duplex": channel.stream_stream}
# Without serializers, messages are bytes.
method = KINDS[call["kind"]](call["method"])

messages = []


def take(message):
    messages.append(base64.b64encode(message).decode())
    return len(messages) == call["cancelAfter"]


try:
    if call["kind"] == "unary":
        message, ended = method.with_call(requests[0], **options)
        take(message)
    else:
        ended = method(requests[0] if call["kind"] == "server" else iter(requests), **options)
        for message in ended:
            if take(message):
                ended.cancel()
except grpc.RpcError as error:
    ended = error

print(json.dumps({
    "code": ended.code().value[0],
    "details": ended.details(),
    "trailers": {key: value.decode() if isinstance(value, bytes) else value for key, value in ended.trailing_metadata() or ()},
    "messages": messages,
}))
