/**
 * A log of each product of data/logs.tsv, in the words of its documentation, with values of our own: two connections, one to a
 * pool. What it must hold is written beside it by hand.
 */

export interface DeviceLog {
  readonly id: string;
  readonly lines: readonly string[];
  /** Sums of both connections: packets and bytes sent, and received; -1 of what the log does not have. */
  readonly sent: readonly [packets: number, bytes: number];
  readonly received: readonly [packets: number, bytes: number];
  /** Start and end of the first, as times of 2026-11-20. */
  readonly times: readonly [start: string, end: string];
  /** The name of the first one's server, as the log tells it. */
  readonly name?: string;
  /** A line of the same product that holds no connection. */
  readonly other?: string;
}

/** Most logs have these. */
const ALL = { sent: [310, 55_000], received: [322, 70_000], times: ['10:20:00', '10:30:00'] } as const;
const NAME = 'xmr-eu1.nanopool.org';

/** Cells by their places, from 1 on; others are empty. */
function cells(most: number, at: Readonly<Record<number, string>>): string {
  return Array.from({ length: most }, (_, i) => at[i + 1] ?? '').join(',');
}

const paloAlto = (at: Readonly<Record<number, string>>, head = '<14>Nov 20 10:30:02 pa-edge 1'): string =>
  cells(50, {
    1: head,
    2: '2026/11/20 10:30:01',
    3: '007051000012345',
    4: 'TRAFFIC',
    5: 'end',
    12: '"web, and all"',
    15: 'web-browsing',
    ...at,
  });

/** A record over many lines. */
const rawRecord = (
  first: string,
  last: string,
  source: string,
  sourcePort: number,
  destination: string,
  destinationPort: number,
  packets: number,
  bytes: number,
): string =>
  `Flow Record:
  Flags        =               0x00 NETFLOW v9
  Elements     =                  3: 1 2 4
  first        =      ${first} [2026-11-20 10:20:00.000]
  last         =      ${last} [2026-11-20 10:30:00.000]
  proto        =                  6 TCP
  tcp flags    =               0x1b ...AP.SF
  src port     =              ${sourcePort}
  dst port     =              ${destinationPort}
  in packets   =                ${packets}
  in bytes     =              ${bytes}
  src addr     =        ${source}
  dst addr     =       ${destination}
  ip exporter  =          192.0.2.1
`;

