"""The forms that a page shows, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset(["text", "email", "tel", "number", "search", "password", "date", "textarea", "url"])
CHOSEN = frozenset(["radio", "checkbox", "select"])


@dataclass
class Field:
    """`kind`: an input's type, "textarea" or "select". `values`: what is filled in; `options`: what is offered."""

    name: str
    kind: str
    is_number: bool = False
    is_wrong: bool = False
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name in self.fields if name != "csrfmiddlewaretoken"]

    def filled_in(self) -> dict[str, list[str]]:
        """What is sent when nothing is touched; files are left out."""
        sent = {name: list(each.values) for name, each in self.fields.items() if each.kind != "file"}
        return {name: values for name, values in sent.items() if values}


class Reader(HTMLParser):
    def __init__(self, html: str, here: str):
        super().__init__()
        self.here, self.forms, self.form = here, [], None
        self.select: Field | None = None
        self.area: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(said.get("action") or self.here, said.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is None or "disabled" in said:
            return
        elif tag == "input":
            self.input(said)
        elif tag == "button" and said.get("type", "submit") == "submit":
            self.form.buttons.append((said.get("name", ""), said.get("value", "")))
        elif tag == "select":
            self.select = self.take(said, "select")
        elif tag == "option" and self.select is not None:
            self.select.options.append(said.get("value", ""))
            if "selected" in said:
                self.select.values.append(said.get("value", ""))
        elif tag == "textarea":
            self.area = self.take(said, "textarea")
            self.area.values.append("")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select is not None:
            if not self.select.values:
                self.select.values = self.select.options[:1]
            self.select = None
        elif tag == "textarea" and self.area is not None:
            # A line break right after the tag belongs to the markup.
            self.area.values[-1] = self.area.values[-1].removeprefix("\n")
            self.area = None

    def handle_data(self, data):
        if self.area is not None:
            self.area.values[-1] += data

    def input(self, said):
        kind = said.get("type", "text").lower()
        if not said.get("name") or kind in {"submit", "button", "image"}:
            return
        one = self.take(said, kind)
        value = said.get("value", "on" if kind in CHOSEN else "")
        if kind in CHOSEN:
            one.options.append(value)
            if "checked" in said:
                one.values.append(value)
        elif kind != "file":
            one.values.append(value)

    def take(self, said, kind) -> Field:
        is_number = said.get("inputmode") in {"numeric", "decimal"}
        new = Field(said["name"], kind, is_number, said.get("aria-invalid") == "true")
        return self.form.fields.setdefault(said["name"], new)


def forms_of(html: str, here: str) -> list[Form]:
    """All forms of a page at the address `here`."""
    return Reader(html, here).forms
