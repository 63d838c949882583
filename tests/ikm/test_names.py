import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm import names


@pytest.mark.parametrize(
    ("written", "form", "core"),
    [
        ("CV. Maju Jaya", "CV", "maju jaya"),
        ("Maju Jaya, CV", "CV", "maju jaya"),
        ("cv maju  jaya", "CV", "maju jaya"),
        ("C.V. Maju Jaya", "CV", "maju jaya"),
        ("PT Mitra Presisi", "PT", "mitra presisi"),
        ("P.T. Mitra Presisi", "PT", "mitra presisi"),
        ("UD Cangkul", "UD", "cangkul"),
        ("Kelompok Usaha Bersama Tempa", "KUB", "tempa"),
        ("Koperasi Logam Jaya", "Koperasi", "logam jaya"),
        ("Bengkel Golok Kotabumi", "", "bengkel golok kotabumi"),
        ("PT", "", "pt"),
        ("Cvetkov Baja", "", "cvetkov baja"),
        ("Bengkel Café Ñandú", "", "bengkel cafe nandu"),
        ("", "", ""),
    ],
)
def test_a_name_is_its_form_and_its_core(written, form, core):
    assert (names.legal_form(written), names.core(written)) == (form, core)


@given(st.text(max_size=60))
def test_any_text_is_a_name(text):
    assert names.legal_form(text) in {"", *names.WRITTEN}
    assert names.core(text) == names.core(text.upper().lower()) or not text.isascii()
