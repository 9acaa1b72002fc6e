"""Debian's AWS CLI, loaded once, since that takes most of each command's time.

python3 aws.py SOCKET serves until its standard input ends; python3 aws.py SOCKET
ARG ... runs a command in a fork of it, with the caller's files, folder and
variables, and ends with its exit code.
"""
import json
import os
import select
import signal
import socket
import sys


def run(client):
    message, files, _, _ = socket.recv_fds(client, 1 << 20, 3)
    call = json.loads(message)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(call["dir"])
    os.environ.update(call["env"])
    sys.argv = ["aws"] + call["args"]
    try:
        code = awscli.clidriver.main()
    except SystemExit as e:
        code = e.code
    sys.stdout.flush()
    sys.stderr.flush()
    client.send(str(code or 0).encode())


s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
if len(sys.argv) > 2:
    s.connect(sys.argv[1])
    call = {"args": sys.argv[2:], "env": dict(os.environ), "dir": os.getcwd()}
    socket.send_fds(s, [json.dumps(call).encode()], [0, 1, 2])
    answer = s.recv(100)
    sys.exit(int(answer) if answer else "the AWS CLI broke down")

import awscli.clidriver

s.bind(sys.argv[1])
s.listen(100)
print("ready", flush=True)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    ready, _, _ = select.select([s, sys.stdin], [], [])
    if sys.stdin in ready:
        break
    client, _ = s.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        s.close()
        try:
            run(client)
        finally:
            os._exit(0)
    client.close()
