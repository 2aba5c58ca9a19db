/** A run as bytes and back, between two inputs (image.ts); the lists are not in it, for they are read again. */
import type { TableImage } from '../flows/conversation-table.ts';
import {
  type KernelImage,
  kernelImage,
  restoreKernel,
  restoreKernelByName,
} from '../packets/kernel-image.ts';
import { NOTHING_ALLOWED } from '../pools/allow.ts';
import type { Lists } from '../run/lists.ts';
import { Run, type Times } from '../run/run.ts';
import { readImage, writeImage } from './image.ts';
import { lastingKinds, privateKinds } from './kinds.ts';

/** A run with its image, which is made once and serves the state, copies and the way back, until the run changes. */
export class ImagedRun {
  constructor(
    public run: Run,
    private bytes: Buffer | null = null,
  ) {}

  image(): Buffer {
    this.bytes ??= writeRun(this.run);
    return this.bytes;
  }

  /** Call behind every change of the run. */
  changed(): void {
    this.bytes = null;
  }

  /** The run as an image of it has it, another one than that which goes on. */
  copy(lists: Lists, image = this.image()): Run {
    return readRun(image, lists, this.run.times).run;
  }

  goBack(image: Buffer, lists: Lists): void {
    this.run = this.copy(lists, image);
    this.bytes = image;
  }
}

interface Roots {
  readonly run: Run;
  readonly kernel: KernelImage | null;
  /** Null if no flow record came. */
  readonly conversations: TableImage | null;
}

export function writeRun(run: Run): Buffer {
  const names = new Map([...privateKinds().fixed, ...ownFixed(run)].map(([name, one]) => [one, name]));
  const conversations = run.flows.conversations.table.made?.image() ?? null;
  const roots: Roots = { run, kernel: kernelImage(run.engine.kernel), conversations };
  return writeImage(roots, names);
}

/** What was read, and what an image of another build holds that this one does not know. */
export interface ReadRun {
  readonly run: Run;
  readonly dropped: readonly string[];
}

/**
 * The run, going on with these lists. Of another build, what it has by the same names: sessions of open connections go on in
 * the middle of what they say. Throws if the bytes are no run.
 */
export function readRun(bytes: Buffer, lists: Lists, times: Times, isOfThisBuild = true): ReadRun {
  const { fixed, halfRead } = privateKinds();
  const run = new Run(lists, times);
  const { engine, streams } = run;
  const roots: Roots = { run, kernel: null, conversations: null };
  const lasting = lastingKinds(run);
  const { dropped } = readImage(bytes, roots, {
    makers: isOfThisBuild ? new Map([...halfRead, ...lasting]) : lasting,
    leftOut: isOfThisBuild ? new Set() : new Set(halfRead.keys()),
    fixed: new Map([...fixed, ...ownFixed(run)]),
  });
  if (isOfThisBuild && dropped.size > 0)
    throw new Error(`a state has kept what it cannot read: ${[...dropped].join(', ')}`);
  const { kernel, conversations } = roots;
  if (kernel === null) throw new Error('the state holds no packets');
  if (isOfThisBuild) restoreKernel(engine.kernel, kernel);
  else restoreKernelByName(engine.kernel, kernel, streams.resume());
  if (conversations !== null) run.flows.conversations.table.get().restore(conversations);
  run.useLists(lists);
  return { run, dropped: [...dropped].sort() };
}

/** What the lists and the kernel's driver are, of which each run makes its own. */
function ownFixed({ engine, options, flows }: Run): [string, object][] {
  return [
    ['pools', options.pools],
    ['trust', options.trust],
    ['allow list', options.allowList],
    ['nothing allowed', NOTHING_ALLOWED],
    ['kernel', engine.kernel],
    ['bodies', engine.kernel.bodies],
    ['kernel memory', engine.kernel.bytes.buffer],
    ['conversations', flows.conversations.table],
  ];
}
