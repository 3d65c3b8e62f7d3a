"""The traffic between boto3 and the server, and the size of items.

A client library returns decoded values; these classes give the bytes before and after.
"""

import base64
import json
from dataclasses import dataclass


@dataclass
class Exchange:
    """One request and its response, as sent."""

    operation: str
    request_body: bytes
    status: int
    answer_body: bytes

    @property
    def request(self):
        return json.loads(self.request_body)

    @property
    def answer(self):
        return json.loads(self.answer_body)


class Recorder:
    """Records every exchange of the attached clients, in order."""

    def __init__(self):
        self.exchanges = []
        self._request_body = None

    def attach(self, client):
        client.meta.events.register("before-send.dynamodb.*", self._on_request)
        client.meta.events.register("response-received.dynamodb.*", self._on_answer)
        return client

    def of(self, operation):
        return [exchange for exchange in self.exchanges if exchange.operation == operation]

    def _on_request(self, request, **_):
        self._request_body = request.body

    def _on_answer(self, event_name, response_dict, **_):
        if response_dict is None:  # no response came: the client raises the reason
            return
        operation = event_name.rpartition(".")[2]
        self.exchanges.append(
            Exchange(
                operation,
                self._request_body,
                response_dict["status_code"],
                response_dict["body"],
            )
        )


def value_size(value):
    """Returns the size of an attribute value by the rule of the Developer Guide.

    Source: "DynamoDB item sizes and formats". Numbers are not supported: the guide gives their size
    only approximately, and no test here needs it.
    """
    ((type_name, content),) = value.items()
    if type_name == "S":
        return len(content.encode())
    if type_name == "B":
        return len(base64.b64decode(content))
    if type_name in ("BOOL", "NULL"):
        return 1
    if type_name == "SS":
        return sum(len(member.encode()) for member in content)
    if type_name == "L":
        return 3 + sum(1 + value_size(element) for element in content)
    if type_name == "M":
        return 3 + sum(1 + len(name.encode()) + value_size(v) for name, v in content.items())
    raise ValueError(f"no exact size is documented for {type_name}")


def item_size(item):
    """Returns the size of an item in the JSON form of the protocol."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())
