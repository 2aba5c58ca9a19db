/**
 * Names that must not come in from a list: whole registries, the shared domains of hosting and dynamic DNS services,
 * the sites, seeds and wallets of coins. Each of these is in some public list, and each would accuse people who never
 * mined.
 */
import { BlockList } from 'node:net';
import type { LineReason } from '../statements/en/notes.ts';

/** Second-level labels under which countries register names ('co.uk', 'com.br'). */
const REGISTRY_LABELS = new Set(
  (
    'ac asn biz co com ed edu firm gen go gob gouv gov govt gr gv id ind info lg ltd me mil my ne net nhs nic nom or ' +
    'org plc police pp res sch school tm web'
  ).split(' '),
);

/** Domains whose names belong to many: hosting, content delivery, dynamic DNS, short links, advertising. */
const SHARED_APEXES = new Set(
  (
    'mooo.com us.to afraid.org chickenkiller.com strangled.net ignorelist.com mine.bz twilightparadox.com ' +
    'ddns.net dyndns.org dyndns.info dyn.com no-ip.org no-ip.com no-ip.biz noip.me hopto.org zapto.org sytes.net ' +
    'servebeer.com serveftp.com servegame.com myftp.org redirectme.net webhop.net duckdns.org dynu.net dynu.com ' +
    'freeddns.org ddnsfree.com changeip.com dnsdynamic.org ddns.me ddns.us spdns.de spdns.org selfip.com ' +
    'homeip.net homelinux.org dnsalias.com dnsalias.net dscloud.me myds.me synology.me i234.me myqnapcloud.com ' +
    'nsupdate.info now-dns.com eu.org pp.ua com.com my.id com.de uk.com us.com br.com cn.com herokuapp.com ' +
    'amazonaws.com cloudfront.net azurewebsites.net cloudapp.net windows.net azureedge.net trafficmanager.net ' +
    'appspot.com web.app firebaseapp.com run.app googleusercontent.com googleapis.com github.io githubusercontent.com ' +
    'gitlab.io netlify.app vercel.app now.sh pages.dev workers.dev cloudflare.com cloudflare.net fastly.net ' +
    'akamaihd.net akamai.net edgekey.net edgesuite.net b-cdn.net cdn77.org jsdelivr.net unpkg.com ngrok.io ' +
    'ngrok-free.app localtunnel.me serveo.net trycloudflare.com onrender.com fly.dev railway.app repl.co glitch.me ' +
    'surge.sh blogspot.com wordpress.com wixsite.com weebly.com 000webhostapp.com altervista.org narod.ru ucoz.ru ' +
    'hetzner.com your-server.de ovh.net ovh.com linode.com digitalocean.com digitaloceanspaces.com vultr.com ' +
    'kasserver.com contabo.net onion.to onion.ws tor2web.org exdynsrv.com doubleclick.net google.com ' +
    'googletagmanager.com facebook.com twitter.com pastebin.com github.com gitlab.com bitbucket.org telegram.org t.me ' +
    'discord.com discordapp.com dropbox.com mega.nz microsoft.com apple.com baidu.com qq.com aliyuncs.com ' +
    'myqcloud.com alicdn.com'
  ).split(' '),
);

/** Sites that lists take for pools: products, projects, shops, news, exchanges and wallets. */
const NEVER_POOLS = new Set(
  (
    'pool.support adminer.com coinpot.co bitcoin.org getmonero.org monero.org ethereum.org litecoin.org z.cash ' +
    'ravencoin.org dash.org kaspa.org ergoplatform.org bitcoincore.org bitcoinknots.org electrum.org mymonero.com ' +
    'blockchain.com blockchain.info blockstream.info blockchair.com etherscan.io xmrchain.net etherchain.org ' +
    'binance.com coinbase.com kraken.com bitfinex.com poloniex.com bittrex.com kucoin.com huobi.com okx.com ' +
    'coinmarketcap.com coingecko.com minerstat.com whattomine.com bitcointalk.org miningpoolstats.stream emercoin.com ' +
    'mempool.space localmonero.co cakewallet.com exodus.com metamask.io infura.io p2pool.observer p2pool.io ' +
    'wownero.org zephyrprotocol.com salvium.io tari.com alephium.org confluxnetwork.org beam.mw grin.mw nimiq.com ' +
    'handshake.org sia.tech decred.org kadena.io chia.net bitcoincash.org bitcoincashnode.org dogecoin.com ' +
    'ethereumclassic.org firo.org clore.ai horizen.io komodoplatform.com runonflux.io verus.io digibyte.org ' +
    'vertcoin.org groestlcoin.org peercoin.net namecoin.org xelis.io aleo.org ironfish.network nervos.org dero.io ' +
    'nexa.org trezor.io ledger.com myetherwallet.com trustwallet.com guarda.com atomicwallet.io featherwallet.org ' +
    'monerujo.io sparrowwallet.com wasabiwallet.io bybit.com gate.io mexc.com bitstamp.net crypto.com'
  ).split(' '),
);

