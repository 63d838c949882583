"""English words, Indonesian signs: what is shown in either language can be typed in either (DESIGN §8)."""

from web.locale_formats.id.formats import *  # noqa: F403
