// caviar compare: the same study under several search methods: how fast each best value fell, and
// where each one looked.
import { quantile } from "d3-array";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { CountAxisX, linePath, ParameterAxisX, ParameterAxisY, ValueAxisY } from "./axes";
import { dark, methodColour } from "./colour";
import type { CompareData } from "./data";
import type { Trial } from "./model";
import { apart, labelRoom, shortened } from "./labels";
import { Model, readTrials } from "./model";
import type { Box } from "./plot";
import { Plot, toX, toY } from "./plot";
import { format, ValueAxis } from "./scale";
import { ExplorationOfMethods } from "./sections/exploration";
import { Mark } from "./sections/headline";
import { ColourLegend } from "./sections/legend";
import { Boxes, drawDeviation, drawSurface, pairMarks } from "./sections/pairs";
import { Section } from "./sections/section";
import { Foot, Settings } from "./sections/settings";
import { Held, Tip } from "./sections/tip";
import { model } from "./state";

/** All runs of all methods in one model, so that colours mean the same in every panel. */
export function compareModel(data: CompareData): Model {
  const trials: Trial[] = [];
  for (const sampler of data.samplers) {
    for (const repeat of sampler.repeats) trials.push(...readTrials(repeat.trials, sampler.name, trials.length));
  }
  const complete = trials.filter((trial) => trial.state === "complete" && !trial.beyond);
  const better = (a: Trial, b: Trial) => (data.maximize ? a.value > b.value : a.value < b.value);
  const best = complete.reduce<Trial | null>((found, trial) => (found && !better(trial, found) ? found : trial), null);
  return new Model(trials, data.parameters, data.metric, data.maximize, best?.id ?? null);
}

interface Method {
  name: string;
  index: number;
  runs: Trial[][];
  /** Best so far of each run. */
  falls: Float64Array[];
  low: number[];
  middle: number[];
  high: number[];
  ends: number[];
  /** The run whose end is the median one. */
  typical: number;
}

function methodsOf(data: CompareData, shown: Model): Method[] {
  let next = 0;
  return data.samplers.map((sampler, index): Method => {
    const runs = sampler.repeats.map((repeat) => shown.trials.slice(next, next += repeat.trials.state.length));
    const falls = runs.map((run) => shown.bestSoFar(run));
    const longest = falls.reduce((most, fall) => Math.max(most, fall.length), 0);
    const at = (trial: number, part: number) => {
      const values = falls.map((fall) => fall[Math.min(trial, fall.length - 1)] ?? NaN).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
      return quantile(values, part) ?? NaN;
    };
    const along = (part: number) => Array.from({ length: longest }, (_, trial) => at(trial, part));
    const ends = falls.map((fall) => fall[fall.length - 1] ?? NaN);
    const order = ends.map((_, run) => run).sort((a, b) => (ends[a] as number) - (ends[b] as number));
    return {
      name: sampler.name, index, runs, falls, ends, low: along(0.25), middle: along(0.5), high: along(0.75),
      typical: order[Math.floor((order.length - 1) / 2)] ?? 0,
    };
  });
}

const last = (values: number[]) => values[values.length - 1] ?? NaN;

export function ComparePage({ data }: { data: CompareData }): VNode {
  const shown = model.value;
  const methods = methodsOf(data, shown);
  const ranked = methods.slice().sort((a, b) => {
    const order = data.maximize ? last(b.middle) - last(a.middle) : last(a.middle) - last(b.middle);
    return Number.isNaN(order) ? 0 : order;
  });
  const repeats = methods.reduce((most, method) => Math.max(most, method.runs.length), 0);
  const budget = methods.reduce((most, method) => Math.max(most, method.middle.length), 0);
  const first = ranked[0];
  return (
    <main>
      <header class="headline">
        <p class="kicker"><Mark /> caviar · comparison of search methods</p>
        <h1>{data.name}</h1>
        <p class="story">
          {methods.length} search methods, {budget} trials each, {repeats} {repeats === 1 ? "run" : "runs"} a method; {data.metric} {data.maximize ? "as high" : "as low"} as can be.
          {first && methods.length > 1 && !Number.isNaN(last(first.middle)) && <> After the last trial <b>{first.name}</b> stands best, with {format(last(first.middle))} in the middle run.</>}
        </p>
      </header>
      <Falls methods={methods} ranked={ranked} data={data} repeats={repeats} />
      {data.axes && <Panels methods={methods} data={data} repeats={repeats} budget={budget} />}
      <ExplorationOfMethods methods={methods} />
      <Settings data={data} />
      <Foot data={data} />
      <Tip />
      <Held />
    </main>
  );
}

