"""Mocked backends: worlds of simulated tools."""

from __future__ import annotations

from toollab.tools._bench import Batch, random_batch
from toollab.tools._world import Fault, Tool, ToolError, World, key_of
from toollab.tools.repository import publish, repository
from toollab.tools.shop import compare_products, shop
from toollab.tools.support import full_picture, support_desk
from toollab.tools.weather import compare_cities, weather_desk

__all__ = (
    "Batch",
    "Fault",
    "Tool",
    "ToolError",
    "World",
    "compare_cities",
    "compare_products",
    "full_picture",
    "key_of",
    "publish",
    "random_batch",
    "repository",
    "shop",
    "support_desk",
    "weather_desk",
)
