"""One learner's feedback as one HTML file that needs nothing else.

It holds named checks, what was seen and expected, hints, timelines, the learner's own answers
and what intake did.  It never holds test source or a traceback through a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from autograder.grading.gradebook import Mark
from autograder.grading.results import NotebookResult, walled

__all__ = ("feedback_page",)

_STATES = {
    "graded": "Everything was judged.",
    "partly graded": "Some of it could not be judged; the rest counts.",
    "failed": "This notebook could not be graded.",
    "missing": "Nothing was handed in.",
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ result.notebook }}: feedback for {{ result.student }}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; }
  h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
  .total { font-size: 1.15rem; margin: .25rem 0 1rem; }
  .told { border-left: 4px solid #0072b2; padding: .1rem .9rem; margin: .8rem 0; }
  .bad { border-color: #a13c00; }
  pre { overflow-x: auto; padding: .7rem; border: 1px solid #8886; border-radius: 6px; }
  details summary { cursor: pointer; }
</style>
</head>
<body>
<header>
<h1>{{ result.notebook }}</h1>
<p class="total"><strong>{{ points(total) }} of {{ points(result.possible) }} points</strong>
· {{ result.student }}{% if result.handed_in %} · handed in {{ result.handed_in }}{% endif %}</p>
</header>
<main>
<div class="told{% if result.state in ('failed', 'partly graded') %} bad{% endif %}">
<p>{{ states[result.state] }} {{ result.reason }}</p></div>
{% if not walled(result.jail) %}
<div class="told bad"><p>This was graded without a jail ({{ result.jail }}).</p></div>
{% endif %}
{% if result.notes %}
<div class="told"><p>Before grading, this was done to the notebook:</p>
<ul>{% for note in result.notes %}<li>{{ note }}</li>{% endfor %}</ul></div>
{% endif %}
{% for exercise in result.exercises %}
<section aria-labelledby="{{ exercise.grade_id }}">
<h2 id="{{ exercise.grade_id }}">{{ exercise.title or exercise.grade_id }}</h2>
{% set mark = marks.get(exercise.grade_id) %}
{% if exercise.html %}{{ safe(exercise.html) }}
{% else %}<p>{{ exercise.outcome | capitalize }}, {{ points(score(exercise)) }} of
{{ points(exercise.possible) }} points. {{ exercise.reason }}</p>{% endif %}
{% if mark %}<div class="told"><p>
{% if mark[0] is not none %}Marked by hand: {{ points(mark[0]) }} points. {% endif %}
{{ mark[1] }}</p></div>{% endif %}
{% if answers.get(exercise.grade_id) %}
<details><summary>Your answer</summary><pre>{{ answers[exercise.grade_id] }}</pre></details>
{% endif %}
</section>
{% endfor %}
</main>
{% if result.jail and walled(result.jail) %}
<footer><p><small>Your code ran behind: {{ result.jail }}.</small></p></footer>
{% endif %}
</body>
</html>
"""


def feedback_page(
    result: NotebookResult,
    *,
    answers: Mapping[str, str] | None = None,
    marks: Mapping[str, Mark] | None = None,
) -> str:
    """Return the page.  `answers` and `marks` are keyed by the graded cell's id.

    A mark by hand replaces the automatic score, as in nbgrader.
    """
    marks = marks or {}

    def score(exercise: Any) -> float:
        given = marks.get(exercise.grade_id, (None, ""))[0]
        return float(exercise.earned or 0.0) if given is None else given

    return _template().render(
        result=result,
        answers=answers or {},
        marks=marks,
        states=_STATES,
        total=sum(score(exercise) for exercise in result.exercises),
        score=score,
        points=lambda value: f"{value:g}",
        walled=walled,
        safe=Markup,  # a report's HTML was made outside the jail and is escaped there
    )


@cache
def _template() -> Template:
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)
