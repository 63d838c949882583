from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Process
from ikm.models import ProcessCapability
from web.fields import LineField


class ProcessesForm(forms.Form):
    """Ticked is held. `asked` lists what stood on the page, so that nothing else is taken away."""

    held = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    asked = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(process.slug, str(process)) for process in Process.objects.filter(level=2)]
        for field in self.fields.values():
            field.choices = choices
            field.error_messages = {
                "invalid_choice": _("Proses itu tidak ada dalam daftar. Pilih dari daftar.")
            }


class MachinesForm(forms.Form):
    """One line for each process that the workshop has."""

    def __init__(self, *args: Any, held: Iterable[ProcessCapability], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for row in held:
            self.fields[row.process_id] = LineField(
                label=str(row.process),
                required=False,
                max_length=300,
                initial=row.machines,
                help_text=_("Contoh: 2 mesin las CO2 350 A."),
            )
