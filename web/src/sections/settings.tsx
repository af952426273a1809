// What the study was asked to do, so that the page can be understood years later.
import type { VNode } from "preact";
import type { PageData } from "../data";
import { Section } from "./section";

export function Settings({ data }: { data: PageData }): VNode {
  return (
    <Section id="settings" title="Settings" lead={<p>What was asked for, so that it can be asked again.</p>}>
      <dl class="settings">
        {data.settings.map(([key, value]) => <div key={key}><dt>{key}</dt><dd>{value}</dd></div>)}
      </dl>
      <div class="scroll" tabIndex={0} role="region" aria-label="Search space">
        <table class="space">
          <thead><tr><th scope="col">hyperparameter</th><th scope="col">type</th><th scope="col">values</th><th scope="col">used when</th><th scope="col">tier</th></tr></thead>
          <tbody>
            {data.parameters.map((parameter) => (
              <tr key={parameter.name}>
                <td>{parameter.name}</td><td>{parameter.type}</td><td>{parameter.range}</td>
                <td>{parameter.when.join(", ") || "always"}</td><td>{parameter.tier || "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.kind === "study" && (
        <details>
          <summary>The study as it is stored</summary>
          <pre tabIndex={0}>{JSON.stringify(data.spec, null, 2)}</pre>
        </details>
      )}
    </Section>
  );
}

export function Foot({ data }: { data: PageData }): VNode {
  const when = new Date(data.written * 1000);
  return (
    <footer>
      <p>Written by caviar {data.caviar}{data.written > 0 && <> on <time dateTime={when.toISOString()}>{when.toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" })}</time></>}.
        This page holds its data itself and loads nothing from anywhere.</p>
    </footer>
  );
}
