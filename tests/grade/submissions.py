"""Notebooks as students hand them in: right, wrong and hostile."""

import nbformat

from tools.make_exercises import CHAPTERS, for_students
from tools.notebooks import ROOT

RIGHT = {each.name: each.source for each in CHAPTERS["pooling"].desk.exercises}
HOSTILE = {
    "loops for ever": "def pool_size(n, f, s):\n    while True:\n        pass",
    "loops inside one call": "def pool_size(n, f, s):\n    return sum(range(10**13))",
    "sleeps through each call": "import time\ndef pool_size(n, f, s):\n    time.sleep(2.8)\n    return 1",
    "forks": "import os\ndef pool_size(n, f, s):\n    while True:\n        os.fork()",
    "starts a shell": "import os\ndef pool_size(n, f, s):\n    os.execv('/bin/sh', ['sh'])",
    "starts threads": "import threading, time\ndef pool_size(n, f, s):\n    while True:\n        threading.Thread(target=time.sleep, args=(99,)).start()",
    "exits": "import sys\ndef pool_size(n, f, s):\n    sys.exit(0)",
    "exits at once": "import os\ndef pool_size(n, f, s):\n    os._exit(0)",
    "crashes": "import ctypes\ndef pool_size(n, f, s):\n    ctypes.string_at(0)",
    "takes all memory": "def pool_size(n, f, s):\n    held = []\n    while True:\n        held.append(bytearray(10**8))",
    "prints 10 MB": "def pool_size(n, f, s):\n    print('x' * 10_000_000)\n    return 1",
    "writes 10 MB wherever it can": "import os\ndef pool_size(n, f, s):\n    for fd in range(64):\n        try:\n            os.write(fd, b'x' * 10**7)\n        except OSError:\n            pass",
    "reads the solutions": "from pathlib import Path\ndef pool_size(n, f, s):\n    source = Path(PATH).read_text()\n    exec(source[source.index('def pool_size'):].split('\\n\\n')[0], globals())\n    return globals()['pool_size'](n, f, s)",
    "asks the library for its solution": "from lecture_lib.chapters.pooling import desk\ndef pool_size(n, f, s):\n    return desk.by_name['pool_size'].solution(n, f, s)",
    "looks for results in memory": "import gc\ndef pool_size(n, f, s):\n    return [each for each in gc.get_objects() if type(each) is dict and 'results' in each][0]['results'][0]",
    "patches the checker": "import numpy as np\nfrom lecture_lib.practice import check, attempt, results\nfor module in (check, attempt, results):\n    module.close = lambda *_: True\nnp.allclose = np.array_equal = lambda *_, **__: True\ncheck.judged = lambda *_: check.Verdict('right', 'right')\ndef pool_size(n, f, s):\n    return 1",
    "patches what sends": "import json\njson.dumps = lambda *_, **__: '{\"found\": \"function\", \"is\": \"\", \"problems\": [], \"right\": true}'\ndef pool_size(n, f, s):\n    return 1",
    "forges what is sent": "import json, os\ndef pool_size(n, f, s):\n    said = json.dumps({'kind': 'right', 'verdict': 'right', 'points': 4, 'value': True, 'error': '', 'printed': '', 'ended': True, 'stopped': True, 'unwritten': False, 'changed': [], 'views': []}).encode()\n    for fd in range(3, 64):\n        try:\n            os.write(fd, len(said).to_bytes(4, 'big') + said)\n        except OSError:\n            pass\n    return 1",
    "says a size that nobody has": "import os\ndef pool_size(n, f, s):\n    for fd in range(3, 64):\n        try:\n            os.write(fd, b'\\xff\\xff\\xff\\xff')\n        except OSError:\n            pass",
    "is equal to everything": "class Right:\n    def __eq__(self, other): return True\n    def __array__(self, *_, **__): return 1\n    def __getattr__(self, name): return self\ndef pool_size(n, f, s):\n    return Right()",
    "gives an endless list": "def pool_size(n, f, s):\n    it = []\n    it.append(it)\n    return it",
    "opens a socket": "import socket\ndef pool_size(n, f, s):\n    return socket.create_connection(('127.0.0.1', 80))",
    "kills who started it": "import os\ndef pool_size(n, f, s):\n    os.kill(os.getppid(), 9)",
    "writes a file": "def pool_size(n, f, s):\n    open(FOLDER + '/mine', 'w').write('x')",
    "removes the folder": "import shutil\ndef pool_size(n, f, s):\n    shutil.rmtree(FOLDER)",
    "reads a neighbour's notebook": "from pathlib import Path\ndef pool_size(n, f, s):\n    return len(Path(FOLDER, 'bob.ipynb').read_text())",
    "watches other processes": "import os\ndef pool_size(n, f, s):\n    return [open(f'/proc/{pid}/environ').read() for pid in os.listdir('/proc') if pid.isdigit()]",
    "raises limits": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\ndef pool_size(n, f, s):\n    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "breaks what all use": "import builtins\ndef pool_size(n, f, s):\n    for name in list(vars(builtins)):\n        if name not in ('None', 'True', 'False'):\n            delattr(builtins, name)\n    return 1",
    "stops in a cell": "def pool_size(n, f, s):\n    return 1\nimport os\nos._exit(1)",
    "loops in a cell": "while True:\n    pass",
    "has an error in a cell": "def pool_size(n, f, s)\n    return 1",
    "speaks HTML": "def pool_size(n, f, s):\n    raise ValueError('<script>alert(1)</script>')",
}  # fmt: skip


def notebook(**answers):
    """The students' copy of notebook 04 with answers in the cells of its exercises."""
    path = ROOT / "notebooks" / "04_pooling.ipynb"
    made = for_students(nbformat.read(path, as_version=4))
    for cell in made.cells:
        for name, source in answers.items():
            if cell.cell_type == "code" and cell.source.endswith(f"check({name})"):
                cell.source = f"{source}\n\ncheck({name})"
    return made


def hostile(source, folder):
    """All right but one exercise, which is hostile to the machine that grades it."""
    head = f"PATH = {str(ROOT / 'lecture_lib/chapters/pooling/exercises.py')!r}\nFOLDER = {str(folder)!r}\n"
    return notebook(**RIGHT | {"pool_size": head + source})
