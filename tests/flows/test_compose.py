"""docker-compose.yml and Dockerfile: health checks, no root, loopback, no secrets; and what compose itself says of it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from flows import alive
from flows.settings import ROOT
from tests.flows.composed import command_of, filled_in, services
from tests.flows.test_operators import unknown

COMPOSE = ROOT / "docker-compose.yml"
STAYING = {"database", "server", "worker", "site", "bi"}
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|KEY")
# a registry's tag that names a version to its last number
PINNED = re.compile(r"^[a-z0-9./-]+:\d+\.\d+(\.\d+)?-[\w.-]+$")


def compose_program() -> list[str] | None:
    """Docker's compose, as plugin or as Debian's program of its own."""
    if shutil.which("docker"):
        done = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if not done.returncode:
            return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def config(tmp_path: Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = compose_program()
    if program is None:
        pytest.skip("neither docker compose nor docker-compose is installed (Debian: apt-get install docker-compose)")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FAZHI")}
    env_file = tmp_path / "given.env"
    env_file.write_text("".join(f"{key}={value}\n" for key, value in given.items()), encoding="utf-8")
    return subprocess.run(
        [*program, "--env-file", str(env_file), "-f", str(COMPOSE), "config"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_compose_itself_reads_it(tmp_path: Path) -> None:
    given = {"FAZHI_DATABASE_PASSWORD": "p4ss", "FAZHI_QUACK_TOKEN": "t0ken", "FAZHI_SITE_PORT": "8001"}
    done = config(tmp_path, given | {"FAZHI_MIRROR": "s3://bucket/a", "PGPASSWORD": "l4ke"})
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)
    assert set(read["services"]) == {*STAYING, "deploy"}
    url = read["services"]["server"]["environment"]["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert url == "postgresql+asyncpg://fazhi:p4ss@database:5432/prefect"
    assert "8001" in str(read["services"]["site"]["ports"])
    worker = read["services"]["worker"]["environment"]
    assert (worker["FAZHI_MIRROR"], worker["PGPASSWORD"]) == ("s3://bucket/a", "l4ke")
    assert not worker.get("AWS_ACCESS_KEY_ID") and not any("PGPASSWORD" in s["environment"] for s in others(read))


def others(read: dict[str, Any]) -> list[dict[str, Any]]:
    return [service for name, service in read["services"].items() if name != "worker"]


def test_compose_itself_asks_for_what_is_not_given(tmp_path: Path) -> None:
    done = config(tmp_path, {"FAZHI_QUACK_TOKEN": "t0ken"})
    assert done.returncode
    assert "FAZHI_DATABASE_PASSWORD" in done.stderr
    assert "docker.env.example" in done.stderr


def test_everything_that_stays_has_a_health_check_and_comes_back() -> None:
    found = services()
    assert set(found) == {*STAYING, "deploy"}
    for name in STAYING:
        check = found[name]["healthcheck"]
        assert check["test"][0] == "CMD", name
        assert {"interval", "timeout", "retries", "start_period"} <= set(check), name
        assert found[name]["restart"] == "unless-stopped", name


def test_no_service_is_root_or_may_become_it() -> None:
    for name, service in services().items():
        assert service["user"] not in ("root", "0", "0:0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
    (user,) = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert user == services()["worker"]["user"]


def test_ports_are_on_loopback_unless_told() -> None:
    for name, service in services().items():
        for port in service.get("ports", ()):
            assert filled_in(port, {}).startswith("127.0.0.1:"), name
            assert filled_in(port, {"FAZHI_BIND": "192.0.2.1"}).startswith("192.0.2.1:"), name
    assert "ports" not in services()["database"]


def test_no_secret_stands_in_the_file() -> None:
    """A secret is a variable that must be given: no value, and no default, in the file."""
    for name, service in services().items():
        for key, value in service.get("environment", {}).items():
            if value is None:  # as the environment of compose has it, without a default
                continue
            if SECRET.search(key) or ("://" in str(value) and "@" in str(value)):
                assert re.search(r"\$\{FAZHI_\w+:\?", value), f"{name}: {key}"
                with pytest.raises(AssertionError, match="is not given"):
                    filled_in(value, {})
    example = (ROOT / "docker.env.example").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text("utf-8")))
    assert asked
    assert {name for name in asked if f"\n{name}=\n" not in f"\n{example}"} == set()


def test_data_outlives_containers() -> None:
    named = yaml.safe_load(COMPOSE.read_text("utf-8"))["volumes"]
    for name in ("database", "worker", "bi"):
        assert services()[name]["volumes"][0].partition(":")[0] in named, name
    assert "data:/data:ro" in services()["site"]["volumes"]


def test_every_command_is_one_of_the_programs() -> None:
    for name, service in services().items():
        if name == "database":
            continue
        words = command_of(service)
        assert words[0] in ("fazhi", "prefect"), name
        assert words[0] == "prefect" or unknown(words) is None, name


def test_image_is_pinned_staged_and_checked() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(bases) == 3
    assert [base for base in [*bases, services()["database"]["image"]] if not PINNED.match(base)] == []
    (check,) = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", text, re.MULTILINE)
    assert "flows.alive" in check
    copied = [word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for word in line.split()]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", ".env", "data", "site/node_modules"} <= set(ignored)


def test_the_image_has_what_scale_and_the_door_for_bi_ask_for() -> None:
    """The Dockerfile's own filter of the developers' lock gives what the extra needs besides the other lock, and no more."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    (more,) = re.findall(r'^ARG MORE="(.+)"$', text, re.MULTILINE)
    ((given, program),) = re.findall(r"""awk -v more="(.+?)" '([^']+)' requirements-dev.lock""", text)
    command = ["awk", "-v", f"more={given.replace('$MORE', more)}", program, "requirements-dev.lock"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = re.findall(r"^([\w-]+)==", done.stdout, re.MULTILINE)
    assert len(names) == len(set(names)) and done.stdout.count("--hash=") >= len(names)
    plain = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    extensions = {name for name in names if name.startswith("duckdb-extension")}
    assert "duckdb-extension-quack" in extensions
    assert needed_by("fazhi", "scale") - plain - {"fazhi"} - extensions == set(names) - extensions


def needed_by(package: str, extra: str) -> set[str]:
    """The package, and all that it needs with this extra, as the installed ones say it."""
    found: set[tuple[str, tuple[str, ...]]] = set()
    rest: list[tuple[str, tuple[str, ...]]] = [(package, (extra,))]
    while rest:
        name, extras = item = rest.pop()
        if item in found:
            continue
        found.add(item)
        for requirement in map(Requirement, importlib.metadata.requires(name) or ()):
            if not requirement.marker or any(requirement.marker.evaluate({"extra": one}) for one in extras or ("",)):
                rest.append((canonicalize_name(requirement.name), tuple(sorted(requirement.extras))))
    return {name for name, _ in found}


def test_alive_says_what_is_and_what_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    assert alive.trouble("home") is None
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "nothing"))
    assert "nothing" in (alive.trouble("home") or "")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        assert "refused" in (alive.trouble(f"tcp://127.0.0.1:{port}") or "")
        assert "refused" in (alive.trouble(f"http://127.0.0.1:{port}/health") or "")
        door.listen()
        assert alive.trouble(f"tcp://127.0.0.1:{port}") is None
    wrong: Any = "ftp://127.0.0.1/"
    with pytest.raises(ValueError, match="is needed"):
        alive.trouble(wrong)