function Falls({ methods, ranked, data, repeats }: { methods: Method[]; ranked: Method[]; data: CompareData; repeats: number }): VNode {
  const axis = axisOf(methods, data.maximize);
  const longest = Math.max(2, ...methods.map((method) => method.middle.length));
  const nameAtEnd = (method: Method) => method.name + (beyond(axis, last(method.middle)) ? ` ${format(last(method.middle), 3)}` : "");
  const names = methods.map(nameAtEnd);
  const points = (values: number[]) => values.map((value, index) => [index / (longest - 1), axis.at(value)] as [number, number]);
  return (
    <Section id="falls" title={data.maximize ? "How fast it rose" : "How fast it fell"} lead={<>
      <p>The best {data.metric} by then, trial after trial: the line is the median {repeats > 1 ? `of ${repeats} runs, the band holds the middle half of them` : "run"}.</p>
    </>}>
      <Plot label={`Best ${data.metric} so far of each search method`} marks={[]} ownMarks height={(width) => (width < 500 ? 280 : 380)}
        margin={(width) => ({ left: 56, bottom: 40, top: 14, right: labelRoom(names, width) })}>
        {(box) => <>
          <ValueAxisY box={box} axis={axis} />
          <CountAxisX box={box} low={1} high={longest} title="trial" />
          {methods.map((method) => (
            <g key={method.name} style={{ color: methodColour(method.index, dark.value) }}>
              {repeats > 1 && <path class="method-band" d={`${linePath(box, points(method.high), true)}${stepBack(box, points(method.low))}`} />}
              <path class="method-line" d={linePath(box, points(method.middle), true)} />
            </g>
          ))}
          {apart(methods.map((method) => ({ method, at: axis.at(last(method.middle)) }))).map(({ method, at }) => (
            <text key={method.name} class="method-label" style={{ color: methodColour(method.index, dark.value) }}
              x={box.left + box.width * ((method.middle.length - 1) / (longest - 1)) + 8} y={toY(box, at)} dy="0.32em">
              <title>{method.name}</title>{shortened(nameAtEnd(method), box.right)}</text>
          ))}
        </>}
      </Plot>
      <div class="scroll" tabIndex={0} role="region" aria-label="Result of each search method">
        <table class="methods">
          <thead><tr><th scope="col">method</th><th scope="col" class="number">median best</th><th scope="col" class="number">middle half</th>
            <th scope="col" class="number">best of all runs</th><th scope="col" class="number">runs</th></tr></thead>
          <tbody>{ranked.map((method) => {
            const ends = method.ends.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
            return (
              <tr key={method.name}>
                <td><i class="dot" style={{ background: methodColour(method.index, dark.value) }} />{method.name}</td>
                <td class="number"><b>{format(quantile(ends, 0.5) ?? NaN)}</b></td>
                <td class="number">{format(quantile(ends, 0.25) ?? NaN)} … {format(quantile(ends, 0.75) ?? NaN)}</td>
                <td class="number">{format((data.maximize ? ends[ends.length - 1] : ends[0]) ?? NaN)}</td>
                <td class="number">{method.runs.length}</td>
              </tr>
            );
          })}</tbody>
        </table>
      </div>
    </Section>
  );
}

/** Up to where the methods stood at first, in the middle: one that never gets there runs along the edge. */
function axisOf(methods: Method[], maximize: boolean): ValueAxis {
  const starts = methods.map((method) => method.middle.find((value) => !Number.isNaN(value)) ?? NaN);
  const edge = quantile(starts.filter((value) => !Number.isNaN(value)), 0.5) ?? NaN;
  const values = methods.flatMap((method) => [...method.low, ...method.middle, ...method.high]);
  return ValueAxis.fit(values.map((value) => (maximize ? Math.max(value, edge) : Math.min(value, edge))), maximize);
}

