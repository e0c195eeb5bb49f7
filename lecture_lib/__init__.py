"""The NumPy library behind the interactive lecture "CNNs I: Architectures".

Import the module you need, for example ``from lecture_lib.ops import conv2d``.
Importing the package itself loads nothing else.
"""

__version__ = "0.1.0"
