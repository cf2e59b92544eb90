"""Looking at everything once while nobody waits for it.

The first who asks for anything after a start waits until the store has read what it keeps, which
takes a second or two for a hundred thousand notes. A reader who has just followed the link in the
terminal would be the one; so it is asked for here, aside, as soon as the server listens.
"""

from __future__ import annotations

import logging
import threading

from server.config import ACCOUNT
from server.markup import render_anew
from store.base import AnnotationStore
from store.query import Query

LOG = logging.getLogger(__name__)


def warm(store: AnnotationStore) -> threading.Thread:
    """Ask for what the first page and the first search need, in a thread that ends with it."""
    thread = threading.Thread(target=_ask, args=(store,), name="postil-warming", daemon=True)
    thread.start()
    return thread


def _ask(store: AnnotationStore) -> None:
    try:
        if store.pages(ACCOUNT):
            store.search(ACCOUNT, Query(), limit=1)
            render_anew("")
    except Exception:  # the store is being closed, or says so again to whoever asks next
        LOG.debug("Nothing was warmed.", exc_info=True)
