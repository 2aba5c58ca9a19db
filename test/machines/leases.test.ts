/** Each format as its program writes it (manual pages and samples of the programs), and what is said of bad leases. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { macOf } from '../../src/machines/lease.ts';
import { LeaseBook, loadLeases } from '../../src/machines/leases.ts';
import { random } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;

async function leases(...texts: readonly string[]) {
  return inZone(null, ...texts);
}

async function inZone(zone: string | null, ...texts: readonly string[]) {
  const names = texts.map((text) => {
    const file = path.join(folder, `leases-${files++}`);
    writeFileSync(file, text);
    return file;
  });
  return loadLeases(names, zone);
}

const us = (time: string): number => Date.parse(`2026-11-24T${time}Z`) * 1000;
const seconds = (time: string): number => us(time) / 1e6;

const MAC = 'aa:bb:cc:00:00:01';
const OTHER = 'aa:bb:cc:00:00:02';

const FORMATS: readonly { name: string; text: string; expected: object }[] = [
  {
    name: 'dnsmasq.leases',
    text: `${seconds('12:00:00')} ${MAC} 192.0.2.5 lab-pc 01:${MAC}\n${seconds('12:00:00')} ${OTHER} 192.0.2.6 * *\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'a log of dnsmasq',
    text: `Nov 24 09:00:00 gw dnsmasq-dhcp[711]: DHCPREQUEST(eth0) 192.0.2.5 ${MAC}\nNov 24 09:00:00 gw dnsmasq-dhcp[711]: DHCPACK(eth0) 192.0.2.5 ${MAC} lab-pc\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'the audit log of Windows DHCP',
    text: '\t\tMicrosoft DHCP Service Activity Log\n\nID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name\n24,11/24/26,00:00:01,Database Cleanup Begin,,,,,0,6,,,\n10,11/24/26,09:00:00,Assign,192.0.2.5,lab-pc,AABBCC000001,,0,0,,,,0x4D53,MSFT 5.0,,,,0\n',
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'the audit log of Windows DHCP in German, of a lease by BOOTP',
    text: '\t\tAktivitätsprotokoll für den Microsoft-DHCP-Dienst\n\nID,Datum,Zeit,Beschreibung,IP-Adresse,Hostname,MAC-Adresse,Benutzername\n24,11/24/26,00:00:01,Datenbankbereinigung,,,,,0,6,,,\n16,11/24/26,08:00:00,Gelöscht,192.0.2.5,old-pc,AABBCC0000FF,\n20,11/24/26,09:00:00,BOOTP-Lease,192.0.2.5,lab-pc,AABBCC000001,,0,0,,,,,,,,0\n',
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'events of FortiOS 7, among others',
    text: `date=2026-11-24 time=10:00:00 devname="fw" eventtime=1795510800000000000 tz="+0100" logid="0100026003" type="event" logdesc="DHCP statistics" total=245 used=3\ndate=2026-11-24 time=10:00:00 devname="fw" eventtime=${seconds('09:00:00')}000000000 tz="+0100" logid="0100026001" type="event" subtype="system" logdesc="DHCP Ack log" interface="lan" dhcp_msg="Ack" mac="AA:BB:CC:00:00:01" ip=192.0.2.5 lease=43200 hostname="lab-pc" msg="DHCP server sends a DHCPACK"\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'events of FortiOS 5, without quotes, in the time of the device',
    text: `<38>date=2026-11-24 time=09:00:00 devname=fw logid=0100026001 type=event logdesc="DHCP Ack log" dhcp_msg="Ack" mac=${MAC} ip=192.0.2.5 lease=43200 hostname="lab-pc" msg="DHCP server sends a DHCPACK"\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'events of FortiGate as CEF',
    text: `Nov 24 09:00:00 fw CEF: 0|Fortinet|Fortigate|v6.0|26001|event:system|2|FTNTFGTlogid=0100026001 cat=event:system FTNTFGTeventtime=${seconds('09:00:00')} FTNTFGTlogdesc=DHCP Ack log FTNTFGTdhcp_msg=Ack FTNTFGTmac=${MAC} FTNTFGTip=192.0.2.5 FTNTFGTlease=43200 dhost=lab-pc msg=DHCP server sends a DHCPACK\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'a log of RouterOS',
    text: `Nov 24 09:00:00 gw dhcp,info dhcp1 assigned 192.0.2.5 for AA:BB:CC:00:00:01 lab-pc\nNov 24 21:00:00 gw dhcp,info dhcp1 deassigned 192.0.2.5 for AA:BB:CC:00:00:01 lab-pc\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'dhcpd.leases',
    text: `# The format of this file is documented in dhcpd.leases(5).\n\nlease 192.0.2.5 {\n  starts 2 2026/11/24 09:00:00;\n  ends 2 2026/11/24 21:00:00;\n  cltt 2 2026/11/24 09:00:00;\n  binding state active;\n  hardware ethernet ${MAC};\n  client-hostname "lab-pc";\n}\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'a log of dhcpd',
    text: `2026-11-24T09:00:00+00:00 gw dhcpd[42]: DHCPACK on 192.0.2.5 to ${MAC} (lab-pc) via eth0\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'a lease file of Kea',
    text: `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n192.0.2.5,${MAC},01:${MAC},43200,${seconds('21:00:00')},1,0,0,lab-pc,0,,0\n192.0.2.5,${OTHER},,43200,${seconds('21:00:00')},1,0,0,old,2,,0\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'a log of Kea',
    text: `2026-11-24 09:00:00.123 INFO  [kea-dhcp4.leases/815.139] DHCP4_LEASE_ALLOC [hwtype=1 ${MAC}], cid=[01:${MAC}], tid=0x1a2b: lease 192.0.2.5 has been allocated for 43200 seconds\n`,
    expected: { mac: MAC, hostname: null, user: null },
  },
  {
    name: 'a detail file of FreeRADIUS',
    text: `Tue Nov 24 09:00:00 2026\n\tUser-Name = "anna"\n\tAcct-Status-Type = Start\n\tFramed-IP-Address = 192.0.2.5\n\tCalling-Station-Id = "AA-BB-CC-00-00-01"\n\tAcct-Session-Id = "81"\n\nTue Nov 24 13:00:00 2026\n\tUser-Name = "anna"\n\tAcct-Status-Type = Stop\n\tAcct-Session-Time = 14400\n\tFramed-IP-Address = 192.0.2.5\n\tCalling-Station-Id = "AA-BB-CC-00-00-01"\n`,
    expected: { mac: MAC, hostname: null, user: 'anna' },
  },
  {
    name: 'FreeRADIUS accounting as CSV',
    text: `radacctid,username,nasipaddress,acctstarttime,acctstoptime,callingstationid,framedipaddress\n1,anna,192.0.2.1,2026-11-24 09:00:00,2026-11-24 13:00:00,AA-BB-CC-00-00-01,192.0.2.5\n`,
    expected: { mac: MAC, hostname: null, user: 'anna' },
  },
  {
    name: 'arp.dat of arpwatch',
    text: `aa:bb:cc:0:0:1\t192.0.2.5\t${seconds('12:00:00')}\tlab-pc\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'dhcp.log of Zeek',
    text: `#separator \\x09\n#fields\tts\tuids\tclient_addr\tserver_addr\tmac\thost_name\tclient_fqdn\tdomain\trequested_addr\tassigned_addr\tlease_time\n${seconds('09:00:00')}.25\tC1\t-\t192.0.2.1\t${MAC}\tlab-pc\t-\t-\t-\t192.0.2.5\t43200.000000\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'dhcp.log of Zeek as JSON',
    text: `{"ts":${seconds('09:00:00')}.25,"uids":["C1"],"server_addr":"192.0.2.1","mac":"${MAC}","host_name":"lab-pc","assigned_addr":"192.0.2.5","lease_time":43200.0}\n`,
    expected: { mac: MAC, hostname: 'lab-pc', user: null },
  },
  {
    name: 'ip neigh with a time in each line',
    text: `2026-11-24T09:00:00Z 192.0.2.5 dev eth0 lladdr ${MAC} REACHABLE\n2026-11-24T09:00:00Z 192.0.2.9 dev eth0 FAILED\n`,
    expected: { mac: MAC, hostname: null, user: null },
  },
  {
    name: 'ip neigh with a time above',
    text: `2026-11-24T09:00:00+00:00\n192.0.2.5 dev eth0 lladdr ${MAC} STALE\n`,
    expected: { mac: MAC, hostname: null, user: null },
  },
  {
    name: 'ip -ts monitor neigh',
    text: `[2026-11-24T09:00:00.123456] 192.0.2.5 dev eth0 lladdr ${MAC} REACHABLE\n`,
    expected: { mac: MAC, hostname: null, user: null },
  },
  {
    name: 'ip -t monitor neigh',
    text: `Timestamp: Tue Nov 24 09:00:00 2026 123456 usec\n192.0.2.5 dev eth0 lladdr ${MAC} REACHABLE\n`,
    expected: { mac: MAC, hostname: null, user: null },
  },
  {
    name: 'dhcp.log of Bro',
    text: `#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tmac\tassigned_ip\tlease_time\n${seconds('09:00:00')}.25\tC1\t0.0.0.0\t192.0.2.1\t${MAC}\t192.0.2.5\t43200.000000\n`,
    expected: { mac: MAC, hostname: null, user: null },
  },
  {
    name: 'a table of an admin',
    text: `MAC;IP;User;From;To\nAABB.CC00.0001;192.0.2.5;anna;2026-11-24 08:00;2026-11-24 20:00\n`,
    expected: { mac: MAC, hostname: null, user: 'anna' },
  },
];

describe('leases are read from', () => {
  it.each(FORMATS)('$name', async ({ text, expected }) => {
    const book = await leases(text);
    const held = book.during('192.0.2.5', us('10:00:00'), us('11:00:00'));
    expect(held.map(({ mac, hostname, user }) => ({ mac, hostname, user }))).toEqual([expected]);
    expect(book.during('192.0.2.7', us('10:00:00'), us('11:00:00'))).toEqual([]);
    expect(book.notes()).toEqual([]);
  });
});

describe('an address that changes hands', () => {
  const ack = (time: string, mac: string): string =>
    `Nov 24 ${time} gw dnsmasq-dhcp[711]: DHCPACK(eth0) 192.0.2.5 ${mac}\n`;

  it('is first of one machine, then of the other', async () => {
    const book = await leases(ack('08:00:00', MAC) + ack('09:00:00', MAC) + ack('12:00:00', OTHER));
    const at = (time: string) => book.during('192.0.2.5', us(time), us(time)).map(({ mac }) => mac);
    expect(at('07:59:00')).toEqual([]);
    expect(at('11:59:00')).toEqual([MAC]);
    expect(at('12:30:00')).toEqual([OTHER]);
    expect(book.notes()).toEqual([]);
  });

  it('is nobody’s once it was given back', async () => {
    const book = await leases(
      `${ack('08:00:00', MAC)}Nov 24 09:00:00 gw dnsmasq-dhcp[711]: DHCPRELEASE(eth0) 192.0.2.5 ${MAC}\n`,
    );
    expect(book.during('192.0.2.5', us('08:30:00'), us('08:31:00'))).toHaveLength(1);
    expect(book.during('192.0.2.5', us('09:30:00'), us('09:31:00'))).toEqual([]);
  });

  it('says so if two leases hold at one time', async () => {
    const row = (mac: string, from: string, to: string): string =>
      `192.0.2.5,${mac},2026-11-24T${from}Z,2026-11-24T${to}Z\n`;
    const book = await leases(
      `ip,mac,from,to\n${row(MAC, '08:00:00', '12:00:00')}${row(OTHER, '10:00:00', '14:00:00')}192.0.2.9,${MAC},2026-11-24T10:00:00Z,2026-11-24T09:00:00Z\n`,
    );
    expect(book.during('192.0.2.5', us('11:00:00'), us('11:00:01')).map(({ mac }) => mac)).toEqual([OTHER]);
    expect(book.notes().map(({ code, params }) => [code, params.count])).toEqual([
      ['leases-wrong', 1],
      ['leases-overlap', 1],
    ]);
  });
});

describe('a lease', () => {
  const at = (book: Awaited<ReturnType<typeof leases>>, time: string) =>
    book.during('192.0.2.5', Date.parse(time) * 1000, Date.parse(time) * 1000 + 1);

  it('of another person at the same machine is another lease', async () => {
    const row = (user: string, from: string, to: string): string =>
      `1,${user},2026-11-24 ${from},2026-11-24 ${to},${MAC},192.0.2.5\n`;
    const book = await leases(
      `radacctid,username,acctstarttime,acctstoptime,callingstationid,framedipaddress\n${row('anna', '08:00:00', '12:00:00')}${row('bob', '12:00:00', '16:00:00')}`,
    );
    expect(at(book, '2026-11-24T11:00:00Z').map(({ user }) => user)).toEqual(['anna']);
    expect(at(book, '2026-11-24T13:00:00Z').map(({ user }) => user)).toEqual(['bob']);
    expect(book.notes()).toEqual([]);
  });

  it('whose beginning nobody told is not older than leases get', async () => {
    const book = await leases(`${seconds('12:00:00')} ${MAC} 192.0.2.5 lab-pc *\n`);
    expect(at(book, '2026-11-23T12:00:00Z')).toHaveLength(1);
    expect(at(book, '2026-11-01T12:00:00Z')).toEqual([]);
  });

  it('of a snapshot is none beside those of a log', async () => {
    const ack = (time: string, mac: string): string =>
      `Nov 24 ${time} gw dnsmasq-dhcp[711]: DHCPACK(eth0) 192.0.2.5 ${mac}\n`;
    const third = 'aa:bb:cc:00:00:03';
    const book = await leases(
      ack('08:00:00', MAC) + ack('12:00:00', OTHER) + ack('13:00:00', third),
      `${seconds('20:00:00')} ${OTHER} 192.0.2.5 * *\n`,
    );
    const held = ['09', '12', '14'].map((hour) =>
      at(book, `2026-11-24T${hour}:30:00Z`).map(({ mac }) => mac),
    );
    expect(held).toEqual([[MAC], [OTHER], [third]]);
  });

  const block = (ends: string, more = ''): string =>
    `lease 192.0.2.5 {\n  starts 2 2026/11/24 09:00:00;\n  ends ${ends};\n  hardware ethernet ${MAC};\n${more}}\n`;

  it('that never ends does not', async () => {
    const book = await leases(block('never'));
    expect(at(book, '2027-03-01T00:00:00Z')).toHaveLength(1);
    expect(at(book, '2026-11-24T08:00:00Z')).toEqual([]);
  });

  it('of dhcpd has UTC times, and names with braces', async () => {
    const more = `  uid "\\001}{\\"";\n  client-hostname "lab-}pc";\n`;
    const book = await inZone('Asia/Shanghai', block('2 2026/11/24 10:00:00', more));
    expect(at(book, '2026-11-24T09:30:00Z').map(({ hostname }) => hostname)).toEqual(['lab-}pc']);
    expect(at(book, '2026-11-24T01:30:00Z')).toEqual([]);
  });

  it('with a time that cannot be read is wrong; without one it always holds', async () => {
    const book = await leases(
      `ip;mac;from;to\n192.0.2.5;${MAC};noon;NULL\n192.0.2.5;${MAC};17;NULL\n192.0.2.6;${MAC};2026-11-24 09:00;NULL\n192.0.2.7;${MAC};;\n`,
    );
    expect(at(book, '2026-11-24T09:30:00Z')).toEqual([]);
    expect(book.during('192.0.2.6', us('10:00:00'), us('10:00:00'))).toHaveLength(1);
    expect(book.during('192.0.2.7', 0, us('10:00:00'))).toHaveLength(1);
    expect(book.notes().map(({ code, params }) => [code, params.count])).toEqual([['leases-wrong', 2]]);
  });
});

it('an address is of one machine at a time, in whatever order its leases come', () => {
  const draw = random(35);
  const ip = '192.0.2.5';
  for (let round = 0; round < 300; round++) {
    const rows = Array.from({ length: 2 + draw.below(5) }, () => {
      const fromUs = us('00:00:00') + draw.below(50) * 3600e6;
      const toUs = fromUs + (1 + draw.below(20)) * 3600e6;
      const known = draw.below(4);
      const mac = `aa:bb:cc:00:00:0${1 + draw.below(3)}`;
      return { ip, mac, fromUs: known === 0 ? Number.NaN : fromUs, toUs: known === 1 ? Number.NaN : toUs };
    });
    const held = [rows, rows.toReversed()].map((order) => {
      const book = new LeaseBook();
      for (const row of order) book.add(row, 'table');
      const hours = Array.from({ length: 80 }, (_, hour) => us('00:00:00') + (hour - 3) * 3600e6 + 1);
      return hours.map((at) => book.during(ip, at, at).map(({ mac }) => mac));
    });
    expect(held[1], JSON.stringify(rows)).toEqual(held[0]);
    expect(Math.max(...held[0].map((macs) => macs.length)), JSON.stringify(rows)).toBe(1);
  }
});

it('a file without a lease is refused', async () => {
  await expect(leases('nothing of the kind\n')).rejects.toThrow('no lease in it');
});

it('hardware addresses are read in any usual writing', () => {
  for (const text of ['AA-BB-CC-00-00-01', 'aabb.cc00.0001', 'aa:bb:cc:0:0:1', 'AABBCC000001'])
    expect(macOf(text)).toBe(MAC);
  for (const text of ['', '00:00:00:00:00:00', 'aa:bb:cc:00:00', '192.0.2.1']) expect(macOf(text)).toBeNull();
});
