"""A list of layers edited in a real JupyterLab: Python answers each change, and undo takes it back."""

from tests.browser.test_jupyterlab import output_text, show

__all__ = ["show"]


def test_a_student_edits_lenet_by_hand(show):
    page = show("from lecture_lib.chapters.lenet_alexnet import layer_editor\neditor = layer_editor()\neditor")
    words, problem = page.locator(".lecture-readout"), page.locator(".lecture-problem")
    page.locator(".lecture canvas").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    field = page.get_by_label("F", exact=True)
    page.wait_for_function("document.querySelector('.lecture-number:not([hidden]) input')?.value === '16'")
    field.fill("15")
    field.press("Enter")
    problem.get_by_text("Layer 4, conv2, F: kernel_size=15").wait_for()
    field.fill("3")
    field.press("Enter")
    words.get_by_text("(14 − 3 + 2·0)/1 + 1 = 12").wait_for()
    assert problem.inner_text() == ""
    # Python moves the chosen row after the hand has: the picture must follow.
    page.get_by_role("button", name="Down", exact=True).click()
    page.wait_for_function("document.querySelector('.lecture').explorer.state.row === 5")
    assert page.locator(".lecture-readout b").first.text_content() == "conv2: "
    assert output_text(page, "print(editor.state['row'], editor.items[4].kernel_size)") == "5 3\n"
    page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
    page.get_by_role("button", name="Up", exact=True).click()
    page.wait_for_function("!document.querySelector('.lecture-readout').textContent.includes('relu1b')")
    page.get_by_role("button", name="Remove").click()
    words.get_by_text("relu1b: ").wait_for()
    page.get_by_role("button", name="Undo").click()
    words.get_by_text("(14 − 3 + 2·0)/1 + 1 = 12").wait_for()
    assert output_text(page, "print(editor.model['conv2'].weight.shape)") == "(16, 6, 3, 3)\n"
