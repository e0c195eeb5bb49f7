"""What takes long to compute and comes out alike each time: computed once, kept in a file, computed again by a slow test."""

import math
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..storage import StorageError, load_arrays, read_npz, save_arrays
from .recording import RECORDINGS


@dataclass(frozen=True)
class Computed:
    """Arrays that ``make`` computes, and that ``arrays`` reads from a file.

    ``name`` is that of the file, the chapter's name first. ``shapes``: what the file must hold. ``packed``: whether there are
    pictures among them, uint8, and the file is deflated. ``notes``: what else the file says of itself.
    """

    name: str
    make: Callable[[], Mapping[str, np.ndarray]]
    shapes: Mapping[str, tuple[int, ...]]
    packed: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)

    def arrays(self) -> dict[str, np.ndarray]:
        """What was computed.

        Raises:
            FileNotFoundError: nothing was recorded.
            StorageError: the file is damaged, or holds something else.
        """
        path = RECORDINGS / f"{self.name}.npz"
        if not self.packed:
            return load_arrays(path, self.shapes)[0]
        found, _ = read_npz(path, {name: 8 * math.prod(shape) for name, shape in self.shapes.items()})
        if wrong := [name for name, shape in self.shapes.items() if found[name].shape != tuple(shape)]:
            raise StorageError(f"path={str(path)!r}: {', '.join(wrong)} has another shape than is declared")
        return found

    def save(self, date: str) -> None:
        """Compute it, and write it with when, how and with what this was done."""
        how = {"command": f"make recordings ONLY={self.name}", "date": date}
        versions = {"python": platform.python_version(), "numpy": np.__version__}
        path = RECORDINGS / f"{self.name}.npz"
        save_arrays(path, self.make(), {**how, **versions, **self.notes}, packed=self.packed)