export const DEVICE_LOGS: readonly DeviceLog[] = [
  {
    id: 'fortigate',
    lines: [
      `<189>date=2026-11-20 time=11:30:00 devname="FGT-EDGE" devid="FG100FTK20000001" eventtime=1795170600000000000 tz="+0100" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.20.30.40 srcname="ws-17" srcport=51515 srcintf="lan" dstip=203.0.113.77 dstport=3333 dstintf="wan1" sessionid=88123 proto=6 action="close" policyid=12 service="tcp/3333" duration=600 sentbyte=54000 rcvdbyte=61000 sentpkt=300 rcvdpkt=310 dstname="${NAME}" url="/a?srcip=1.2.3.4"`,
      '<189>date=2026-11-20 time=11:31:00 devname="FGT-EDGE" devid="FG100FTK20000001" eventtime=1795170660000000000 tz="+0100" logid="0000000013" type="traffic" subtype="forward" srcip=10.20.30.41 srcport=40000 dstip=198.51.100.7 dstport=443 proto=6 action="close" duration=5 sentbyte=1000 rcvdbyte=9000 sentpkt=10 rcvdpkt=12',
    ],
    ...ALL,
    name: NAME,
    other:
      '<189>date=2026-11-20 time=11:31:00 devname="FGT-EDGE" logid="0100032001" type="event" subtype="system" srcip=10.20.30.41 msg="Administrator admin logged in"',
  },
  {
    id: 'palo-alto',
    lines: [
      paloAlto({
        7: '2026/11/20 10:30:00',
        8: '10.20.30.40',
        9: '203.0.113.77',
        25: '51515',
        26: '3333',
        30: 'tcp',
        31: 'allow',
        32: '115000',
        33: '54000',
        34: '61000',
        35: '610',
        36: '2026/11/20 10:20:00',
        37: '600',
        45: '300',
        46: '310',
      }),
      paloAlto(
        {
          7: '2026/11/20 10:31:00',
          8: '10.20.30.41',
          9: '198.51.100.7',
          25: '40000',
          26: '443',
          30: 'tcp',
          31: 'allow',
          32: '10000',
          33: '1000',
          34: '9000',
          35: '22',
          36: '2026/11/20 10:30:55',
          37: '5',
          45: '10',
          46: '12',
        },
        '1',
      ),
    ],
    ...ALL,
    other:
      '1,2026/11/20 10:31:01,007051000012345,SYSTEM,general,0,2026/11/20 10:31:00,,general,,0,0,general,informational,"x"',
  },
  {
    id: 'conntrack',
    lines: [
      '[1795170600.000000]\t[DESTROY] tcp      6 src=10.20.30.40 dst=203.0.113.77 sport=51515 dport=3333 packets=300 bytes=54000 src=203.0.113.77 dst=198.51.100.9 sport=3333 dport=51515 packets=310 bytes=61000 [ASSURED] delta-time=600',
      '[1795170660.000000]\t[DESTROY] ipv4     2 tcp      6 src=10.20.30.41 dst=198.51.100.7 sport=40000 dport=443 packets=10 bytes=1000 src=198.51.100.7 dst=198.51.100.9 sport=443 dport=40000 packets=12 bytes=9000 delta-time=5',
    ],
    ...ALL,
    other: 'conntrack v1.4.7 (conntrack-tools): 2 flow events have been shown.',
  },
  {
    id: 'asa',
    lines: [
      '<166>Nov 20 2026 10:30:00 fw01 : %ASA-6-302014: Teardown TCP connection 1001 for outside:203.0.113.77/3333 to inside:10.20.30.40/51515 duration 0:10:00 bytes 115000 TCP FINs',
      '<166>1 2026-11-20T10:31:00Z fw01 - - - - %ASA-6-302014: Teardown TCP connection 1002 for outside:198.51.100.7/443(LOCAL\\ann) to inside:10.20.30.41/40000 duration 0:00:05 bytes 10000 TCP Reset-I',
    ],
    sent: [0, 125_000],
    received: [-1, -1],
    times: ALL.times,
    other:
      '<166>Nov 20 2026 10:40:01 fw01 : %ASA-6-305012: Teardown dynamic TCP translation from inside:10.20.30.40/51515 to outside:198.51.100.9/51515 duration 0:00:30',
  },
  {
    id: 'squid',
    lines: [
      `1795170600.000 600000 10.20.30.40 TCP_TUNNEL/200 61000 CONNECT ${NAME}:3333 - HIER_DIRECT/203.0.113.77 -`,
      '1795170660.000   5000 10.20.30.41 TCP_MISS/200 9000 GET https://www.example.com/a?b=c ann HIER_DIRECT/198.51.100.7 text/html',
    ],
    sent: [0, 0],
    received: [-1, 70_000],
    times: ALL.times,
    name: NAME,
    other: 'FATAL: Bungled squid.conf line 12',
  },
  {
    id: 'ftd',
    lines: [
      `<113>Nov 20 2026 10:30:00 ftd01 SFIMS: %FTD-6-430003: EventPriority: Low, DeviceUUID: 1a2b, SrcIP: 10.20.30.40, DstIP: 203.0.113.77, SrcPort: 51515, DstPort: 3333, Protocol: tcp, AccessControlRuleAction: Allow, ConnectionDuration: 600, InitiatorPackets: 300, ResponderPackets: 310, InitiatorBytes: 54000, ResponderBytes: 61000, URL: https://${NAME}:3333/`,
      '<113>Nov 20 2026 10:31:00 ftd01 SFIMS: %FTD-6-430003: SrcIP: 10.20.30.41, DstIP: 198.51.100.7, SrcPort: 40000, DstPort: 443, Protocol: tcp, AccessControlRuleAction: Allow, ConnectionDuration: 5, InitiatorPackets: 10, ResponderPackets: 12, InitiatorBytes: 1000, ResponderBytes: 9000',
    ],
    ...ALL,
    name: NAME,
    other: '<113>Nov 20 2026 10:31:00 ftd01 SFIMS: %FTD-6-430005: FileName: a.bin',
  },
  {
    id: 'sophos',
    lines: [
      'device_name="XGS-1" timestamp="2026-11-20T11:30:00+0100" device_model="XGS126" log_id="010101600001" log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" protocol="TCP" src_ip="10.20.30.40" dst_ip="203.0.113.77" src_port=51515 dst_port=3333 packets_sent=300 packets_received=310 bytes_sent=54000 bytes_received=61000 con_duration="600"',
      'device="SFW" date=2026-11-20 time=10:31:00 timezone="UTC" device_name="XG210" log_id=010101600001 log_type="Firewall" log_subtype="Allowed" duration=5 protocol="TCP" src_ip=10.20.30.41 dst_ip=198.51.100.7 src_port=40000 dst_port=443 sent_pkts=10 recv_pkts=12 sent_bytes=1000 recv_bytes=9000',
    ],
    ...ALL,
    other:
      'device="SFW" date=2026-11-20 time=10:31:00 device_name="XG210" log_type="Event" log_component="GUI"',
  },
  {
    id: 'sophos-utm',
    lines: [
      '2026:11:20-10:30:00 utm ulogd[1234]: id="2002" severity="info" sys="SecureNet" sub="packetfilter" name="Packet accepted" action="accept" fwrule="7" srcip="10.20.30.40" dstip="203.0.113.77" proto="6" length="60" srcport="51515" dstport="3333" tcpflags="SYN"',
      '2026:11:20-10:31:00 utm ulogd[1234]: id="2002" severity="info" sys="SecureNet" sub="packetfilter" name="Packet accepted" action="accept" fwrule="7" srcip="10.20.30.41" dstip="198.51.100.7" proto="6" length="52" srcport="40000" dstport="443" tcpflags="SYN"',
    ],
    sent: [0, 112],
    received: [-1, -1],
    times: ['10:30:00', '10:30:00'],
    other: '2026:11:20-10:31:00 utm sshd[77]: Accepted password for admin',
  },
  {
    id: 'check-point',
    lines: [
      `<134>1 2026-11-20T10:30:00Z gw1 CheckPoint 13752 - [action:"Accept"; flags:"411908"; ifdir:"outbound"; loguid:"{0x5ab27965,0x0,0x5b20a8c0,0x7d5707b6}"; origin:"192.0.2.1"; time:"1795170600"; dst:"203.0.113.77"; proto:"6"; s_port:"51515"; service:"3333"; src:"10.20.30.40"; elapsed:"0:10:00"; client_outbound_packets:"300"; client_outbound_bytes:"54000"; server_outbound_packets:"310"; server_outbound_bytes:"61000"; tls_server_host_name:"${NAME}"]`,
      '<134>1 2026-11-20T10:31:00Z gw1 CheckPoint 13752 - [action:"Accept"; origin:"192.0.2.1"; time:"1795170660"; dst:"198.51.100.7"; proto:"6"; s_port:"40000"; service:"443"; src:"10.20.30.41"; elapsed:"5"; sent_bytes:"1000"; received_bytes:"9000"; client_outbound_packets:"10"; server_outbound_packets:"12"]',
    ],
    ...ALL,
    name: NAME,
    other: '<134>1 2026-11-20T10:31:00Z gw1 CheckPoint 13752 - [flags:"1"; subject:"Object Manipulation"]',
  },
  {
    id: 'check-point-generic',
    lines: [
      `time=1795170600|hostname=gw1|product=Firewall|action=Accept|ifdir=outbound|loguid={0x5cd9a64e,0x0,0x5060a8c0,0xc0000001}|origin=192.0.2.1|originsicname=cn\\=cp_mgmt,o\\=gw1|dst=203.0.113.77|proto=6|s_port=51515|service=3333|src=10.20.30.40|elapsed=600|client_outbound_packets=300|client_outbound_bytes=54000|server_outbound_packets=310|server_outbound_bytes=61000|tls_server_host_name=${NAME}|`,
      'time=1795170660|hostname=gw1|product=Firewall|action=Accept|loguid={0x5cd9a64f,0x0,0x5060a8c0,0xc0000001}|origin=192.0.2.1|dst=198.51.100.7|proto=6|s_port=40000|service=443|src=10.20.30.41|elapsed=5|client_outbound_packets=10|client_outbound_bytes=1000|server_outbound_packets=12|server_outbound_bytes=9000|',
    ],
    ...ALL,
    name: NAME,
    other: 'time=1795170660|hostname=gw1|product=SmartConsole|operation=Log In|',
  },
  {
    id: 'sonicwall',
    lines: [
      `<134>id=firewall sn=0017C5000001 time="2026-11-20 10:30:00 UTC" fw=198.51.100.9 pri=6 c=1024 m=537 msg="Connection Closed" n=1 src=10.20.30.40:51515:X0 dst=203.0.113.77:3333:X1 proto=tcp/3333 sent=54000 rcvd=61000 spkt=300 rpkt=310 cdur=600000 dstname="${NAME}"`,
      '<134>id=firewall sn=0017C5000001 time="2026-11-20 10:31:00 UTC" fw=198.51.100.9 pri=6 c=1024 m=537 msg="Connection Closed" n=2 src=10.20.30.41:40000:X0 dst=198.51.100.7:443:X1 proto=tcp/https sent=1000 rcvd=9000 spkt=10 rpkt=12 cdur=5000',
    ],
    ...ALL,
    name: NAME,
    other: '<134>kernel: link up',
  },
  {
    id: 'juniper',
    lines: [
      '<14>1 2026-11-20T10:30:00.000Z srx1 RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.129 reason="TCP FIN" source-address="10.20.30.40" source-port="51515" destination-address="203.0.113.77" destination-port="3333" service-name="None" nat-source-address="198.51.100.9" nat-source-port="51515" protocol-id="6" policy-name="out" session-id-32="1001" packets-from-client="300" bytes-from-client="54000" packets-from-server="310" bytes-from-server="61000" elapsed-time="600" application="UNKNOWN"]',
      '<14>1 2026-11-20T10:31:00.000Z srx1 RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.129 reason="idle Timeout" source-address="10.20.30.41" source-port="40000" destination-address="198.51.100.7" destination-port="443" protocol-id="6" packets-from-client="10" bytes-from-client="1000" packets-from-server="12" bytes-from-server="9000" elapsed-time="5"]',
    ],
    ...ALL,
    other:
      '<14>1 2026-11-20T10:31:00.000Z srx1 mgd - UI_LOGIN_EVENT [junos@2636.1.1.1.2.129 username="admin"]',
  },
  {
    id: 'mikrotik',
    lines: [
      'Nov 20 2026 10:30:00 rb5009 firewall,info forward: in:bridge out:ether1, connection-state:new src-mac 00:00:5e:00:53:01, proto TCP (SYN), 10.20.30.40:51515->203.0.113.77:3333, NAT (10.20.30.40:51515->198.51.100.9:51515)->203.0.113.77:3333, len 60',
      'Nov 20 2026 10:31:00 rb5009 firewall,info forward: in:bridge out:ether1, connection-state:new proto TCP (SYN), 10.20.30.41:40000->198.51.100.7:443, len 52',
    ],
    sent: [0, 112],
    received: [-1, -1],
    times: ['10:30:00', '10:30:00'],
    other: 'Nov 20 2026 10:31:00 rb5009 system,info,account user admin logged in',
  },
  {
    id: 'filterlog',
    lines: [
      '<134>1 2026-11-20T10:30:00.000000+00:00 pf.example.org filterlog 46123 - - 82,,,1000003761,igb1,match,pass,in,4,0x0,,64,0,0,DF,6,tcp,60,10.20.30.40,203.0.113.77,51515,3333,0,S,1234567890,,64240,,mss',
      'Nov 20 2026 10:31:00 pf filterlog[46123]: 82,,,1000003761,igb1,match,pass,in,4,0x0,,64,0,0,DF,6,tcp,52,10.20.30.41,198.51.100.7,40000,443,0,S,1,,64240,,mss',
    ],
    sent: [0, 112],
    received: [-1, -1],
    times: ['10:30:00', '10:30:00'],
    other:
      'Nov 20 2026 10:31:00 pf filterlog[46123]: 9,,,1000000107,igb0,match,block,in,4,0x0,,1,0,0,none,2,igmp,32,10.20.30.41,224.0.0.22,datalength=8',
  },
  {
    id: 'iptables',
    lines: [
      'Nov 20 2026 10:30:00 gw kernel: [12345.678901] fwd IN=br0 OUT=eth0 MAC=00:00:5e:00:53:01:00 SRC=10.20.30.40 DST=203.0.113.77 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF PROTO=TCP SPT=51515 DPT=3333 WINDOW=64240 RES=0x00 SYN URGP=0',
      '2026-11-20T10:31:00+00:00 gw kernel: fwd IN=br0 OUT=eth0 SRC=10.20.30.41 DST=198.51.100.7 LEN=52 TOS=0x00 PROTO=TCP SPT=40000 DPT=443 SYN',
    ],
    sent: [0, 112],
    received: [-1, -1],
    times: ['10:30:00', '10:30:00'],
    other: 'Nov 20 2026 10:31:00 gw CRON[771]: (root) CMD (true)',
  },
  {
    id: 'windows-firewall',
    lines: [
      '#Version: 1.5',
      '#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path',
      '2026-11-20 10:30:00 ALLOW TCP 10.20.30.40 203.0.113.77 51515 3333 60 - 0 0 0 - - - SEND',
      '2026-11-20 10:31:00 ALLOW TCP 10.20.30.41 198.51.100.7 40000 443 52 - 0 0 0 - - - SEND',
    ],
    sent: [0, 112],
    received: [-1, -1],
    times: ['10:30:00', '10:30:00'],
    other: '2026-11-20 10:31:00 INFO-EVENTS-LOST - - - - - - - - - - - - 5 -',
  },
  {
    id: 'cef',
    lines: [
      `<134>Nov 20 2026 10:30:00 fw CEF:0|Vendor|Firewall|1.0|100|Flow ended|3|rt=Nov 20 2026 10:30:00 UTC start=1795170000000 end=1795170600000 src=10.20.30.40 spt=51515 dst=203.0.113.77 dpt=3333 proto=TCP act=accept out=54000 in=61000 msg=a \\= b dhost=${NAME}`,
      'CEF:0|Vendor|Firewall|1.0|100|Flow ended|3|src=10.20.30.41 spt=40000 dst=198.51.100.7 dpt=443 proto=TCP act=accept start=Nov 20 2026 10:30:55 UTC end=Nov 20 2026 10:31:00 UTC out=1000 in=9000',
    ],
    sent: [0, 55_000],
    received: [-1, 70_000],
    times: ALL.times,
    name: NAME,
    other: 'CEF:0|Vendor|Firewall|1.0|7|Login|3|suser=admin outcome=success',
  },
  {
    id: 'leef',
    lines: [
      `<13>Nov 20 2026 10:30:00 fw LEEF:1.0|Vendor|Firewall|1.0|flow|devTime=Nov 20 2026 10:30:00 UTC\tstartTime=1795170000\tsrc=10.20.30.40\tdst=203.0.113.77\tsrcPort=51515\tdstPort=3333\tproto=TCP\tsrcPackets=300\tdstPackets=310\tsrcBytes=54000\tdstBytes=61000\turl=https://${NAME}:3333/`,
      'LEEF:2.0|Vendor|Firewall|1.0|flow|^|devTime=Nov 20 2026 10:31:00 UTC^startTime=1795170655^src=10.20.30.41^dst=198.51.100.7^srcPort=40000^dstPort=443^proto=TCP^srcPackets=10^dstPackets=12^srcBytes=1000^dstBytes=9000',
    ],
    ...ALL,
    name: NAME,
    other: 'LEEF:1.0|Vendor|Firewall|1.0|login|usrName=admin',
  },
  {
    id: 'zscaler',
    lines: [
      `"Fri Nov 20 10:30:00 2026","ann@example.org","HTTPS","${NAME}:3333/","Allowed","General Browsing","Web","54000","61000","10","20","Business","Tech","Tech","None","None","0","None","None","HQ","IT","10.20.30.40","203.0.113.77","CONNECT","200","x"`,
      '2026-11-20 10:31:00\treason=Allowed\tevent_id=77\tprotocol=HTTPS\taction=Allowed\ttransactionsize=10000\tresponsesize=9000\trequestsize=1000\turlcategory=Tech\tserverip=198.51.100.7\tproduct=NSS\tClientIP=10.20.30.41\tstatus=200\turl=www.example.com/a?b=c\tvendor=Zscaler\thostname=www.example.com',
    ],
    sent: [0, 55_000],
    received: [-1, 70_000],
    times: ['10:30:00', '10:30:00'],
    name: NAME,
  },
  {
    id: 'envoy',
    lines: [
      `[2026-11-20T10:20:00.000Z] "- - -" 0 - - - "-" 54000 61000 600000 - "-" "-" "-" "-" "203.0.113.77:3333" outbound|3333||${NAME} 10.20.30.40:52000 203.0.113.77:3333 10.20.30.40:51515 ${NAME} -`,
      '[2026-11-20T10:30:55.000Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 1000 9000 5000 4 "-" "curl" "7b" "www.example.com" "198.51.100.7:443" outbound|443||x 10.20.30.41:52001 198.51.100.7:443 10.20.30.41:40000 - default',
    ],
    sent: [0, 55_000],
    received: [-1, 70_000],
    times: ALL.times,
    name: NAME,
    other: '[2026-11-20 10:30:55.000][1][info][main] starting main dispatch loop',
  },
  {
    id: 'nfdump-text',
    lines: [
      '2026-11-20 10:20:00.000     00:10:00.000 TCP         10.20.30.40:51515 ->     203.0.113.77:3333       300    54000     1',
      '2026-11-20 10:30:55.000     00:00:05.000 TCP         10.20.30.41:40000 ->     198.51.100.7:443         10     1000     1',
    ],
    sent: [310, 55_000],
    received: [-1, -1],
    times: ALL.times,
    other:
      'Summary: total flows: 2, total bytes: 55000, total packets: 310, avg bps: 0, avg pps: 0, avg bpp: 177',
  },
  {
    id: 'nfdump-raw',
    lines: [
      rawRecord('1795170000000', '1795170600000', '10.20.30.40', 51515, '203.0.113.77', 3333, 300, 54_000),
      rawRecord('1795170655000', '1795170660000', '10.20.30.41', 40_000, '198.51.100.7', 443, 10, 1000),
    ],
    sent: [310, 55_000],
    received: [-1, -1],
    times: ALL.times,
    other: 'Time window: 2026-11-20 10:20:00 - 2026-11-20 10:31:00, Duration:    00:11:00.000',
  },
  {
    id: 'pmacct',
    lines: [
      'SRC_IP           DST_IP           SRC_PORT  DST_PORT  PROTOCOL    TIMESTAMP_START               TIMESTAMP_END                 PACKETS     FLOWS  BYTES',
      '10.20.30.40      203.0.113.77     51515     3333      tcp         2026-11-20 10:20:00.000000    2026-11-20 10:30:00.000000    300         1      54000',
      '10.20.30.41      198.51.100.7     40000     443       tcp         2026-11-20 10:30:55.000000    2026-11-20 10:31:00.000000    10          1      1000',
    ],
    sent: [310, 55_000],
    received: [-1, -1],
    times: ALL.times,
    other: 'NOTE: 2 flows were purged',
  },
];

