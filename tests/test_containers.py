"""The Dockerfile, the compose file and the workflow of the examples: well formed, and true of this repository."""

import json
import re
import shlex
import subprocess
import tomllib

import pytest
import yaml

from maillab import __version__
from maillab.cli.commands import COMMANDS
from maillab.cli.environment import variables
from maillab.cli.main import build, command_of
from maillab.config import default
from maillab.profiles import PROFILES
from maillab.web.mailpit.routes import ROWS
from maillab.web.ours.routes import ROWS as OURS
from tests.house import ROOT
from tests.support import need

DOCKER = ROOT / "examples" / "docker"
WORKFLOW = ROOT / "examples" / "ci" / "workflow.yaml"
TESTCONTAINERS = ROOT / "examples" / "ci" / "testcontainers.mjs"
INSTRUCTIONS = {"FROM", "COPY", "RUN", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD"}  # those that we use
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OPTIONS = variables(command_of(build("serve"), "serve"))
VARIABLES = {*OPTIONS, "MAILLAB_PROFILE", "MAILLAB_HTTP_TOKEN"}  # these two are read where they are needed
PYTHONS = {word.rpartition(" ")[2] for word in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d+", word)}


def instructions():
    """The Dockerfile as pairs of an instruction and its argument."""
    text = (DOCKER / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.replace("\\\n", " ").split("\n") if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def argument(instruction):
    """The argument of an instruction that stands there once."""
    [found] = [words for name, words in instructions() if name == instruction]
    return found


def compose():
    """The services of the compose file by their names."""
    return yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]


def steps():
    """The steps of the workflow's only job."""
    [job] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"].values()
    return job["steps"]


def scripts():
    """What the workflow runs in a shell, line by line."""
    return [line for step in steps() if "run" in step for line in step["run"].strip().split("\n")]


def is_understood(argv):
    """Does the program know this command line?"""
    return argv[0] in COMMANDS and build(argv[0]).parse_args(argv).command == argv[0]


def test_the_dockerfile_has_a_known_form():
    """It begins with FROM, an image with a version that the project supports, and holds only instructions that exist."""
    names = [name for name, _ in instructions()]
    assert names[0] == "FROM"
    assert set(names) <= INSTRUCTIONS
    image = re.fullmatch(r"python:(3\.\d+)-slim", argument("FROM"))
    assert image
    assert image[1] in PYTHONS


def test_what_is_copied_is_there_and_is_enough():
    """Every path that is copied exists, and all that the package is built of is among them."""
    sources = {path for name, words in instructions() if name == "COPY" for path in words.split()[:-1]}
    assert all((ROOT / path).exists() for path in sources)
    assert {"pyproject.toml", PROJECT["readme"], *PROJECT["license-files"], "maillab"} == sources


def test_the_container_runs_as_nobody_in_particular():
    """The lab does not run as root, and its user is one that the file makes, before it becomes that user."""
    user = argument("USER")
    made = [
        number
        for number, (name, words) in enumerate(instructions())
        if name == "RUN" and f"useradd --create-home {user}" in words
    ]
    assert made
    assert made[0] < instructions().index(("USER", user))


def test_the_commands_of_the_container():
    """What it runs, and what its health check asks, are lists of words that the program understands."""
    assert json.loads(argument("ENTRYPOINT")) == ["maillab"]
    assert is_understood(json.loads(argument("CMD")))
    program, *check = json.loads(argument("HEALTHCHECK").partition(" CMD ")[2])
    assert program == "maillab"
    assert is_understood(check)


def test_the_commands_in_the_comments_of_the_dockerfile():
    """What it tells a person to run is understood, and the port that is published is the one that listens there."""
    text = (DOCKER / "Dockerfile").read_text("utf-8")
    [line] = re.findall(r"docker run .* maillab (serve .*)", text)
    args = build("serve").parse_args(shlex.split(line))
    assert args.listen == "0.0.0.0"
    assert f"--publish 127.0.0.1:8025:{PROFILES[args.profile]['http_port']}" in text


def test_the_services_of_compose():
    """The lab is built from the Dockerfile; the program is in its network and waits until it is healthy."""
    services = compose()
    built = services["maillab"]["build"]
    context = (DOCKER / built["context"]).resolve()
    assert context == ROOT
    assert context / built["dockerfile"] == DOCKER / "Dockerfile"
    for name, service in services.items():
        assert ("image" in service) != ("build" in service), name
        for published in service.get("ports", ()):
            host, _, inside = published.split(":")
            assert host == "127.0.0.1", "no other computer"
            assert int(inside) == PROFILES["app"]["http_port"], (
                "of the lab only HTTP listens elsewhere than at 127.0.0.1"
            )
            assert service["environment"]["MAILLAB_LISTEN"] == "0.0.0.0"
            assert service["environment"]["MAILLAB_PROFILE"] == "app"
        assert {*service.get("environment", {})} <= VARIABLES
        if (mode := service.get("network_mode")) is not None:
            assert mode.removeprefix("service:") in services
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy"
            assert other == "maillab", "the service that has a health check"


def test_the_program_of_compose():
    """It runs an example that is there, with its default port, which is a port of the default lab."""
    program = compose()["program"]
    [volume] = program["volumes"]
    source, target, mode = volume.split(":")
    [file] = [
        DOCKER / source / word.removeprefix(f"{target}/") for word in program["command"] if word.startswith(target)
    ]
    assert mode == "ro"
    assert {int(port) for port in re.findall(r"\b\d{4,5}\b", file.read_text("utf-8"))} <= {
        door[0] for door in default().doors
    }


def test_the_steps_of_the_workflow():
    """Each step either uses an action of a fixed version or runs something; the Python is one that is supported."""
    for step in steps():
        assert ("uses" in step) != ("run" in step), step
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))
    assert {step["with"]["python-version"] for step in steps() if "setup-python" in step.get("uses", "")} <= PYTHONS
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    assert set(workflow[True]) <= {"push", "pull_request"}, "YAML 1.1 reads the key on as true"


