// The one colour scale of the page: how good a value is. It is built in OKLCH with lightness falling
// evenly from pale yellow through teal to deep indigo, so equal steps look equal and lightness alone
// carries the order (safe for every kind of colour vision). The better a value, the further its
// colour stands from the page: dark on the light theme, bright on the dark one.
import { signal } from "@preact/signals";

const query = window.matchMedia("(prefers-color-scheme: dark)");
export const dark = signal(query.matches);
query.addEventListener("change", (event) => (dark.value = event.matches));

type Rgb = [number, number, number];

function oklchToRgb(lightness: number, chroma: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((x) => {
    const y = Math.min(1, Math.max(0, x));
    return Math.round(255 * (y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055));
  }) as Rgb;
}

const STEPS = 128;
const ramp: Rgb[] = Array.from({ length: STEPS + 1 }, (_, step) => {
  const t = step / STEPS;
  return oklchToRgb(0.9 - 0.56 * t, 0.1 + 0.06 * Math.sin(Math.PI * Math.min(1, 0.25 + t)), 102 + 176 * t);
});

function rampAt(t: number): Rgb {
  const clamped = Number.isFinite(t) ? Math.min(1, Math.max(0, t)) : 0;
  return ramp[Math.round(clamped * STEPS)] as Rgb;
}

/** Colour of a value whose goodness is 0 (worst) … 1 (best). */
export function goodColour(goodness: number, isDark: boolean, alpha = 1): string {
  const [r, g, b] = rampAt(isDark ? 1 - goodness * 0.96 : 0.04 + 0.96 * goodness);
  return alpha === 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${alpha})`;
}

/** The inks of the page, taken from the style sheet so that canvas and SVG agree. */
export function inks(): { paper: string; ink: string; muted: string; rule: string; accent: string; bad: string } {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    paper: read("--paper"),
    ink: read("--ink"),
    muted: read("--muted"),
    rule: read("--rule"),
    accent: read("--accent"),
    bad: read("--bad"),
  };
}

/** Colours that tell search methods apart (after Okabe and Ito), for the light and the dark page. */
const methods: [string, string][] = [
  ["#8a8f98", "#9aa1ab"],
  ["#d98200", "#f0a733"],
  ["#0072b2", "#56b4e9"],
  ["#c8442f", "#ff8066"],
  ["#00875f", "#2fc99a"],
  ["#a4508b", "#e29bcb"],
  ["#6b6000", "#d9cc4a"],
];

export function methodColour(index: number, isDark: boolean): string {
  const pair = methods[index % methods.length] as [string, string];
  return isDark ? pair[1] : pair[0];
}
