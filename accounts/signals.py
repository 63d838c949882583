"""News to the right, sent within the transaction that makes it: what hangs on it changes with it, or not at all."""

from django.dispatch import Signal

# Arguments `organisation`, `by`: the organisation took back its consent to being shown.
consent_withdrawn = Signal()
