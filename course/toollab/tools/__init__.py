"""Mocked backends: worlds of simulated tools."""

from __future__ import annotations

from toollab.tools._bench import Batch, random_batch
from toollab.tools._world import Fault, Tool, ToolError, World, key_of
from toollab.tools.accounts import REPLICAS, account_desk, account_page
from toollab.tools.incident import check_services, first_look, incident_desk
from toollab.tools.knowledge import ask_everywhere, knowledge_desk, refund_research
from toollab.tools.repository import publish, repository
from toollab.tools.shop import compare_products, shop
from toollab.tools.support import full_picture, support_desk
from toollab.tools.travel import REF, lisbon_trip, travel_desk
from toollab.tools.vendor import RateLimitError, search_vendor, searches
from toollab.tools.weather import compare_cities, weather_desk
from toollab.tools.workspace import MARKS, TIDY_HINTS, quarter_end, workspace

__all__ = (
    "MARKS",
    "REF",
    "REPLICAS",
    "TIDY_HINTS",
    "Batch",
    "Fault",
    "RateLimitError",
    "Tool",
    "ToolError",
    "World",
    "account_desk",
    "account_page",
    "ask_everywhere",
    "check_services",
    "compare_cities",
    "compare_products",
    "first_look",
    "full_picture",
    "incident_desk",
    "key_of",
    "knowledge_desk",
    "lisbon_trip",
    "publish",
    "quarter_end",
    "random_batch",
    "refund_research",
    "repository",
    "search_vendor",
    "searches",
    "shop",
    "support_desk",
    "travel_desk",
    "weather_desk",
    "workspace",
)
