"""Find what depends on what in files of recorded calls, with the detector of notebook 11."""

from __future__ import annotations

from autograder.detection.detecting import Found, detect
from autograder.detection.reading import MalformedError, Record, record
from autograder.detection.reference import Detector, detector
from autograder.detection.telling import as_json, as_text, told

__all__ = (
    "Detector",
    "Found",
    "MalformedError",
    "Record",
    "as_json",
    "as_text",
    "detect",
    "detector",
    "record",
    "told",
)
