/**
 * The audit as JUnit XML for CI servers: one test case per host with evidence, failed if it is confirmed or probable, and
 * one for the coverage, failed if too little was decoded or judged. The order of attributes and elements is that of the widely used
 * schema (junit-10.xsd of the Jenkins xUnit plugin).
 */

import type { Audit, AuditHost } from '../audit/audit.ts';
import { machinesOf, machineWords } from '../audit/machines.ts';
import { isMiner } from '../audit/miners.ts';
import { marksOf } from '../audit/pseudonyms.ts';
import { escapeHtml } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import type { ReportOptions } from './format.ts';
import { headline, whyIncomplete } from './summary.ts';

export function* renderJunit(audit: Audit, { language }: Pick<ReportOptions, 'language'>): Generator<string> {
  const text = catalogueOf(language);
  const cases = [coverageCase(audit, text), ...audit.hosts.map((host) => hostCase(host, text))];
  yield* testSuite(audit.generated, cases, properties(audit));
}

/** A test: its name, the group it is of, and why it failed or what is known; `facts` are escaped already. */
export interface TestCase {
  readonly name: string;
  readonly group: string;
  readonly failure?: { readonly type: string; readonly message: string };
  readonly facts?: string;
}

/** A suite of tests; the time is without fraction and zone, as the schema has it. */
export function* testSuite(time: string, cases: readonly TestCase[], properties = ''): Generator<string> {
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failed}" errors="0"`;
  const at = time.replace(/(\.\d+)?Z$/, '');
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="minesweep" ${counts}>\n`;
  yield `  <testsuite name="mining" ${counts} skipped="0" timestamp="${at}">\n${properties}`;
  for (const each of cases) yield testCase(each);
  yield '  </testsuite>\n</testsuites>\n';
}

function testCase({ name, group, failure, facts }: TestCase): string {
  const open = `    <testcase name="${escapeHtml(name)}" classname="minesweep.${group}"`;
  if (failure === undefined && facts === undefined) return `${open}/>\n`;
  if (failure === undefined) return `${open}>\n      <system-out>${facts}</system-out>\n    </testcase>\n`;
  const why = `<failure type="${failure.type}" message="${escapeHtml(failure.message)}"`;
  const end = facts === undefined ? '/>' : `>${facts}</failure>`;
  return `${open}>\n      ${why}${end}\n    </testcase>\n`;
}

/** The element that the schema has for facts about a run; nothing if there are none. */
function properties(audit: Audit): string {
  const facts = marksOf(audit).map(
    ([name, value]) => `      <property name="${name}" value="${escapeHtml(value)}"/>\n`,
  );
  return facts.length === 0 ? '' : `    <properties>\n${facts.join('')}    </properties>\n`;
}

function coverageCase(audit: Audit, text: ReportText): TestCase {
  const test = { name: text.junit.coverage, group: 'coverage' };
  if (audit.coverage.complete) return { ...test, facts: escapeHtml(headline(audit, text)) };
  const type = audit.partial ? 'partial' : 'incomplete';
  return { ...test, failure: { type, message: whyIncomplete(audit, text) } };
}

function hostCase(host: AuditHost, text: ReportText): TestCase {
  const { ip, verdict } = host;
  const facts = host.evidence
    .map((fact) => escapeHtml(`${fact.kind}${text.colon}${text.translate(fact)}`))
    .join('&#10;');
  const test = { name: text.junit.host(ip), group: `hosts.${verdict}`, facts };
  if (!isMiner(verdict)) return test;
  const seen = text.junit.mines(text.verdict[verdict], host.pools);
  const machines = machinesOf(host).map((machine) => text.junit.machine(machineWords(machine)));
  return { ...test, failure: { type: verdict, message: [seen, ...machines].join(text.semicolon) } };
}
