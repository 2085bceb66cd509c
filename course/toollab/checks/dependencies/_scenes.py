"""Arguments with references: written by hand, and by chance around the values they stand for."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toollab.calls import JSON

__all__ = ("TRIP", "Filling", "Scene", "filling")


@dataclass(frozen=True)
class Scene:
    """Arguments with references, the results they refer to, and what has to come out.

    Where `missing` is set, the arguments hold this reference, and it leads nowhere.
    """

    arguments: Mapping[str, JSON]
    results: Mapping[str, JSON]
    expected: Mapping[str, JSON]
    missing: str = ""


@dataclass(frozen=True)
class Filling:
    """Scenes, sorted by what is to be seen in them."""

    plain: Sequence[Scene]
    whole: Sequence[Scene]
    inside: Sequence[Scene]
    nested: Sequence[Scene]
    once: Sequence[Scene]
    missing: Sequence[Scene]


_FLIGHT = {
    "number": "TP 571",
    "arrives": "2027-05-03",
    "price": 180,
    "stops": [],
    "seats": [{"row": 7, "window": True}, {"row": 12, "window": False}],
}
_HOTEL = {"name": 'Casa "O Sol"', "price": 240.5, "stars": None, "note": "code ${flight.number}"}
_SEEN = {"flight": _FLIGHT, "hotel": _HOTEL, "total": 420.5, "free": 0, "say": "${total}"}

TRIP = Filling(
    plain=(
        Scene(
            {"city": "Lisbon", "nights": 3, "pets": None},
            _SEEN,
            {"city": "Lisbon", "nights": 3, "pets": None},
        ),
        Scene(
            {"price": "$180", "code": "{flight}", "empty": "${}", "open": "${flight"},
            _SEEN,
            {"price": "$180", "code": "{flight}", "empty": "${}", "open": "${flight"},
        ),
    ),
    whole=(
        Scene({"arrives": "${flight.arrives}"}, _SEEN, {"arrives": "2027-05-03"}),
        Scene({"eur": "${total}", "extra": "${free}"}, _SEEN, {"eur": 420.5, "extra": 0}),
        Scene(
            {"flight": "${flight}", "stops": "${flight.stops}"},
            _SEEN,
            {"flight": _FLIGHT, "stops": []},
        ),
        Scene({"row": "${flight.seats.1.row}"}, _SEEN, {"row": 12}),
        Scene(
            {"window": "${flight.seats.1.window}", "stars": "${hotel.stars}"},
            _SEEN,
            {"window": False, "stars": None},
        ),
    ),
    inside=(
        Scene(
            {"text": "Flight ${flight.number} for ${flight.price} EUR"},
            _SEEN,
            {"text": "Flight TP 571 for 180 EUR"},
        ),
        Scene(
            {"text": "${flight.arrives}: ${hotel.name}"},
            _SEEN,
            {"text": '2027-05-03: Casa "O Sol"'},
        ),
        Scene(
            {"text": "window: ${flight.seats.0.window}, stars: ${hotel.stars}"},
            _SEEN,
            {"text": "window: true, stars: null"},
        ),
        Scene(
            {"text": "seats ${flight.seats.0}"}, _SEEN, {"text": 'seats {"row": 7, "window": true}'}
        ),
    ),
    nested=(
        Scene(
            {"amounts": ["${flight.price}", 5, "${hotel.price}"]},
            _SEEN,
            {"amounts": [180, 5, 240.5]},
        ),
        Scene(
            {"trip": {"to": {"hotel": "${hotel.name}"}, "legs": [["${flight.number}"]]}},
            _SEEN,
            {"trip": {"to": {"hotel": 'Casa "O Sol"'}, "legs": [["TP 571"]]}},
        ),
    ),
    once=(
        Scene(
            {"text": "The hotel says: ${hotel.note}"},
            _SEEN,
            {"text": "The hotel says: code ${flight.number}"},
        ),
        Scene({"note": "${say}"}, _SEEN, {"note": "${total}"}),
        Scene({"hotel": "${hotel}"}, _SEEN, {"hotel": _HOTEL}),
        Scene({"text": "${say} or ${total}"}, _SEEN, {"text": "${total} or 420.5"}),
    ),
    missing=(
        Scene({"text": "on ${train.arrives}"}, _SEEN, {}, "train.arrives"),
        Scene({"eur": "${flight.pirce}"}, _SEEN, {}, "flight.pirce"),
        Scene({"row": "${flight.seats.2.row}"}, _SEEN, {}, "flight.seats.2.row"),
        Scene({"letter": "${flight.number.0}"}, _SEEN, {}, "flight.number.0"),
        Scene({"row": "${flight.seats.first}"}, _SEEN, {}, "flight.seats.first"),
    ),
)

_WORDS = ("oslo", "pear", "noon", "quay", "ruby", "west", "yard", "fern", "lamp", "moss")


class _Source:
    """Makes results and the references into them, by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - chance, not secrets
        self.results: dict[str, JSON] = {}

    def word(self) -> str:
        return f"{self.chance.choice(_WORDS)}{self.chance.randrange(100)}"

    def plant(self, value: JSON) -> str:
        """Put a value somewhere into a new result, and return the path to it."""
        call_id, path = f"c{len(self.results) + 1}", list[str]()
        for _ in range(self.chance.randrange(4)):
            if self.chance.random() < 0.5:
                place = self.chance.randrange(12)
                value = [*(self.word() for _ in range(place)), value]
                path.insert(0, str(place))
            else:
                key = self.word()
                value = {self.word(): 1, self.word(): None, key: value}
                path.insert(0, key)
        self.results[call_id] = value
        return ".".join([call_id, *path])

    def value(self) -> JSON:
        """Make a value of any type, with a liking for those that are easily taken for another."""
        word, number = self.word(), self.chance.randrange(1000)
        odd: list[JSON] = [0, "", False, None, [], {}, 0.0, "0", "null", True]
        usual: list[JSON] = [number, number / 4, word, [number, word], {word: [number]}]
        return self.chance.choice([*odd, *usual])

    def scene(
        self, arguments: Mapping[str, JSON], expected: Mapping[str, JSON], missing: str = ""
    ) -> Scene:
        return Scene(arguments, self.results, expected, missing)


