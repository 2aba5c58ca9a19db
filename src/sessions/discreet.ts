/** Facts without passwords: the text of a fact may repeat a secret that the client sent. */
import type { Fact } from '../evidence/fact.ts';
import { type SentSecrets, withoutPassword } from '../evidence/secrets.ts';

/** The fact as it may be shown. An account keeps its name, as many miners send it for a password too. */
export function discreet(fact: Fact, secrets: SentSecrets): Fact {
  switch (fact.kind) {
    case 'login':
    case 'share': {
      const account = fact.account === null ? null : withoutPassword(fact.account);
      const worker = fact.worker === null ? null : secrets.without(withoutPassword(fact.worker));
      if (account === fact.account && worker === fact.worker) return fact;
      return { ...fact, ...(account === null ? {} : { account }), worker };
    }
    case 'agent':
      return { ...fact, agent: secrets.without(fact.agent) };
    case 'request':
    case 'service':
    case 'denial':
      return { ...fact, method: secrets.without(fact.method) };
    case 'admission':
      return { ...fact, reason: secrets.without(fact.reason) };
    case 'answer':
      return fact.text === '' ? fact : { ...fact, text: secrets.without(fact.text) };
    case 'algorithm':
      return { ...fact, detail: secrets.without(fact.detail) };
    case 'target':
    case 'reconnect':
      return { ...fact, host: secrets.without(fact.host).replace(/^.*@/, '') };
    default:
      return fact;
  }
}