const json = (...objects: readonly object[]): string[] => objects.map((object) => JSON.stringify(object));

/** The same of products whose logs are JSON. */
export const JSON_LOGS: readonly DeviceLog[] = [
  {
    id: 'hubble',
    lines: json(
      {
        flow: {
          time: '2026-11-20T10:30:00.000000000Z',
          verdict: 'FORWARDED',
          IP: { source: '10.20.30.40', destination: '203.0.113.77', ipVersion: 'IPv4' },
          l4: { TCP: { source_port: 51515, destination_port: 3333, flags: { SYN: true } } },
          source: {
            identity: 77,
            namespace: 'batch',
            pod_name: 'job-7f',
            workloads: [{ name: 'job', kind: 'Job' }],
          },
          destination: { identity: 2, labels: ['reserved:world'] },
          Type: 'L3_L4',
          node_name: 'node-1',
          destination_names: ['cdn.example.net', NAME],
          is_reply: false,
          Summary: 'TCP Flags: SYN',
        },
        node_name: 'node-1',
        time: '2026-11-20T10:30:00.000000000Z',
      },
      {
        flow: {
          time: '2026-11-20T10:31:00Z',
          verdict: 'DROPPED',
          IP: { source: '10.20.30.41', destination: '198.51.100.7' },
          l4: { TCP: { source_port: 40000, destination_port: 443 } },
          node_name: 'node-1',
          destination_names: [],
        },
      },
    ),
    sent: [0, 0],
    received: [-1, -1],
    times: ['10:30:00', '10:30:00'],
    name: NAME,
    other: '{"node_status":{"state_change":"NODE_CONNECTED","node_names":["node-1"]}}',
  },
  {
    id: 'ecs',
    lines: json(
      {
        '@timestamp': '2026-11-20T10:30:01Z',
        event: { start: '2026-11-20T10:20:00Z', end: '2026-11-20T10:30:00Z', duration: 600_000_000_000 },
        source: { ip: ['10.20.30.40'], port: 51515, bytes: 54_000, packets: 300 },
        destination: { ip: '203.0.113.77', port: 3333, bytes: 61_000, packets: 310, domain: NAME },
        network: { transport: 'tcp', bytes: 115_000, packets: 610 },
      },
      {
        '@timestamp': '2026-11-20T10:31:00Z',
        'event.duration': 5_000_000_000,
        'source.ip': '10.20.30.41',
        'source.port': 40_000,
        'source.bytes': 1000,
        'source.packets': 10,
        'destination.ip': '198.51.100.7',
        'destination.port': 443,
        'destination.bytes': 9000,
        'destination.packets': 12,
        'network.transport': 'tcp',
      },
    ),
    ...ALL,
    name: NAME,
    other: '{"@timestamp":"2026-11-20T10:31:00Z","message":"service started"}',
  },
  {
    id: 'arkime',
    lines: json(
      {
        firstPacket: 1795170000000,
        lastPacket: 1795170600000,
        length: 600_000,
        ipProtocol: 6,
        node: 'sensor-1',
        source: { ip: '10.20.30.40', port: 51515, bytes: 54_000, packets: 300 },
        destination: { ip: '203.0.113.77', port: 3333, bytes: 61_000, packets: 310 },
        http: { host: [NAME] },
        network: { bytes: 115_000, packets: 610 },
      },
      {
        firstPacket: 1795170655000,
        lastPacket: 1795170660000,
        ipProtocol: 6,
        node: 'sensor-1',
        source: { ip: '10.20.30.41', port: 40_000, bytes: 1000, packets: 10 },
        destination: { ip: '198.51.100.7', port: 443, bytes: 9000, packets: 12 },
      },
    ),
    ...ALL,
    name: NAME,
    other: '{"_index":"arkime_stats","nodeName":"sensor-1"}',
  },
  {
    id: 'elastiflow',
    lines: json(
      {
        '@timestamp': '2026-11-20T10:30:01Z',
        'flow.start.timestamp': 1795170000000,
        'flow.end.timestamp': 1795170600000,
        'flow.src.ip.addr': '10.20.30.40',
        'flow.src.l4.port.id': 51515,
        'flow.dst.ip.addr': '203.0.113.77',
        'flow.dst.l4.port.id': 3333,
        'flow.dst.host.name': NAME,
        'l4.proto.name': 'TCP',
        'flow.packets': 300,
        'flow.bytes': 54_000,
        'flow.export.ip.addr': '192.0.2.1',
      },
      {
        '@timestamp': '2026-11-20T10:31:00Z',
        flow: {
          start: { timestamp: 1795170655000 },
          end: { timestamp: 1795170660000 },
          src: { ip: { addr: '10.20.30.41' }, l4: { port: { id: 40_000 } } },
          dst: { ip: { addr: '198.51.100.7' }, l4: { port: { id: 443 } } },
          packets: 10,
          bytes: 1000,
        },
        l4: { proto: { name: 'TCP' } },
      },
    ),
    sent: [310, 55_000],
    received: [-1, -1],
    times: ALL.times,
    name: NAME,
    other: '{"@timestamp":"2026-11-20T10:31:00Z","telemetry.cpu.util":3}',
  },
  {
    id: 'ocsf',
    lines: json(
      {
        class_uid: 4001,
        activity_id: 6,
        time: 1795170600000,
        start_time: 1795170000000,
        end_time: 1795170600000,
        src_endpoint: { ip: '10.20.30.40', port: 51515 },
        dst_endpoint: { ip: '203.0.113.77', port: 3333, hostname: NAME },
        connection_info: { protocol_num: 6, protocol_name: 'tcp' },
        traffic: {
          bytes_out: 54_000,
          bytes_in: 61_000,
          packets_out: 300,
          packets_in: 310,
          bytes: 115_000,
          packets: 610,
        },
        action: 'Allowed',
      },
      {
        class_uid: 4001,
        time: 1795170660000,
        duration: 5000,
        src_endpoint: { ip: '10.20.30.41', port: 40_000 },
        dst_endpoint: { ip: '198.51.100.7', port: 443 },
        connection_info: { protocol_num: 6 },
        traffic: { bytes_out: 1000, bytes_in: 9000, packets_out: 10, packets_in: 12 },
      },
    ),
    ...ALL,
    name: NAME,
    other: '{"class_uid":3002,"time":1795170660000,"user":{"name":"ann"}}',
  },
  {
    id: 'envoy-json',
    lines: json(
      {
        start_time: '2026-11-20T10:20:00.000Z',
        duration: 600_000,
        bytes_received: 54_000,
        bytes_sent: 61_000,
        downstream_remote_address: '10.20.30.40:51515',
        upstream_host: '203.0.113.77:3333',
        requested_server_name: NAME,
        authority: null,
      },
      {
        start_time: '2026-11-20T10:30:55.000Z',
        duration: 5000,
        bytes_received: 1000,
        bytes_sent: 9000,
        downstream_remote_address: '10.20.30.41:40000',
        upstream_host: '198.51.100.7:443',
        authority: 'www.example.com',
      },
    ),
    sent: [0, 55_000],
    received: [-1, 70_000],
    times: ALL.times,
    name: NAME,
    other: '{"level":"info","msg":"xds connected"}',
  },
  {
    id: 'ibm-vpc',
    lines: json({
      version: '0.0.1',
      collector_crn: 'crn:v1:x',
      capture_start_time: '2026-11-20T10:20:00Z',
      capture_end_time: '2026-11-20T10:31:00Z',
      number_of_flow_logs: 2,
      flow_logs: [
        {
          start_time: '2026-11-20T10:20:00Z',
          end_time: '2026-11-20T10:30:00Z',
          direction: 'O',
          action: 'accepted',
          initiator_ip: '10.20.30.40',
          target_ip: '203.0.113.77',
          initiator_port: 51515,
          target_port: 3333,
          transport_protocol: 6,
          bytes_from_initiator: 54_000,
          packets_from_initiator: 300,
          bytes_from_target: 61_000,
          packets_from_target: 310,
          cumulative_bytes_from_initiator: 99_000,
        },
        {
          start_time: '2026-11-20T10:30:55Z',
          end_time: '2026-11-20T10:31:00Z',
          action: 'accepted',
          initiator_ip: '10.20.30.41',
          target_ip: '198.51.100.7',
          initiator_port: 40_000,
          target_port: 443,
          transport_protocol: 6,
          bytes_from_initiator: 1000,
          packets_from_initiator: 10,
          bytes_from_target: 9000,
          packets_from_target: 12,
        },
      ],
    }),
    ...ALL,
  },
];
