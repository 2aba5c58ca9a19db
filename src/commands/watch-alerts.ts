/** The alerts of a watch: lines for programs, each sent before the next audit; or messages to people, which have a queue. */
import { ALERT_FORMATS } from '../alerts/index.ts';
import { AlertLedger } from '../alerts/ledger.ts';
import type { SendTarget } from '../alerts/send-target.ts';
import { openTarget } from '../alerts/target.ts';
import type { Audit } from '../audit/audit.ts';
import { VERSION } from '../version.ts';
import type { CommandContext } from './command.ts';
import type { Log } from './log.ts';
import { mailOptions } from './nightly.ts';
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

/** Throws USAGE. */
export async function alertsOf(context: CommandContext, log: Log): Promise<WatchAlerts> {
  const { settings, streams } = context;
  const [stateFile, to] = [settings.read('state'), settings.read('alerts')];
  const ledger = new AlertLedger({
    least: settings.read('alert-from'),
    repeatUs: settings.read('alert-repeat'),
    journal: stateFile === null || to === null ? null : `${stateFile}.alerts`,
    isQueued: to?.people !== undefined,
  });
  if (to === null)
    return { tell: async () => {}, begin: () => {}, reopen: () => {}, unsent: () => 0, end: async () => {} };
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