/** Labels of nodes, seeds, wallets and explorers, below whatever domain. */
const PROJECT_LABEL =
  /^(?:[a-z0-9]+-)?(?:(?:dns-?)?seed(?:s|er|ers|node|nodes)?|(?:full|boot|light|rpc)?nodes?|rpc|wallets?|explorers?|electrumx?|faucets?)\d*(?:-[a-z0-9]+)?$/;

/** Ports of coins' own networks: a node listens there, not a pool. */
const NODE_PORTS = new Set([8333, 18080, 18081, 18089, 30303, 9333, 16111]);

/**
 * The domain of a name that one owner holds: its last two labels, three below a country's registry or a domain that
 * many share. A table of its own and not the public suffix list: 3 MB and 50 ms for a list that lacks free dynamic DNS.
 */
export function ownedDomain(name: string): string {
  const labels = name.split('.');
  const [second = '', last = ''] = labels.slice(-2);
  const isShared = last.length === 2 && REGISTRY_LABELS.has(second);
  return labels.slice(isShared || SHARED_APEXES.has(`${second}.${last}`) ? -3 : -2).join('.');
}

/**
 * Why a name may not enter, in words; null if it may. `name` is normalised and without a leading '*.'.
 * @param isPool The catalogue knows the name: coin projects and exchanges have pools as well.
 */
export function refuseName(name: string, isPool = false): LineReason | null {
  const labels = name.split('.');
  const last = labels[labels.length - 1] ?? '';
  if (labels.length < 2) return 'line-single-label';
  if (!/[a-z]/.test(last)) return 'line-no-host-name';
  if (labels.length === 2 && last.length === 2 && REGISTRY_LABELS.has(labels[0] ?? ''))
    return 'line-public-suffix';
  if (SHARED_APEXES.has(name)) return 'line-shared-domain';
  const above = labels.slice(0, -ownedDomain(name).split('.').length);
  if (!isPool && above.some((label) => PROJECT_LABEL.test(label))) return 'line-coin-node';
  const isSite = NEVER_POOLS.has(name) || NEVER_POOLS.has(name.replace(/^www\./, ''));
  if (isSite || (!isPool && NEVER_POOLS.has(ownedDomain(name)))) return 'line-known-site';
  if (looksRunTogether(labels)) return 'line-run-together';
  return null;
}

/** 'pangolinminer.comgandalph3000.com': a '.com' name with another one behind it, the line end lost. */
function looksRunTogether(labels: readonly string[]): boolean {
  return labels.slice(1, -1).some((label) => /^com(?![mp])[a-z0-9]{8,}$/.test(label));
}

export function isNodePort(port: number): boolean {
  return NODE_PORTS.has(port);
}

/** Private, shared, loopback, link-local, documentation, benchmark, multicast and unassigned space. */
const RESERVED = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 ::/8 100::/64 2001:db8::/32
  3fff::/20 fc00::/7 fe80::/10 ff00::/8`;

/** A list for each family: to Node.js, IPv4 is a part of IPv6, of ::/8. */
let reserved: { readonly ipv4: BlockList; readonly ipv6: BlockList } | undefined;

/** True for an address, as canonical text, that no public pool can have. */
export function isReserved(ip: string): boolean {
  if (reserved === undefined) {
    reserved = { ipv4: new BlockList(), ipv6: new BlockList() };
    for (const network of RESERVED.split(/\s+/)) {
      const [first = '', length] = network.split('/');
      reserved[familyOf(first)].addSubnet(first, Number(length), familyOf(first));
    }
  }
  return reserved[familyOf(ip)].check(ip, familyOf(ip));
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return ip.includes(':') ? 'ipv6' : 'ipv4';
}
