/**
 * Listed endpoints as filters and lists of other tools. Only addresses can be exported: those of `--pools` files, to
 * which `pools resolve` adds the addresses of the catalogue's names. Networks are exported only if the format supports
 * them.
 */
import { addressText } from '../address.ts';
import { networkText } from '../networks.ts';
import type { PoolSet } from './pool-set.ts';

/** One address or network with one port; port 0 stands for every port. */
interface ExportedPlace {
  /** Canonical text; with `/length` if it is a network. */
  readonly place: string;
  readonly isNetwork: boolean;
  readonly port: number;
  readonly pool: string;
}

interface PoolExportFormat {
  readonly id: string;
  readonly title: string;
  /** How to use the file: one line for the head of a commented format and for the docs. */
  readonly use: string;
  readonly write: (places: readonly ExportedPlace[]) => string;
}

/** Suricata: ids from 1,000,000 on are for local rules. */
const SIGNATURE = 8_700_101;

export const POOL_EXPORT_FORMATS: readonly PoolExportFormat[] = [
  {
    id: 'nfdump',
    title: 'an nfdump filter',
    use: "nfdump -R /var/netflow -f FILE 'proto tcp'",
    write: (places) => `proto tcp and (\n${byPort(places).map(nfdumpPart).join(' or\n')}\n)\n`,
  },
  {
    id: 'suricata-dataset',
    title: 'a Suricata dataset of type ip',
    use: 'save it as minesweep-pools.lst beside the rules of suricata-rules',
    write: (places) => `${[...new Set(addresses(places).map(({ place }) => place))].join('\n')}\n`,
  },
  {
    id: 'suricata-rules',
    title: 'Suricata rules that use the dataset',
    use: 'suricata -S FILE; needs Suricata 7 for ip.dst',
    write: () =>
      `alert tcp $HOME_NET any -> any any (msg:"minesweep: connection to a listed mining pool"; flow:to_server; flags:S; ip.dst; dataset:isset,minesweep-pools,type ip,load minesweep-pools.lst; classtype:coin-mining; sid:${SIGNATURE}; rev:1;)\n`,
  },
  {
    id: 'csv',
    title: 'address, port and pool as CSV',
    use: 'for spreadsheets and other programs; port 0 is every port',
    write: (places) => `ip,port,pool\n${places.map(csvRow).join('')}`,
  },
  {
    id: 'akvorado',
    title: 'a custom dictionary of Akvorado',
    use: 'keys addr (String) and port (UInt16), attribute pool; IPv4 as ::ffff:a.b.c.d',
    write: (places) =>
      `addr,port,pool\n${addresses(places)
        .map((one) => csvRow({ ...one, place: one.place.includes(':') ? one.place : `::ffff:${one.place}` }))
        .join('')}`,
  },
];

/** Every listed place with each of its ports, by address. */
export function exportedPlaces(pools: PoolSet): ExportedPlace[] {
  const places: ExportedPlace[] = [];
  for (const { network, ports } of pools.listedPrefixes()) {
    const place = networkText(network);
    const ip = addressText(network.words);
    for (const port of ports.length === 0 ? [0] : ports) {
      const pool = pools.byAddress(ip, port)?.pool.name ?? '';
      places.push({ place, isNetwork: network.length < 128, port, pool });
    }
  }
  return places.sort((a, b) => compare(a.place, b.place) || a.port - b.port);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function addresses(places: readonly ExportedPlace[]): ExportedPlace[] {
  return places.filter(({ isNetwork }) => !isNetwork);
}

/** Places with one port together: a filter that names the port once a place is long and slow. */
function byPort(places: readonly ExportedPlace[]): [number, ExportedPlace[]][] {
  const groups = new Map<number, ExportedPlace[]>();
  for (const place of places) groups.set(place.port, [...(groups.get(place.port) ?? []), place]);
  return [...groups].sort(([a], [b]) => a - b);
}

function nfdumpPart([port, places]: [number, ExportedPlace[]]): string {
  const single = addresses(places).map(({ place }) => place);
  const networks = places.filter(({ isNetwork }) => isNetwork).map(({ place }) => `net ${place}`);
  const list = single.length === 0 ? [] : [`ip in [ ${single.join(' ')} ]`];
  const where = [...list, ...networks].join(' or ');
  return port === 0 ? `  (${where})` : `  ((${where}) and port ${port})`;
}

function csvRow({ place, port, pool }: ExportedPlace): string {
  return `${place},${port},${quoted(pool)}\n`;
}

/** RFC 4180; no cell can start a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
