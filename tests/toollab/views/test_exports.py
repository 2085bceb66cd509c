"""What `toollab.views` offers."""

from __future__ import annotations

import pytest

from toollab import views
from toollab.views import widgets


def test_every_public_name_loads() -> None:
    """Each name in `__all__` is there, and says so in `dir()`."""
    assert dir(views) == sorted(views.__all__)
    for name in views.__all__:
        assert callable(getattr(views, name)), name
    assert set(views._HOMES) == set(views.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as in any other module."""
    with pytest.raises(AttributeError, match="no attribute 'timelnie'"):
        views.timelnie  # noqa: B018


def test_widgets_module_offers_the_same_objects() -> None:
    """The interactive pieces are one and the same under both names."""
    for name in set(widgets.__all__) & set(views.__all__):
        assert getattr(widgets, name) is getattr(views, name)
