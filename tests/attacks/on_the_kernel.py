"""Attacks on the process that runs the notebook: hooks, patches, look-alikes."""

# ruff: noqa: E501 - lines of attacks are kept as they are run

from __future__ import annotations

from tests.attacks.attack import STUBS, Attack, anywhere, in_answer

SERIAL = """
async def dispatch_all(calls, registry):
    return [ToolResult(c.id, await registry[c.name](**c.arguments)) for c in calls]
"""

HOOKS = [
    anywhere(
        "input-transformer",
        "Empties every later cell before IPython sees it.",
        "get_ipython().input_transformers_post.append(lambda lines: [])",
    ),
    anywhere(
        "ast-transformer",
        "Turns every later cell into `pass`.",
        """
        import ast
        class Pass(ast.NodeTransformer):
            def visit_Module(self, node):
                return ast.Module([ast.Pass(lineno=1, col_offset=0)], [])
        get_ipython().ast_transformers.append(Pass())
        """,
    ),
    anywhere(
        "run-code",
        "Replaces the method that runs code by one that says all is well.",
        """
        async def run_code(*args, **kwargs):
            return False
        get_ipython().run_code = run_code
        """,
    ),
    anywhere(
        "pre-run-hook",
        "Prints the text of every cell that is going to run.",
        "get_ipython().events.register('pre_run_cell', lambda info: print(info.raw_cell))",
    ),
    anywhere(
        "custom-exception-handler",
        "Swallows every exception.",
        "get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)",
    ),
    anywhere(
        "show-traceback",
        "Shows no traceback, so that nothing looks like an error.",
        "get_ipython().showtraceback = lambda *a, **k: None",
    ),
    anywhere(
        "formatter",
        "Makes every value print as full marks.",
        """
        shell = get_ipython()
        shell.display_formatter.formatters['text/plain'].for_type(object, lambda o, p, c: p.text('8'))
        shell.displayhook.compute_format_data = lambda o: ({'text/plain': '8'}, {})
        """,
    ),
    anywhere(
        "system-exit",
        "Leaves before the checks come.",
        "import sys; sys.exit(0)",
    ),
    anywhere("quit", "Quits the kernel.", "quit()"),
    anywhere(
        "magic",
        "Captures all later output by a magic of its own.",
        """
        from IPython.core.magic import register_cell_magic
        @register_cell_magic
        def capture_all(line, cell):
            return None
        get_ipython().input_transformers_cleanup.append(lambda lines: ['%%capture_all\\n', *lines])
        """,
    ),
]

