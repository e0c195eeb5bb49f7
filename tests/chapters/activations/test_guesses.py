"""Notebook 03: what its answers must say, worked out by hand."""

BY_HAND = {
    "A1": ["2,220 weights", "what 640 weights can do"],  # 64·30 + 30·10; 64·10
    "A2": ["at most 0.25, at x = 0", "0.25²⁰, which is 9·10⁻¹³"],  # 2^-40 = 9.09e-13
    "A2 zigzag": ["both weights grow, or both fall"],
    "A2 time": ["9·16 multiply-adds"],
    "A3": [
        "0.9 times, and the spread of five seeds covers",
        "measured about 6",
    ],  # recorded: 1.44 ± 0.16 epochs against 1.55 ± 0.13
    "A3 dead": ["ReLU's slope is 0 at every one", "slope there is 0.01"],
    "A4": ["x = −2 the formula gives −2 and PReLU −3", "for x = 2 they give 3 and 2"],  # 1.5·(−2) = −3 < −2; 1.5·2 = 3
    "A4 maxout": ["convex"],
    # σ(−8) = 1/(1 + 2980.96) = 0.000335350; (1 − p)·p·(1 − p) = 0.000335125
    "A5": ["p = 0.00034", "p − y = −0.9997", "is −0.000335"],
    "A6": ["Swish −0.278 at x = −1.28", "Mish −0.309 at x = −1.19"],  # x = −1 − W(1/e) = −1.2785 for Swish
    # e^−3 = 0.0498; σ′(−3) = 0.04518; 1 − tanh²(3) = 0.009866; at −10: e^−10 = 4.540e-5, its sigmoid a little less
    "A check": [
        "ELU 0.0498, Sigmoid 0.0452, Leaky ReLU 0.01, Tanh 0.00987, ReLU 0.",
        "At −10: Leaky ReLU 0.01, ELU 0.0000454, Sigmoid 0.0000454, Tanh 8.24e-9, ReLU 0.",
    ],
}
