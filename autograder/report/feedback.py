"""One learner's feedback as one HTML file that needs nothing else.

It holds named checks, what was seen and expected, hints, timelines, the learner's own answers
and what intake did.  It never holds test source or a traceback through a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, Template
from markupsafe import Markup

from autograder.grading.results import NotebookResult, walled
from autograder.plain import plain
from autograder.report.scores import Marks, is_judged, total, waiting

__all__ = ("feedback_page",)

_STATES = {
    "graded": "Everything was judged.",
    "partly graded": "Some of it could not be judged; the rest counts.",
    "failed": "This notebook could not be graded, so it has no points yet.",
    "missing": "Nothing was handed in.",
}
_BUT_FOR_A_PERSON = "Everything was judged, but for what a person marks."
_UNREAD = ("failed", "missing")  # the reason stands above; a list of nothing judged says no more

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ result.notebook }}: feedback for {{ result.student }}</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 760px; margin: 0 auto; padding: 1rem; }
  h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
  .total { font-size: 1.15rem; margin: .25rem 0 1rem; }
  .told { border-left: 4px solid #0072b2; padding: .1rem .9rem; margin: .8rem 0; }
  .bad { border-color: #a13c00; }
  .comment { white-space: pre-line; }
  /* A report says its exercise's title itself; the heading is for those who jump by headings. */
  .heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  section { margin-top: 2.5rem; }
  pre { overflow-x: auto; padding: .7rem; border: 1px solid #8886; border-radius: 6px; }
  .answer { white-space: pre-wrap; overflow-wrap: anywhere; }
  details { margin-top: .4rem; } details summary { cursor: pointer; }
  @media (max-width: 40rem) {
    /* A check's name gets a line of its own, and a picture is scrolled, not shrunk. */
    li > div:first-child { flex-wrap: wrap; gap: 0 10px !important; }
    li > div:first-child > span:nth-child(2) { flex-basis: 100% !important; order: 1; }
    div:has(> svg) { overflow-x: auto; }
    div > svg { min-width: 560px; }
  }
  @media print { section { break-inside: avoid; } }
</style>
</head>
<body>
<header>
<h1>{{ result.notebook }}</h1>
<p class="total"><strong>{{ score }} of {{ points(result.possible) }}</strong>
{%- if left %}, {{ number(left) }} still to be marked{% endif %} · {{ result.student }}
{%- if result.handed_in %} · handed in {{ result.handed_in }}{% endif %}</p>
{% if penalty %}
<p>{{ points(penalty) }} {{ "is" if penalty == 1 else "are" }} taken off for being late.</p>
{% endif %}
</header>
<main>
<div class="told{% if result.state in ('failed', 'partly graded') %} bad{% endif %}">
<p>{{ state }} {{ result.reason }}</p></div>
{% if not walled(result.jail) %}
<div class="told bad"><p>This was graded without a wall
({{ result.jail.removeprefix("no jail: ") }}).</p></div>
{% endif %}
{% if result.notes %}
<div class="told"><p>Before grading, this was done to the notebook:</p>
<ul>{% for note in result.notes %}<li>{{ note }}</li>{% endfor %}</ul></div>
{% endif %}
{% for exercise in result.exercises if shown(exercise) %}
<section aria-labelledby="{{ exercise.grade_id }}">
<h2 id="{{ exercise.grade_id }}"{% if exercise.html %} class="heard"{% endif %}>
{{- exercise.title or exercise.grade_id }}</h2>
{% set mark = marks.get(exercise.grade_id) %}
{% set marked = mark and mark.score is not none %}
{% if exercise.html %}{{ safe(exercise.html) }}
{% elif exercise in unmarked %}<p>To be marked by a person: up to
{{ points(exercise.possible) }}. {{ exercise.reason }}</p>
{% elif exercise.earned is none %}
{% if not marked %}<p>{{ exercise.outcome | capitalize }}. {{ exercise.reason }}</p>{% endif %}
{% else %}<p>{{ exercise.outcome | capitalize }}: {{ number(exercise.earned) }} of
{{ points(exercise.possible) }}. {{ exercise.reason }}</p>{% endif %}
{% if mark %}<div class="told"><p class="comment">
{%- if marked %}Marked by hand: {{ number(mark.score) }} of
{{- " " }}{{ points(exercise.possible) }}. {% endif %}
{%- if mark.extra %}Extra credit: {{ points(mark.extra) }}. {% endif %}
{{- mark.comment }}</p></div>{% endif %}
{% if answers.get(exercise.grade_id) %}
<details><summary>Your answer</summary>
<pre class="answer">{{ answers[exercise.grade_id] }}</pre></details>
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
    marks: Marks | None = None,
    penalty: float = 0.0,
) -> str:
    """Return the page.  `answers` and `marks` are keyed by the graded cell's id.

    A mark by hand replaces the automatic score, as in nbgrader, and `penalty` is taken off the
    whole for being late.
    """
    marks = marks or {}
    unmarked = waiting(result, marks)
    page = _template().render(
        result=result,
        answers=answers or {},
        marks=marks,
        state=_BUT_FOR_A_PERSON if unmarked and result.state == "graded" else _STATES[result.state],
        score=f"{max(total(result, marks) - penalty, 0.0):g}" if is_judged(result, marks) else "–",
        shown=lambda e: result.cells or result.state not in _UNREAD or e.grade_id in marks,
        unmarked=unmarked,
        left=sum(exercise.possible for exercise in unmarked),
        penalty=penalty,
        number="{:g}".format,
        points=lambda value: f"{value:g} {'point' if value == 1 else 'points'}",
        walled=walled,
        safe=Markup,  # a report's HTML was made outside the jail and is escaped there
    )
    return plain(page)


@cache
def _template() -> Template:
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)