def filling(seed: int) -> Filling:
    """Make scenes by chance: values of every type, planted at any depth of a result."""
    source = _Source(seed)
    chance = source.chance
    values = [source.value() for _ in range(8)]
    paths = [source.plant(value) for value in values]
    texts = [f"{source.word()} says “{source.word()}”\n" for _ in range(3)]
    refs = [source.plant(text) for text in texts]
    numbers: list[JSON] = [
        chance.randrange(50),
        chance.randrange(100) / 8,
        True,
        None,
        [source.word()],
        {},
    ]
    spots = [source.plant(number) for number in numbers]
    sly = [f"${{{path}}}" for path in (*paths[:2], "c99")]
    traps = [source.plant(text) for text in sly]
    box = {"deep": [*sly]}
    trap = source.plant(box)
    brace = source.plant("}")
    first = next(iter(source.results))
    return Filling(
        plain=[source.scene(p, p) for p in ({"a": source.value()}, {"b": [f"${first}", "$ {x}"]})],
        whole=[
            source.scene({"x": f"${{{path}}}", "y": path}, {"x": value, "y": path})
            for path, value in zip(paths, values, strict=True)
        ],
        inside=[
            source.scene({"x": f"<${{{r}}}|${{{s}}}>"}, {"x": f"<{text}|{json.dumps(number)}>"})
            for r, text, s, number in zip(refs * 2, texts * 2, spots, numbers, strict=True)
        ],
        nested=[
            source.scene(
                {"x": {"y": [1, {"z": f"${{{path}}}"}]}, "w": [[f"${{{path}}}"]]},
                {"x": {"y": [1, {"z": value}]}, "w": [[value]]},
            )
            for path, value in zip(paths, values, strict=True)
        ],
        once=[
            *(
                source.scene({"x": f"as ${{{r}}} says"}, {"x": f"as {text} says"})
                for r, text in zip(traps, sly, strict=True)
            ),
            *(
                source.scene({"x": f"${{{r}}}"}, {"x": text})
                for r, text in zip(traps, sly, strict=True)
            ),
            source.scene({"x": f"${{{trap}}}"}, {"x": box}),
            source.scene({"x": f"${{{first}${{{brace}}}"}, {"x": f"${{{first}}}"}),
        ],
        missing=[
            source.scene({"x": [f"${{{lost}}}"]}, {}, lost)
            for lost in ("c99", f"{paths[0]}.nowhere", f"{refs[0]}.0", f"{spots[4]}.1")
        ],
    )