PATCHES = [
    anywhere(
        "shadowed-builtins",
        "Replaces what a test would compare and raise with.",
        """
        import builtins
        builtins.AssertionError = type('AssertionError', (Exception,), {})
        builtins.len = lambda *a: 5
        builtins.isinstance = lambda *a: True
        builtins.list = builtins.sorted = lambda *a, **k: []
        ValueError = TypeError = NotImplementedError = Exception
        """,
    ),
    anywhere(
        "own-check-module",
        "Binds the names of the check cell to checks that always pass.",
        """
        from toollab.checks import Finding, Outcome, Report
        class check:
            @staticmethod
            def dispatch_all(*a, **k):
                return Report('all', (Finding('all', 8, Outcome.PASSED),))
            batch = staticmethod(lambda *a, **k: None)
        report = check.dispatch_all()
        """,
    ),
    anywhere(
        "patched-report",
        "Lets every report earn everything.",
        """
        from toollab.checks import Exercise, Finding, Outcome, Report
        Finding.earned = Report.earned = property(lambda self: 8.0)
        Finding.outcome = Outcome.PASSED
        Exercise.__call__ = lambda self, *a, **k: Report('all', (Finding('all', 8, Outcome.PASSED),))
        """,
    ),
    anywhere(
        "patched-probes",
        "Empties every probe in the checks.",
        """
        from toollab.checks import _probes
        for name in dir(_probes):
            if not name.startswith('_'):
                setattr(_probes, name, lambda *a, **k: [])
        """,
    ),
    Attack(
        "patched-trace",
        "Runs calls one after another and patches what counts them.",
        {"dispatch-all": SERIAL},
        {
            "dispatch-all": "from toollab import Trace\n"
            "Trace.peak = property(lambda self: 5)\n"
            "Trace.makespan = property(lambda self: 0.6)"
        },
        {"dispatch-all": SERIAL},
    ),
    Attack(
        "patched-clocks",
        "Runs calls one after another and lets every clock stand still.",
        {"dispatch-all": SERIAL},
        {
            "dispatch-all": "time.perf_counter = time.monotonic = time.time = lambda: 0.0\n"
            "asyncio.base_events.time = time\n"
            "asyncio.sleep = lambda *a, **k: asyncio.Event().wait()"
        },
        {"dispatch-all": SERIAL},
    ),
    Attack(
        "patched-simulated-clock",
        "Runs calls one after another and stops the simulated clock of its own process.",
        {"dispatch-all": SERIAL},
        {
            "dispatch-all": "from toollab.clock import Clock\n"
            "Clock.set = lambda self, when, **k: None\n"
            "Clock.now = property(lambda self: 0.0, lambda self, value: None)"
        },
        {"dispatch-all": SERIAL},
    ),
    Attack(
        "patched-jail",
        "Runs calls one after another and lets the jail's own code tell tales.",
        {"dispatch-all": SERIAL},
        {
            "dispatch-all": "from autograder.grading.jail import scene\n"
            "from autograder.grading.wire.messages import Reply\n"
            "scene.Scene.done = lambda self, answer, loop: self.post(Reply(answer.id, 8.0))\n"
            "scene.Scene.where = lambda self, error: []"
        },
        {"dispatch-all": SERIAL},
    ),
    anywhere(
        "patched-encoder",
        "Lets everything that leaves the jail say that it is right.",
        """
        import msgspec
        from autograder.grading.wire import values
        values.Packer.pack = lambda self, value, depth=0: True
        """,
    ),
]

FILES = [
    anywhere(
        "files-that-shadow",
        "Writes modules that would stand in for the library and the standard library.",
        """
        for name in ('toollab', 'msgspec', 'json', 'asyncio', 'autograder', 'sitecustomize'):
            open(f'{name}.py', 'w').write('raise SystemExit(0)')
        os.makedirs('toollab', exist_ok=True)
        open('toollab/__init__.py', 'w').write('class Report: earned = 8')
        sys.path.insert(0, os.getcwd())
        for name in list(sys.modules):
            if name.startswith(('toollab', 'msgspec')):
                del sys.modules[name]
        """,
    ),
    anywhere(
        "start-up-files",
        "Plants start-up files for the next Python and the next IPython.",
        """
        import site, pathlib
        for folder in ('/tmp/.ipython/profile_default/startup', '/tmp/.local/lib/python3.11/site-packages',
                       *sys.path, '/jail/own', '/etc', '/usr/lib/python3'):
            try:
                pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
                (pathlib.Path(folder) / 'usercustomize.py').write_text('print(8)')
                (pathlib.Path(folder) / 'evil.pth').write_text('import os; os._exit(0)')
            except OSError:
                pass
        """,
    ),
    anywhere(
        "byte-code",
        "Overwrites compiled modules of the library.",
        """
        import pathlib
        for path in pathlib.Path('/jail').rglob('*.pyc'):
            try:
                path.write_bytes(b'')
            except OSError:
                break
        """,
    ),
]

EQUAL = """
class Equal{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 5
    def __iter__(self): return iter(())
    def __contains__(self, item): return True
    def __getattr__(self, name): return self
    def __getitem__(self, key): return self
    def __call__(self, *a, **k): return self
"""

