/**
 * The classes whose instances live from packet to packet, and what every run has anyway. A class that is missing here
 * makes a state fail to be written: test/state/classes.test.ts finds it before that.
 */
import { Course } from '../dialects/course.ts';
import { readerOf } from '../dialects/dialect.ts';
import { DIALECTS } from '../dialects/index.ts';
import { OpaqueSession } from '../dialects/stratum-v2-opaque.ts';
import { Contacts } from '../endpoints/contact.ts';
import { NameBook } from '../endpoints/name-book.ts';
import { ShareCourse, ShareWindows } from '../endpoints/shares-seen.ts';
import { AnswerPairs } from '../evidence/answer-pairs.ts';
import { FrameCount } from '../evidence/sealed-frames.ts';
import { SealedShares } from '../evidence/sealed-shares.ts';
import { SentSecrets } from '../evidence/secrets.ts';
import { AddressTable } from '../flows/address-table.ts';
import { Conversations } from '../flows/conversations.ts';
import { EndpointWatch, PrefixField, PrefixLength } from '../flows/endpoint-watch.ts';
import { DnsLane } from '../framing/dns-over-tcp.ts';
import { Exchange } from '../framing/exchange.ts';
import { FlowFramer } from '../framing/flow-framer.ts';
import { HopLane } from '../framing/hop.ts';
import { HttpLane } from '../framing/http.ts';
import { HttpBody } from '../framing/http-body.ts';
import { LaneFramer } from '../framing/lane-framer.ts';
import { LaneMessages } from '../framing/lane-messages.ts';
import { NoiseWatch } from '../framing/noise.ts';
import { OpenCalls } from '../framing/rpc.ts';
import { SizedFrameLane } from '../framing/sized-frames.ts';
import { StratumV2Lane } from '../framing/stratum-v2-frames.ts';
import { TextLineLane } from '../framing/text-lines.ts';
import { HelloCollector } from '../framing/tls-hello.ts';
import { WebSocketLane } from '../framing/websocket.ts';
import { FlowTable } from '../packets/flow-table.ts';
import { KernelScanner } from '../packets/object-scanner.ts';
import { Tap } from '../packets/tap.ts';
import { TunnelTable } from '../packets/tunnel-table.ts';
import { CumulativeCounters } from '../readers/netflow/cumulative-counters.ts';
import { ExportCollector } from '../readers/netflow/export-collector.ts';
import { ExportDomain, SequenceTrack } from '../readers/netflow/export-domain.ts';
import { OutCounters } from '../readers/netflow/out-counters.ts';
import { RecentDatagrams } from '../readers/netflow/recent-datagrams.ts';
import { SampledHeader } from '../readers/netflow/sampled-header.ts';
import { SflowReader } from '../readers/netflow/sflow.ts';
import { TemplateFlows } from '../readers/netflow/template-flows.ts';
import { AddressCell } from '../readers/tables/address-cell.ts';
import { RecordsBetween } from '../rows/batches.ts';
import { CertificateNames } from '../rows/certificate-names.ts';
import { FilledRows } from '../rows/filled-rows.ts';
import { FlowDamageLog } from '../rows/flow-damage.ts';
import { InputTimes, TimeSpans } from '../rows/time-spans.ts';
import { BlockBook } from '../sessions/block-book.ts';
import { Claims } from '../sessions/claims.ts';
import { Connections } from '../sessions/connections.ts';
import { Conversation } from '../sessions/conversation.ts';
import { Heard } from '../sessions/heard.ts';
import { JobBook } from '../sessions/job-book.ts';
import { SealedFrames } from '../sessions/sealed-frames.ts';
import { Series } from '../sessions/series.ts';
import { Session } from '../sessions/session.ts';
import { ShareBook } from '../sessions/share-book.ts';
import { ShareTable } from '../sessions/share-table.ts';
import { Work } from '../sessions/work.ts';
import { SessionWriter } from '../sessions/writer.ts';
import { CapturedExports } from '../survey/captured-exports.ts';
import { ContactFinder } from '../survey/contact-finder.ts';
import { DnsFlow } from '../survey/dns-flow.ts';
import { FlowSurvey } from '../survey/flow-survey.ts';
import { HeardNames } from '../survey/heard-names.ts';
import { InStepFinder } from '../survey/in-step.ts';
import { InputCopies } from '../survey/inputs/input-copies.ts';
import { InputRemarks } from '../survey/inputs/input-remarks.ts';
import { StoreContents } from '../survey/inputs/store-contents.ts';
import { OpaqueFlows } from '../survey/opaque-flows.ts';
import { ReverseNames } from '../survey/reverse-names.ts';
import { Run } from '../survey/run.ts';
import { SessionList } from '../survey/session-list.ts';
import { SharedAddresses } from '../survey/shared-addresses.ts';
import { Survey } from '../survey/survey.ts';
import { WatchBook } from '../survey/watch-book.ts';
import type { ClassList } from './image.ts';

