"""The installed AWS CLI, imported once and forked for each call, so that hundreds of calls take minutes and not an hour.

    python3 aws.py serve SOCKET ENDPOINT    runs until it is killed
    python3 -IS aws.py call SOCKET ARGUMENTS...

Every call goes to ENDPOINT by --endpoint-url: version 1 of the CLI passes AWS_ENDPOINT_URL over for some services.
It answers --version as version 2, which guide.sh demands and which no package registry has; what differs between the two is not proven.
"""
import array
import os
import socket
import sys

SERVICES = (
    "acm autoscaling backup budgets cloudwatch ec2 ecr eks elbv2 iam kms logs rds route53 s3 scheduler secretsmanager sns stepfunctions sts"
).split()


def call(path, arguments):
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    text = "\0".join([os.getcwd(), os.environ.get("AWS_REGION", ""), *arguments]).encode()
    files = array.array("i", [1, 2])
    client.sendmsg([len(text).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
    client.sendall(text)
    answer = client.recv(1)
    sys.exit(answer[0] if answer else 255)


def take(connection):
    files = array.array("i")
    head, ancillary, _, _ = connection.recvmsg(8, socket.CMSG_LEN(2 * files.itemsize))
    for _, _, data in ancillary:
        files.frombytes(data[: 2 * files.itemsize])
    text = b""
    while len(text) < int.from_bytes(head, "big"):
        text += connection.recv(65536)
    return files, text.decode().split("\0")


def serve(path, endpoint):
    import signal

    import awscli.clidriver

    # What every call reads from disk is read once, here: the table of commands, and what the services that a guide calls know of themselves.
    driver = awscli.clidriver.create_clidriver()
    loader = driver.session.get_component("data_loader")
    for name in SERVICES:
        for part in ("service-2", "waiters-2", "paginators-1", "endpoint-rule-set-1"):
            try:
                loader.load_service_model(name, part)
            except Exception:  # not every service has waiters
                pass
        driver.session.create_client(name, region_name="us-east-1", endpoint_url=endpoint)
    driver._get_command_table()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(16)
    while True:
        connection, _ = server.accept()
        if os.fork():
            connection.close()
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        (out, err), (directory, region, *arguments) = take(connection)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(directory)
        os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = region
        status = 0
        if arguments == ["--version"]:
            os.write(1, b"aws-cli/2 in the place of " + awscli.__version__.encode() + b"\n")
        else:
            sys.argv = ["aws", "--endpoint-url", endpoint, *arguments]
            try:
                status = driver.main(sys.argv[1:])
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
        connection.send(bytes([status or 0]))
        os._exit(0)


if sys.argv[1] == "serve":
    serve(sys.argv[2], sys.argv[3])
call(sys.argv[2], sys.argv[3:])