LOOK_ALIKES = [
    in_answer(
        "equal-to-everything",
        "Returns an object that claims to equal everything.",
        dispatch_all=EQUAL.format(base="")
        + "async def dispatch_all(calls, registry):\n    return [Equal() for _ in calls]",
        triple="triple = lambda number: Equal()",
        answer="answer = Equal()",
    ),
    in_answer(
        "equal-numbers-and-texts",
        "Returns subclasses of int, str, list and dict that claim to equal everything.",
        dispatch_all=EQUAL.format(base="Text(str)") + "async def dispatch_all(calls, registry):\n"
        "    return [ToolResult(EqualText('x'), EqualText('y')) for _ in calls]",
        triple=EQUAL.format(base="Number(int)") + "triple = lambda number: EqualNumber(1)",
        answer=EQUAL.format(base="Dict(dict)") + "answer = EqualDict()",
    ),
    in_answer(
        "class-property",
        "Pretends to be of another class.",
        dispatch_all="class Fake:\n    __class__ = ToolResult\n    id = content = 'x'\n"
        "    is_error = False\n"
        "async def dispatch_all(calls, registry):\n    return [Fake() for _ in calls]",
        triple="class Six:\n    __class__ = int\n    def __eq__(self, other): return True\n"
        "triple = lambda number: Six()",
        answer="class D:\n    __class__ = dict\n    def __eq__(self, other): return True\nanswer = D()",
    ),
    in_answer(
        "metaclass",
        "Makes a class that every object is an instance of.",
        dispatch_all="class Meta(type):\n    def __instancecheck__(cls, other): return True\n"
        "    def __eq__(cls, other): return True\n    __hash__ = type.__hash__\n"
        "class ToolResult(metaclass=Meta):\n    def __init__(self, *a): pass\n"
        "async def dispatch_all(calls, registry):\n    return [ToolResult() for _ in calls]",
        triple="triple = type('Meta', (type,), {'__eq__': lambda s, o: True})",
        answer="answer = type('Meta', (type,), {'__eq__': lambda s, o: True})('A', (), {})",
    ),
    in_answer(
        "reports-as-answers",
        "Hands in reports, findings and outcomes of the checks themselves.",
        dispatch_all="from toollab.checks import Finding, Outcome, Report\n"
        "full = Report('all', (Finding('all', 8, Outcome.PASSED),))\n"
        "async def dispatch_all(calls, registry):\n    return full",
        triple="triple = lambda number: full",
        answer="answer = full",
    ),
    in_answer(
        "pickles",
        "Returns objects that run code when they are unpickled or copied.",
        dispatch_all="class Bomb:\n    def __reduce__(self): return (os.system, ('touch /tmp/pwned',))\n"
        "    __reduce_ex__ = lambda self, n: self.__reduce__()\n"
        "    __deepcopy__ = lambda self, memo: 8\n"
        "async def dispatch_all(calls, registry):\n    return [Bomb() for _ in calls]",
        triple="triple = lambda number: Bomb()",
        answer="answer = Bomb()",
    ),
    in_answer(
        "hostile-exceptions",
        "Raises exceptions whose text, class and arguments run code.",
        dispatch_all="class Odd(Exception):\n"
        "    __str__ = lambda self: 1 / 0\n    __repr__ = __str__\n"
        "    args = property(lambda self: (self,))\n    __class__ = AssertionError\n"
        "async def dispatch_all(calls, registry):\n    raise Odd(calls)",
        triple="def triple(number):\n    raise type('SystemExit', (BaseException,), {})(0)",
        answer="answer = Odd()",
    ),
    in_answer(
        "huge-values",
        "Returns what is too large, too deep or too slow to compare.",
        dispatch_all="async def dispatch_all(calls, registry):\n"
        "    deep = []\n    for _ in range(100_000): deep = [deep]\n    return deep",
        triple="triple = lambda number: 10 ** 100_000",
        answer="answer = {i * (2 ** 61 - 1): i for i in range(20_000)}",
    ),
    in_answer(
        "cyclic-values",
        "Returns a list that contains itself.",
        dispatch_all="loop = []\nloop.append(loop)\n"
        "async def dispatch_all(calls, registry):\n    return loop",
        triple="triple = lambda number: loop",
        answer="answer = {'self': loop}",
    ),
    Attack(
        "answers-without-calling",
        "Computes what the tools would say instead of calling them.",
        {
            "dispatch-all": "async def dispatch_all(calls, registry):\n"
            "    return [ToolResult(c.id, f\"{c.name} says {c.arguments['key'].upper()}\")"
            " for c in calls]"
        },
        {},
        {
            "dispatch-all": "async def dispatch_all(calls, registry):\n"
            "    return [ToolResult(c.id, '') for c in calls]"
        },
    ),
]

