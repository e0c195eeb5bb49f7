"""Notebook 04: what its answers must say, worked out by hand."""

BY_HAND = {
    "P1": ["a quarter: 16,384 of 65,536", "each 64×64", "0 parameters"],  # 4·128² and 4·64²
    "P2": ["[6, 8] and [3, 4]", "is 6 as before", "from 3.25 to 4.25"],  # 13/4; 17/4
    "P3": ["In 6 of the 7 moves"],  # only from the fourth place to the fifth does it change its window
    # of 1,500 digits, five seeds, what each loses less than none: 17.8 − 9.9, 17.8 − 12.0, 17.8 − 19.0
    "P3 nets": ["max 7.9 ± 1.0, average 5.8 ± 2.8, stride −1.2 ± 2.3", "Max and average save points in all five"],
    "P4": ["+ 1 = 3, so 3×3", "2·1 − 2·2 = −2"],
    "P5": ["112, 27 and 3", "= 3.5", "1 column is dropped"],
    "P6": ["4 of the 16", "other 12"],
    # ⌊53/2⌋ + 1 = 27 and 53 = 2·26 + 1; 27·27·64; 56·56·64; 729/3136
    "P check": ["27×27×64", "1 row and column", "46,656 windows", "200,704 pixels", "23.2 %"],
}
