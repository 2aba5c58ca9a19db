/** The servers of a miner: the pool, and the proxies on the way to it. */

interface ProxyRequest extends HasIp {
  readonly kind: string;
}

interface HasIp {
  /** Canonical text; '' if only the name is known. */
  readonly ip: string;
}

/** The proxies of a session. The client that a PROXY protocol header names is not a proxy, but the word of who sent it. */
export function proxiesOf<T extends { readonly kind: string }>(via: readonly T[]): T[] {
  return via.filter(({ kind }) => kind !== 'proxy-protocol');
}

/** The end that a client connected to: a target that it asks a proxy for is its own word (SOCKS, CONNECT). */
export function realServer<T extends HasIp>(pool: T, via: readonly (T & { readonly kind: string })[]): T {
  return proxiesOf(via)[0] ?? pool;
}

/** Address of the pool; '' if only the client's word to a proxy tells it: that accuses nobody. */
export function poolAddress({
  pool,
  via,
}: {
  readonly pool: HasIp;
  readonly via: readonly ProxyRequest[];
}): string {
  return realServer(pool, via) === pool ? pool.ip : '';
}

/** Addresses that serve the miner of a session, its own left out, in the session's order. */
export function serversOf(session: {
  readonly miner: HasIp;
  readonly pool: HasIp;
  readonly via: readonly ProxyRequest[];
}): string[] {
  const { miner, pool, via } = session;
  return [realServer(pool, via), ...proxiesOf(via)]
    .map(({ ip }) => ip)
    .filter((ip) => ip !== '' && ip !== miner.ip);
}
