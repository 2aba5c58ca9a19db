/** The alerts of a watch: lines for programs, each sent before the next audit; or messages to people, which have a queue. */
import { createHash } from 'node:crypto';
import { ALERT_FORMATS } from '../alerts/index.ts';
import { AlertLedger } from '../alerts/ledger.ts';
import type { SendTarget } from '../alerts/send-target.ts';
import { openTarget } from '../alerts/target.ts';
import type { Audit } from '../audit/audit.ts';
import { totalOf } from '../order.ts';
import { VERSION } from '../version.ts';
import type { CommandContext } from './command.ts';
import type { Log } from './log.ts';
import { mailOptions } from './nightly.ts';
import type { AlertsTo } from './option-values.ts';
import { destinationOf } from './output.ts';

export interface WatchAlerts {
  /** Sends what the audit brings. Throws if that fails; what is not sent comes again with the next audit. */
  tell(audit: Audit): Promise<void>;
  /** Sends what an earlier run has left. */
  begin(): void;
  /** Opens files again, after a rotation. */
  reopen(): void;
  /** Alerts that an attempt has failed to send. */
  unsent(): number;
  end(): Promise<void>;
}

/** To each target by itself: one that does not take its alerts keeps none from the others. Throws USAGE. */
export async function alertsOf(context: CommandContext, log: Log): Promise<WatchAlerts> {
  const all: WatchAlerts[] = [];
  const targets = new Map(context.settings.read('alerts').map((to) => [idOf(to), to]));
  for (const to of targets.values()) all.push(await alertsTo(to, context, log));
  return {
    tell: async (audit) => {
      const told = await Promise.allSettled(all.map((each) => each.tell(audit)));
      const failed = told.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    begin: () => {
      for (const each of all) each.begin();
    },
    reopen: () => {
      for (const each of all) each.reopen();
    },
    unsent: () => totalOf(all, (each) => each.unsent()),
    end: async () => {
      await Promise.all(all.map((each) => each.end()));
    },
  };
}

async function alertsTo(to: AlertsTo, context: CommandContext, log: Log): Promise<WatchAlerts> {
  const { settings, streams } = context;
  const stateFile = settings.read('state');
  const ledger = new AlertLedger({
    least: settings.read('alert-from'),
    repeatUs: settings.read('alert-repeat'),
    // By its target: in which order they are named changes nothing.
    journal: stateFile === null ? null : `${stateFile}.alerts-${digestOf(idOf(to))}`,
    isQueued: to.people !== undefined,
  });
  if (to.people !== undefined) return toPeople(to.people, ledger, context, log);
  const target = openTarget(to.target, streams.stdout);
  const format = ALERT_FORMATS.find(({ id }) => id === to.format);
  /** The last audit brought an alert that the target did not take. */
  let isUntold = false;
  return {
    tell: async (audit) => {
      for (const event of ledger.take(audit)) {
        try {
          if (format !== undefined) await target.send(format.line(event, VERSION), event.time);
        } catch (cause) {
          isUntold = true;
          ledger.takeBack();
          throw cause;
        }
      }
      isUntold = false;
    },
    begin: () => {},
    reopen: () => target.reopen?.(),
    unsent: () => (isUntold ? 1 : 0),
    end: async () => {
      ledger.close();
      await target.close();
    },
  };
}

const idOf = (to: AlertsTo): string => (to.people === undefined ? `${to.format}:${to.target}` : to.people.id);
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Each burst in one message. */
async function toPeople(
  people: SendTarget,
  ledger: AlertLedger,
  context: CommandContext,
  log: Log,
): Promise<WatchAlerts> {
  const { page } = await destinationOf(context);
  const { Outbox } = await import('../alerts/outbox.ts');
  const { sendDigest } = await import('../alerts/send.ts');
  const { alertDigest } = await import('../report/alert-digest.ts');
  const mail = mailOptions(context);
  const outbox = new Outbox(ledger, {
    name: people.id,
    tell: (level, message) => log.write(level, message),
    send: (events) => sendDigest(people, alertDigest(events, ledger.isQuiet, page), mail),
  });
  return {
    tell: async (audit) => {
      // Each is in the queue as soon as it is taken.
      try {
        for (const _ of ledger.take(audit));
      } finally {
        outbox.wake();
      }
    },
    begin: () => outbox.wake(),
    reopen: () => {},
    unsent: () => outbox.unsent,
    end: async () => {
      await outbox.end();
      ledger.close();
    },
  };
}
