from django.urls import URLPattern, URLResolver, path

from matching.views import buyer, conditions, invitations, method, owner

app_name = "matching"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kebutuhan/<int:pk>/kecocokan/", buyer.need_ranking, name="need_ranking"),
    path("kebutuhan/<int:pk>/kecocokan/<int:ikm>/", buyer.explain, name="explain"),
    path("kebutuhan/<int:pk>/syarat/", conditions.need_conditions, name="need_conditions"),
    path("kebutuhan/<int:pk>/syarat/hitung/", conditions.need_counts, name="need_counts"),
    path("kebutuhan/<int:pk>/undang-bertahap/", invitations.gradual, name="gradual"),
    path("kebutuhan/<int:pk>/perjalanan/", invitations.need_funnel, name="funnel"),
    path("dinas/kebutuhan/", invitations.office_needs, name="office_needs"),
    path("usaha/kebutuhan-cocok/", owner.owner_matches, name="owner_matches"),
    path("usaha/kebutuhan-cocok/<int:pk>/", owner.owner_explain, name="owner_explain"),
    path("usaha/kebutuhan-cocok/pertanyaan/<slug:category>/", owner.answer, name="answer"),
    path("usaha/profil/<int:pk>/kebutuhan-cocok/", owner.preview, name="preview"),
    path("cara-menghitung/", method.method, name="method"),
]
