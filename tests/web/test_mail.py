from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.core import mail as outbox
from django.core.mail import EmailMessage, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from web import mail
from web.models import OutgoingMail

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
BROKEN = "tests.web.test_mail.BrokenBackend"


class BrokenBackend(BaseEmailBackend):
    """A mail server that is away; for one address only if it is named in `only`."""

    only = ""

    def send_messages(self, email_messages):
        if self.only and self.only not in email_messages[0].to:
            outbox.outbox.extend(email_messages)
            return len(email_messages)
        raise ConnectionRefusedError("no mail server\0")


@pytest.fixture(autouse=True)
def delivery(settings):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@contoh.example>"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_a_mail_is_sent_once(db):
    assert mail.queue("letter-1", "budi@contoh.example", "Surat\nAnda", "Isi") is True
    assert mail.queue("letter-1", "budi@contoh.example", "Surat lagi", "Isi lain") is False
    assert mail.send_due() == 1
    assert mail.send_due() == 0
    [sent] = outbox.outbox
    assert (sent.subject, sent.body, sent.to) == ("Surat Anda", "Isi", ["budi@contoh.example"])
    assert sent.from_email == "Portal <portal@contoh.example>"
    assert sent.message()["Message-ID"].endswith("@contoh.example>")
    row = OutgoingMail.objects.get()
    assert (row.attempts, row.next_try_at, row.last_error) == (1, None, "")


def test_a_second_copy_has_the_same_message_id(db):
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
    row = OutgoingMail.objects.get()
    assert mail.message(row).message()["Message-ID"] == mail.message(row).message()["Message-ID"]


def test_a_change_that_is_rolled_back_mails_nothing(db):
    with transaction.atomic():
        mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
        transaction.set_rollback(True)
    assert OutgoingMail.objects.count() == 0


def test_failures_wait_longer_each_time_and_end(db, settings, clock):
    settings.DELIVERY_BACKEND = BROKEN
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
    waits = []
    for _ in mail.BACK_OFF:
        assert mail.send_due() == 0
        row = OutgoingMail.objects.get()
        waits.append(row.next_try_at - mail.timezone.now())
        assert mail.send_due() == 0  # not before its time
        assert OutgoingMail.objects.get().attempts == row.attempts
        clock.move_to(row.next_try_at)
    assert waits == mail.BACK_OFF
    assert mail.send_due() == 0
    row = OutgoingMail.objects.given_up().get()
    assert row.last_error == "ConnectionRefusedError: no mail server"
    assert row.attempts == len(mail.BACK_OFF) + 1

    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.try_again(row)
    assert mail.send_due() == 1
    mail.try_again(OutgoingMail.objects.get())
    assert mail.send_due() == 0


def test_one_bad_address_does_not_hold_up_the_others(db, settings, monkeypatch):
    settings.DELIVERY_BACKEND = BROKEN
    monkeypatch.setattr(BrokenBackend, "only", "salah@contoh.example")
    for name in ("salah", "budi", "siti"):
        mail.queue(f"letter-{name}", f"{name}@contoh.example", "Surat", "Isi")
    assert mail.send_due() == 2
    assert [row.key for row in OutgoingMail.objects.waiting()] == ["letter-salah"]


def test_a_mail_server_that_is_away_is_left_alone_after_three_tries(db, settings):
    settings.DELIVERY_BACKEND = BROKEN
    for number in range(5):
        mail.queue(f"letter-{number}", "budi@contoh.example", "Surat", "Isi")
    assert mail.send_due() == 0
    assert OutgoingMail.objects.filter(attempts=1).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once():
    for number in range(10):
        mail.queue(f"letter-{number}", "budi@contoh.example", f"Surat {number}", "Isi")
    sent = []

    def work():
        sent.append(mail.send_due())
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 10
    assert sorted(message.subject for message in outbox.outbox) == [f"Surat {number}" for number in range(10)]


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_holds_is_passed_over():
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
    found = []

    def other():
        found.append(mail.send_due())
        connection.close()

    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get()
        worker = Thread(target=other)
        worker.start()
        worker.join(timeout=5)
        assert found == [0]
    assert mail.send_due() == 1


def test_what_was_sent_long_ago_is_blanked_but_never_sent_again(db, clock):
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
    mail.send_due()
    clock.shift(timedelta(days=29))
    assert mail.forget_old() == 0
    clock.shift(timedelta(days=2))
    assert mail.forget_old() == 1
    row = OutgoingMail.objects.get()
    assert (row.to, row.subject, row.text) == ("", "", "")
    assert mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi") is False


def test_the_database_refuses_a_sent_mail_that_waits(db):
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.update(sent_at=NOW)


def test_what_other_packages_mail_becomes_rows_too(db, settings):
    settings.EMAIL_BACKEND = "web.backend.EmailBackend"
    assert send_mail("Kode masuk", "123456", None, ["Budi <budi@contoh.example>", "siti@contoh.example"]) == 1
    assert send_mail("Kode masuk", "123456", None, ["budi@contoh.example"]) == 1
    rows = OutgoingMail.objects.order_by("pk").values_list("to", "subject", "text")
    assert list(rows) == [
        ("budi@contoh.example", "Kode masuk", "123456"),
        ("siti@contoh.example", "Kode masuk", "123456"),
        ("budi@contoh.example", "Kode masuk", "123456"),
    ]
    assert outbox.outbox == []


def test_attachments_are_refused(db, settings):
    settings.EMAIL_BACKEND = "web.backend.EmailBackend"
    message = EmailMessage("Surat", "Isi", None, ["budi@contoh.example"])
    message.attach("surat.txt", "isi", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        message.send()
    assert OutgoingMail.objects.count() == 0


def test_the_demo_writes_files(db, settings, tmp_path):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    mail.queue("letter-1", "budi@contoh.example", "Surat", "Isi surat")
    assert mail.send_due() == 1
    [file] = settings.EMAIL_FILE_PATH.iterdir()
    assert "Isi surat" in file.read_text()


def test_the_demo_page_shows_mails_with_links(db, client):
    link = "http://localhost:8000/akun/undangan/abc/"
    mail.queue("letter-1", "budi@contoh.example", "Undangan", f"Buka {link}\n\n<script>alert(1)</script>")
    mail.queue("letter-2", "siti@contoh.example", "Kode masuk", "123456")
    page = client.get(reverse("dev_mail")).content.decode()
    assert f'<a href="{link}" rel="nofollow">{link}</a>' in page
    assert "<script>alert" not in page
    assert page.index("Kode masuk") < page.index("Undangan")
    only = client.get(reverse("dev_mail"), {"kepada": "SITI@contoh.example"}).content.decode()
    assert "Undangan" not in only


def test_only_the_demo_has_that_page(db, client, settings):
    settings.IS_SAMPLE = False
    assert client.get(reverse("dev_mail")).status_code == 404


def test_a_mail_carries_the_headers_it_was_queued_with(db, clock):
    address = "https://portal.contoh.example/kabar/berhenti/abc/"
    mail.queue("digest-1", "budi@contoh.example", "Kabar", "Isi", headers=mail.unsubscribing(address))
    mail.send_due()
    [sent] = outbox.outbox
    assert sent.message()["List-Unsubscribe"] == f"<{address}>"
    assert sent.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.message()["Auto-Submitted"] == "auto-generated"
    clock.shift(timedelta(days=31))
    mail.forget_old()
    assert OutgoingMail.objects.get().headers == {}
