"""Marks for a folder of handed-in notebooks: ``python -m tools.grade FOLDER``.

What a student wrote runs in :mod:`.inside`, behind :mod:`.walls`. It gets arguments and gives values; what those are worth is
found out in :mod:`.marks`, in another process, which nothing that a student wrote can reach.
"""
