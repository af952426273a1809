// Two hyperparameters as axes, the predicted value as a contour, the tried points on top, and the
// boxes into which a zooming search narrowed down.
import { contours } from "d3-contour";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ParameterAxisX, ParameterAxisY } from "../axes";
import { dark, goodColour } from "../colour";
import type { BoxData, StudyData, SurfaceData } from "../data";
import type { Model } from "../model";
import { place } from "../model";
import type { Box, Mark } from "../plot";
import { Plot, toX, toY } from "../plot";
import { model } from "../state";
import { ColourLegend } from "./legend";
import { Section } from "./section";
import { byImportance } from "./slices";

const LEVELS = 14;
const THUMBS = 6;

/** Fills the bands of equal predicted goodness, and draws fine lines between them. */
export function drawSurface(context: CanvasRenderingContext2D, box: Box, surface: SurfaceData, shown: Model, strength = 0.68): void {
  drawBands(context, box, surface, surface.value.map((value) => shown.goodness(value)), (part) => mixed(part, strength));
}

/** The same for how unsure the model is: the darker, the less it knows; white is nothing to be told. */
export function drawDeviation(context: CanvasRenderingContext2D, box: Box, surface: SurfaceData): void {
  const most = surface.deviation.reduce((high, value) => Math.max(high, value), 0) || 1;
  drawBands(context, box, surface, surface.deviation.map((value) => value / most), doubtful);
}

function drawBands(context: CanvasRenderingContext2D, box: Box, surface: SurfaceData, value: number[], colour: (part: number) => string): void {
  const padded = framed(surface, value);
  const levels = Array.from({ length: LEVELS }, (_, index) => index / LEVELS);
  const shapes = contours().size([surface.columns + 2, surface.rows + 2]).thresholds(levels)(padded);
  const x = (at: number) => toX(box, (at - 1) / surface.columns);
  const y = (at: number) => toY(box, (at - 1) / surface.rows);
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.fillStyle = colour(0);
  context.fillRect(box.left, box.top, box.width, box.height);
  shapes.forEach((shape, index) => {
    if (index === 0) return;
    context.beginPath();
    for (const polygon of shape.coordinates) {
      for (const line of polygon) {
        line.forEach(([px, py], corner) => {
          if (corner === 0) context.moveTo(x(px as number), y(py as number));
          else context.lineTo(x(px as number), y(py as number));
        });
        context.closePath();
      }
    }
    context.globalAlpha = 1;
    context.fillStyle = colour(index / LEVELS);
    context.fill("evenodd");
    context.globalAlpha = dark.value ? 0.12 : 0.35;
    context.strokeStyle = "#fff";
    context.lineWidth = 0.7;
    context.stroke();
  });
  context.globalAlpha = 1;
}

/** Values with the outermost cells repeated, so that contours reach beyond the edge and are cut there. */
function framed({ columns, rows }: SurfaceData, value: number[]): number[] {
  const inside = (at: number, cells: number) => Math.min(cells - 1, Math.max(0, at - 1));
  return Array.from({ length: (columns + 2) * (rows + 2) }, (_, index) =>
    value[inside(Math.floor(index / (columns + 2)), rows) * columns + inside(index % (columns + 2), columns)] as number);
}

function doubtful(part: number): string {
  const [paper, ink] = dark.value ? [[20, 22, 27], [150, 156, 168]] : [[253, 253, 251], [112, 118, 130]];
  const [r, g, b] = [0, 1, 2].map((at) => Math.round(part * (ink?.[at] ?? 0) + (1 - part) * (paper?.[at] ?? 0)));
  return `rgb(${r},${g},${b})`;
}

/** A colour laid over the page with a strength, opaque, so that stacked bands do not add up. */
function mixed(goodness: number, strength: number): string {
  const paper = dark.value ? [20, 22, 27] : [253, 253, 251];
  const parts = (goodColour(goodness, dark.value).match(/\d+/g) ?? []).map(Number);
  const [r, g, b] = parts.map((part, index) => Math.round(strength * part + (1 - strength) * (paper[index] as number)));
  return `rgb(${r},${g},${b})`;
}

function turned(surface: SurfaceData): SurfaceData {
  const flipped = (from: number[]) => {
    const to = new Array<number>(from.length);
    for (let row = 0; row < surface.rows; row++) {
      for (let column = 0; column < surface.columns; column++) {
        to[column * surface.rows + row] = from[row * surface.columns + column] as number;
      }
    }
    return to;
  };
  return {
    x: surface.y, y: surface.x, columns: surface.rows, rows: surface.columns, value: flipped(surface.value), deviation: flipped(surface.deviation),
  };
}

export function surfaceOf(surfaces: SurfaceData[], x: number, y: number): SurfaceData | undefined {
  const straight = surfaces.find((each) => each.x === x && each.y === y);
  if (straight) return straight;
  const other = surfaces.find((each) => each.x === y && each.y === x);
  return other && turned(other);
}

export function pairMarks(shown: Model, x: number, y: number, upTo = Infinity): Mark[] {
  const first = shown.parameters[x];
  const second = shown.parameters[y];
  if (!first || !second) return [];
  return shown.trials.filter((trial) => trial.number < upTo)
    .map((trial) => ({ id: trial.id, x: place(trial, x, first), y: place(trial, y, second) }))
    .filter((mark) => !Number.isNaN(mark.x) && !Number.isNaN(mark.y));
}

