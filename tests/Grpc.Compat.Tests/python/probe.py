"""The Probe service without protobuf: a request and its reply share their first fields, so bytes are echoed as they are."""
import threading
import grpc

SERVICE = "grpc.compat.tests.Probe"
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def same(data):
    return data


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(**fields):
    """Fields of EchoRequest by name; strings and bytes as they are, the rest as numbers."""
    numbers = {"text": 1, "payload": 2, "count": 3, "fail_code": 4, "hang": 5, "throw_error": 6}
    out = b""
    for name, value in fields.items():
        if isinstance(value, str):
            value = value.encode()
        if isinstance(value, bytes):
            out += varint(numbers[name] << 3 | 2) + varint(len(value)) + value
        else:
            out += varint(numbers[name] << 3) + varint(int(value))
    return out


def read(data):
    """The reverse."""
    names = {1: "text", 2: "payload", 3: "count", 4: "fail_code", 5: "hang", 6: "throw_error"}
    found = {"text": "", "payload": b"", "count": 0, "fail_code": 0, "hang": 0, "throw_error": 0}
    position = 0

    def number():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(data):
        key = number()
        value = number()
        if key & 7 == 2:
            raw = data[position:position + value]
            position += value
            value = raw.decode() if names[key >> 3] == "text" else raw
        found[names[key >> 3]] = value
    return found


class Cancellations:
    def __init__(self):
        self.lock = threading.Lock()
        self.seen = {}

    def of(self, text):
        with self.lock:
            return self.seen.setdefault(text, threading.Event())


STATUS = {code.value[0]: code for code in grpc.StatusCode}
