# Read by each Python kernel of this environment before its first cell.
c = get_config()  # noqa: F821 - IPython defines it

c.InteractiveShellApp.extensions.append("lecture_lib.order")  # says which cell makes a name that is missing