/** The lower edge of a band as steps, walked backwards so that it closes the upper edge. */
function stepBack(box: Box, points: [number, number][]): string {
  const known = points.filter(([, y]) => !Number.isNaN(y)).reverse();
  const steps = known.map(([x, y], index) => `${index === 0 ? `L${toX(box, x)},` : "V"}${toY(box, y)}H${toX(box, known[index + 1]?.[0] ?? x)}`);
  return `${steps.join("")}Z`;
}

function beyond(axis: ValueAxis, value: number): boolean {
  return value > axis.high || value < axis.low;
}

const told = {
  all: "The contour behind is the landscape as all trials of all methods together show it.",
  own: "The contour behind is what a model learns from this run's own trials alone: what the method could believe.",
  doubt: "The darker, the less a model of this run's own trials knows: where the method did not look.",
};

type Behind = "all" | "own" | "doubt";

function Panels({ methods, data, repeats, budget }: { methods: Method[]; data: CompareData; repeats: number; budget: number }): VNode {
  const [run, setRun] = useState<number | null>(null);
  const [behind, setBehind] = useState<Behind>("all");
  const [upTo, setUpTo] = useState(budget);
  const shown = model.value;
  const [x, y] = data.axes as [number, number];
  const first = data.parameters[x];
  const second = data.parameters[y];
  if (!first || !second) return <></>;
  return (
    <Section id="panels" title="Where each one looked" lead={<>
      <p>{first.name} and {second.name} as axes, {data.metric} as colour. {data.surface && told[behind]}</p>
      {data.surface && (
        <div class="switch" role="group" aria-label="What the contour shows">
          <button type="button" aria-pressed={behind === "all"} onClick={() => setBehind("all")}>the landscape</button>
          <button type="button" aria-pressed={behind === "own"} onClick={() => setBehind("own")}>what each believed</button>
          <button type="button" aria-pressed={behind === "doubt"} onClick={() => setBehind("doubt")}>how unsure</button>
        </div>
      )}
      {repeats > 1 && (
        <label class="pick"><span>Run shown</span>
          <select value={run ?? -1} onChange={(event) => setRun(Number(event.currentTarget.value) < 0 ? null : Number(event.currentTarget.value))}>
            <option value={-1}>the median run of each</option>
            {Array.from({ length: repeats }, (_, index) => <option key={index} value={index}>run {index + 1}</option>)}
          </select>
        </label>
      )}
      {budget > 1 && (
        <label class="scrub">
          <span>{upTo >= budget ? `all ${budget} trials` : `the first ${upTo} trials`}</span>
          <input type="range" min={1} max={budget} value={upTo} onInput={(event) => setUpTo(Number(event.currentTarget.value))} />
        </label>
      )}
    </>}>
      <div class="panels">
        {methods.map((method) => {
          const chosen = Math.min(run ?? method.typical, method.runs.length - 1);
          const ids = new Set((method.runs[chosen] ?? []).map((trial) => trial.id));
          const marks = pairMarks(shown, x, y, upTo).filter((mark) => ids.has(mark.id));
          const own = data.samplers[method.index]?.repeats[chosen]?.surface ?? null;
          const paint = (context: CanvasRenderingContext2D, box: Box) => {
            if (behind === "doubt") return own && drawDeviation(context, box, own);
            const surface = behind === "own" ? own : data.surface;
            return surface && drawSurface(context, box, surface, shown, 0.4);
          };
          const boxes = data.samplers[method.index]?.repeats[chosen]?.boxes ?? [];
          return (
            <figure key={method.name}>
              <figcaption><i class="dot" style={{ background: methodColour(method.index, dark.value) }} />{method.name}
                <span>{format(method.ends[chosen] ?? NaN)}</span></figcaption>
              <Plot label={`${method.name}: trials over ${first.name} and ${second.name}`} marks={marks} height={(width) => Math.round(width * 0.78)}
                margin={{ left: 62, bottom: 46, top: 6, right: 10 }} draw={paint}>
                {(box) => <>
                  <ParameterAxisX box={box} parameter={first} title />
                  <ParameterAxisY box={box} parameter={second} />
                  <Boxes box={box} boxes={boxes} x={x} y={y} upTo={upTo} />
                </>}
              </Plot>
            </figure>
          );
        })}
      </div>
      <ColourLegend />
    </Section>
  );
}
