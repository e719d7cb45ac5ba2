"""Charts as SVG, readable on light and on dark pages: no library, no script; colours follow the reader's choice."""
import html
import math
import pathlib

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 20, 56, 64
# Hue and lightness differ, and dashes too, so that lines can be told apart without colours.
COLOURS = [("#0b62a4", "#6cb6ff"), ("#b35900", "#ffb057"), ("#1a7f37", "#56d364"), ("#8250df", "#d2a8ff")]
DASHES = ["", "7 4", "2 3", "9 3 2 3"]


def style():
    light = "".join(f".s{i}{{stroke:{a}}}.f{i}{{fill:{a}}}" for i, (a, _) in enumerate(COLOURS))
    dark = "".join(f".s{i}{{stroke:{b}}}.f{i}{{fill:{b}}}" for i, (_, b) in enumerate(COLOURS))
    return ("<style>text{font:13px sans-serif;fill:#24292f}.title{font-size:16px;font-weight:bold}.back{fill:#fff}"
            ".grid{stroke:#d0d7de}.axis{stroke:#57606a}.mark{stroke:#cf222e;stroke-dasharray:4 4}" + light +
            "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.grid{stroke:#30363d}.axis{stroke:#8b949e}"
            ".mark{stroke:#ff7b72}" + dark + "}</style>")


def short(value):
    """1,500 as 1.5k: for axes."""
    if value == 0:
        return "0"
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.4g}{name}"
    return f"{value:.3g}"


class Axis:
    """Maps values to pixels, and says where its ticks are."""

    def __init__(self, low, high, begin, end, is_log):
        self.is_log, self.begin, self.end = is_log, begin, end
        if is_log:
            self.low, self.high = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
            self.high = max(self.high, self.low + 1)
            self.ticks = [10.0**power for power in range(self.low, self.high + 1)]
        else:
            step = self.step((high - low) or abs(high) or 1)
            self.low, self.high = math.floor(low / step) * step, math.ceil(high / step) * step
            if self.low == self.high:
                self.high += step
            self.ticks = [self.low + i * step for i in range(round((self.high - self.low) / step) + 1)]

    @staticmethod
    def step(span):
        rough = span / 5
        power = 10 ** math.floor(math.log10(rough))
        return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)

    def place(self, value):
        value = math.log10(max(value, 10.0**self.low)) if self.is_log else value
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)


class Chart:
    """One picture. A series is (name, [(x, y), …]); a mark is a named horizontal or vertical limit."""

    def __init__(self, title, x_name, y_name, *, x_log=False, y_log=False, y_from_zero=True):
        self.title, self.x_name, self.y_name = title, x_name, y_name
        self.x_log, self.y_log, self.y_from_zero = x_log, y_log, y_from_zero
        self.series, self.x_marks, self.y_marks = [], [], []

    def line(self, name, points, with_dots=False):
        self.series.append((name, [(x, y) for x, y in points], "dots" if with_dots else "line"))

    def steps(self, name, points):
        """A histogram: each value holds from the x before to its own."""
        self.series.append((name, list(points), "steps"))

    def x_mark(self, x, name):
        self.x_marks.append((x, name))

    def y_mark(self, y, name):
        self.y_marks.append((y, name))

    def axes(self):
        xs = [x for _, points, _ in self.series for x, _ in points] + [x for x, _ in self.x_marks]
        ys = [y for _, points, _ in self.series for _, y in points] + [y for y, _ in self.y_marks]
        low = 0 if self.y_from_zero and not self.y_log else min(ys)
        return (Axis(min(xs), max(xs), LEFT, WIDTH - RIGHT, self.x_log),
                Axis(low, max(ys), HEIGHT - BOTTOM, TOP, self.y_log))

    def write(self, path):
        x, y = self.axes()
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
                 f"<title>{html.escape(self.title)}</title>", style(), f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
                 text(LEFT, 20, self.title, "title"), *self.frame(x, y)]
        for index, (name, points, form) in enumerate(self.series):
            parts += self.draw(index, name, points, form, x, y)
        pathlib.Path(path).write_text("\n".join(parts) + "\n</svg>\n")

    def frame(self, x, y):
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        for tick in y.ticks:
            yield f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y.place(tick):.1f}" y2="{y.place(tick):.1f}"/>'
            yield text(LEFT - 8, y.place(tick) + 4, short(tick), anchor="end")
        for tick in x.ticks:
            yield f'<line class="axis" x1="{x.place(tick):.1f}" x2="{x.place(tick):.1f}" y1="{bottom}" y2="{bottom + 5}"/>'
            yield text(x.place(tick), bottom + 20, short(tick), anchor="middle")
        yield f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{bottom}H{right}"/>'
        yield text((LEFT + right) / 2, HEIGHT - 18, self.x_name, anchor="middle")
        yield (f'<text transform="translate(18 {(TOP + bottom) / 2:.0f}) rotate(-90)" text-anchor="middle">'
               f"{html.escape(self.y_name)}</text>")
        for value, name in self.x_marks:
            place = x.place(value)
            yield f'<line class="mark" x1="{place:.1f}" x2="{place:.1f}" y1="{TOP}" y2="{bottom}"/>'
            yield text(place + 4, TOP + 12, name)
        for value, name in self.y_marks:
            place = y.place(value)
            yield f'<line class="mark" x1="{LEFT}" x2="{right}" y1="{place:.1f}" y2="{place:.1f}"/>'
            yield text(right - 4, place - 5, name, anchor="end")

    @staticmethod
    def draw(index, name, points, form, x, y):
        index %= len(COLOURS)
        before = None
        path = []
        for at, value in points:
            place = f"{x.place(at):.1f} {y.place(value):.1f}"
            if form == "steps" and before is not None:
                path.append(f"L{before} {y.place(value):.1f}")
            path.append(("M" if not path else "L") + place)
            before = f"{x.place(at):.1f}"
        yield (f'<path class="s{index}" fill="none" stroke-width="2" stroke-linejoin="round" '
               f'stroke-dasharray="{DASHES[index]}" d="{"".join(path)}"/>')
        if form == "dots":
            for at, value in points:
                yield f'<circle class="f{index}" r="3.5" cx="{x.place(at):.1f}" cy="{y.place(value):.1f}"/>'
        start = LEFT + index * 165
        yield f'<line class="s{index}" stroke-width="2" stroke-dasharray="{DASHES[index]}" x1="{start}" x2="{start + 26}" y1="38" y2="38"/>'
        yield text(start + 32, 42, name)


def text(x, y, words, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(words)}</text>'
