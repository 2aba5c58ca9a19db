/**
 * Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): a rule for each verdict, a result for each host
 * or case. GitHub, GitLab and Azure DevOps read it; they want a file as the place: the input that shows it, or the file of cases.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toUSVString } from 'node:util';
import { type Audit, VERDICTS, type Verdict } from '../../audit/audit.ts';
import { isMiner } from '../../audit/miners.ts';
import { marksText } from '../../audit/pseudonyms.ts';
import type { Night } from '../../cases/case.ts';
import { escapeJson, escapeTerminal } from '../../escape.ts';
import { catalogueOf } from '../../statements/catalogue.ts';
import type { ReportText } from '../../statements/codes.ts';
import type { ReportOptions } from '../format.ts';
import { whyIncomplete } from '../summary.ts';
import { type Finding, findingsOf, findingsOfNight } from './findings.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

export function* renderSarif(
  audit: Audit,
  { language, reader }: Pick<ReportOptions, 'language' | 'reader'>,
): Generator<string> {
  const text = catalogueOf(language, reader ?? 'ci');
  const lacks = [...(audit.coverage.complete ? [] : [whyIncomplete(audit, text)]), marksText(audit)];
  yield* sarif(findingsOf(audit, text), audit, !audit.partial, lacks, text);
}

export function* renderNightSarif(
  night: Night,
  { language, reader }: Pick<ReportOptions, 'language' | 'reader'>,
  file: string,
): Generator<string> {
  const text = catalogueOf(language, reader ?? 'ci');
  const lacks = night.complete ? [] : [text.night.incomplete];
  yield* sarif(findingsOfNight(night, file, text), night, true, lacks, text);
}

function* sarif(
  findings: readonly Finding[],
  { tool, generated }: Pick<Audit, 'tool' | 'generated'>,
  isWhole: boolean,
  lacks: readonly string[],
  text: ReportText,
): Generator<string> {
  const notes = lacks
    .filter((each) => each !== '')
    .map((each) => ({ level: 'warning', message: { text: escapeTerminal(each) } }));
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            rules: VERDICTS.map((verdict) => ruleOf(verdict, text)),
          },
        },
        invocations: [
          { executionSuccessful: isWhole, endTimeUtc: generated, toolExecutionNotifications: notes },
        ],
        results: findings.map(resultOf),
      },
    ],
  };
  yield `${escapeJson(JSON.stringify(log, null, 2))}\n`;
}

function ruleOf(verdict: Verdict, { verdict: words, method, alert }: ReportText) {
  return {
    id: `mining-${verdict}`,
    shortDescription: { text: alert.title(words[verdict]) },
    fullDescription: { text: method.verdictMeaning[verdict] },
    defaultConfiguration: { level: levelOf(verdict) },
  };
}

function resultOf({ id, ip, verdict, message, file, facts }: Finding) {
  return {
    ruleId: `mining-${verdict}`,
    ruleIndex: VERDICTS.indexOf(verdict),
    level: levelOf(verdict),
    message: { text: message },
    locations: [
      {
        ...(file === null ? {} : { physicalLocation: { artifactLocation: { uri: uriOf(file) } } }),
        logicalLocations: [{ name: ip, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'minesweep/v1': id },
    properties: facts,
  };
}

function levelOf(verdict: Verdict): 'error' | 'warning' | 'note' {
  if (isMiner(verdict)) return 'error';
  return verdict === 'listed' ? 'note' : 'warning';
}

/** A URI, or a relative reference (RFC 3986 section 4.2). */
function uriOf(file: string): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file) && URL.canParse(file)) return new URL(file).href;
  if (path.isAbsolute(file)) return pathToFileURL(file).href;
  return (
    file
      .split(path.sep)
      // A name may hold half of a surrogate pair, which has no bytes.
      .map((part) => encodeURIComponent(toUSVString(part)))
      .join('/')
  );
}
