// What mattered: the measured share of each hyperparameter beside the tier that practice gives it.
import type { VNode } from "preact";
import { dark, goodColour } from "../colour";
import type { ParameterData, StudyData } from "../data";
import { place, valueText } from "../model";
import { percent } from "../scale";
import { hovered, model } from "../state";
import { Section } from "./section";

interface Row {
  index: number;
  parameter: ParameterData;
  share: number;
  spread: number;
}

export function Importance({ data }: { data: StudyData }): VNode {
  const shares = data.importance?.parameters ?? [];
  const rows: Row[] = data.parameters.map((parameter, index) => {
    const found = shares.find((share) => share.parameter === index);
    return { index, parameter, share: found?.share ?? NaN, spread: found?.spread ?? 0 };
  });
  const measured = data.importance !== null;
  if (measured) rows.sort((a, b) => b.share - a.share);
  const most = Math.max(0.05, ...rows.map((row) => row.share + row.spread).filter(Number.isFinite));
  const pairs = (data.importance?.pairs ?? []).filter((pair) => pair.share >= 0.02).slice(0, 3);
  const tiers = data.parameters.some((parameter) => parameter.tier > 0);
  return (
    <Section id="importance" title="What mattered" lead={<>
      <p>{measured
        ? <>How much of the ups and downs of {data.metric} each hyperparameter explains by itself (functional ANOVA); the thin line is the uncertainty.</>
        : <>How much each hyperparameter matters is measured once four trials with different values are complete.</>}</p>
      {tiers && <p>The <b>tier</b> is what practice expects: <Tier tier={1} /> first to tune, <Tier tier={4} /> mostly left alone.</p>}
      <p>The strip shows where the search looked.</p>
    </>}>
      <div class={`mattered ${tiers ? "" : "no-tiers"}`} role="table" aria-label="Importance of each hyperparameter">
        <div class="row head" role="row">
          <span role="columnheader">hyperparameter</span>
          {tiers && <span role="columnheader">tier</span>}
          <span role="columnheader">{measured ? "measured share" : ""}</span>
          <span role="columnheader">best value and where the search looked</span>
        </div>
        {rows.map((row) => <ImportanceRow key={row.parameter.name} row={row} most={most} tiers={tiers} />)}
      </div>
      {pairs.length > 0 && (
        <p class="together">Together, beyond what each does alone: {pairs.map((pair, index) => (
          <span key={`${pair.x}-${pair.y}`}>{index > 0 && ", "}
            <b>{data.parameters[pair.x]?.name} × {data.parameters[pair.y]?.name}</b> {percent(pair.share)}</span>
        ))}.</p>
      )}
    </Section>
  );
}

function Tier({ tier }: { tier: number }): VNode {
  if (tier === 0) return <span class="tier" title="no tier given">–</span>;
  return (
    <span class="tier" role="img" aria-label={`tier ${tier}`} title={`tier ${tier}`}>
      {[1, 2, 3, 4].map((step) => <i key={step} class={step <= 5 - tier ? "on" : ""} />)}<b>{tier}</b>
    </span>
  );
}

function ImportanceRow({ row, most, tiers }: { row: Row; most: number; tiers: boolean }): VNode {
  const { parameter, share, spread } = row;
  const wide = (part: number) => `${(100 * Math.max(0, Math.min(1, part / most))).toFixed(2)}%`;
  const remark = remarkOn(parameter.tier, share, spread);
  const measured = !Number.isNaN(share);
  return (
    <div class="row" role="row">
      <span class="name" role="cell">{parameter.name}<small>{parameter.range}{parameter.when.length > 0 && `, when ${parameter.when.join(", ")}`}</small></span>
      {tiers && <span role="cell" class="tier-cell"><Tier tier={parameter.tier} /></span>}
      <span class="share" role="cell">
        {measured && <>
          <span class="bar" aria-hidden="true">
            <i style={{ width: wide(share) }} />
            <u style={{ left: wide(share - spread), width: `calc(${wide(share + spread)} - ${wide(share - spread)})` }} />
          </span>
          <b>{percent(share)}</b>
          {remark && <em>{remark}</em>}
        </>}
      </span>
      <span class="where" role="cell"><Strip row={row} /></span>
    </div>
  );
}

/** Where practice and measurement part by more than the measurement's own uncertainty. */
function remarkOn(tier: number, share: number, spread: number): string {
  if (Number.isNaN(share) || tier === 0) return "";
  if (tier >= 3 && share - spread > 0.15) return "more than practice expects";
  if (tier === 1 && share + spread < 0.1) return "less than practice expects";
  return "";
}

const x = (at: number) => `${(2 + 96 * at).toFixed(2)}%`;

/** By itself, so that the pointer's moves draw one ring anew and not every strip. */
function Hovered({ row: { index, parameter } }: { row: Row }): VNode | null {
  const over = hovered.value === null ? undefined : model.value.trials[hovered.value];
  if (!over || Number.isNaN(over.unit[index])) return null;
  return <circle class="ring is-hovered" cx={x(place(over, index, parameter))} cy="9" r="6" />;
}

function Strip({ row }: { row: Row }): VNode {
  const shown = model.value;
  const { parameter, index } = row;
  const few = shown.trials.length > 800 ? shown.complete.slice(-800) : shown.trials;
  const best = shown.best === null ? undefined : shown.trials[shown.best];
  return (
    <>
      <svg class="strip" aria-hidden="true" height="18">
        <line class="base" x1="2%" x2="98%" y1="9" y2="9" />
        {few.map((trial) => {
          const at = place(trial, index, parameter);
          return Number.isNaN(at) ? null
            : <line key={trial.id} x1={x(at)} x2={x(at)} y1="4.5" y2="13.5" stroke={goodColour(shown.goodness(trial.value), dark.value)} />;
        })}
        {best && !Number.isNaN(best.unit[index]) && <circle class="best-dot" cx={x(place(best, index, parameter))} cy="9" r="4.5" />}
        <Hovered row={row} />
      </svg>
      <b>{best ? valueText(best, index) : "–"}</b>
    </>
  );
}
