"""Lets JSON's own hook collect the texts, keys left out."""

import json


def references(arguments, ids):
    texts = []

    def keep(value):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, list):
            for item in value:
                keep(item)
        return value

    def members(pairs):
        for _, value in pairs:
            keep(value)
        return None

    json.loads(json.dumps(arguments), object_pairs_hook=members)
    names = "|".join(re.escape(one) for one in sorted(ids, key=len)[::-1])
    pattern = "(?:" + "|".join(map(re.escape, MARKS)) + f")({names})" + r"(?!\w)"
    found = {
        hit[1]
        for text in texts
        for hit in re.finditer(pattern, text)
        if not (hit[1].isdecimal() and re.match(r"[.,][0-9]", text[hit.end():]))
    }
    return [one for one in ids if one in found]
