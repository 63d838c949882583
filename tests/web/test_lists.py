"""Lists: the order that the address asks for, and the filters that stand."""

import pytest
from django import forms
from django.http import QueryDict

from web.lists import Chip, applied, chosen_order

ORDERS = {"nama": ("name", "pk"), "hari": ("day", "name", "pk")}


@pytest.mark.parametrize(
    ("address", "order", "columns"),
    [
        ("", "nama", ["name", "pk"]),
        ("urut=-nama", "-nama", ["-name", "pk"]),
        ("urut=hari", "hari", ["day", "name", "pk"]),
        ("urut=-hari", "-hari", ["-day", "name", "pk"]),
        ("urut=password", "nama", ["name", "pk"]),
        ("urut=--hari", "nama", ["name", "pk"]),
    ],
)
def test_the_order_is_one_of_those_offered(address, order, columns):
    assert chosen_order(QueryDict(address), ORDERS, default="nama") == (order, columns)


class Filters(forms.Form):
    q = forms.CharField(label="Nama", required=False)
    status = forms.ChoiceField(label="Status", choices=[("open", "terbuka")], required=False)


def test_each_filter_that_stands_can_be_dropped():
    query = QueryDict("q=las&status=open&page=3&urut=hari")
    assert applied(query, Filters(query)) == [
        Chip("Nama: las", "?status=open&urut=hari"),
        Chip("Status: terbuka", "?q=las&urut=hari"),
    ]


@pytest.mark.parametrize("address", ["", "q=", "status=x"])
def test_what_does_not_filter_is_not_shown(address):
    query = QueryDict(address)
    assert applied(query, Filters(query)) == []
