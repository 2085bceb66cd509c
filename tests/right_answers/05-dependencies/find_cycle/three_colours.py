"""White, grey and black calls, with parents to walk back along."""

def find_cycle(needs):
    colour, came_from = dict.fromkeys(needs, "white"), {}

    def visit(call):
        colour[call] = "grey"
        for before in needs[call]:
            if colour[before] == "grey":
                path = [before]
                here = call
                while here != before:
                    path.append(here)
                    here = came_from[here]
                return [before, *path[:0:-1], before]
            if colour[before] == "white":
                came_from[before] = call
                if found := visit(before):
                    return found
        colour[call] = "black"
        return None

    for call in needs:
        if colour[call] == "white" and (found := visit(call)):
            return found
    return None
