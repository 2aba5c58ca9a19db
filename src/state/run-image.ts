/** A run as bytes and back, between two inputs (image.ts); the lists are not in it, for they are read again. */
import type { TableImage } from '../flows/conversation-table.ts';
import { type KernelImage, kernelImage, restoreKernel } from '../packets/kernel-image.ts';
import type { Lists } from '../survey/lists.ts';
import { Run, type Times } from '../survey/run.ts';
import { keptClasses } from './classes.ts';
import { readImage, writeImage } from './image.ts';

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
    return readRun(image, lists, this.run.times);
  }

  goBack(image: Buffer, lists: Lists): void {
    this.run = this.copy(lists, image);
    this.bytes = image;
  }
}

interface Roots {
  readonly run: Run;
  readonly kernel: KernelImage;
  /** Null if no flow record came. */
  readonly conversations: TableImage | null;
}

export function writeRun(run: Run): Buffer {
  const { classes, fixed } = keptClasses();
  const names = new Map([...fixed, ...ownFixed(run)].map(([name, one]) => [one, name]));
  const conversations = run.flows.conversations.table.made?.image() ?? null;
  const roots: Roots = { run, kernel: kernelImage(run.engine.kernel), conversations };
  return writeImage(roots, classes, names);
}

/** The run, going on with these lists. Throws if the bytes are not run of this build. */
export function readRun(bytes: Buffer, lists: Lists, times: Times): Run {
  const { classes, fixed } = keptClasses();
  const run = new Run(lists, times);
  const { engine } = run;
  // The kernel calls the one and that tells the other, so that they stay who they are.
  const into = new Map<string, object>([
    ['Run', run],
    ['PacketEngine', engine],
  ]);
  const roots = readImage(bytes, classes, new Map([...fixed, ...ownFixed(run)]), into) as Roots;
  restoreKernel(engine.kernel, roots.kernel);
  if (roots.conversations !== null) run.flows.conversations.table.get().restore(roots.conversations);
  run.useLists(lists);
  return run;
}

/** What the lists and the kernel's driver are, of which each run makes its own. */
function ownFixed({ engine, options, flows }: Run): [string, object][] {
  return [
    ['pools', options.pools],
    ['trust', options.trust],
    ['kernel', engine.kernel],
    ['bodies', engine.kernel.bodies],
    ['kernel memory', engine.kernel.bytes.buffer],
    ['conversations', flows.conversations.table],
  ];
}
