/**
 * The audit as JUnit XML for CI servers: one test case per host with evidence, failed if it is confirmed or probable, and
 * one for the coverage, failed if too little was decoded or judged. The order of attributes and elements is that of the widely used
 * schema (junit-10.xsd of the Jenkins xUnit plugin).
 */

import type { Audit, AuditHost } from '../audit/audit.ts';
import { machinesOf, machineWords } from '../audit/machines.ts';
import { marksOf } from '../audit/pseudonyms.ts';
import { escapeHtml } from '../escape.ts';
import { whyIncomplete } from './summary.ts';

export function* renderJunit(audit: Audit): Generator<string> {
  const failed = audit.hosts.filter(isMiner).length + (audit.coverage.complete ? 0 : 1);
  const tests = audit.hosts.length + 1;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="minesweep" tests="${tests}" failures="${failed}" errors="0">\n`;
  yield `  <testsuite name="mining" tests="${tests}" failures="${failed}" errors="0" skipped="0" timestamp="${stamp(audit.generated)}">\n`;
  yield properties(audit);
  yield coverageCase(audit);
  for (const host of audit.hosts) yield hostCase(host);
  yield '  </testsuite>\n</testsuites>\n';
}

/** The element that the schema has for facts about a run; nothing if there are none. */
function properties(audit: Audit): string {
  const facts = marksOf(audit).map(
    ([name, value]) => `      <property name="${name}" value="${escapeHtml(value)}"/>\n`,
  );
  return facts.length === 0 ? '' : `    <properties>\n${facts.join('')}    </properties>\n`;
}

function coverageCase(audit: Audit): string {
  const open = '    <testcase name="coverage is complete" classname="minesweep.coverage"';
  if (audit.coverage.complete) return `${open}/>\n`;
  const reasons = whyIncomplete(audit);
  const type = audit.partial ? 'partial' : 'incomplete';
  return `${open}>\n      <failure type="${type}" message="${escapeHtml(reasons)}"/>\n    </testcase>\n`;
}

function hostCase(host: AuditHost): string {
  const open = `    <testcase name="${escapeHtml(`${host.ip} does not mine`)}" classname="minesweep.hosts.${host.verdict}"`;
  const facts = host.evidence.map(({ kind, text }) => escapeHtml(`${kind}: ${text}`)).join('&#10;');
  if (!isMiner(host)) return `${open}>\n      <system-out>${facts}</system-out>\n    </testcase>\n`;
  const machines = machinesOf(host).map((machine) => `; machine: ${machineWords(machine)}`);
  const message = `${host.verdict}: ${host.pools.join(', ')}${machines.join('')}`;
  return `${open}>\n      <failure type="${host.verdict}" message="${escapeHtml(message)}">${facts}</failure>\n    </testcase>\n`;
}

function isMiner({ verdict }: AuditHost): boolean {
  return verdict === 'confirmed' || verdict === 'probable';
}

/** Without fraction and zone, as the schema has it. */
function stamp(time: string): string {
  return time.replace(/(\.\d+)?Z$/, '');
}
