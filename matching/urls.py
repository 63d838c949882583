from django.urls import URLPattern, URLResolver, path

from matching.views import buyer, conditions, invitations, method, owner, selections

app_name = "matching"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kebutuhan/<int:pk>/kecocokan/", buyer.need_ranking, name="need_ranking"),
    path("kebutuhan/<int:pk>/kecocokan/<int:ikm>/", buyer.explain, name="explain"),
    path("kebutuhan/<int:pk>/syarat/", conditions.need_conditions, name="need_conditions"),
    path("kebutuhan/<int:pk>/syarat/hitung/", conditions.need_counts, name="need_counts"),
    path("kebutuhan/<int:pk>/berita-acara/", selections.need_selections, name="need_selections"),
    path("kebutuhan/<int:pk>/berita-acara/mulai/", selections.start, name="selection_start"),
    path("kebutuhan/berita-acara/<int:pk>/", selections.selection, name="selection"),
    path("kebutuhan/berita-acara/<int:pk>/daftar-pendek/", selections.shortlist, name="selection_shortlist"),
    path("kebutuhan/berita-acara/<int:pk>/keputusan/", selections.decisions, name="selection_decisions"),
    path("kebutuhan/berita-acara/<int:pk>/sahkan/", selections.finish, name="selection_finish"),
    path("kebutuhan/berita-acara/<int:pk>/hapus/", selections.discard, name="selection_discard"),
    path("kebutuhan/berita-acara/<int:pk>/bandingkan/", selections.compare, name="selection_compare"),
    path(
        "kebutuhan/berita-acara/<int:pk>/berkas/<slug:language>.<slug:kind>",
        selections.file,
        name="selection_file",
    ),
    path("kebutuhan/<int:pk>/undang-bertahap/", invitations.gradual, name="gradual"),
    path("kebutuhan/<int:pk>/perjalanan/", invitations.need_funnel, name="funnel"),
    path("dinas/kebutuhan/", invitations.office_needs, name="office_needs"),
    path("usaha/kebutuhan-cocok/", owner.owner_matches, name="owner_matches"),
    path("usaha/kebutuhan-cocok/<int:pk>/", owner.owner_explain, name="owner_explain"),
    path("usaha/kebutuhan-cocok/pertanyaan/<slug:category>/", owner.answer, name="answer"),
    path("usaha/profil/<int:pk>/kebutuhan-cocok/", owner.preview, name="preview"),
    path("cara-menghitung/", method.method, name="method"),
]