@pytest.mark.parametrize("line", [line for line in scripts() if line.startswith("maillab ")])
def test_the_workflow_runs_what_exists(line):
    """Every command of maillab in the workflow is understood."""
    assert is_understood(shlex.split(line.removesuffix(" &").partition(" > ")[0])[1:])


def gitlab():
    """The job for GitLab, and every line that it runs."""
    [job] = yaml.safe_load((ROOT / "examples" / "ci" / "gitlab.yaml").read_text("utf-8")).values()
    return job, [*job["script"], *job["after_script"]]


def test_the_job_for_gitlab():
    """It installs this version, runs commands that exist, with variables that are options, and keeps what they write."""
    job, lines = gitlab()
    assert f"pip install vendor/maillab-{__version__}-py3-none-any.whl" in lines
    for line in lines:
        if line.startswith("maillab "):
            assert is_understood(shlex.split(line.partition(" & ")[0].partition(" > ")[0])[1:]), line
    assert {*job["variables"]} <= VARIABLES
    assert job["variables"]["MAILLAB_PROFILE"] in PROFILES
    assert {job["variables"]["MAILLAB_RECORD"], "transcript.txt", "mail.html"} == {*job["artifacts"]["paths"]}
    assert job["image"].removeprefix("python:").removesuffix("-slim") in PYTHONS


def test_the_development_container():
    """It installs this version, starts a lab that is understood, and forwards ports that such a lab has."""
    container = json.loads((DOCKER / "devcontainer.json").read_text("utf-8"))
    assert container["postCreateCommand"] == f"pip install vendor/maillab-{__version__}-py3-none-any.whl"
    start, check = container["postStartCommand"].split(" & ")
    assert is_understood(shlex.split(start.partition(" > ")[0])[2:])
    assert is_understood(shlex.split(check)[1:])
    doors = {door[0] for door in default().doors} | {PROFILES["app"]["http_port"]}
    assert {*container["forwardPorts"]} <= doors
    assert {int(port) for port in container["portsAttributes"]} == {*container["forwardPorts"]}


def test_the_workflow_installs_this_version():
    """The wheel has the name that is built from this version."""
    assert f"pip install vendor/maillab-{__version__}-py3-none-any.whl" in scripts()


def test_the_test_for_testcontainers():
    """It starts the image that the Dockerfile names, with variables that there are, and asks routes."""
    text = TESTCONTAINERS.read_text("utf-8")
    [image] = re.findall(r"GenericContainer\('(\w+)'\)", text)
    assert f"docker build --tag {image} " in (DOCKER / "Dockerfile").read_text("utf-8")
    assert {*re.findall(r"\bMAILLAB_\w+", text)} <= VARIABLES
    asked = {
        re.sub(r"\$\{[^}]*\}$", "{id}", path.partition("?")[0]) for path in re.findall(r"\$\{mail\}(/[^`]*)`", text)
    }
    assert asked
    assert asked <= {row.path for row in (*ROWS, *OURS) if row.method == "GET"}
    ports = {*map(int, re.findall(r"\b\d{4}\b", text))}
    assert ports == {1025, PROFILES["app"]["http_port"]}


@pytest.mark.judge
def test_node_reads_the_test_for_testcontainers():
    """It has no error of syntax."""
    command = [need("node"), "--check", TESTCONTAINERS]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stderr
