"""The directory of suppliers: what is found (documents), what is asked (query), and the answer (search)."""
