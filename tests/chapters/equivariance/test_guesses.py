"""Notebook 05: what its answers must say, worked out by hand."""

BY_HAND = {
    "E1": ["so 0 of the 256 counts change"],  # a turn moves pixels and changes none
    "E2": ["columns 4 and 95 of 0 to 95"],  # 5 − 1 and 96 − 1
    "E3": ["C1 changes most and output least"],  # as measured here with test digits, see below
    "E4": ["is even 200 %"],  # Sobel x turned by 180° is −Sobel x: twice the map
    "E5": ["With map 1"],
    "E6": ["8·6·4·3·3 = 1,728", "32·24·3·3 = 6,912", "4 times"],
    "E7": ["12 different numbers instead of 144"],
    "E8": ["25/26 = 0.96", "0.01/1.01 = 0.0099"],
    "E check": ["by 3 places; the difference is 0", "By 5: no"],
}