export function Boxes({ box, boxes, x, y, upTo }: { box: Box; boxes: BoxData[]; x: number; y: number; upTo: number }): VNode {
  const shown = boxes.filter((each) => each.from < upTo);
  return (
    <g>
      {shown.map((each, index) => {
        const left = toX(box, each.low[x] ?? 0);
        const right = toX(box, each.high[x] ?? 1);
        const top = toY(box, each.high[y] ?? 1);
        const bottom = toY(box, each.low[y] ?? 0);
        return (
          <g key={each.round} class="zoom-box" style={{ opacity: index === shown.length - 1 ? 1 : 0.45 + 0.3 * (index / shown.length) }}>
            <rect x={left} y={top} width={Math.max(1, right - left)} height={Math.max(1, bottom - top)} />
            {right - left > 80 && bottom - top > 30 && <text x={left + 8} y={top} dy="0.32em">round {each.round}</text>}
          </g>
        );
      })}
    </g>
  );
}

export function Pairs({ data }: { data: StudyData }): VNode | null {
  const order = byImportance(data);
  const [pair, setPair] = useState<[number, number]>([order[0] ?? 0, order[1] ?? 0]);
  const [upTo, setUpTo] = useState(model.value.trials.length);
  const [doubt, setDoubt] = useState(false);
  if (data.parameters.length < 2) return null;
  const shown = model.value;
  const [x, y] = pair;
  const first = data.parameters[x];
  const second = data.parameters[y];
  if (!first || !second) return null;
  const surface = surfaceOf(data.surfaces, x, y);
  const boxes = data.boxes.filter((each) => each.low.some((low) => low !== null));
  const total = shown.trials.length;
  const choose = (axis: 0 | 1, index: number) => {
    const other = pair[1 - axis] as number;
    const swap = other === index ? pair[axis] as number : other;
    setPair(axis === 0 ? [index, swap] : [swap, index]);
  };
  return (
    <Section id="pairs" title="Two at a time" lead={<>
      <p>Where the search looked, and with what success.{data.surfaces.length > 0 && " The contour is a model's prediction, with all other hyperparameters as in the best trial."}</p>
      {surface && (
        <div class="switch" role="group" aria-label="What the contour shows">
          <button type="button" aria-pressed={!doubt} onClick={() => setDoubt(false)}>predicted</button>
          <button type="button" aria-pressed={doubt} onClick={() => setDoubt(true)}>how unsure</button>
        </div>
      )}
      {boxes.length > 0 && <p>The boxes are the regions into which the search zoomed, round by round.</p>}
      <div class="pickers">
        <AxisPicker label="across" value={x} data={data} onPick={(index) => choose(0, index)} />
        <AxisPicker label="upwards" value={y} data={data} onPick={(index) => choose(1, index)} />
      </div>
      {total > 1 && (
        <label class="scrub">
          <span>{upTo >= total ? `all ${total} trials` : `the first ${upTo} trials`}</span>
          <input type="range" min={1} max={total} value={upTo} onInput={(event) => setUpTo(Number(event.currentTarget.value))} />
        </label>
      )}
    </>}>
      <Plot label={`${first.name} and ${second.name}, ${shown.metric} as colour`} marks={pairMarks(shown, x, y, upTo)}
        height={(width) => Math.round(Math.min(620, Math.max(280, width * 0.66)))} margin={{ left: 68, bottom: 46, top: 8, right: 12 }}
        draw={(context, box) => surface && (doubt ? drawDeviation(context, box, surface) : drawSurface(context, box, surface, shown))}>
        {(box) => <>
          <ParameterAxisX box={box} parameter={first} title />
          <ParameterAxisY box={box} parameter={second} />
          <Boxes box={box} boxes={boxes} x={x} y={y} upTo={upTo} />
        </>}
      </Plot>
      <ColourLegend />
      {data.surfaces.length > 1 && (
        <div class="thumbs">
          {data.surfaces.slice(0, THUMBS).map((each) => (
            <button type="button" key={`${each.x}-${each.y}`} aria-pressed={(each.x === x && each.y === y) || (each.x === y && each.y === x)}
              onClick={() => setPair([each.x, each.y])}>
              <Thumb surface={each} />
              <span>{data.parameters[each.x]?.name}<br />× {data.parameters[each.y]?.name}</span>
            </button>
          ))}
        </div>
      )}
    </Section>
  );
}

function Thumb({ surface }: { surface: SurfaceData }): VNode {
  const theme = dark.value;
  const paint = (element: HTMLCanvasElement | null) => {
    const context = element?.getContext("2d");
    if (!element || !context) return;
    element.dataset["theme"] = String(theme);
    element.width = 240;
    element.height = 160;
    drawSurface(context, { left: 0, top: 0, width: 240, height: 160, right: 0 }, surface, model.value, 0.9);
  };
  return <canvas ref={paint} aria-hidden="true" />;
}

function AxisPicker({ label, value, data, onPick }:
    { label: string; value: number; data: StudyData; onPick: (index: number) => void }): VNode {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onPick(Number(event.currentTarget.value))}>
        {data.parameters.map((parameter, index) => <option key={index} value={index}>{parameter.name}</option>)}
      </select>
    </label>
  );
}
