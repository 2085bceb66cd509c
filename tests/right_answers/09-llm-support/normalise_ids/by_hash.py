"""Hashes name, arguments and place, and hashes again if the id is not free."""

def normalise_ids(calls, taken):
    import hashlib
    import re

    usable = re.compile(r"[-\w]{1,64}", re.ASCII)
    used = set(taken)
    others = {call.id for call in calls}

    def fresh(seed):
        digest = hashlib.sha256(seed.encode()).hexdigest()[:24]
        return digest if digest not in used | others else fresh(seed + digest)

    fixed = []
    for place, call in enumerate(calls):
        stays = usable.fullmatch(call.id) is not None and call.id not in used
        call_id = call.id if stays else fresh(f"{place} {call.name} {dict(call.arguments)}")
        used.add(call_id)
        fixed.append(replace(call, id=call_id))
    return fixed
