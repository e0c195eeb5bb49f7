"""Every quiz and prediction of the lecture for a learning platform or a box of cards: QTI, GIFT, Anki."""
