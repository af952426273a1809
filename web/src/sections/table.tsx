// Every trial as a row: sorted by a click on a heading, narrowed by state and by words.
import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { dark, goodColour } from "../colour";
import type { StudyData } from "../data";
import type { State, Trial } from "../model";
import { valueText } from "../model";
import { duration, format } from "../scale";
import { clearSelection, hiddenStates, hovered, model, pinned, pointer, search, selection, togglePin } from "../state";
import { Section } from "./section";

interface Column {
  name: string;
  /** The key to sort by; NaN and "" go last. */
  key: (trial: Trial) => number | string;
  show: (trial: Trial) => string;
  number: boolean;
}

const stateWords: Record<State, string> = {
  complete: "complete", pruned: "stopped early", failed: "failed", running: "running", interrupted: "interrupted",
};
const PAGE = 20;

export function Table({ data }: { data: StudyData }): VNode {
  const shown = model.value;
  const columns = useMemo(() => columnsOf(data), [data]);
  const [sort, setSort] = useState<{ column: number; up: boolean }>({ column: 2, up: !data.maximize });
  const [rows, setRows] = useState(PAGE);
  const chosen = selection.value;
  const sorted = useMemo(() => sortBy(shown.trials, columns[sort.column] as Column, sort.up), [columns, sort, shown]);
  const kept = chosen ? sorted.filter((trial) => chosen[trial.id]) : sorted;
  const states = [...new Set(shown.trials.map((trial) => trial.state))];
  const toggle = (state: State) => {
    const next = new Set(hiddenStates.value);
    if (!next.delete(state)) next.add(state);
    hiddenStates.value = next;
  };
  return (
    <Section id="trials" title="Trials" lead={<>
      <p>Every trial, {shown.trials.length} in all. Click a heading to sort, a row to hold it in all pictures.</p>
      {data.trials.before.some((trials) => trials.length > 0)
        && <p class="note">In brackets: the trial ran before the space had this hyperparameter, and counts with the value.</p>}
      <label class="search"><span>Filter</span>
        <input type="search" value={search.value} placeholder="adam, failed, #12 …" onInput={(event) => (search.value = event.currentTarget.value)} />
      </label>
      {states.length > 1 && (
        <div class="chips" role="group" aria-label="States shown">
          {states.map((state) => (
            <button type="button" key={state} aria-pressed={!hiddenStates.value.has(state)} onClick={() => toggle(state)}>
              {stateWords[state]} <b>{shown.trials.filter((trial) => trial.state === state).length}</b>
            </button>
          ))}
        </div>
      )}
      {chosen && <p class="selected"><b>{kept.length}</b> of {shown.trials.length} trials selected <button type="button" class="quiet" onClick={clearSelection}>Clear</button></p>}
    </>}>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of trials">
        <table>
          <thead>
            <tr>{columns.map((column, index) => (
              <th key={column.name} class={column.number ? "number" : ""} scope="col"
                aria-sort={sort.column === index ? (sort.up ? "ascending" : "descending") : "none"}>
                <button type="button" onClick={() => setSort({ column: index, up: sort.column === index ? !sort.up : true })}>{column.name}</button>
              </th>
            ))}</tr>
          </thead>
          <tbody>{kept.slice(0, rows).map((trial) => <Row key={trial.id} trial={trial} columns={columns} />)}</tbody>
        </table>
      </div>
      {kept.length === 0 && <p class="note">No trial {shown.trials.length === 0 ? "yet" : "fits"}.</p>}
      {kept.length > rows && (
        <p class="more">{rows} of {kept.length} rows
          <button type="button" class="quiet" onClick={() => setRows(rows + 5 * PAGE)}>Show more</button></p>
      )}
    </Section>
  );
}

function Row({ trial, columns }: { trial: Trial; columns: Column[] }): VNode {
  const names = [hovered.value === trial.id ? "is-hovered" : "", pinned.value === trial.id ? "is-pinned" : "",
    model.value.best === trial.id ? "is-best" : "", `state-${trial.state}`].join(" ");
  return (
    <tr class={names} onPointerEnter={() => { hovered.value = trial.id; pointer.value = null; }} onPointerLeave={() => (hovered.value = null)}
      onClick={() => togglePin(trial.id)}>
      {columns.map((column, index) => (
        <td key={column.name} class={column.number ? "number" : ""} title={index === 1 ? trial.why : index === columns.length - 1 ? trial.reason : undefined}>
          {index === 2 && !Number.isNaN(trial.value) && <i class="dot" style={{ background: goodColour(model.value.goodness(trial.value), dark.value) }} />}
          {column.show(trial)}
          {index === 1 && trial.why !== "" && <small>{trial.why}</small>}
          {index === columns.length - 1 && trial.reason !== "" && <small>{trial.reason}</small>}
        </td>
      ))}
    </tr>
  );
}

function columnsOf(data: StudyData): Column[] {
  const numeric = (value: unknown) => (typeof value === "number" ? value : value === null || value === undefined ? NaN : String(value));
  const columns: Column[] = [
    { name: "trial", key: (trial) => trial.number, show: (trial) => String(trial.number), number: true },
    { name: "state", key: (trial) => trial.state, show: (trial) => stateWords[trial.state], number: false },
    { name: data.metric, key: (trial) => trial.value, show: (trial) => (Number.isNaN(trial.value) ? "–" : format(trial.value)), number: true },
  ];
  data.parameters.forEach((parameter, index) => columns.push({
    name: parameter.name, number: parameter.type === "float" || parameter.type === "int",
    key: (trial) => numeric(trial.values[index]),
    show: (trial) => valueText(trial, index),
  }));
  for (const name of Object.keys(data.trials.metrics)) {
    const of = (trial: Trial) => trial.metrics.find(([each]) => each === name)?.[1] ?? NaN;
    columns.push({ name, key: of, show: (trial) => (Number.isNaN(of(trial)) ? "–" : format(of(trial))), number: true });
  }
  columns.push({ name: "duration", key: (trial) => trial.duration, show: (trial) => duration(trial.duration), number: true });
  columns.push({ name: "by", key: (trial) => trial.by, show: (trial) => trial.by, number: false });
  return columns;
}

function sortBy(trials: Trial[], column: Column, up: boolean): Trial[] {
  const missing = (key: number | string) => key === "" || (typeof key === "number" && Number.isNaN(key));
  return trials.slice().sort((one, two) => {
    const a = column.key(one);
    const b = column.key(two);
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b)) || one.id - two.id;
    const order = typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
    return (up ? order : -order) || one.id - two.id;
  });
}
