"""Notebooks as they are saved: still pictures where widgets were."""

import nbformat

from tools.run_notebooks import STATE, WIDGET, clean


def output(**data):
    return nbformat.v4.new_output("display_data", data)


def test_a_slider_of_ones_own_is_saved_as_what_it_shows():
    picture = output(**{"text/plain": "A cat."})
    models = {
        "box": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_slider", "IPY_MODEL_below"]}},
        "slider": {"model_name": "IntSliderModel", "state": {}},
        "below": {"model_name": "OutputModel", "state": {"outputs": [picture]}},
    }
    slider = output(**{WIDGET: {"model_id": "box"}, "text/plain": "interactive(…)"})
    explorer = output(**{WIDGET: {"model_id": "explorer"}, "text/plain": "A map."})
    cell = nbformat.v4.new_code_cell("x", outputs=[slider, explorer])
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {STATE: {"state": models}}})
    clean(notebook)
    assert [each["data"] for each in notebook.cells[0].outputs] == [{"text/plain": "A cat."}, {"text/plain": "A map."}]
    assert "widgets" not in notebook.metadata
