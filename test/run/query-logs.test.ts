/**
 * A pool's name in the log of a name server, and a long connection of who asked for it: first of all hosts, in each product.
 * Lines are in the words of the vendors' documentation, with values of our own.
 */
import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const work = temporaryFolder();
const T0 = 1_795_170_600;
const MINER = '10.20.30.40';
const SERVER = '203.0.113.77';
const POOL = 'xmr-eu1.nanopool.org';
/** What is counted of lines that are read well. */
const NO_DAMAGE = ['assumed-year', 'only-named'];
/** Question, CNAME to lb.example.net, A of that by a pointer (RFC 1035 section 4.1). */
const ANSWER = Buffer.from(
  '000181800001000200000000' +
    '07786d722d657531086e616e6f706f6f6c036f72670000010001' +
    'c00c000500010000003c0010026c62076578616d706c65036e657400' +
    'c032000100010000003c0004cb00714d',
  'hex',
).toString('base64');

/** The client's connection of four hours, others' longer and larger ones, and forty short ones. */
const FLOWS = [
  'start,end,src,sport,dst,dport,proto,packets,bytes,reverse_packets,reverse_bytes',
  `${T0 + 2},${T0 + 14_400},${MINER},51515,${SERVER},3333,tcp,7200,1296000,7440,1464000`,
  `${T0 + 5},${T0 + 14_000},10.20.30.41,50000,198.51.100.7,443,tcp,60000,90000000,600000,800000000`,
  `${T0 - 3000},${T0 + 14_400},10.20.30.42,50001,198.51.100.8,8883,tcp,3000,300000,2800,200000`,
  `${T0 + 100},${T0 + 9000},10.20.30.43,50002,198.51.100.9,22,tcp,6000,1300000,7000,3500000`,
  ...Array.from(
    { length: 40 },
    (_, i) =>
      `${T0 + i * 60},${T0 + i * 60 + 30},10.20.30.${44 + (i % 5)},${40_000 + i},198.51.100.${20 + i},443,tcp,20,3000,80,90000`,
  ),
];
const flows = path.join(work, 'flows.csv');
writeFileSync(flows, `${FLOWS.join('\n')}\n`);

describe('a pool that a name server was asked for', () => {
  it.each([
    [
      'FortiGate',
      'probable',
      `date=2026-11-20 time=10:30:00 eventtime=${T0}000000000 tz="+0000" logid="1501054802" type="utm" subtype="dns" eventtype="dns-response" level="notice" vd="root" policyid=1 sessionid=13355 srcip=${MINER} srcport=54623 dstip=9.9.9.9 dstport=53 proto=17 profile="default" xid=5137 qname="${POOL}" qtype="A" qtypeval=1 qclass="IN" ipaddr="${SERVER}" msg="Domain is monitored" action="pass" devname="FGT" devid="FG100"`,
    ],
    [
      'Umbrella',
      'listed',
      `"2026-11-20 10:30:00","ann","ann,Site,Network","${MINER}","192.0.2.133","Allowed","1 (A)","NOERROR","${POOL}.","Chat,Photo Sharing","Network","Network",""`,
    ],
    [
      'Zscaler',
      'probable',
      `{"sourcetype":"zscalernss-dns","event":{"datetime":"Fri Nov 20 10:30:00 2026","user":"ann","reqaction":"REQ_ALLOW","resaction":"RES_ALLOW","dns_reqtype":"A","dns_req":"${POOL}","dns_resp":"${SERVER}","srv_dport":"53","durationms":"1","clt_sip":"${MINER}","srv_dip":"9.9.9.9"}}`,
    ],
    [
      'Windows DNS debug log',
      'listed',
      `11/20/2026 10:30:00 AM 0E6C PACKET  00000000028657F0 UDP Rcv ${MINER}       0002   Q [0001   D   NOERROR] A      (7)xmr-eu1(8)nanopool(3)org(0)`,
    ],
    [
      'Unbound',
      'listed',
      `[${T0}] unbound[17724:0] info: ${MINER} ${POOL}. A IN\n[${T0}] unbound[17724:0] info: ${MINER} ${POOL}. A IN NOERROR 0.002 0 80`,
    ],
    [
      'dnsmasq and Pi-hole',
      'probable',
      `Nov 20 10:30:00 dnsmasq[821]: query[A] ${POOL} from ${MINER}\nNov 20 10:30:00 dnsmasq[821]: reply ${POOL} is <CNAME>\nNov 20 10:30:00 dnsmasq[821]: reply lb.example.net is ${SERVER}`,
    ],
    [
      'AdGuard Home',
      'probable',
      `{"T":"2026-11-20T10:30:00.5Z","QH":"${POOL}","QT":"A","QC":"IN","CP":"","Upstream":"https://dns.example:443/dns-query","Answer":"${ANSWER}","IP":"${MINER}","Result":{},"Elapsed":25231}`,
    ],
    [
      'Route 53 Resolver',
      'probable',
      `{"version":"1.1","region":"eu-west-1","query_timestamp":"2026-11-20T10:30:00Z","query_name":"${POOL}.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"lb.example.net.","Type":"CNAME","Class":"IN"},{"Rdata":"${SERVER}","Type":"A","Class":"IN"}],"srcaddr":"${MINER}","srcport":"56067","transport":"UDP"}`,
    ],
    [
      'Azure Firewall',
      'listed',
      `{"category":"AzureFirewallDnsProxy","time":"2026-11-20T10:30:00Z","properties":{"msg":"DNS Request: ${MINER}:48197 - 15676 A IN ${POOL}. udp 55 false 512 NOERROR qr,rd,ra 106 0.02s"}}`,
    ],
  ])('is what %s shows of the first host, which is %s', async (product, verdict, lines) => {
    const log = path.join(work, `${product}.log`);
    writeFileSync(log, `${lines}\n`);
    // Times without a year are of the year of the file.
    utimesSync(log, T0 + 86_400, T0 + 86_400);
    const { hosts, inputs } = await scanInputs([log, flows]);
    expect(
      inputs
        .flatMap(({ damage }) => damage.map(({ kind }) => kind))
        .filter((kind) => !NO_DAMAGE.includes(kind)),
    ).toEqual([]);
    expect(hosts.map(({ ip, pools, ...host }) => [ip, host.verdict, pools])).toEqual([
      [MINER, verdict, ['Nanopool']],
    ]);
  });
});
