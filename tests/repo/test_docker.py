"""The container set-up holds together, as far as that shows without an engine."""

import re
import shutil
import subprocess

import jsonschema
import pytest
import yaml

from repo import EXISTING, ROOT, project_files, report, shown

DOCKER = ROOT / "docker"
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}


def only(properties, required=()):
    """Return the schema of a mapping that may hold these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


HEALTH_CHECK = only(
    {
        "test": {**TEXTS, "contains": {"enum": ["CMD", "CMD-SHELL"]}},
        "interval": {"pattern": r"^\d+(s|m)$"},
        "timeout": {"pattern": r"^\d+(s|m)$"},
        "start_period": {"pattern": r"^\d+(s|m)$"},
        "retries": {"type": "integer", "minimum": 1},
    },
    required=["test", "interval", "timeout", "retries"],
)
SERVICE = {
    **only(
        {
            "image": {"pattern": r"^[a-z]+:\d+$"},
            "build": only({"context": TEXT, "dockerfile": TEXT}, ["context"]),
            "restart": {"enum": ["unless-stopped"]},
            "depends_on": {
                "type": "object",
                "additionalProperties": only({"condition": TEXT}, ["condition"]),
            },
            "environment": {"type": "object", "additionalProperties": TEXT},
            "ports": {"type": "array", "items": {"pattern": r"^127\.0\.0\.1:"}},
            "volumes": TEXTS,
            "healthcheck": HEALTH_CHECK,
        },
        required=["restart", "environment", "volumes", "healthcheck"],
    ),
    "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
}
COMPOSE = only(
    {
        "name": TEXT,
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object", "additionalProperties": {"type": "null"}},
    },
    required=["services", "volumes"],
)


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


def secret_faults(compose):
    """Return variables with a value or a default where a secret belongs."""
    return [
        f"{service}: {name}"
        for service, content in compose["services"].items()
        for name, value in content["environment"].items()
        if "PASSWORD" in name and not re.fullmatch(r"\$\{\w+:\?[^}]+\}", value)
    ]


def variables(compose):
    return set(re.findall(r"\$\{(\w+)", yaml.safe_dump(compose)))


def test_compose_has_the_known_structure(compose):
    jsonschema.validate(compose, COMPOSE)


def test_every_path_of_compose_exists(compose):
    for service in compose["services"].values():
        if "build" in service:
            context = (DOCKER / service["build"]["context"]).resolve()
            assert context == ROOT
            assert (context / service["build"]["dockerfile"]).is_file()


def test_volumes_are_declared_and_used(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service["volumes"]
    }
    assert used == set(compose["volumes"])


def test_services_wait_for_what_exists(compose):
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])


def test_passwords_have_no_default(compose):
    assert not secret_faults(compose)


def test_the_example_names_every_variable_and_no_value(compose):
    example = (DOCKER / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=", example, re.M)) == variables(compose)
    assert not re.findall(r"^\w+=(.+)$", example, re.M)


def test_a_filled_in_example_is_never_shared():
    assert "/docker/.env" in (ROOT / ".gitignore").read_text().splitlines()
    assert DOCKER / ".env" not in project_files()


def dockerfile_copies():
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    return re.findall(r"^COPY (?:--\S+ )?(\S+) \S+$", text, re.M)


def test_dockerfile_copies_what_exists():
    missing = [name for name in dockerfile_copies() if not (ROOT / name).exists()]
    assert not missing


def test_dockerfile_brings_every_addon_and_every_package():
    copies = dockerfile_copies()
    assert {addon.name for addon in EXISTING} <= set(copies)
    assert "requirements.txt" in copies
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    installs = re.findall(r"pip install ([^&\\]*)", text)
    # Packages are named in requirements.txt alone.
    words = {word for line in installs for word in line.split() if word[0] != "-"}
    assert words == {"/tmp/packages.txt", "/tmp/addons.txt"}
    assert "grep -v '^odoo-addon-' /tmp/requirements.txt >/tmp/packages.txt" in text
    assert "grep '^odoo-addon-' /tmp/requirements.txt >/tmp/addons.txt" in text


def test_builder_gets_what_dockerfile_copies():
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    sent = [line[1:].replace("*", "") for line in ignore if line.startswith("!")]
    for name in dockerfile_copies():
        assert any(name.startswith(prefix) for prefix in sent), name


def test_settings_give_a_reason_each():
    previous = ""
    for line in (DOCKER / "odoo.conf").read_text(encoding="utf-8").splitlines():
        if re.match(r"\w+ = ", line):
            assert previous.startswith("#"), f"{line} stands there without a reason"
        previous = line


def test_settings_hold_no_secret():
    text = (DOCKER / "odoo.conf").read_text(encoding="utf-8")
    assert not re.search(r"^(admin_passwd|db_password)\b", text, re.M)
    assert re.search(r"^list_db = False$", text, re.M)


def shell_scripts():
    for path in project_files():
        with path.open("rb") as content:
            first = content.readline()
        if re.match(rb"#!.*\b(ba)?sh\b", first) or path.suffix == ".sh":
            yield path


def script_faults(path):
    checks = [["bash", "-n", str(path)]]
    if shutil.which("shellcheck"):
        checks.append(
            ["shellcheck", "--severity=warning", "--external-sources", str(path)]
        )
    runs = (subprocess.run(c, capture_output=True, text=True) for c in checks)
    return [run.stdout + run.stderr for run in runs if run.returncode]


@pytest.mark.parametrize("path", shell_scripts(), ids=shown)
def test_shell_scripts_are_sound(path):
    faults = script_faults(path)
    assert not faults, report(faults)


def test_faults_are_noticed(tmp_path, compose):
    broken = tmp_path / "a.sh"
    broken.write_text("if true; then\n")
    assert script_faults(broken)
    service = compose["services"]["db"]
    loose = {**service, "environment": {"POSTGRES_PASSWORD": "${PW:-odoo}"}}
    assert secret_faults({"services": {"db": loose}}) == ["db: POSTGRES_PASSWORD"]
    for change in ({"privileged": True}, {"ports": ["0.0.0.0:8069:8069"]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(
                {**compose, "services": {"db": {**service, **change}}}, COMPOSE
            )
