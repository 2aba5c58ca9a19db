/** Hosts of an audit, or cases that stand, as findings for pipelines: GitHub's annotations and SARIF. */
import { actionOf } from '../../audit/action.ts';
import { type Audit, type AuditHost, VERDICTS, type Verdict } from '../../audit/audit.ts';
import { machinesOf, machineWords } from '../../audit/machines.ts';
import type { Night } from '../../cases/case.ts';
import { escapeTerminal } from '../../escape.ts';
import type { ReportText } from '../../statements/codes.ts';
import { reasonText } from '../night-rows.ts';

export interface Finding {
  /** The same in every run. */
  readonly id: string;
  readonly ip: string;
  readonly verdict: Verdict;
  readonly message: string;
  /** File that shows it, or in which it is judged; null if none is known. */
  readonly file: string | null;
  /** Facts for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The strongest first. */
export function findingsOf(audit: Audit, text: ReportText): Finding[] {
  return strongestFirst(audit.hosts.map((host) => findingOf(host, text)));
}

function findingOf(host: AuditHost, text: ReportText): Finding {
  const { ip, verdict, pools, evidence, roles, firstSeen, lastSeen } = host;
  const machines = machinesOf(host).map((machine) => text.junit.machine(machineWords(machine)));
  const mines = `${ip}${text.colon}${text.junit.mines(text.verdict[verdict], pools)}`;
  const said = [mines, ...machines, text.action[actionOf(host)]];
  return {
    ...{ id: ip, ip, verdict },
    message: escapeTerminal(said.join(text.semicolon)),
    file: evidence.find(({ input }) => input !== null)?.input ?? null,
    facts: { ip, verdict, roles, pools, firstSeen, lastSeen },
  };
}

/** The cases that stand; `file`: where they can be judged. */
export function findingsOfNight({ openCases = [], news }: Night, file: string, text: ReportText): Finding[] {
  const newsById = new Map(news.map((each) => [each.case.id, each]));
  return strongestFirst(
    openCases.map(({ id, machine, verdict, opened, lastSeen, state }) => {
      const known = newsById.get(id);
      const why = known === undefined ? text.night.state[state] : reasonText(known, text);
      const mines = `${machine.ip}${text.colon}${text.verdict[verdict]}`;
      const words = machineWords(machine);
      const advice = known === undefined ? [] : [text.action[known.action]];
      const said = [mines, why, ...(words === '' ? [] : [text.junit.machine(words)]), ...advice];
      return {
        ...{ id, ip: machine.ip, verdict, file },
        message: escapeTerminal(said.join(text.semicolon)),
        facts: { case: id, machine, verdict, state, opened, lastSeen, news: known?.kind ?? null },
      };
    }),
  );
}

function strongestFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
}
