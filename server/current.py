"""What the code behind a request works with, typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from server.access import Access
from server.config import Config
from server.metrics import Metrics
from server.waiting import Waiting
from store.base import AnnotationStore


@dataclass(frozen=True)
class Services:
    """One application's parts."""

    config: Config
    store: AnnotationStore
    access: Access
    waiting: Waiting
    metrics: Metrics


def provide(app: Flask, made: Services) -> None:
    """Give an application its parts."""
    app.extensions["postil"] = made


def services(app: Flask | None = None) -> Services:
    """The parts of `app`, or of the application that handles this request."""
    return cast(Services, (app or current_app).extensions["postil"])
