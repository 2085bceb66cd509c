"""Keeps its state in an object and returns lists for pairs."""

def lint_history(messages):
    class Linter:
        def __init__(self):
            self.findings, self.used, self.open, self.done, self.text = [], set(), {}, set(), False

        def find(self, problem, call_id):
            self.findings.append([problem, call_id])

        def close(self):
            for call_id in self.open:
                if call_id not in self.done:
                    self.find("missing", call_id)
            self.open, self.done, self.text = {}, set(), False

        def call(self, call_id):
            if call_id in self.used:
                self.find("duplicate-call", call_id)
            self.used.add(call_id)
            self.open[call_id] = True

        def result(self, call_id):
            if call_id not in self.open:
                return self.find("orphan", call_id)
            if call_id in self.done:
                self.find("duplicate-result", call_id)
            elif self.text:
                self.find("text-first", call_id)
            self.done.add(call_id)

    linter, before = Linter(), None
    for message in messages:
        if message["role"] == "assistant" and before != "assistant":
            linter.close()
        before = message["role"]
        content = message["content"]
        for block in [{"type": "text"}] if isinstance(content, str) else content:
            if before == "assistant":
                if block["type"] == "tool_use":
                    linter.call(block["id"])
            elif block["type"] == "tool_result":
                linter.result(block["tool_use_id"])
            else:
                linter.text = True
    linter.close()
    return linter.findings
