/**
 * Is the watch working? A file for Prometheus (text format 0.0.4) and for `minesweep health`, written each minute, idle or not,
 * by rename; and what systemd is told through its program systemd-notify, where the unit asks for it. A watch that hangs in
 * the middle of something writes nothing: the file gets old, and systemd restarts the service.
 */
import { spawn } from 'node:child_process';
import { fail, reasonOf } from '../errors.ts';
import { readGiven } from '../given-file.ts';
import { inLanguage } from '../statements/catalogue.ts';
import { byteCount } from '../statements/figures.ts';
import { writeWhole } from '../whole-file.ts';

const WRITE_MS = 60_000;
/** A step of the watch that takes longer than this is taken for a hang. */
const HANG_MS = 900_000;
/** A file that is older than this says that nothing writes it. */
const STALE_SECONDS = 180;
/** Files that wait longer than this say that the watch cannot follow. */
const BEHIND_SECONDS = 900;
const MOST_BYTES = 64 * 1024;

/** The figures, in the order of the file: their names behind `minesweep_watch_`, and what they are. */
const FIGURES = {
  up: '1 while the watch works, 0 when it has ended',
  written_timestamp_seconds: 'When this file was written',
  files_waiting: 'Files, or new parts of files, that are to be read',
  behind_seconds: 'How long the oldest of them waits',
  folders_missing: 'Watched folders that are not there',
  input_overdue: '1 if nothing came for longer than --expect',
  last_packet_timestamp_seconds: 'Time of the latest packet or flow record',
  last_file_timestamp_seconds: 'When a file, or a part of one, was read last',
  last_audit_timestamp_seconds: 'When the audit was written last',
  period_start_timestamp_seconds: 'Where the current period begins',
  unsent_alerts: 'Alerts that could not be sent yet',
  resident_memory_bytes: 'Memory of the process',
} as const;
type Figure = keyof typeof FIGURES;

/** What a watch tells of itself. */
export class Health {
  filesWaiting = 0;
  behindSeconds = 0;
  foldersMissing = 0;
  periodStartMs: number | null = null;
  private lastPacketMs: number | null = null;
  private lastFileMs: number | null = null;
  private lastAuditMs: number | null = null;
  private isOverdue = false;
  private isUp = true;
  /** By the steady clock, ms. */
  private beatMs = performance.now();
  private inputMs = performance.now();
  private timer: NodeJS.Timeout | null = null;
  private complaint = '';
  private writing = Promise.resolve();

  /**
   * @param file Null: nothing is written.
   * @param expectUs Input is to come at least so often, us; null: whenever it comes.
   */
  constructor(
    private readonly file: string | null,
    private readonly expectUs: number | null,
    private readonly tell: (level: 'info' | 'warn' | 'error', message: string) => void,
    private readonly unsentAlerts: () => number = () => 0,
    /** True if systemd waits to be told. */
    private readonly isNotifying = false,
  ) {}

  begin(): void {
    if (this.isNotifying) notify('--ready', '--status=the watch begins');
    this.timer = setInterval(() => void this.write(), WRITE_MS).unref();
    void this.write();
  }

  /** The watch goes on. */
  beat(): void {
    this.beatMs = performance.now();
  }

  /** A file, or a part of one, was read; its last packet or record, us since 1970. */
  read(lastUs: number): void {
    this.beat();
    this.inputMs = performance.now();
    this.lastFileMs = Date.now();
    if (Number.isFinite(lastUs)) this.lastPacketMs = Math.max(this.lastPacketMs ?? 0, lastUs / 1000);
    if (this.isOverdue) this.tell('info', 'input comes again');
    this.isOverdue = false;
  }

  audited(): void {
    this.beat();
    this.lastAuditMs = Date.now();
  }

  /** True once, when nothing has come for longer than it should. */
  isSilent(): boolean {
    if (this.expectUs === null || this.isOverdue) return false;
    this.isOverdue = (performance.now() - this.inputMs) * 1000 > this.expectUs;
    return this.isOverdue;
  }

  /** Call it also for a watch that has not begun. */
  async end(): Promise<void> {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.isUp = false;
    this.beat();
    await this.write();
  }

