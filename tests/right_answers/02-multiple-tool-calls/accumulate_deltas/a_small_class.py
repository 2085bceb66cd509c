"""Has an object for each call on its way."""

def accumulate_deltas(chunks):
    class Growing:
        id = name = text = ""

        def feed(self, part):
            new = part.get("id")
            if new and self.id and new != self.id:
                raise ValueError(f"{new} came under the index of {self.id}")
            self.id = self.id or new
            self.name = self.name or part["function"].get("name")
            self.text += part["function"].get("arguments") or ""

        def call(self):
            return {"id": self.id, "name": self.name, "arguments": json.loads(self.text or "{}")}

    growing, ended = {}, False
    for chunk in chunks:
        for choice in chunk["choices"]:
            ended = ended or choice.get("finish_reason") == "tool_calls"
            for part in choice["delta"].get("tool_calls") or []:
                if part["index"] not in growing:
                    growing[part["index"]] = Growing()
                growing[part["index"]].feed(part)
    return [one.call() for _, one in sorted(growing.items())] if ended else []
