"""The house rules that a machine can see (docs/architecture.md)."""

import subprocess
import sys

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, get_resolver

ORDER = [
    "web",
    "catalogue",
    "accounts",
    "ikm",
    "industry",
    "commitments",
    "matching",
    "facilitation",
    "events",
    "partnership_portal",
]
OURS = [config for config in apps.get_app_configs() if config.label in ORDER]


def relations():
    """(model, field, target model) of every relation between two of our models, history tables apart."""
    for config in OURS:
        for model in config.get_models():
            if model.__name__.endswith("Event"):
                continue
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if target and not field.auto_created and target._meta.app_label in ORDER:
                    yield model, field, target


def test_foreign_keys_point_to_the_left():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model, field, target in relations()
        if ORDER.index(target._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert wrong == []


def test_there_are_no_reverse_relations_to_the_right():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model, field, target in relations()
        if target._meta.app_label != model._meta.app_label and not field.remote_field.hidden
    ]
    assert wrong == []


def test_the_import_order_holds():
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    result = subprocess.run(program, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120)
    assert "0 broken" in result.stdout, result.stdout


def test_no_module_is_an_attic():
    banned = {"utils", "helpers", "common", "services", "managers", "misc"}
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for label in ORDER
        for path in (settings.BASE_DIR / label).rglob("*.py")
        if path.stem in banned and path != settings.BASE_DIR / "partnership_portal" / "services.py"
    }
    assert found == set()


def test_models_do_not_override_save():
    overriding = [
        model.__name__ for config in OURS for model in config.get_models() if "save" in model.__dict__
    ]
    assert overriding == []


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback
        else:
            yield from patterns(entry, prefix + str(entry.pattern))


def test_every_view_of_ours_names_its_methods():
    """A function view without a method decorator answers 200 to TRACE, PUT and DELETE."""
    unguarded = [
        path
        for path, view in patterns(get_resolver())
        if view.__module__.split(".")[0] in ORDER and not names_methods(view)
    ]
    assert unguarded == []


def names_methods(view) -> bool:
    while view is not None:
        if view.__closure__ and any(is_method_list(cell.cell_contents) for cell in view.__closure__):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def is_method_list(value) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and set(value) <= {"GET", "HEAD", "POST"}
