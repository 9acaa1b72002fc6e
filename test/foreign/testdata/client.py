"""A mail program's day with Python's own libraries: python3 client.py ENDPOINTS.json

Ends with 0 and "ok", or with the assertion that failed.
"""
import email.message
import imaplib
import json
import smtplib
import ssl
import sys

with open(sys.argv[1]) as f:
    ends = json.load(f)
context = ssl.create_default_context(cafile=ends["ca_file"])
alice, bob = ends["users"]


def port(name):
    return "localhost", int(ends[name].rsplit(":", 1)[1])


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def send(smtp, subject, size=100):
    m = email.message.EmailMessage()
    m["From"], m["To"], m["Subject"] = alice["email"], bob["email"], subject
    m.set_content("Grüße\n")
    m.add_attachment(b"\0\xff" * size, maintype="application", subtype="octet-stream", filename="bytes.bin")
    smtp.login(alice["username"] + "@" + ends["organization"]["domain"], alice["password"])
    assert smtp.send_message(m) == {}
    return m


# Submission by STARTTLS and over TLS; the domain's alias before a backslash signs in too.
with smtplib.SMTP(*port("submission")) as s:
    s.starttls(context=context)
    send(s, "first")
with smtplib.SMTP_SSL(*port("submissions"), context=context) as s:
    big = send(s, "second, größer", 1 << 20)
    s.rset()
    code, _ = s.mail("ceo@elsewhere.test")
    assert code == 553, code
with smtplib.SMTP(*port("smtp")) as s:
    s.starttls(context=context)
    try:
        s.sendmail("x@elsewhere.test", ["nobody@" + ends["organization"]["domain"]], "Subject: x\n\nx")
        raise AssertionError("unknown recipient")
    except smtplib.SMTPRecipientsRefused as e:
        assert [c for c, _ in e.recipients.values()] == [550]

i = imaplib.IMAP4(*port("imap"))
assert "LOGINDISABLED" in i.capabilities, i.capabilities
i.starttls(context)
ok(i.login('"%s\\\\%s"' % (ends["organization"]["alias"], bob["username"]), bob["password"]))
for need in ("IMAP4REV1", "IDLE", "UIDPLUS", "MOVE", "NAMESPACE", "ESEARCH", "LITERAL+"):
    assert need in i.capabilities or need in ok(i.capability())[0].decode().upper(), need
names = ok(i.list())
for need in (b'"Sent Items"', b"Drafts", b'"Deleted Items"', b'"Junk E-mail"'):
    assert any(n.endswith(need) for n in names), names
assert not any(b"Calendar" in n for n in names), names
assert ok(i.select("INBOX")) == [b"2"]
assert ok(i.search(None, "SUBJECT", "first")) == [b"1"]
assert ok(i.uid("SEARCH", "CHARSET", "UTF-8", "UNSEEN")) == [b"1 2"]
i.literal = "größer".encode()
assert ok(i.search("UTF-8", "SUBJECT")) == [b"2"]
raw = ok(i.fetch("2", "(BODY.PEEK[])"))[0][1]
got = email.message_from_bytes(raw, policy=email.policy.default)
assert got["Subject"] == "second, größer" and got["Message-ID"], got.items()
assert got.get_body().get_content().strip() == "Grüße"
assert next(got.iter_attachments()).get_payload(decode=True) == b"\0\xff" * (1 << 20)
part = ok(i.fetch("2", "(BODY.PEEK[2.MIME] BODY.PEEK[2]<100.50>)"))
assert len(part[1][1]) == 50, part

# Flags, copies, moves, deletion.
assert b"\\Seen" in ok(i.store("1", "+FLAGS", "(\\Seen Work)"))[0]
assert ok(i.search(None, "KEYWORD", "Work")) == [b"1"]
ok(i.create('"Proj/2026"'))
ok(i.copy("1", '"Proj/2026"'))
assert i.uid("MOVE", "2", '"Deleted Items"')[0] == "OK"
assert i.response("EXPUNGE")[1] == [b"2"]
ok(i.append("Drafts", "(\\Draft)", None, b"From: <x@y.test>\r\nSubject: draft\r\n\r\ntext\r\n"))
ok(i.store("1", "+FLAGS", "\\Deleted"))
assert ok(i.expunge()) == [b"1"]
assert ok(i.select("INBOX")) == [b"0"]
assert ok(i.select('"Proj/2026"', readonly=True)) == [b"1"]
flags = ok(i.fetch("1", "(FLAGS)"))[0]
assert b"\\Seen" in flags and b"Work" in flags, flags
assert ok(i.select('"Deleted Items"')) == [b"1"]
assert b"MESSAGES 1" in ok(i.status("Drafts", "(MESSAGES UNSEEN)"))[0]
ok(i.rename("Proj", "Done"))
assert any(b"Done/2026" in n for n in ok(i.list()))
ok(i.delete('"Done/2026"'))
assert i.select('"Done/2026"')[0] == "NO"
i.logout()

try:
    imaplib.IMAP4_SSL(*port("imaps"), ssl_context=context).login(bob["email"], "wrong")
    raise AssertionError("a wrong password")
except imaplib.IMAP4.error as e:
    assert "AUTHENTICATIONFAILED" in str(e), e
print("ok")
