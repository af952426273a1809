// Axes in SVG: of a metric, of a parameter on its own scale, of plain counts.
import { ticks as niceTicks } from "d3-array";
import type { VNode } from "preact";
import type { ParameterData } from "./data";
import type { Box } from "./plot";
import { toX, toY } from "./plot";
import { format } from "./scale";
import type { ValueAxis } from "./scale";

export interface Tick {
  at: number;
  label: string;
}

const LETTER = 6.4;  // a digit's width at the axes' text size

/** The ticks whose labels fit beside each other: major ones first, then minor ones between them. */
export function fitting(ticks: ParameterData["ticks"], pixels: number): { all: number[]; labels: Tick[] } {
  const labels: Tick[] = [];
  const room = (tick: Tick) => {
    const half = (text: string) => (text.length * LETTER) / 2 + 5;
    return labels.every((other) => Math.abs(other.at - tick.at) * pixels > half(other.label) + half(tick.label));
  };
  for (const level of [0, 1]) {
    const candidates = ticks.filter((tick) => tick[2] === level).map(([at, label]) => ({ at, label }));
    for (const stride of [1, 2, 3, 4, 6, 8, 12, 16, 24]) {
      const some = candidates.filter((_, index) => index % stride === 0);
      const fits = some.every((tick, index) => room(tick) && (index === 0 || apart(some[index - 1] as Tick, tick, pixels)));
      if (!fits) continue;
      labels.push(...some);
      break;
    }
  }
  return { all: ticks.map((tick) => tick[0]), labels };
}

function apart(a: Tick, b: Tick, pixels: number): boolean {
  return Math.abs(b.at - a.at) * pixels > ((a.label.length + b.label.length) * LETTER) / 2 + 10;
}

/** Shortens a label to a width, for choices with long names. */
function shorten(label: string, pixels: number): string {
  const letters = Math.max(3, Math.floor(pixels / LETTER));
  return label.length <= letters ? label : `${label.slice(0, letters - 1)}…`;
}

export function ParameterAxisX({ box, parameter, title }: { box: Box; parameter: ParameterData; title?: boolean }): VNode {
  const isChoice = parameter.type === "categorical" || parameter.type === "ordinal";
  const cell = box.width / Math.max(1, parameter.ticks.length);
  const ticks = isChoice
    ? parameter.ticks.map(([at, label]) => [at, shorten(label, cell), 0] as [number, string, number])
    : parameter.ticks;
  const { all, labels } = fitting(ticks, box.width);
  const y = box.top + box.height;
  return (
    <g class="axis">
      <line class="base" x1={box.left} x2={box.left + box.width} y1={y} y2={y} />
      {all.map((at) => <line class="tick" key={at} x1={toX(box, at)} x2={toX(box, at)} y1={y} y2={y + 4} />)}
      {labels.map(({ at, label }) => (
        <text key={at} x={toX(box, at)} y={y + 16} text-anchor="middle">{label}</text>
      ))}
      {title && <text class="title" x={box.left + box.width / 2} y={y + 34} text-anchor="middle">{parameter.name}</text>}
    </g>
  );
}

export function ParameterAxisY({ box, parameter }: { box: Box; parameter: ParameterData }): VNode {
  const { all } = fitting(parameter.ticks, box.height);
  const isChoice = parameter.type === "categorical" || parameter.type === "ordinal";
  const kept: Tick[] = [];
  for (const level of [0, 1]) {
    for (const [at, label, its] of parameter.ticks) {
      if (its !== level) continue;
      if (kept.every((other) => Math.abs(other.at - at) * box.height > 15)) kept.push({ at, label });
    }
  }
  return (
    <g class="axis">
      <line class="base" x1={box.left} x2={box.left} y1={box.top} y2={box.top + box.height} />
      {all.map((at) => <line class="tick" key={at} x1={box.left - 4} x2={box.left} y1={toY(box, at)} y2={toY(box, at)} />)}
      {kept.map(({ at, label }) => (
        <text key={at} x={box.left - 8} y={toY(box, at)} dy="0.32em" text-anchor="end">
          {isChoice ? shorten(label, box.left - 14) : label}
        </text>
      ))}
      <text class="title" x={-(box.top + box.height / 2)} y={12} transform="rotate(-90)" text-anchor="middle">{parameter.name}</text>
    </g>
  );
}

export function ValueAxisY({ box, axis, title }: { box: Box; axis: ValueAxis; title?: string }): VNode {
  const ticks = axis.ticks(Math.max(2, Math.round(box.height / 48)));
  return (
    <g class="axis">
      {ticks.map(({ at, label }) => (
        <g key={at}>
          <line class="grid" x1={box.left} x2={box.left + box.width} y1={toY(box, at)} y2={toY(box, at)} />
          <text x={box.left - 8} y={toY(box, at)} dy="0.32em" text-anchor="end">{label}</text>
        </g>
      ))}
      {title && <text class="title" x={box.left - 44} y={box.top - 14} text-anchor="start">{title}</text>}
    </g>
  );
}

export function ValueAxisX({ box, axis, title }: { box: Box; axis: ValueAxis; title: string }): VNode {
  const y = box.top + box.height;
  return (
    <g class="axis">
      <line class="base" x1={box.left} x2={box.left + box.width} y1={y} y2={y} />
      {axis.ticks(Math.max(2, Math.round(box.width / 90))).map(({ at, label }) => (
        <g key={at}>
          <line class="tick" x1={toX(box, at)} x2={toX(box, at)} y1={y} y2={y + 4} />
          <text x={toX(box, at)} y={y + 16} text-anchor="middle">{label}</text>
        </g>
      ))}
      <text class="title" x={box.left + box.width} y={y + 32} text-anchor="end">{title}</text>
    </g>
  );
}

export function CountAxisX({ box, low, high, title }: { box: Box; low: number; high: number; title: string }): VNode {
  const y = box.top + box.height;
  const span = Math.max(1e-9, high - low);
  const ticks = niceTicks(low, high, Math.max(2, Math.min(10, Math.round(box.width / 70))))
    .filter((value) => high - low < 1 || Number.isInteger(value));
  return (
    <g class="axis">
      <line class="base" x1={box.left} x2={box.left + box.width} y1={y} y2={y} />
      {ticks.map((value) => (
        <g key={value}>
          <line class="tick" x1={toX(box, (value - low) / span)} x2={toX(box, (value - low) / span)} y1={y} y2={y + 4} />
          <text x={toX(box, (value - low) / span)} y={y + 16} text-anchor="middle">{format(value, 6)}</text>
        </g>
      ))}
      <text class="title" x={box.left + box.width} y={y + 32} text-anchor="end">{title}</text>
    </g>
  );
}

/** A path through points given as fractions of the plot; NaN breaks it. */
export function linePath(box: Box, points: [number, number][], step = false): string {
  let path = "";
  let open = false;
  let lastY = 0;
  for (const [x, y] of points) {
    if (Number.isNaN(x) || Number.isNaN(y)) { open = false; continue; }
    const px = toX(box, x).toFixed(1);
    const py = toY(box, y);
    path += !open ? `M${px},${py.toFixed(1)}` : step ? `H${px}V${py.toFixed(1)}` : `L${px},${py.toFixed(1)}`;
    open = true;
    lastY = py;
  }
  return path === "" ? "" : step ? `${path}V${lastY.toFixed(1)}` : path;
}