const KEPT = {
  ...{ AddressCell, AddressTable, CertificateNames, Contacts, Conversation, Conversations },
  ...{ Course, CumulativeCounters, DnsFlow, DnsLane, EndpointWatch, Exchange, ExportCollector },
  ...{ ExportDomain, FilledRows, FlowDamageLog, FlowFramer, FlowSurvey, FlowTable },
  ...{ HelloCollector, HopLane, HttpBody, HttpLane, InputCopies, InputRemarks, KernelScanner },
  ...{ LaneFramer, LaneMessages, NameBook, NoiseWatch, OpaqueFlows, OpaqueSession },
  ...{ OpenCalls, OutCounters, PrefixField, PrefixLength, RecentDatagrams, ReverseNames },
  ...{ Run, SampledHeader, SentSecrets, SequenceTrack, Series, Session, SflowReader },
  ...{ SharedAddresses, SizedFrameLane, StoreContents, StratumV2Lane, Survey, Tap, TunnelTable },
  ...{
    BlockBook,
    CapturedExports,
    Claims,
    Connections,
    ContactFinder,
    Heard,
    HeardNames,
    InStepFinder,
    JobBook,
    WatchBook,
    SealedShares,
    AnswerPairs,
    FrameCount,
    ShareCourse,
    ShareWindows,
    SealedFrames,
    RecordsBetween,
    SessionList,
    SessionWriter,
    ShareTable,
    ShareBook,
    TemplateFlows,
    TextLineLane,
    InputTimes,
    TimeSpans,

    WebSocketLane,
    Work,
  },
};

const ORDINARY = new Set<object | null>([
  null,
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
]);

/** All classes, and the objects of the dialects that no run changes, by their names. */
export function keptClasses(): { readonly classes: ClassList; readonly fixed: ReadonlyMap<string, object> } {
  const classes = new Map<string, { readonly prototype: object }>(Object.entries(KEPT));
  const fixed = new Map<string, object>([['dialects', DIALECTS]]);
  /** A fresh reader shows what readers are made of. */
  const visit = (one: unknown, name: string): void => {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return;
    const prototype = Object.getPrototypeOf(one);
    if (!ORDINARY.has(prototype)) {
      const { name: known } = prototype.constructor;
      if ((classes.get(known)?.prototype ?? prototype) !== prototype)
        throw new Error(`two classes are named ${known}`);
      classes.set(known, prototype.constructor);
    } else if (Object.values(one).some((value) => typeof value === 'function')) {
      fixed.set(name, one);
      return;
    }
    for (const [key, value] of Object.entries(one)) visit(value, `${name} ${key}`);
  };
  for (const dialect of DIALECTS) {
    fixed.set(`dialect ${dialect.id}`, dialect);
    visit(readerOf(dialect), `reader ${dialect.id}`);
  }
  return { classes, fixed };
}
