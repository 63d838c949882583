"""Every address of the portal: who opens it with what, and what is no page. A test finds a new one that is missing."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SECTIONS = ("identity", "place", "size", "products", "processes", "certificates", "contact")

# In the middle of a log-in: the journeys pass there, and tests.journeys.prepared opens them.
PASSED = frozenset(
    """account_confirm_login_code account_email_verification_sent account_reauthenticate mfa_authenticate
    mfa_reauthenticate mfa_reauthenticate_webauthn mfa_login_webauthn accounts:card_pin accounts:second_factor
    account_reset_password_from_key""".split()
)


class Place(NamedTuple):
    role: str
    name: str
    arguments: dict[str, Any]
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(self.name, kwargs=self.arguments) + self.query

    @property
    def label(self) -> str:
        words = [self.role, self.name.replace(":", ".")]
        if "section" in self.arguments:
            words.append(self.arguments["section"])
        if "topic" in self.arguments:
            words.append(self.arguments["topic"])
        return " ".join([*words, self.query]).strip()


def names() -> list[str]:
    """Every named address, but for the administration's and for static files."""
    return sorted({name for name, _pattern in walk(get_resolver().url_patterns)})


def walk(patterns: Iterable[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                prefix = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, space + prefix)
        elif pattern.name:
            yield space + pattern.name, pattern


def places(s: SimpleNamespace) -> list[Place]:
    """Every page with every role that has it, in the sample register of tests.journeys.register."""
    return [*public(s), *account(s), *owners(s), *buyers(s), *suppliers(s), *officers(s), *hygiene(s)]


def each(roles: str, names: str, **arguments: Any) -> Iterator[Place]:
    for role in roles.split():
        for name in names.split():
            yield Place(role, name, arguments)


def public(s: SimpleNamespace) -> Iterator[Place]:
    yield from each("public", "start privacy matching:method account_login account_signup")
    yield Place("public", "account_signup", {}, "?untuk=pembeli")
    yield from each("public", "account_request_login_code account_reset_password account_reset_password_done")
    yield from each("public", "account_reset_password_from_key_done account_inactive accounts:card_entry")
    yield from each("public", "dev_mail styles")
    yield from each("public", "error_page", code=404)
    yield from each("public", "accounts:card_scanned", token=s.card_token)
    yield from each("public newcomer", "accounts:invitation", token=s.invitation.token)
    yield from each("public", "accounts:news", token=s.news_token)
    yield from each("public", "accounts:news", token="rusak")
    yield from each("newcomer", "account_confirm_email", key=s.email_key)
    for token in (s.confirm_token, "rusak"):
        yield from each("public", "ikm:still_correct", token=token)
    yield from each("public", "accounts:unsubscribe", token=s.unsubscribe_token)
    yield from each("public newcomer", "accounts:invitation", token=s.owner_invitation.token)


def account(s: SimpleNamespace) -> Iterator[Place]:
    everybody = "newcomer owner phone_owner buyer officer"
    yield from each(everybody, "home accounts:settings accounts:person accounts:notifications")
    yield from each(
        "owner phone_owner", "account_change_password account_email account_logout accounts:choose"
    )
    yield from each("owner officer", "mfa_index mfa_list_webauthn mfa_add_webauthn")
    yield from each("owner", "mfa_activate_totp account_set_password")
    yield from each("officer", "mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes")
    yield from each("owner phone_owner buyer officer head", "accounts:members")
    yield from each("head", "accounts:leave", pk=s.colleague.pk)
    yield from each("head", "mfa_index mfa_list_webauthn")
    yield from each("head", "mfa_edit_webauthn mfa_remove_webauthn", pk=s.key.pk)
    yield from each("owner phone_owner", "accounts:consent")
    yield from each("newcomer owner buyer officer", "own_data own_data_delete")
    yield Place("owner", "own_data_delete", {}, "?apa=usaha")
    for kind in ("pembetulan", "periksa", "lain"):
        yield from each("newcomer owner", "data_request_new", kind=kind)
    yield Place("owner", "data_request_new", {"kind": "periksa"}, f"?kebutuhan={s.need.pk}")
    yield from each("newcomer owner phone_owner buyer officer", "ikm:alerts")
    yield Place("buyer", "ikm:search_save", {}, "?q=las")
    yield from each("buyer", "ikm:search_forget", pk=s.saved_search.pk)
    yield from each("buyer", "ikm:saved_search", pk=s.saved_search.pk)
    yield from each("owner waiting", "ikm:takeover")
    yield from each("officer", "accounts:hand_over")


def owners(s: SimpleNamespace) -> Iterator[Place]:
    yield from each("newcomer owner", "ikm:start")
    yield from each("newcomer", "ikm:claim", token=s.found_ikm)
    for role in ("owner", "phone_owner", "drafting", "waiting", "returned", "withdrawn"):
        pk = s.ikm[role].pk
        yield from each(role, "ikm:profile matching:owner_matches")
        yield from each(role, "ikm:workshop ikm:check matching:preview", pk=pk)
    for role in ("owner", "drafting"):
        pk = s.ikm[role].pk
        for section in SECTIONS:
            yield from each(role, "ikm:section", pk=pk, section=section)
        yield from each(role, "ikm:machines ikm:product_new ikm:certificate_new", pk=pk)
        yield Place(role, "ikm:product_new", {"pk": pk}, "?q=pacul")
        yield Place(role, "ikm:product_new", {"pk": pk}, "?kategori=roller-konveyor")
        yield Place(role, "ikm:certificate_new", {"pk": pk}, "?jenis=iso-9001")
        yield Place(role, "ikm:certificate_new", {"pk": pk}, "?jenis=csms")
    yield from each("returned", "ikm:section", pk=s.ikm["returned"].pk, section="products")
    yield from each("owner", "ikm:section", section="contact")
    own = {"pk": s.ikm["owner"].pk}
    yield from each("owner", "ikm:withdraw", **own)
    product = own | {"product": s.product.pk}
    yield from each(
        "owner", "ikm:product ikm:product_details ikm:product_category ikm:product_retire", **product
    )
    held = own | {"certificate": s.certificate.pk}
    yield from each("owner", "ikm:certificate ikm:certificate_retire", **held)
    yield from each("owner phone_owner", "industry:need", pk=s.need.pk)
    yield from each("owner", "matching:owner_explain", pk=s.need.pk)
    yield from each("owner", "industry:promise", pk=s.need.pk)
    yield from each("owner phone_owner returned", "industry:interests")
    yield from each("owner phone_owner", "industry:questions", pk=s.need.pk)
    yield from each("owner", "industry:interest industry:interest_decline", pk=s.need.pk)
    yield from each("phone_owner", "industry:interest industry:interest_decline", pk=s.invited.need_id)
    yield from each("phone_owner", "industry:pair", pk=s.invited.pk)
    yield from each("owner", "industry:pair industry:next_step industry:end", pk=s.talks.pk)
    yield from each("owner", "industry:outcome", pk=s.closed_need.pk)


def buyers(s: SimpleNamespace) -> Iterator[Place]:
    yield from each("newcomer buyer", "industry:start")
    yield from each("newcomer", "industry:company_claim", token=s.found_company)
    for role in ("buyer", "waiting_buyer"):
        yield from each(role, "industry:company industry:needs industry:need_new industry:many")
    for section in ("identitas", "tempat", "kontak"):
        yield from each("buyer", "industry:company_section", section=section)
    for need in (s.need, s.draft_need, s.closed_need):
        yield from each("buyer", "industry:need matching:need_ranking industry:need_copy", pk=need.pk)
    for need in (s.need, s.draft_need):
        for topic in ("barang", "jumlah", "tempat", "ketentuan"):
            yield from each("buyer", "industry:need_topic", pk=need.pk, topic=topic)
        yield from each("buyer", "matching:need_conditions industry:attachments", pk=need.pk)
    yield from each("buyer", "industry:need_close", pk=s.need.pk)
    yield from each("buyer", "industry:need_reopen", pk=s.closed_need.pk)
    yield from each("buyer", "industry:need_discard", pk=s.draft_need.pk)
    yield from each("buyer", "industry:attachment_remove", pk=s.attachment.pk)
    yield from each("buyer", "matching:explain", pk=s.need.pk, ikm=s.ikm["owner"].pk)
    for need in (s.need, s.closed_need):
        yield from each("buyer", "matching:need_selections", pk=need.pk)
    yield from each("buyer", "matching:selection matching:selection_shortlist", pk=s.draft_selection.pk)
    yield from each(
        "buyer", "matching:selection_decisions matching:selection_discard", pk=s.draft_selection.pk
    )
    yield from each("buyer", "matching:selection", pk=s.selection.pk)
    yield Place("buyer", "industry:invite", {}, f"?ikm={s.ikm['owner'].pk}")
    yield from each("buyer", "industry:pair industry:next_step industry:end", pk=s.talks.pk)
    yield from each("buyer", "industry:pair industry:refuse", pk=s.applied.pk)
    yield from each("buyer", "industry:question", pk=s.question.pk)
    yield from each("buyer", "industry:outcome", pk=s.closed_need.pk)
    yield from each("buyer", "matching:gradual", pk=s.need.pk)
    for need in (s.need, s.closed_need):
        yield from each("buyer officer", "industry:applicants industry:questions matching:funnel", pk=need.pk)
    yield Place("buyer", "matching:funnel", {"pk": s.need.pk}, "?tahap=interested")


def suppliers(s: SimpleNamespace) -> Iterator[Place]:
    """The directory, for everybody; favourites and reports for those whom they concern."""
    shown, ref = s.ikm["owner"], s.ikm["owner"].organisation.ref
    for role in ("public", "newcomer", "owner", "buyer", "officer"):
        yield from each(role, "ikm:directory ikm:compare")
        yield from each(role, "ikm:supplier", ref=ref)
        yield Place(role, "ikm:compare", {}, f"?ikm={shown.pk}&ikm={s.ikm['phone_owner'].pk}")
    for role in ("public", "buyer"):
        yield Place(
            role, "ikm:directory", {}, f"?q=roller&sertifikat=iso-9001&dekat=36.72&banding={shown.pk}"
        )
        yield Place(role, "ikm:directory", {}, "?q=roller&kategori=kanopi&bebas=1,250&satuan=pcs&page=9")
    for circle in ("umum", "pembeli", "kenal"):
        yield Place("owner", "ikm:supplier", {"ref": ref}, f"?sebagai={circle}")
    yield from each("drafting", "ikm:supplier", ref=s.ikm["drafting"].organisation.ref)
    yield from each("public buyer", "ikm:report", pk=shown.pk)
    yield from each("buyer", "ikm:favourites")
    yield from each("buyer", "ikm:favourite_note", pk=s.favourite.ikm_id)
    yield from each("owner", "ikm:visible", pk=shown.pk)
    for told in (s.report, s.settled_report):
        yield from each("officer", "ikm:reported", pk=told.pk)


def officers(s: SimpleNamespace) -> Iterator[Place]:
    yield from each("officer far_officer operator", "home queue ikm:of_the_office industry:of_the_office")
    yield from each("officer", "ikm:register_for_owner accounts:cards accounts:claims")
    yield Place("officer", "accounts:cards", {}, "?q=golok")
    organisation = s.ikm["phone_owner"].organisation_id
    yield from each("officer", "accounts:card_issue", organisation_pk=organisation)
    yield from each("officer", "accounts:card_issue", organisation_pk=s.imported.organisation_id)
    yield from each("officer", "accounts:card_print", pk=s.card.pk)
    yield from each("officer far_officer operator", "data_requests")
    yield from each("officer officer_b", "data_request", pk=s.data_request.pk)
    yield from each("officer", "data_request data_request_carry_out", pk=s.deletion.pk)
    for claim in (s.claim, s.answered_claim):
        yield from each("officer", "accounts:claim", pk=claim.pk)
    for ikm in (*s.ikm.values(), s.entered, s.imported):
        yield from each("officer", "ikm:review", pk=ikm.pk)
    yield from each("officer_b", "ikm:review", pk=s.entered.pk)
    yield from each("officer", "ikm:workshop", pk=s.entered.pk)
    for ikm in (s.imported, s.entered, s.ikm["owner"]):
        yield from each("officer", "ikm:owner", pk=ikm.pk)
    yield from each("officer", "ikm:section", pk=s.entered.pk, section="products")
    for company in (s.company, s.waiting_company):
        yield from each("officer", "industry:review", pk=company.pk)
    yield from each("officer", "industry:need matching:need_ranking", pk=s.need.pk)
    yield from each("officer", "matching:explain", pk=s.need.pk, ikm=s.ikm["owner"].pk)
    yield from each("officer", "matching:need_selections", pk=s.need.pk)
    yield from each("officer", "matching:selection", pk=s.selection.pk)
    yield from each("officer far_officer operator", "matching:office_needs")
    yield from each("officer", "industry:outcome", pk=s.closed_need.pk)


def hygiene(s: SimpleNamespace) -> Iterator[Place]:
    """Imports, look-alikes and merges of the office."""
    yield from each("officer", "ikm:imports ikm:duplicates")
    for job in (s.past_import, s.checked_import, s.running_import):
        yield from each("officer", "ikm:import", pk=job.pk)
    yield from each("officer_b", "ikm:import", pk=s.checked_import.pk)
    for job in (s.new_import, s.checked_import):
        yield from each("officer", "ikm:import_columns", pk=job.pk)
    yield from each("officer", "ikm:import_undo", pk=s.past_import.pk)
    for view in ("digabung", "beda"):
        yield Place("officer", "ikm:duplicates", {}, f"?lihat={view}")
    yield from each("officer", "ikm:duplicate", pk=s.pair.pk)
    yield from each("officer", "ikm:merge_undo", pk=s.merge.pk)


def actions(s: SimpleNamespace) -> Iterator[Place]:
    """What answers to POST alone."""
    yield from each("public", "set_language")
    yield from each("head", "accounts:same_person")
    yield from each("buyer", "accounts:withdraw_invitation", pk=s.invitation.pk)
    yield from each("owner", "accounts:read_all own_data_prepare")
    yield from each("owner", "data_request_cancel", pk=s.data_request.pk)
    yield from each("owner", "accounts:open_notification", pk=s.news["owner"].pk)
    yield from each("officer", "accounts:send", pk=s.news["owner"].pk)
    yield from each("officer", "accounts:card_withdraw", pk=s.card.pk)
    yield from each("owner", "ikm:follow")
    yield from each("owner", "ikm:unfollow", category="komponen-konveyor")
    invited = {"pk": s.entered.pk, "invitation": s.owner_invitation.pk}
    yield from each("officer", "ikm:owner_invitation_withdraw", **invited)
    yield from each("officer", "ikm:import_apply ikm:import_discard", pk=s.checked_import.pk)
    yield from each("officer", "ikm:import_cancel", pk=s.running_import.pk)
    yield from each("officer", "ikm:duplicate_apart", pk=s.pair.pk)
    yield from each("officer", "ikm:duplicate_again", pk=s.told_apart.pk)
    yield from each("waiting", "ikm:recall", pk=s.ikm["waiting"].pk)
    own = {"pk": s.ikm["owner"].pk}
    yield from each("owner", "ikm:confirm", **own)
    yield from each("owner", "ikm:product_restore", **own, product=s.retired_product.pk)
    yield from each("owner", "ikm:certificate_restore", **own, certificate=s.retired_certificate.pk)
    yield from each("waiting_buyer", "industry:company_submit industry:company_recall")
    yield from each("buyer", "industry:need_open", pk=s.draft_need.pk)
    yield from each("owner", "matching:answer", category="jasa-bubut")
    yield from each("buyer", "ikm:favourite", pk=s.ikm["owner"].pk)
    yield from each("buyer", "matching:selection_start", pk=s.need.pk)
    yield from each("buyer", "matching:selection_finish", pk=s.draft_selection.pk)
    yield from each("buyer officer", "matching:selection_compare", pk=s.selection.pk)
    yield from each("buyer", "industry:accept industry:take_back", pk=s.applied.pk)
    yield from each("buyer", "industry:agree", pk=s.talks.pk)


def parts(s: SimpleNamespace) -> Iterator[Place]:
    """Files and parts of pages: what a page asks for, not what a person opens."""
    yield from each("public", "health")
    yield from each("owner buyer", "own_data_download")
    yield Place("newcomer", "catalogue:options", {"sort": "kategori"}, "?nama=category&category_kata=pacul")
    for role in ("public", "owner", "buyer"):
        yield from each(role, "ikm:product_photo", pk=s.ikm["owner"].pk, product=s.product.pk)
    for extension in ("xlsx", "csv"):
        yield from each("buyer officer", "ikm:directory_export", extension=extension)
    for role in ("owner", "officer"):
        yield from each(role, "ikm:certificate_file", pk=s.ikm["owner"].pk, certificate=s.certificate.pk)
    for extension in ("xlsx", "csv"):
        yield from each("buyer", "industry:many_template", extension=extension)
    yield from each("buyer officer owner", "industry:attachment", pk=s.attachment.pk)
    yield from each("buyer officer", "industry:attachment", pk=s.secret.pk)
    yield from each("buyer", "industry:amount_words matching:need_counts", pk=s.need.pk)
    yield from each("owner", "industry:quantity_words", pk=s.need.pk)
    yield from each("officer", "ikm:import_rejected ikm:import_file", pk=s.past_import.pk)
    yield from each("officer", "mfa_download_recovery_codes")
    for kind in ("pdf", "xlsx"):
        issued = {"pk": s.selection.pk, "language": "id", "kind": kind}
        yield from each("buyer officer", "matching:selection_file", **issued)
