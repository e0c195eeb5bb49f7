"""Print every speed the project promises, each beside its bound: ``make bench``."""

from . import latency, startup


def main() -> None:
    print("Slider or key to painted picture, in ms (JupyterLab in headless Chromium, 40 moves each)")
    print(f"{'what':<44}{'p50':>7}{'p95':>7}{'bound':>7}")
    for row in latency.measure():
        bound = f"{row.bound:>7}" if row.bound else "      –"
        print(f"{row.what:<44}{row.p50:>7.1f}{row.p95:>7.1f}{bound}", flush=True)
    print("\nSeconds")
    for what, seconds, bound in startup.measure():
        print(f"{what:<58}{seconds:>7.2f}{bound:>7}", flush=True)


if __name__ == "__main__":
    main()
