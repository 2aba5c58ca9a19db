/**
 * The name of a program without the passwords of its connection. The program's own name stays: it is public, and a
 * password that is spelt alike must not change what the session is taken for.
 */
import { programNameIn } from './agent.ts';
import type { SentSecrets, Shown } from './secrets.ts';

export function agentShown(agent: string, secrets: SentSecrets): Shown {
  return secrets.without(agent, programNameIn(agent));
}