FRAMES = [
    in_answer(
        "frames",
        "Walks up the stack for the check that calls it.",
        dispatch_all="async def dispatch_all(calls, registry):\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        print(frame.f_code.co_filename, dict(frame.f_locals), list(frame.f_globals))\n"
        "        frame.f_locals.update(report=8)\n"
        "        frame = frame.f_back\n"
        "    raise NotImplementedError",
    ),
    in_answer(
        "garbage-collector",
        "Looks through every object in memory for reports, tests and text.",
        dispatch_all="async def dispatch_all(calls, registry):\n"
        "    import gc\n"
        "    for found in gc.get_objects():\n"
        "        if type(found).__name__ in ('Report', 'Finding', 'Check', 'Exercise'):\n"
        "            print(found)\n"
        "        elif isinstance(found, dict) and 'secret' in found:\n"
        "            print(found['secret'])\n"
        "    raise NotImplementedError",
    ),
    in_answer(
        "history",
        "Prints the cells that IPython remembers.",
        dispatch_all="async def dispatch_all(calls, registry):\n"
        "    shell = get_ipython()\n"
        "    print(shell.user_ns.get('In'), shell.user_ns.get('_i'), shell.history_manager)\n"
        "    import linecache; print(linecache.cache)\n"
        "    raise NotImplementedError",
    ),
    in_answer(
        "tools-inside-out",
        "Takes the tools it is given apart for the world behind them.",
        dispatch_all="async def dispatch_all(calls, registry):\n"
        "    for tool in registry.values():\n"
        "        for cell in tool.__closure__ or ():\n"
        "            print(vars(cell.cell_contents) if hasattr(cell.cell_contents, '__dict__')"
        " else cell.cell_contents)\n"
        "        print(tool.__globals__.keys(), tool.__wrapped__)\n"
        "    raise NotImplementedError",
    ),
]

MARKUP = [
    Attack(
        "markup-in-texts",
        "Puts scripts for the reader of the report into names, texts and exceptions.",
        {
            "dispatch-all": "evil = '<script>alert(1)</script><img src=x onerror=alert(1)>'\n"
            "async def dispatch_all(calls, registry):\n"
            "    print(evil)\n"
            "    return [ToolResult(evil, evil) for _ in calls]",
            "triple": "def triple(number):\n    raise type(evil, (Exception,), {})(evil)",
            "answer": "answer = evil",
        },
        {},
        STUBS
        | {
            "dispatch-all": "async def dispatch_all(calls, registry):\n"
            "    return [ToolResult('x', 'x') for _ in calls]"
        },
        ends="alert(1)",
    ),
    in_answer(
        "markup-in-results",
        "Answers calls with scripts, so that they are quoted as what was seen.",
        dispatch_all="evil = '<script>alert(1)</script>'\n"
        "async def dispatch_all(calls, registry):\n"
        "    for call in calls:\n"
        "        try: await registry[call.name](**{evil: evil})\n"
        "        except Exception: pass\n"
        "    raise ValueError(evil)",
        triple="triple = type(evil, (), {'__call__': lambda self, number: evil})()",
        answer="answer = {evil: evil}",
    ),
]

ATTACKS = [*HOOKS, *PATCHES, *FILES, *LOOK_ALIKES, *FRAMES, *MARKUP]
