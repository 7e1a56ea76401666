#!/usr/bin/env python3
"""Talks to the fake gateway with Twilio's official client: what the client understands, the fake gateway says as Twilio does.

official_client.py BASE_URL ACCOUNT USER PASSWORD REFUSED_NUMBER"""
import sys
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

base, account, user, password, refused = sys.argv[1:]
client = Client(user, password, account)
client.api.base_url = base

reports = []


class Callback(BaseHTTPRequestHandler):
    """Takes reports and checks their signatures with the official validator."""

    def do_POST(self):
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True))
        url = f"http://{self.headers['Host']}{self.path}"
        is_signed = RequestValidator(password).validate(url, form, self.headers.get("X-Twilio-Signature", ""))
        reports.append((form, is_signed))
        self.send_response(204 if is_signed else 403)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Callback)
threading.Thread(target=server.serve_forever, daemon=True).start()
callback = f"http://127.0.0.1:{server.server_port}/status"

sent = [
    client.messages.create(to="+972500000001", from_="+97233760000", body=f"שלום {n}", status_callback=callback)
    for n in range(3)
]
assert len({message.sid for message in sent}) == 3
assert sent[0].status == "queued" and sent[0].body == "שלום 0" and sent[0].error_code is None, vars(sent[0])
service = client.messages.create(to="+972500000002", messaging_service_sid="MG" + "0" * 32, body="x")
assert service.status == "accepted" and service.messaging_service_sid == "MG" + "0" * 32

try:
    client.messages.create(to=refused, from_="+97233760000", body="x")
    raise AssertionError("is taken")
except TwilioRestException as error:
    assert (error.status, error.code) == (400, 21610), error

listed = client.messages.list(to="+972500000001", page_size=2)
assert [message.sid for message in listed] == [message.sid for message in reversed(sent)], "the newest first, over two pages"
assert abs(listed[0].date_created - datetime.now(timezone.utc)) < timedelta(minutes=5)
since = datetime.now(timezone.utc) - timedelta(days=1)
waiting = client.messages.list(to="+972500000001", date_sent_after=since)
assert waiting == [], "what waits in the queue has no date on which it was sent"
assert client.messages(sent[1].sid).fetch().body == "שלום 1"
try:
    client.messages("SM" + "f" * 32).fetch()
    raise AssertionError("is there")
except TwilioRestException as error:
    assert (error.status, error.code) == (404, 20404), error
try:
    stranger = Client(user, "wrong", account)
    stranger.api.base_url = base
    stranger.messages(sent[0].sid).fetch()
    raise AssertionError("is let in")
except TwilioRestException as error:
    assert (error.status, error.code) == (401, 20003), error

# The test moves the first message on when it reads this line, and says when that is done.
print(sent[0].sid, flush=True)
sys.stdin.readline()
assert [(form["MessageSid"], form["MessageStatus"], is_signed) for form, is_signed in reports] == [
    (sent[0].sid, "delivered", True)
], reports
assert client.messages(sent[0].sid).fetch().status == "delivered"
assert len(client.messages.list(to="+972500000001", date_sent_after=since)) == 1
print("faithful", flush=True)
