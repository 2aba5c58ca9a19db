/**
 * What a scan knows from input to input: nothing else lives on behind the last packet of an input, so that this is what a
 * state keeps (state/).
 */
import type { AuditInput } from '../audit/audit.ts';
import { DIALECTS } from '../dialects/index.ts';
import { Tap } from '../packets/tap.ts';
import { CertificateNames } from '../readers/names/certificate-names.ts';
import type { Statement } from '../statements/index.ts';
import { FlowSurvey } from './flow-survey.ts';
import type { Lists } from './lists.ts';
import { Survey } from './survey.ts';

/** Nothing outside these times counts, us since 1970; null: no bound. */
export interface Times {
  readonly sinceUs: number | null;
  readonly untilUs: number | null;
}

export class Run {
  readonly survey: Survey;
  readonly tap: Tap;
  readonly flows: FlowSurvey;
  readonly certificates = new CertificateNames();
  readonly inputs: AuditInput[] = [];
  /** What was remarkable about the inputs. */
  readonly notes: Statement[] = [];

  constructor(lists: Lists, { sinceUs: since, untilUs: until }: Times) {
    const { pools, hasListedAddresses, allowedNames } = lists;
    const sinceUs = since ?? Number.NEGATIVE_INFINITY;
    const untilUs = until ?? Number.POSITIVE_INFINITY;
    const shared = { pools, hasListedAddresses, sinceUs, untilUs };
    this.survey = new Survey({ ...shared, dialects: DIALECTS, allowedNames });
    this.tap = new Tap(this.survey);
    this.survey.watch(this.tap);
    this.tap.sinceUs = sinceUs;
    this.tap.untilUs = untilUs;
    this.flows = new FlowSurvey(shared);
    this.survey.collectFlows(this.flows);
  }

  /** Notes what was not said before; true if it was not. */
  note(said: Statement): boolean {
    if (this.notes.some(({ text }) => text === said.text)) return false;
    this.notes.push(said);
    return true;
  }
}
