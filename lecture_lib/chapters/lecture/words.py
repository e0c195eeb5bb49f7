"""What a slide says in words that Python computes."""

import html
import re


class Words:
    """One line of a slide, **bold** where it is marked so; what stands between dollar signs is set as a formula.

    >>> Words("**Four** times < five")._repr_html_()
    '<p class="said"><b>Four</b> times &lt; five</p>'
    """

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        marked = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html.escape(self.text, quote=False))
        return f'<p class="said">{marked}</p>'