  /** One after the other: the last one says how it ended. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeNow());
    return this.writing;
  }

  private async writeNow(): Promise<void> {
    if (performance.now() - this.beatMs > HANG_MS) return;
    const words = `${this.filesWaiting} files wait, ${this.unsentAlerts()} alerts unsent, ${this.foldersMissing} folders missing`;
    if (this.isNotifying) notify(...(this.isUp ? ['WATCHDOG=1', `--status=${words}`] : ['--stopping']));
    if (this.file === null) return;
    try {
      await writeWhole(this.file, healthText(this.figures()), { mode: 0o644, part: `${this.file}.part` });
      this.complaint = '';
    } catch (cause) {
      const said = `${this.file}: ${reasonOf(cause)}`;
      if (said !== this.complaint) this.tell('error', said);
      this.complaint = said;
    }
  }

  private figures(): Readonly<Record<Figure, number | null>> {
    const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
    return {
      up: this.isUp ? 1 : 0,
      written_timestamp_seconds: Math.round(Date.now() / 1000),
      files_waiting: this.filesWaiting,
      behind_seconds: Math.round(this.behindSeconds),
      folders_missing: this.foldersMissing,
      input_overdue: this.isOverdue ? 1 : 0,
      last_packet_timestamp_seconds: seconds(this.lastPacketMs),
      last_file_timestamp_seconds: seconds(this.lastFileMs),
      last_audit_timestamp_seconds: seconds(this.lastAuditMs),
      period_start_timestamp_seconds: seconds(this.periodStartMs),
      unsent_alerts: this.unsentAlerts(),
      resident_memory_bytes: process.memoryUsage.rss(),
    };
  }
}

/** A figure that is not known yet is left out. */
function healthText(figures: Readonly<Record<Figure, number | null>>): string {
  const isFigure = (name: string): name is Figure => Object.hasOwn(FIGURES, name);
  return Object.keys(FIGURES)
    .filter(isFigure)
    .filter((name) => figures[name] !== null)
    .map((name) => {
      const metric = `minesweep_watch_${name}`;
      return `# HELP ${metric} ${FIGURES[name]}\n# TYPE ${metric} gauge\n${metric} ${figures[name]}\n`;
    })
    .join('');
}

export interface Verdict {
  readonly isWell: boolean;
  /** One line, in the form that monitoring programs expect. */
  readonly line: string;
}

/** What such a file says of the watch, at a time. Throws FILE_UNREADABLE or FILE_INVALID. */
export async function verdictOf(file: string, nowMs = Date.now()): Promise<Verdict> {
  const text = await readGiven(file, MOST_BYTES).then(String, (cause: unknown) =>
    fail('FILE_UNREADABLE', `cannot be read: ${reasonOf(cause)}`, {
      where: file,
      hint: 'Name the file that the watch writes with --health.',
    }),
  );
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^minesweep_watch_(\w+) (-?[\d.e+]+)$/.exec(line) ?? [];
    if (name !== undefined) figures.set(name, Number(value));
  }
  const at = (name: Figure): number => figures.get(name) ?? 0;
  if (!figures.has('up') || !figures.has('written_timestamp_seconds'))
    return fail('FILE_INVALID', 'this file is not of --health of a watch', { where: file });
  const { duration } = inLanguage('en').figures;
  const age = Math.round(nowMs / 1000 - at('written_timestamp_seconds'));
  const wrong = [
    age > STALE_SECONDS ? `not written for ${duration(age)}` : '',
    at('up') === 0 ? 'the watch has ended' : '',
    at('folders_missing') > 0 ? `${at('folders_missing')} watched folders are missing` : '',
    at('input_overdue') > 0 ? 'no input for longer than --expect' : '',
    at('behind_seconds') > BEHIND_SECONDS ? `files wait for ${duration(at('behind_seconds'))}` : '',
    at('unsent_alerts') > 0 ? `${at('unsent_alerts')} alerts are not sent` : '',
  ].filter((words) => words !== '');
  const memory = byteCount(at('resident_memory_bytes'));
  const line =
    wrong.length > 0 ? `CRITICAL: ${wrong.join('; ')}` : `OK: written ${duration(age)} ago, ${memory}`;
  const measured = `files_waiting=${at('files_waiting')} behind=${at('behind_seconds')}s unsent=${at('unsent_alerts')}`;
  return { isWell: wrong.length === 0, line: `${line} | ${measured}` };
}

/** Node has no datagrams of UNIX sockets, so that systemd's own program speaks. Where there is none, nobody is told. */
function notify(...words: readonly string[]): void {
  const child = spawn('systemd-notify', words, { stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
