import { expect, it } from 'vitest';
import { identifyAgent } from '../../src/evidence/agent.ts';
import { agentShown } from '../../src/evidence/agent-shown.ts';
import { SentSecrets } from '../../src/evidence/secrets.ts';

function shownWith(secret: string, agent: string): string {
  const secrets = new SentSecrets();
  secrets.add(secret);
  return agentShown(agent, secrets);
}

it('a password that is spelt as a part of a program is no reason to take the program for another', () => {
  const shown = shownWith('proxy', 'xmrig-proxy/6.22.0 (Linux x86_64)');
  expect(shown).toBe('xmrig-proxy/6.22.0 (Linux x86_64)');
  expect(identifyAgent(shown)?.vendorClass).toBe('proxy');
});

it('a password elsewhere in the text is hidden, also one that goes over the end of the name', () => {
  expect(shownWith('proxy', 'xmrig-proxy/6.22.0 for proxy')).toBe('xmrig-proxy/6.22.0 for ***');
  expect(shownWith('hunter22', 'xmrig/6.22.0 hunter22')).toBe('xmrig/6.22.0 ***');
  expect(shownWith('xmrig/6', 'xmrig/6.22.0')).toBe('***.22.0');
  expect(shownWith('hunter22', 'MyTool hunter22')).toBe('MyTool ***');
});
