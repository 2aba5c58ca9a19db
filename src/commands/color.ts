/** Whether output to a stream is coloured. */
import type { TextStream } from './command.ts';

/**
 * True if the stream shows colours. --no-color and NO_COLOR (any value but none, no-color.org) turn them off, FORCE_COLOR
 * (any value but 0) turns them on without a terminal, and a dumb terminal has none.
 */
export function hasColor(stream: TextStream, env: NodeJS.ProcessEnv, isRefused = false): boolean {
  if (isRefused || (env.NO_COLOR ?? '') !== '' || env.FORCE_COLOR === '0') return false;
  if ((env.FORCE_COLOR ?? '') !== '') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
