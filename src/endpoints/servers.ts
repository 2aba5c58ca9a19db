/** Who a miner is served by: the pool, and the proxies on the way to it. */

interface HasIp {
  /** Canonical text; '' where only the name is known. */
  readonly ip: string;
}

/** Addresses that serve the miner of a session, its own left out, in the session's order. */
export function serversOf(session: {
  readonly miner: HasIp;
  readonly pool: HasIp;
  readonly via: readonly HasIp[];
}): string[] {
  const { miner, pool, via } = session;
  return [pool, ...via].map(({ ip }) => ip).filter((ip) => ip !== '' && ip !== miner.ip);
}
