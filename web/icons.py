"""The few drawings of the portal, single SVGs on a 24 by 24 grid, inlined so that they cost no request.

A drawing never stands without a word beside it, so all are hidden from screen readers.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

DRAWINGS = {
    "home": '<path d="M4 11 12 4l8 7M6 10v10h12V10M10 20v-6h4v6"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11"/><circle cx="4.5" cy="6" r="1"/><circle cx="4.5" cy="12" r="1"/>'
    '<circle cx="4.5" cy="18" r="1"/>',
    "inbox": '<path d="M3 13 6 5h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5"/>',
    "workshop": '<path d="M3 20V10l6 4v-4l6 4V4h5v16zM7 17h2M12 17h2"/>',
    "company": '<path d="M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3"/>',
    "office": '<path d="M3 9 12 4l9 5zM5 9v9M10 9v9M14 9v9M19 9v9M3 21h18M3 18h18"/>',
    "need": '<path d="M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h5"/>',
    "match": '<path d="M9 6H3v12h6M15 6h6v12h-6M8 12h8M13 9l3 3-3 3"/>',
    "product": '<path d="M4 5h16v4h-6v6h6v4H4v-4h6V9H4z"/>',
    "process": '<circle cx="12" cy="12" r="3"/><path d="M12 3v4M12 17v4M3 12h4M17 12h4M5.6 5.6l2.9 2.9'
    'M15.5 15.5l2.9 2.9M18.4 5.6l-2.9 2.9M8.5 15.5l-2.9 2.9"/>',
    "certificate": '<path d="M4 4h16v11H4zM8 8h8M8 11h5"/><path d="M14 14v7l2-1.5 2 1.5v-7"/>',
    "letter": '<path d="M3 6h18v13H3zM3 7l9 7 9-7"/>',
    "people": '<circle cx="9" cy="8" r="3"/><path d="M3 20c0-4 2.5-6 6-6s6 2 6 6M16 5.5a3 3 0 0 1 0 5.5'
    'M17.5 14.5c2.3.7 3.5 2.6 3.5 5.5"/>',
    "person": '<circle cx="12" cy="8" r="3.5"/><path d="M5 20c0-4 3-6 7-6s7 2 7 6"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v5M16 3v5"/>',
    "chart": '<path d="M4 4v16h16M8 16v-4M12 16V8M16 16v-6"/>',
    "map": '<path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z"/><circle cx="12" cy="10" r="2"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "filter": '<path d="M4 5h16l-6 8v6l-4-2v-4z"/>',
    "compare": '<path d="M4 4h6v16H4zM14 4h6v16h-6z"/>',
    "phone": '<path d="M6 3h3l2 5-2.5 2c1 2.5 3 4.5 5.5 5.5l2-2.5 5 2v3c0 1-1 2-2 2C11 20 4 13 4 5c0-1 1-2 2-2z"/>',
    "chat": '<path d="M4 20l1.3-4A8 8 0 1 1 8 18.8zM9 10h6M9 13.5h4"/>',
    "camera": '<path d="M3 7h4l2-3h6l2 3h4v13H3z"/><circle cx="12" cy="13" r="4"/>',
    "upload": '<path d="M12 16V4M7 9l5-5 5 5M4 16v4h16v-4"/>',
    "download": '<path d="M12 4v12M7 11l5 5 5-5M4 16v4h16v-4"/>',
    "print": '<path d="M7 9V3h10v6M7 17H3V9h18v8h-4M7 14h10v7H7z"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "edit": '<path d="m4 20 1-5L16 4l4 4L9 19zM13.5 6.5l4 4"/>',
    "delete": '<path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6"/>',
    "next": '<path d="m9 5 7 7-7 7"/>',
    "previous": '<path d="m15 5-7 7 7 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5v.1"/>',
    "success": '<circle cx="12" cy="12" r="9"/><path d="m8 12 3 3 5-6"/>',
    "warning": '<path d="M12 4 2.5 20h19zM12 10v4.5M12 17.2v.1"/>',
    "error": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16v.1"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4"/>',
    "review": '<path d="M6 4h12v17H6zM9 2.5h6v3H9zM9 13l2.5 2.5L16 10"/>',
    "card": '<path d="M3 6h18v13H3zM3 10h18M6 15h5"/>',
    "lock": '<path d="M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "history": '<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 2"/>',
    "star": '<path d="m12 3.5 2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6L3.3 9.8l6.1-.7z"/>',
    "starred": '<path class="full" d="m12 3.5 2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6L3.3 9.8l6.1-.7z"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    # Shapes of standing and evidence: readable in black and white, distinct in outline alone.
    "proven": '<path class="solid" d="M12 2 4 5v7c0 5 4 8 8 10 4-2 8-5 8-10V5z"/><path class="cut" d="m8 12 3 3 5-6"/>',
    "qualified": '<path class="solid" d="M3 3h18v18H3z"/><path class="cut" d="m7 12 3.5 3.5L17 8.5"/>',
    "near": '<path d="M12 3 22 12 12 21 2 12z"/><path class="solid" d="M12 3v18L2 12z"/>',
    "partial": '<circle cx="12" cy="12" r="8.5"/>',
    "verified": '<circle class="solid" cx="12" cy="12" r="9.5"/><path class="cut" d="m7.5 12 3 3.5 6-7"/>',
    "claimed": '<circle cx="12" cy="12" r="8.5" stroke-dasharray="5 4"/>',
    "rejected": '<circle cx="12" cy="12" r="9"/><path d="m6 6 12 12"/>',
}


def draw(name: str) -> SafeString:
    """The drawing `name` as an inline SVG; an unknown name is a KeyError, so that a slip shows at once."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(DRAWINGS[name]),  # our own constants
    )
