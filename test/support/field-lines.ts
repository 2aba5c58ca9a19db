/**
 * Lines as products write them, in the shapes of their vendors' documentation and of public test sets, with values of our own,
 * and what they must say, worked out by hand: times, ends, packets and bytes each way.
 */

export interface FieldLine {
  readonly id: string;
  /** What the line shows beside the product. */
  readonly what: string;
  readonly line: string;
  /** Start, end, source, destination, protocol, sent and received (packets, bytes); null if it holds no connection. */
  readonly flow: {
    readonly start: string;
    readonly end: string;
    readonly from: string;
    readonly to: string;
    readonly protocol: number;
    readonly sent: readonly [number, number];
    readonly received?: readonly [number, number];
    readonly denied?: true;
  } | null;
  /** Kind, name, client and server of the names that it tells. */
  readonly names?: readonly (readonly [kind: string, name: string, client: string, server: string])[];
}

const TCP = 6;
const UDP = 17;

export const FIELD_LINES: readonly FieldLine[] = [
  {
    id: 'meraki',
    what: 'an allowed flow',
    line: '<134>1 1673277220.253011885 MX flows allow src=10.2.3.4 dst=198.51.100.8 protocol=tcp sport=39247 dport=443',
    flow: {
      ...{ start: '2023-01-09T15:13:40.253011Z', end: '2023-01-09T15:13:40.253011Z', protocol: TCP },
      ...{ from: '10.2.3.4:39247', to: '198.51.100.8:443', sent: [0, 0] },
    },
  },
  {
    id: 'meraki',
    what: 'a flow that a rule refused, told by its pattern',
    line: '1673277244.954105815 MX flows src=10.2.3.4 dst=198.51.100.8 protocol=tcp sport=42644 dport=543 pattern: 1 all',
    flow: {
      ...{ start: '2023-01-09T15:14:04.954105Z', end: '2023-01-09T15:14:04.954105Z', protocol: TCP },
      ...{ from: '10.2.3.4:42644', to: '198.51.100.8:543', sent: [0, 0], denied: true },
    },
  },
  {
    id: 'stormshield',
    what: 'a connection of an hour with its zone beside the times',
    line: 'time="2022-03-16 19:36:03" fw="SN1" tz=+0100 startime="2022-03-16 18:36:03" pri=5 confid=01 ipproto=tcp proto=https src=10.1.1.11 srcport=49586 srcname=host dst=198.51.100.22 dstport=443 ipv=4 sent=2827291 rcvd=2728401 duration=3600.00 action=pass logtype="connection"',
    flow: {
      ...{ start: '2022-03-16T17:36:03.000000Z', end: '2022-03-16T18:36:03.000000Z', protocol: TCP },
      ...{
        from: '10.1.1.11:49586',
        to: '198.51.100.22:443',
        sent: [0, 2_827_291],
        received: [-1, 2_728_401],
      },
    },
  },
  {
    id: 'asa',
    what: 'message 106100',
    line: 'Nov 20 2026 10:30:00: %ASA-6-106100: access-list ACL permitted udp in/10.1.1.1(42592) -> out/198.51.100.2(161) hit-cnt 1 first hit [0x42666c4c, 0x05739900]',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: UDP },
      ...{ from: '10.1.1.1:42592', to: '198.51.100.2:161', sent: [0, 0] },
    },
  },
  {
    id: 'asa',
    what: 'message 106015',
    line: 'Nov 20 2026 10:30:00: %ASA-6-106015: Deny TCP (no connection) from 10.2.2.2/52675 to 198.51.100.1/443 flags FIN ACK on interface inside',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.2.2:52675', to: '198.51.100.1:443', sent: [0, 0], denied: true },
    },
  },
  {
    id: 'haproxy',
    what: 'a new connection',
    line: '2026-11-20T10:30:00Z lb haproxy[7]: Connect from 10.2.3.4:49780 to 198.51.100.8:3333 (FRONT/TCP)',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:49780', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'clavister',
    what: 'the end of a connection behind NAT',
    line: '[2026-12-15 14:56:37] EFW: CONN: prio=1 id=00600005 rev=1 event=conn_close_natsat action=close rule=out conn=close connipproto=TCP connrecvif=lan connsrcip=192.0.2.122 connsrcport=19920 conndestif=wan conndestip=198.51.100.21 conndestport=80 connnewsrcip=203.0.113.2 connnewsrcport=1 connnewdestip=198.51.100.21 connnewdestport=80 origsent=1106 termsent=920 conntime=60',
    flow: {
      ...{ start: '2026-12-15T14:55:37.000000Z', end: '2026-12-15T14:56:37.000000Z', protocol: TCP },
      ...{ from: '192.0.2.122:19920', to: '198.51.100.21:80', sent: [0, 1106], received: [-1, 920] },
    },
  },
  {
    id: 'clavister',
    what: 'counters with a fraction, between brackets',
    line: '2026-02-07T13:50:57Z fw id=600002 event=conn_close action=close [message=Connection closed reason="" connrecvzone="Z" ][conn [conn connsrcip=10.1.2.4 conndestip=198.51.100.5 connipproto=UDP connsrcport=64650 conndestport=53 origsent=59.0   termsent=75.0   connrecvif=A ]]',
    flow: {
      ...{ start: '2026-02-07T13:50:57.000000Z', end: '2026-02-07T13:50:57.000000Z', protocol: UDP },
      ...{ from: '10.1.2.4:64650', to: '198.51.100.5:53', sent: [0, 59], received: [-1, 75] },
    },
  },
  {
    id: 'netscaler',
    what: 'dates with the month first',
    line: '<134> 11/28/2026:15:31:21 GMT ns1 0-PPE-0 : default TCP CONN_TERMINATE 17000000 0 :  Source 10.0.0.1:80 - Destination 10.0.0.2:25963 - Start Time 11/28/2026:15:30:06 GMT - End Time 11/28/2026:15:31:21 GMT - Total_bytes_send 227 - Total_bytes_recv 1',
    flow: {
      ...{ start: '2026-11-28T15:30:06.000000Z', end: '2026-11-28T15:31:21.000000Z', protocol: TCP },
      ...{ from: '10.0.0.1:80', to: '10.0.0.2:25963', sent: [0, 227], received: [-1, 1] },
    },
  },
  {
    id: 'netscaler',
    what: 'a connection that a server took over',
    line: '<134> May 20 23:35:25 GMT ns1 10.2.2.2 08/27/2026:20:00:47 GMT  0-PPE-0 : TCP CONN_DELINK 4389 0 :  Source 10.210.224.177:59839 - Vserver 10.217.245.233:80 - NatIP 10.217.245.232:17708 - Destination 192.168.10.1:8080 - Delink Time 08/27/2026:20:00:47 GMT - Total_bytes_send 464 - Total_bytes_recv 64248',
    flow: {
      ...{ start: '2026-08-27T20:00:47.000000Z', end: '2026-08-27T20:00:47.000000Z', protocol: TCP },
      ...{ from: '10.210.224.177:59839', to: '192.168.10.1:8080', sent: [0, 464], received: [-1, 64_248] },
    },
  },
  {
    id: 'barracuda',
    what: 'keys and values, the duration in milliseconds',
    line: '2026-03-04T15:53:03Z cgf cgf/box_Firewall_Activity:  Info     cgf Remove: type=FWD|proto=UDP|srcIF=eth1|srcIP=192.168.70.7|srcPort=35119|srcMAC=08:00:27:da:d7:9c|dstIP=198.51.100.8|dstPort=53|dstService=domain|dstIF=eth0|rule=out/<App>:x|info=Session Idle Timeout|srcNAT=192.168.70.7|dstNAT=198.51.100.8|duration=21132|count=1|receivedBytes=130|sentBytes=62|receivedPackets=2|sentPackets=1|user=|protocol=|',
    flow: {
      ...{ start: '2026-03-04T15:52:41.868000Z', end: '2026-03-04T15:53:03.000000Z', protocol: UDP },
      ...{ from: '192.168.70.7:35119', to: '198.51.100.8:53', sent: [1, 62], received: [2, 130] },
    },
  },
  {
    id: 'barracuda',
    what: 'values by their places',
    line: '2026-03-04T15:53:03Z cgf cgf/box_Firewall_Activity:  Info     cgf Allow: LOUT|TCP|bond0.603|10.2.3.4|61988|00:11:22:33:44:55|198.51.100.8|3333|||OUT|0|203.0.113.9|198.51.100.8|0|1|40|30|4|3||||||',
    flow: {
      ...{ start: '2026-03-04T15:53:03.000000Z', end: '2026-03-04T15:53:03.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:61988', to: '198.51.100.8:3333', sent: [3, 30], received: [4, 40] },
    },
  },
  {
    id: 'junos-filter',
    what: 'packets that a filter let through',
    line: '2026-11-13T15:39:17Z edge PFE_FW_SYSLOG_IP: FW: ge-1/0/10.0  A  tcp 10.164.161.153 198.51.100.59  43206 3333 (2 packets)',
    flow: {
      ...{ start: '2026-11-13T15:39:17.000000Z', end: '2026-11-13T15:39:17.000000Z', protocol: TCP },
      ...{ from: '10.164.161.153:43206', to: '198.51.100.59:3333', sent: [2, 0] },
    },
  },
  {
    id: 'ekinops',
    what: 'an access list with the number of the protocol',
    line: '2026-02-07T13:50:57Z localhost : #INFO# list ACL-WAN-OUT denied proto 6 10.1.1.1:50547-> 198.51.100.8:443 11 matches',
    flow: {
      ...{ start: '2026-02-07T13:50:57.000000Z', end: '2026-02-07T13:50:57.000000Z', protocol: TCP },
      ...{ from: '10.1.1.1:50547', to: '198.51.100.8:443', sent: [11, 0], denied: true },
    },
  },
  {
    id: 'umbrella',
    what: 'a look-up, whose answer it does not say',
    line: '"2026-06-12 14:29:47","pc","pc,CORP","10.1.1.1","203.0.113.2","Allowed","1 (A)","NOERROR","xmr-eu1.nanopool.org.","Software/Technology,Business","AD Users","AD Users,Roaming Computers",""',
    flow: null,
    names: [['dns-query', 'xmr-eu1.nanopool.org', '10.1.1.1', '']],
  },
  {
    id: 'umbrella',
    what: 'its firewall',
    line: '"2026-06-12 14:31:52","[211039844]","Passive Monitor","CDFW Tunnel Device","OUTBOUND","6","84","10.17.3.4","52000","198.51.100.129","443","ams1.edc","12","BLOCK"',
    flow: {
      ...{ start: '2026-06-12T14:31:52.000000Z', end: '2026-06-12T14:31:52.000000Z', protocol: TCP },
      ...{ from: '10.17.3.4:52000', to: '198.51.100.129:443', sent: [0, 84], denied: true },
    },
  },
  {
    id: 'aws-vpc-5',
    what: 'the end of the packet, not the gateway',
    line: '5 10.0.1.5 198.51.100.8 39812 443 6 1616729292 1616729349 IPv4 14 15044 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 19 10.0.9.71 198.51.100.8 - S3 8 egress OK',
    flow: {
      ...{ start: '2021-03-26T03:28:12.000000Z', end: '2021-03-26T03:29:09.000000Z', protocol: TCP },
      ...{ from: '10.0.9.71:39812', to: '198.51.100.8:443', sent: [14, 15_044] },
    },
  },
  {
    id: 'zscaler-fw-hec',
    what: 'an event in an envelope',
    line: '{"sourcetype":"zscalernss-fw","event":{"datetime":"Mon Aug 28 15:43:59 2023","csip":"10.2.3.4","csport":"52352","cdip":"198.51.100.8","cdport":"443","ssip":"203.0.113.1","ssport":"43007","sdip":"198.51.100.8","sdport":"443","proto":"TCP","action":"Allow","inbytes":"3367","outbytes":"5894","duration":"340","durationms":"340000"}}',
    flow: {
      ...{ start: '2023-08-28T15:38:19.000000Z', end: '2023-08-28T15:43:59.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:52352', to: '198.51.100.8:443', sent: [0, 5894], received: [-1, 3367] },
    },
  },
  {
    id: 'zscaler-fw',
    what: 'the same without one',
    line: '{"datetime":"Mon Aug 28 15:43:59 2023","csip":"10.2.3.4","csport":"52352","cdip":"198.51.100.8","cdport":"443","sdip":"198.51.100.8","sdport":"443","proto":"TCP","action":"Drop","inbytes":"0","outbytes":"60","duration":"0"}',
    flow: {
      ...{ start: '2023-08-28T15:43:59.000000Z', end: '2023-08-28T15:43:59.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:52352', to: '198.51.100.8:443', sent: [0, 60], received: [-1, 0], denied: true },
    },
  },
  {
    id: 'netskope',
    what: 'a network event',
    line: '{"client_bytes":31142,"client_packets":74,"dsthost":"xmr-eu1.nanopool.org","dstip":"198.51.100.8","dstport":443,"end_time":"2025-04-08T08:47:21+00:00","ip_protocol":"TCP","server_bytes":93761,"server_packets":97,"srcip":"203.0.113.4","srcport":60916,"start_time":"2025-04-08T08:44:42+00:00","timestamp":1744102132,"userip":"10.3.4.5","action":"allow"}',
    flow: {
      ...{ start: '2025-04-08T08:44:42.000000Z', end: '2025-04-08T08:47:21.000000Z', protocol: TCP },
      ...{ from: '10.3.4.5:60916', to: '198.51.100.8:443', sent: [74, 31_142], received: [97, 93_761] },
    },
    names: [['http-host', 'xmr-eu1.nanopool.org', '10.3.4.5', '198.51.100.8']],
  },
  {
    id: 'crowdstrike',
    what: 'a connection behind an event of another kind',
    line: '{"event_simpleName":"ProcessRollup2","aid":"x","timestamp":"1698932494053"}\n{"event_simpleName":"NetworkConnectIP4","LocalAddressIP4":"10.0.0.3","RemoteAddressIP4":"198.51.100.8","RemotePort":"3333","LocalPort":"50000","Protocol":"6","timestamp":"1698932494053","ConnectionDirection":"0","ContextTimeStamp":"1698932493.123"}',
    flow: {
      ...{ start: '2023-11-02T13:41:33.123000Z', end: '2023-11-02T13:41:33.123000Z', protocol: TCP },
      ...{ from: '10.0.0.3:50000', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'sentinelone',
    what: 'IP Connect',
    line: '{"event.category":"ip","src.port.number":50755,"event.time":1679405946954,"timestamp":"2023-03-21T13:39:06.954Z","dst.port.number":3333,"src.ip.address":"10.0.0.11","dst.ip.address":"198.51.100.8","event.type":"IP Connect"}',
    flow: {
      ...{ start: '2023-03-21T13:39:06.954000Z', end: '2023-03-21T13:39:06.954000Z', protocol: TCP },
      ...{ from: '10.0.0.11:50755', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'deep-visibility',
    what: 'tcpv4',
    line: '{"meta":{"seqId":51},"timestamp":{"millisecondsSinceEpoch":"1631630518385"},"event_type":"tcpv4","sourceAddress":{"address":"10.26.8.27","port":50965},"destinationAddress":{"address":"198.51.100.8","port":443},"direction":"OUTGOING","status":"SUCCESS"}',
    flow: {
      ...{ start: '2021-09-14T14:41:58.385000Z', end: '2021-09-14T14:41:58.385000Z', protocol: TCP },
      ...{ from: '10.26.8.27:50965', to: '198.51.100.8:443', sent: [0, 0] },
    },
  },
  {
    id: 'iptables',
    what: 'Proxmox VE: the time in the line, with its zone',
    line: '0 3 PVEFW-HOST-IN 20/Jun/2022:13:09:14 +0200 policy DROP: IN=vmbr0.94 MAC=24:8a:07:9a:2a:f2:24:8a:07:50:2c:9e:08:00 SRC=10.3.94.11 DST=10.3.94.12 LEN=52 TOS=0x00 PREC=0xC0 TTL=255 ID=64317 DF PROTO=UDP SPT=49152 DPT=3784 LEN=32',
    flow: {
      ...{ start: '2022-06-20T11:09:14.000000Z', end: '2022-06-20T11:09:14.000000Z', protocol: UDP },
      ...{ from: '10.3.94.11:49152', to: '10.3.94.12:3784', sent: [0, 52], denied: true },
    },
  },
  {
    id: 'cef',
    what: "Palo Alto's own template, which turns in and out round",
    line: 'Jan 12 2026 10:00:00 fw1 CEF:0|Palo Alto Networks|PAN-OS|10.2.4|end|TRAFFIC|1|rt=Jan 12 2026 10:00:00 GMT src=10.0.0.5 dst=198.51.100.10 spt=40000 dpt=3333 proto=tcp act=allow flexNumber1=744000 in=436000 out=308000 cn2=5010 PanOSPacketsReceived=1812 PanOSPacketsSent=3198 start=Jan 12 2026 09:00:00 GMT cn3Label=Elapsed time in seconds cn3=3600',
    flow: {
      ...{ start: '2026-01-12T09:00:00.000000Z', end: '2026-01-12T10:00:00.000000Z', protocol: TCP },
      ...{
        from: '10.0.0.5:40000',
        to: '198.51.100.10:3333',
        sent: [3198, 436_000],
        received: [1812, 308_000],
      },
    },
  },
  {
    id: 'cef',
    what: 'any other product, with an empty vendor and a blank behind the colon',
    line: 'CEF: 0||fw|1|1|f|3|src=10.0.0.5 dst=198.51.100.10 spt=40000 dpt=3333 proto=TCP in=61000 out=54000 rt=1795170600000',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.0.0.5:40000', to: '198.51.100.10:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'fortigate',
    what: 'local times with the zone beside them',
    line: 'date=2026-11-29 time=21:00:05 devname="FGT" devid="FG100" tz="+0100" logid="0000000013" type="traffic" subtype="forward" srcip=10.20.20.10 srcport=50000 dstip=198.51.100.1 dstport=443 proto=6 action="close" duration=12 sentbyte=4021 rcvdbyte=50231 sentpkt=22 rcvdpkt=40',
    flow: {
      ...{ start: '2026-11-29T19:59:53.000000Z', end: '2026-11-29T20:00:05.000000Z', protocol: TCP },
      ...{ from: '10.20.20.10:50000', to: '198.51.100.1:443', sent: [22, 4021], received: [40, 50_231] },
    },
  },
  {
    id: 'fortigate',
    what: 'a DNS line with two answers',
    line: 'date=2026-11-29 time=20:00:05 devname="FGT" devid="FG100" eventtime=1795982405000000000 tz="+0000" type="utm" subtype="dns" eventtype="dns-response" srcip=10.20.25.33 srcport=53123 dstip=9.9.9.9 dstport=53 proto=17 qname="xmr-eu1.nanopool.org" qtype="A" ipaddr="198.51.100.54, 198.51.100.55" action="pass"',
    flow: null,
    names: [
      ['dns-answer', 'xmr-eu1.nanopool.org', '', '198.51.100.54'],
      ['dns-answer', 'xmr-eu1.nanopool.org', '', '198.51.100.55'],
      ['dns-query', 'xmr-eu1.nanopool.org', '10.20.25.33', ''],
    ],
  },
  {
    id: 'azure',
    what: 'a tuple of its own in each record',
    line: '{"time":"2025-04-30T09:07:40.986182+00:00","flowLogVersion":4,"macAddress":"112233445566","operationName":"FlowLogFlowEvent","rule":"R","flow.0":"1663146003606,10.2.3.4,198.51.100.180,23956,443,6,O,E,NX,3,767,2,1580"}',
    flow: {
      ...{ start: '2022-09-14T09:00:03.606000Z', end: '2022-09-14T09:00:03.606000Z', protocol: TCP },
      ...{ from: '10.2.3.4:23956', to: '198.51.100.180:443', sent: [3, 767], received: [2, 1580] },
    },
  },
  {
    id: 'tstat',
    what: 'columns with their numbers, times in milliseconds',
    line: '#31#c_ip:1 c_port:2 c_pkts_all:3 c_bytes_uniq:4 c_bytes_all:5 s_ip:6 s_port:7 s_pkts_all:8 s_bytes_all:9 first:10 last:11 durat:12\n10.20.30.40 51515 300 54000 54100 203.0.113.77 3333 310 61100 1795170000000.123 1795170600000.456 600000.333',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000123Z', end: '2026-11-20T10:30:00.000456Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [300, 54_100], received: [310, 61_100] },
    },
  },
  {
    id: 'nfdump-text',
    what: 'biline, whose counters of the way back stand in front',
    line: 'Date first seen         Duration         Proto      Src IP Addr:Port           Dst IP Addr:Port   Out Pkt   In Pkt Out Byte  In Byte Flows\n2026-11-20 10:20:00.000     00:10:00.000 TCP        10.20.30.40:51515 <->     203.0.113.77:3333       310      300    61000    54000     1',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'watchguard',
    what: 'an allowed connection that has ended',
    line: '2026-11-20 10:30:00 Member1 FVE61 firewall Allow 10.20.30.40 203.0.113.77 3333/tcp 51515 3333 1-Trusted 0-External Allowed 60 63 (Outgoing-00) proc_id="firewall" rc="100" msg_id="3000-0151" src_ip_nat="198.51.100.9" src_port_nat="1025" duration="600" sent_bytes="54000" rcvd_bytes="61000"',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'zyxel',
    what: 'addresses with their ports',
    line: '<134>2026-11-20T10:30:00Z usg60w src="10.20.30.40:51515" dst="203.0.113.77:3333" msg="Traffic Log" note="Traffic Log" user="unknown" devID="b8" cat="Traffic Log" duration=600 sent=54000 rcvd=61000 dir="lan1:wan1" protoID=6 proto="others"',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'cisco-ios',
    what: 'packets that an access list permitted',
    line: '2026-11-20T10:30:00Z r1 1234: %SEC-6-IPACCESSLOGP: list 101 permitted tcp 10.20.30.40(51515) -> 203.0.113.77(3333), 20 packets',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [20, 0] },
    },
  },
  {
    id: 'cisco-ios',
    what: 'the interface behind the source, and a refusal',
    line: '2026-11-20T10:30:00Z r1 1235: %SEC-6-IPACCESSLOGP: list IN denied udp 10.20.30.40(51515) (GigabitEthernet0/1 0011.2233.4455) -> 203.0.113.77(53), 1 packet',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: UDP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:53', sent: [1, 0], denied: true },
    },
  },
  {
    id: 'cisco-ios',
    what: 'a session of a zone-based firewall',
    line: '2026-11-20T10:30:00Z r1 1236: %FW-6-SESS_AUDIT_TRAIL: (target:class)-(in-out:web):Stop tcp session: initiator (10.20.30.40:51515) sent 54000 bytes -- responder (203.0.113.77:3333) sent 61000 bytes, from Gi0/0',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'huawei',
    what: 'a session that has ended',
    line: 'Nov 20 2026 10:30:01 USG6000 %%01SECLOG/6/SESSION_TEARDOWN(l):IPVer=4,Protocol=tcp,SourceIP=10.20.30.40,DestinationIP=203.0.113.77,SourcePort=51515,DestinationPort=3333,SourceNatIP=198.51.100.9,SourceNatPort=1025,BeginTime=1795170000,EndTime=1795170600,SendPkts=300,SendBytes=54000,RcvPkts=310,RcvBytes=61000,SourceVpnID=0,SourceZone=trust,CloseReason=aged-out.',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'h3c',
    what: 'keys with their numbers',
    line: '<134>Nov 20 10:30:00 2026 H3C %%10NAT/6/NAT_FLOW: Protocol(1001)=TCP;SrcIPAddr(1003)=10.20.30.40;SrcPort(1004)=51515;NatSrcIPAddr(1005)=198.51.100.9;NatSrcPort(1006)=1025;DstIPAddr(1007)=203.0.113.77;DstPort(1008)=3333;InitPktCount(1044)=300;InitByteCount(1046)=54000;RplyPktCount(1045)=310;RplyByteCount(1047)=61000;Event(1048)=(8)Session deleted;',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'f5',
    what: 'an event of a virtual server',
    line: '2026-11-20T10:30:05Z bigip info tmm[1]: 01071101:6: acl_policy_name="/Common/g",acl_policy_type="Enforced",acl_rule_name="r",action="Accept",hostname="bigip",date_time="2026-11-20T10:30:00Z",dest_ip="203.0.113.77",dst_geo="US",dest_port="3333",ip_protocol="TCP",source_ip="10.20.30.40",source_port="51515"',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [0, 0] },
    },
  },
  {
    id: 'key-value',
    what: 'a product that nobody knows, quoted values',
    line: '2026-11-20T10:30:00Z acme event="session end" source_ip="10.20.30.40" source_port=51515 destination_ip="203.0.113.77" destination_port=3333 protocol="TCP" bytes_sent=54000 bytes_received=61000 duration=600',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'key-value',
    what: 'the same by commas, and by semicolons',
    line: '2026-11-20 10:30:00,allow,src=10.20.30.40,spt=51515,dst=203.0.113.77,dpt=3333,proto=6,sent=54000,rcvd=61000,duration=600',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'argus-text',
    what: 'columns of ra, address and port as one, a total that stands as sent',
    line: '2026-11-20 10:20:00.123456  e           tcp        10.20.30.40.51515     ->      203.0.113.77.3333        610     115000   FIN',
    flow: {
      ...{ start: '2026-11-20T10:20:00.123456Z', end: '2026-11-20T10:20:00.123456Z', protocol: TCP },
      ...{ from: '10.20.30.40:51515', to: '203.0.113.77:3333', sent: [610, 115_000] },
    },
  },
  {
    id: 'sangfor',
    what: 'an allowed application',
    line: '<134>Nov 20 04:06:27 2026 localhost fwlog: 日志类型:服务控制或应用控制, 策略名称:-, 用户:(null), 源IP:10.2.3.4, 源端口:58006, 目的IP:198.51.100.8, 目的端口:3333, 应用类型:访问网站, 应用名称:HTTP_GET, 系统动作:允许',
    flow: {
      ...{ start: '2026-11-20T04:06:27.000000Z', end: '2026-11-20T04:06:27.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:58006', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'sangfor',
    what: 'a refused application without a policy',
    line: '2026-11-20T04:06:27Z fw fwlog: 日志类型:服务控制或应用控制, 用户:(null), 源IP:10.2.3.4, 源端口:58006, 目的IP:198.51.100.8, 目的端口:3333, 应用类型:Other, 应用名称:any, 系统动作:拒绝',
    flow: {
      ...{ start: '2026-11-20T04:06:27.000000Z', end: '2026-11-20T04:06:27.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:58006', to: '198.51.100.8:3333', sent: [0, 0], denied: true },
    },
  },
  {
    id: 'sangfor',
    what: 'a question for a name that it refused',
    line: '2026-11-20T04:06:27Z fw fwlog: Log type: APT detection, policy name:login, rule ID:0, src IP: 10.2.3.4, src port:50815, dst IP: 0.0.0.0, dst port: 53, attack type: Botnet, threat level:Information, action:Denied, URL:xmr.pool.example',
    flow: null,
    names: [['request', 'xmr.pool.example', '10.2.3.4', '']],
  },
  {
    id: 'untangle',
    what: 'an ended session behind a head of syslog',
    line: '<13>Nov 20 14:37:16 INFO  uvm-to-10.26.52.204 {"timeStamp":"2026-11-20 15:37:16.497","s2pBytes":6140,"p2sBytes":9025,"endTime":1795185436497,"sessionId":1,"class":"class com.untangle.uvm.app.SessionStatsEvent","sessionEvent":{"entitled":true,"protocol":6,"CServerPort":443,"hostname":"ws","SServerAddr":"198.51.100.8","CClientAddr":"10.2.3.4","SClientAddr":"192.168.1.11","CClientPort":52289,"timeStamp":"2026-11-20 15:32:16.558","SClientPort":16869,"SServerPort":3333,"CServerAddr":"198.51.100.8"},"c2pBytes":9025,"p2cBytes":6140}',
    flow: {
      ...{ start: '2026-11-20T14:37:16.497000Z', end: '2026-11-20T14:37:16.497000Z', protocol: TCP },
      ...{ from: '10.2.3.4:52289', to: '198.51.100.8:3333', sent: [0, 9025], received: [-1, 6140] },
    },
  },
  {
    id: 'untangle-new',
    what: 'a begun session behind a head of syslog',
    line: '<13>Nov 20 14:37:16 INFO  uvm-to-10.26.52.204 {"entitled":true,"protocol":6,"CServerPort":3333,"hostname":"10.2.3.4","class":"class com.untangle.uvm.app.SessionEvent","SServerAddr":"198.51.100.8","CClientAddr":"10.2.3.4","SClientAddr":"192.168.1.11","CClientPort":53154,"timeStamp":"2026-11-20 14:37:16.41","SClientPort":27319,"SServerPort":3333,"CServerAddr":"198.51.100.8"}',
    flow: {
      ...{ start: '2026-11-20T14:37:16.410000Z', end: '2026-11-20T14:37:16.410000Z', protocol: TCP },
      ...{ from: '10.2.3.4:53154', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'splunk-stream',
    what: 'bytes in, which are those of the client',
    line: '{"endtime":"2026-11-20T10:30:00.000000Z","timestamp":"2026-11-20T10:20:00.000000Z","bytes":115000,"bytes_in":54000,"bytes_out":61000,"src_ip":"10.2.3.4","src_port":51515,"dest_ip":"198.51.100.8","dest_port":3333,"packets_in":300,"packets_out":310,"protocol_stack":"ip:tcp:unknown","transport":"tcp","time_taken":600000000}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'aws-firewall',
    what: 'one direction of a flow',
    line: '{"firewall_name":"fw","availability_zone":"a","event_timestamp":"1795170605","event":{"timestamp":"2026-11-20T10:30:05.000000+0000","flow_id":1,"event_type":"netflow","src_ip":"10.2.3.4","src_port":51515,"dest_ip":"198.51.100.8","dest_port":3333,"proto":"TCP","netflow":{"pkts":300,"bytes":54000,"start":"2026-11-20T10:20:00.000000+0000","end":"2026-11-20T10:30:00.000000+0000","age":600}}}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000] },
    },
  },
  {
    id: 'juniper-apptrack',
    what: 'an ended session',
    line: '<14>1 2026-11-20T10:30:00Z srx RT_FLOW - APPTRACK_SESSION_CLOSE [junos@2636.1.1.1.2.129 reason="TCP FIN" source-address="10.2.3.4" source-port="51515" destination-address="198.51.100.8" destination-port="3333" service-name="None" application="UNKNOWN" nat-source-address="192.0.2.9" nat-source-port="1" protocol-id="6" packets-from-client="300" bytes-from-client="54000" packets-from-server="310" bytes-from-server="61000" elapsed-time="600"]',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'cef',
    what: 'traffic of FortiGate, with its own keys before and behind the ends',
    line: '<189>Nov 20 10:30:01 FGT CEF:0|Fortinet|Fortigate|v7.4.3|00013|traffic:forward close|3|deviceExternalId=FG1 FTNTFGTlogid=0000000013 cat=traffic:forward FTNTFGTsubtype=forward FTNTFGTeventtime=1795170600 src=10.2.3.4 spt=51515 deviceInboundInterface=port2 dst=198.51.100.8 dpt=3333 proto=6 act=close FTNTFGTpolicyid=7 FTNTFGTduration=600 out=54000 in=61000 FTNTFGTsentpkt=300 FTNTFGTrcvdpkt=310',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'json',
    what: 'Cortex Data Lake: written at the end of a session whose start is told',
    line: '{"TimeReceived":"2026-11-20T10:30:05Z","LogType":"TRAFFIC","Subtype":"end","TimeGenerated":"2026-11-20T10:30:02Z","SourceAddress":"10.2.3.4","DestinationAddress":"198.51.100.8","SourcePort":51515,"DestinationPort":3333,"Protocol":"tcp","Action":"allow","Bytes":115000,"BytesSent":54000,"BytesReceived":61000,"PacketsTotal":610,"PacketsSent":300,"PacketsReceived":310,"SessionDuration":600,"SessionStartTime":"2026-11-20T10:20:00Z"}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'json',
    what: 'Microsoft Defender, with the name of the receiver',
    line: '{"Timestamp":"2026-11-20T10:30:00.123Z","DeviceName":"ws","ActionType":"ConnectionSuccess","RemoteIP":"198.51.100.8","RemotePort":3333,"RemoteUrl":"xmr.pool.example","LocalIP":"10.2.3.4","LocalPort":51515,"Protocol":"Tcp"}',
    flow: {
      ...{ start: '2026-11-20T10:30:00.123000Z', end: '2026-11-20T10:30:00.123000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'nsx',
    what: 'a connection that began, and the interface that saw it',
    line: '2026-11-20T10:30:00.000Z b6507827 INET match PASS mainrs/1024 OUT 52 TCP 10.2.3.4/51515->198.51.100.8/3333 SEW',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'nsx',
    what: 'one that ended on its way in, packets and bytes of each side',
    line: '<13>1 2026-11-20T10:30:00.000Z esxi05.example FIREWALL-PKTLOG - - - INET TERM PASS 5096 IN TCP FIN 10.2.3.4/51515->198.51.100.8/3333 300/310 54000/61000 Allow-All',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'nsx',
    what: 'a refusal of the gateway',
    line: '<181>1 2026-11-20T10:30:00.000000+00:00 edge NSX 2802 FIREWALL [nsx@6876 comp="nsx-edge" subcomp="datapathd.firewallpkt" level="INFO"] <1 55f1af2f487544e9:b0e059132ad7753d> INET reason-match DROP 1005 OUT 60 TCP 10.2.3.4/51515->198.51.100.8/3333 S',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'hillstone',
    what: 'an ended session',
    line: '<190>Nov 20 10:30:01 1304415172000000(root) 44243624 Traffic@FLOW: SESSION: 10.2.3.4:51515->198.51.100.8:3333(TCP), application TCP-ANY, interface ethernet0/1, vr trust-vr, policy 2, user -@-, host -, send packets 300,send bytes 54000,receive packets 310,receive bytes 61000,start time 2026-11-20 10:20:00,close time 2026-11-20 10:30:00,session end,Ageout',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'hillstone',
    what: 'a session that a policy refused',
    line: '<190>Nov 20 10:30:00 2026 2812008195000000(root) 4424362f Traffic@FLOW: SESSION: 10.2.3.4:51515->198.51.100.8:3333(TCP), interface ethernet0/1, vr trust-vr, policy 16, user -@-, host -, mac 0000.0000.0000, policy deny',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'versa',
    what: 'a flow, the head with a zone',
    line: '2026-11-20T10:30:00+0000 flowMonLog, applianceName=Branch1, tenantName=Customer1, flowId=1107309510, flowCookie=1655165837, flowStartMilliseconds=327266164, flowEndMilliseconds=327866164, sentOctets=54000, sentPackets=300, recvdOctets=61000, recvdPackets=310, tenantId=2, appIdStr=unknown_tcp, urlCategory=, rule=Allow, deviceName=Unknown, sourceIPv4Address=10.2.3.4, destinationIPv4Address=198.51.100.8, sourceTransportPort=51515, destinationTransportPort=3333, protocolIdentifier=6, fromUser=Unknown',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'versa-access',
    what: 'the end of a session',
    line: '2026-11-20T10:30:00+0000 accessLog, applianceName=Branch1, tenantName=Customer1, flowId=1107309510, flowCookie=1655165837, flowStartMilliseconds=327266164, flowEndMilliseconds=327866164, sentOctets=54000, sentPackets=300, recvdOctets=61000, recvdPackets=310, appId=1, eventType=end, action=allow, tenantId=2, appIdStr=unknown_tcp, urlCategory=, rule=Allow, deviceName=Unknown, sourceIPv4Address=10.2.3.4, destinationIPv4Address=198.51.100.8, sourceTransportPort=51515, destinationTransportPort=3333, protocolIdentifier=6, fromUser=Unknown',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'aws-nlb',
    what: 'a connection over TLS, which took milliseconds',
    line: 'tls 2.0 2026-11-20T10:30:00 net/lb/c6e77e28c25b2234 g3d4b5e8bb8464cd 10.2.3.4:51515 198.51.100.8:3333 600000 2 54000 61000 - arn:aws:acm:us-east-2:671290407336:certificate/2a10 - ECDHE-RSA-AES128-SHA tlsv12 - pool.example',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'aws-alb',
    what: 'a connection that became a WebSocket',
    line: 'ws 2026-11-20T10:30:00.000000Z app/lb/50dc6c495c0c9188 10.2.3.4:51515 198.51.100.8:3333 0.001 0.003 0.000 101 101 54000 61000 "GET http://192.0.2.7:80/ HTTP/1.1" "-" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2d6bc24d8a067 "Root=1-5" "-" "-" 1 2026-11-20T10:20:00.000000Z "forward" "-" "-"',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'aws-elb',
    what: 'a TCP listener',
    line: '2026-11-20T10:30:00.000000Z lb 10.2.3.4:51515 198.51.100.8:3333 0.001069 0.000028 0.000041 - - 54000 61000 "- - - " "-" - -',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'cloudflare-sessions',
    what: 'a session, by the address of its origin',
    line: '{"BytesReceived":61000,"BytesSent":54000,"ConnectionCloseReason":"CLIENT_CLOSED","EgressIP":"192.0.2.23","EgressPort":41052,"OriginIP":"198.51.100.8","OriginPort":3333,"Protocol":"TCP","SessionEndTime":"2026-11-20T10:30:00Z","SessionID":"18881f17","SessionStartTime":"2026-11-20T10:20:00Z","SourceInternalIP":"","SourceIP":"10.2.3.4","SourcePort":51515}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'barracuda-json',
    what: 'written at the end, the duration in milliseconds',
    line: '{"version":1,"timestamp":1795170600,"action":"End","duration":600000,"src_iface":"eth0","src_ip":"10.2.3.4","src_port":51515,"dst_ip":"198.51.100.8","dst_port":3333,"fw_rule":"LAN","src_ip_nat":"192.0.2.9","dst_ip_nat":"192.0.2.8","fwd_bytes":54000,"rev_bytes":61000,"fwd_packets":300,"rev_packets":310,"ip_proto":6,"protos":["HTTPS"]}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'sophos',
    what: 'a zone by its letters beside the time',
    line: '<30>device="SFW" date=2026-08-20 time=12:30:00 timezone="CEST" device_name="XG" log_id=010101600001 log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" status="Allow" duration=600 src_ip=10.2.3.4 dst_ip=198.51.100.8 protocol="TCP" src_port=51515 dst_port=3333 sent_pkts=300  recv_pkts=310 sent_bytes=54000 recv_bytes=61000 tran_src_port=0 connevent="Stop"',
    flow: {
      ...{ start: '2026-08-20T10:20:00.000000Z', end: '2026-08-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'asa',
    what: 'a zone by its letters in the head',
    line: 'Aug 20 2026 06:30:00 EDT: %ASA-session-5-106100: access-list acl_in permitted tcp inside/10.2.3.4(51515) -> outside/198.51.100.8(3333) hit-cnt 1 first hit [0x71a87d94, 0x0]',
    flow: {
      ...{ start: '2026-08-20T10:30:00.000000Z', end: '2026-08-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'asa',
    what: 'message 106007',
    line: 'Nov 20 2026 10:30:00: %ASA-2-106007: Deny inbound UDP from 10.2.3.4/12981 to 198.51.100.8/53 due to DNS Query',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: UDP },
      ...{ from: '10.2.3.4:12981', to: '198.51.100.8:53', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'juniper',
    what: 'a refusal of a logical system',
    line: '<14>1 2026-11-20T11:30:00.000+01:00 srx RT_FLOW - RT_FLOW_SESSION_DENY_LS [junos@2636.1.1.1.2.134 source-address="10.2.3.4" source-port="51515" destination-address="198.51.100.8" destination-port="3333" service-name="None" protocol-id="6" icmp-type="0" policy-name="cleanup"]',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'meraki',
    what: 'a rule that refused, told by the words of its pattern',
    line: '<134>1 1795170600.000000 MX flows src=10.2.3.4 dst=198.51.100.8 mac=00:00:5E:00:53:01 protocol=tcp sport=51515 dport=3333 pattern: deny (src 10.0.0.0/8)',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'meraki',
    what: 'the firewall of a VPN',
    line: '<134>1 1795170600.000000 MX vpn_firewall src=10.2.3.4 dst=198.51.100.8 mac=00:00:5E:00:53:01 protocol=tcp sport=51515 dport=3333 pattern: allow all',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'watchguard',
    what: 'the kind of message in front, then length and header of a packet',
    line: '<142>2026-11-20T10:30:00Z Firebox FVE6035FD3AE3 (2026-11-20T10:30:00) firewall[10]: msg_id="3000-0148" Allow Trusted 0-External 52 tcp 20 127 10.2.3.4 198.51.100.8 51515 3333 offset 8 S 832026162 win 8192 (Out-00)',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'watchguard',
    what: 'the kind of message in front of a connection that has ended',
    line: '<142>2026-11-20T10:30:00Z Firebox FVE6035FD3AE3 (2026-11-20T10:30:00) firewall: msg_id="3000-0151" Allow 1-Trusted 0-External tcp 10.2.3.4 198.51.100.8 51515 3333 app_id="63" duration="600" sent_bytes="54000" rcvd_bytes="61000" (Out-00)',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'sonicwall',
    what: 'addresses of IPv6 in keys of their own',
    line: 'id=firewall sn=0017C5000000 time="2026-11-20 10:30:00 UTC" fw=192.0.2.1 pri=6 c=262144 m=98 msg="Connection Opened" n=1 src=:28503:WAN srcV6=2001:db8::4 dst=::LAN proto=tcp/dns dstV6=2001:db8::8',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{
        from: '[2001:0db8:0000:0000:0000:0000:0000:0004]:0',
        to: '[2001:0db8:0000:0000:0000:0000:0000:0008]:0',
        sent: [0, 0],
      },
    },
  },
  {
    id: 'iptables',
    what: 'UniFi: the letter of a rule that refuses',
    line: '<4>1 2026-11-20T10:30:00Z UDM-Pro kernel - - - [WAN_OUT-D-4001] DESCR="Drop all" IN=br0 OUT=eth8 MAC=00:00:5e:00:53:01 SRC=10.2.3.4 DST=198.51.100.8 LEN=60 TOS=00 PREC=0x00 TTL=63 ID=1 DF PROTO=TCP SPT=51515 DPT=3333 SEQ=1 ACK=0 WINDOW=65535 SYN URGP=0 MARK=0',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 60] },
      denied: true,
    },
  },
  {
    id: 'cisco-ios',
    what: 'an access list of IPv6',
    line: '<190>585917: *Nov 20 2026 10:30:00.000 UTC: %IPV6-6-ACCESSLOGP: list ACL-IPv6/10 permitted tcp 2001:DB8::4(51515) -> 2001:DB8::8(3333), 9 packets',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{
        from: '[2001:0db8:0000:0000:0000:0000:0000:0004]:51515',
        to: '[2001:0db8:0000:0000:0000:0000:0000:0008]:3333',
        sent: [9, 0],
      },
    },
  },
  {
    id: 'cef',
    what: 'Forcepoint: refused by the name of the event',
    line: 'CEF:0|FORCEPOINT|Firewall|unknown|70019|Connection_Discarded|0|deviceExternalId=FW node 1 dvc=192.0.2.10 dvchost=192.0.2.10 src=10.2.3.4 dst=198.51.100.8 spt=51515 dpt=3333 proto=6 deviceFacility=Packet Filtering rt=Nov 20 2026 10:30:00 app=X cs1Label=RuleID cs1=605.0',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'huawei',
    what: 'a policy that refuses',
    line: '<190>2026-11-20 10:30:00 USG %%01POLICY/6/POLICYDENY(l):vsys=public, protocol=6, source-ip=10.2.3.4, source-port=51515, destination-ip=198.51.100.8, destination-port=3333, time=Nov 20 2026 17:30:00, source-zone=trust, destination-zone=untrust, application-name=, rule-name=default.',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'umbrella',
    what: 'a request through its proxy, without an inner address',
    line: '"2026-11-20 10:30:00","Net","","10.2.3.4","198.51.100.8","text/plain","ALLOWED","http://xmr.pool.example:3333/x","","agent","200","","797","466","a459","Games","","","","","0","Networks","","Net","Networks","GET"',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:0', to: '198.51.100.8:3333', sent: [0, 0], received: [-1, 797] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'fortigate',
    what: 'bytes of an interval beside packets of the whole session',
    line: 'date=2026-11-20 time=10:30:00 devname="fw" devid="FG1" logid="0000000020" type="traffic" subtype="forward" level="notice" vd="root" eventtime=1795170600000000000 tz="+0000" srcip=10.2.3.4 srcport=51515 dstip=198.51.100.8 dstport=3333 sessionid=4352 proto=6 action="accept" trandisp="noop" duration=600 sentbyte=4386500 rcvdbyte=6544600 sentpkt=7234 rcvdpkt=8045 sentdelta=54000 rcvddelta=61000',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'carbon-black',
    what: 'a connection of a process, its time as Go writes it',
    line: '{"type":"endpoint.event.netconn","device_name":"ws","device_timestamp":"2026-11-20 11:30:00.0000000 +0100 CET","remote_port":3333,"remote_ip":"198.51.100.8","local_port":51515,"local_ip":"10.2.3.4","netconn_domain":"xmr.pool.example","netconn_inbound":false,"netconn_protocol":"PROTO_TCP"}',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'crowdstrike-firewall',
    what: 'a rule that matched',
    line: '{"metadata":{"eventType":"FirewallMatchEvent","eventCreationTime":1795170606000},"event":{"Ipv":"ipv4","ConnectionDirection":"2","EventType":"FirewallRuleIP4Matched","HostName":"ws","LocalAddress":"10.2.3.4","LocalPort":"51515","Protocol":"6","RemoteAddress":"198.51.100.8","RemotePort":"3333","RuleAction":"1","Timestamp":"2026-11-20T10:30:00Z"}}',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'netskope-app',
    what: 'an event of an application, behind an address of its own',
    line: '{"_id":"1","access_method":"Client","activity":"Browse","app":"X","domain":"xmr.pool.example","dstip":"198.51.100.8","dstport":3333,"hostname":"ws","record_type":"application","srcip":"192.0.2.9","timestamp":1795170600,"traffic_type":"Web","type":"nspolicy","url":"xmr.pool.example/","userip":"10.2.3.4"}',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:0', to: '198.51.100.8:3333', sent: [0, 0] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'sysmon',
    what: 'Linux: a connection behind a head of syslog',
    line: 'Nov 20 10:30:00 ws sysmon: <Event><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>3</EventID><TimeCreated SystemTime="2026-11-20T10:30:00.000000000Z"/></System><EventData><Data Name="UtcTime">2026-11-20 10:29:59.000</Data><Data Name="Protocol">tcp</Data><Data Name="Initiated">true</Data><Data Name="SourceIsIpv6">false</Data><Data Name="SourceIp">10.2.3.4</Data><Data Name="SourcePort">51515</Data><Data Name="SourcePortName">-</Data><Data Name="DestinationIsIpv6">false</Data><Data Name="DestinationIp">198.51.100.8</Data><Data Name="DestinationPort">3333</Data></EventData></Event>',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'sysmon',
    what: 'Windows: its quotes',
    line: `<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>3</EventID><TimeCreated SystemTime='2026-11-20T10:30:00.000000000Z'/></System><EventData><Data Name='UtcTime'>2026-11-20 10:29:59.000</Data><Data Name='Protocol'>tcp</Data><Data Name='Initiated'>true</Data><Data Name='SourceIsIpv6'>false</Data><Data Name='SourceIp'>10.2.3.4</Data><Data Name='SourcePort'>51515</Data><Data Name='SourcePortName'>-</Data><Data Name='DestinationIsIpv6'>false</Data><Data Name='DestinationIp'>198.51.100.8</Data><Data Name='DestinationPort'>3333</Data></EventData></Event>`,
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
  {
    id: 'h3c',
    what: 'no blank behind the kind of message, and one behind its priority',
    line: '<6> Nov 20 10:30:00 2026 FW %%10SESSION/6/SESSION_IPV4_FLOW:Protocol(1001)=TCP;Application(1002)=x;SrcIPAddr(1003)=10.2.3.4;SrcPort(1004)=51515;NatSrcIPAddr(1005)=192.0.2.9;NatSrcPort(1006)=1;DstIPAddr(1007)=198.51.100.8;DstPort(1008)=3333;InitPktCount(1044)=300;InitByteCount(1046)=54000;RplyPktCount(1045)=310;RplyByteCount(1047)=61000;',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'cef',
    what: 'FortiGate: two answers of a name server',
    line: 'CEF:0|Fortinet|Fortigate|v7.4.3|54802|dns:dns-response pass|3|FTNTFGTlogid=1501054802 cat=dns:dns-response FTNTFGTeventtime=1795170600 src=10.2.3.4 spt=54621 dst=192.0.2.53 dpt=53 proto=17 FTNTFGTqname=xmr.pool.example FTNTFGTqtype=A FTNTFGTipaddr=198.51.100.8, 198.51.100.9 msg=Domain is monitored act=pass',
    flow: null,
    names: [
      ['dns-answer', 'xmr.pool.example', '', '198.51.100.8'],
      ['dns-answer', 'xmr.pool.example', '', '198.51.100.9'],
      ['dns-query', 'xmr.pool.example', '10.2.3.4', ''],
    ],
  },
  {
    id: 'query-json',
    what: 'Google Cloud DNS',
    line: '{"insertId":"v","jsonPayload":{"authAnswer":true,"protocol":"UDP","queryName":"xmr.pool.example.","queryType":"A","rdata":"xmr.pool.example.\\t300\\tIN\\ta\\t198.51.100.8","responseCode":"NOERROR","sourceIP":"10.2.3.4"},"resource":{"type":"dns_query"},"timestamp":"2026-11-20T10:30:00.341873447Z"}',
    flow: null,
    names: [
      ['dns-answer', 'xmr.pool.example', '', '198.51.100.8'],
      ['dns-query', 'xmr.pool.example', '10.2.3.4', ''],
    ],
  },
  {
    id: 'resolver-log',
    what: 'Infoblox: question and answer in one line',
    line: '<30>Nov 20 10:30:00 ns named[11042]: 20-Nov-2026 10:30:00.043 client 10.2.3.4#57398 UDP: query: xmr.pool.example IN A response: NOERROR +ED xmr.pool.example 300 IN CNAME x.example; x.example 300 IN A 198.51.100.8;',
    flow: null,
    names: [
      ['dns-answer', 'xmr.pool.example', '', '198.51.100.8'],
      ['dns-query', 'xmr.pool.example', '10.2.3.4', ''],
    ],
  },
  {
    id: 'sonicwall-sma',
    what: 'a tunnel of a client, in quotes of its own',
    line: `[20/Nov/2026:11:30:00.000000 +0100] sma.example.com 000000 kt 00000000 Info    Audit   Src='10.2.3.4:51515' User='(a)@(b)' TunnelVersion='0x102' Command='Flow:TCP' Dest='198.51.100.8:3333' Error='0x0' SrcBytes='54000' DstBytes='61000' Duration='600' PlatformPrefix='W'`,
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'zscaler-web',
    what: 'a request, whose port it does not say',
    line: '{"sourcetype":"zscalernss-web","event":{"datetime":"2026-11-20 10:30:00","reason":"Allowed","protocol":"HTTPS","action":"Allowed","responsesize":"61000","requestsize":"54000","serverip":"198.51.100.8","ClientIP":"10.2.3.4","url":"xmr.pool.example/x","vendor":"Zscaler","hostname":"xmr.pool.example"}}',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:0', to: '198.51.100.8:0', sent: [0, 54_000], received: [-1, 61_000] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'zscaler-zpa',
    what: 'the end of a connection, without a private address',
    line: '{"LogTimestamp":"Fri Nov 20 10:30:01 2026","ConnectionStatus":"close","IPProtocol":6,"ClientPublicIP":"10.2.3.4","ClientPrivateIP":"","ConnectorIP":"192.0.2.73","ConnectorPort":44836,"Host":"srv.example","ServerIP":"198.51.100.8","ServerPort":3333,"TimestampConnectionStart":"2026-11-20T10:20:00.000Z","TimestampConnectionEnd":"2026-11-20T10:30:00.000Z","ZENTotalBytesRxClient":54000,"ZENTotalBytesTxClient":61000}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:0', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
    names: [['http-host', 'srv.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'leef',
    what: 'WatchGuard, with its own counters',
    line: '<134>Nov 20 2026 10:30:00 fw LEEF:1.0|WatchGuard|XTM|12.12.B733447|30000151|host_name=FW\tpolicy=Outgoing-00\tdisp=Allow\tin_if=LAN\tsrc=10.2.3.4\tsrcPort=51515\tsrcPostNAT=203.0.113.10\tdst=198.51.100.8\tdstPort=3333\tproto=tcp\tduration=600 seconds\tsent_pkts=300\trcvd_pkts=310\tsent_bytes=54000\trcvd_bytes=61000\t',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'leef',
    what: 'PAN-OS, which writes | between the pairs',
    line: '<14>Nov 20 10:30:00 fw LEEF:1.0|Palo Alto Networks|PAN-OS Syslog Integration|10.0|allow|ReceiveTime=2026/11/20 10:30:00|SerialNumber=1|cat=TRAFFIC|Subtype=end|devTime=Nov 20 2026 10:30:00 GMT|src=10.2.3.4|dst=198.51.100.8|srcPostNAT=192.0.2.9|dstPostNAT=198.51.100.8|srcPort=51515|dstPort=3333|proto=tcp|action=allow|totalBytes=115000|dstBytes=61000|srcBytes=54000|totalPackets=610|StartTime=2026/11/20 10:20:00|ElapsedTime=600|dstPackets=310|srcPackets=300',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'key-value',
    what: 'commas without a blank between the pairs',
    line: 'time=2026-11-20T10:30:00Z,src=10.2.3.4,dst=198.51.100.8,sport=51515,dport=3333,proto=tcp,action=allow,sent_bytes=54000,received_bytes=61000,sent_packets=300,received_packets=310',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'key-value',
    what: 'semicolons without a blank between the pairs',
    line: 'time=2026-11-20T10:30:00Z;src=10.2.3.4;dst=198.51.100.8;sport=51515;dport=3333;proto=tcp;action=allow;sent_bytes=54000;received_bytes=61000;sent_packets=300;received_packets=310',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'key-value',
    what: 'carets without a blank between the pairs',
    line: 'time=2026-11-20T10:30:00Z^src=10.2.3.4^dst=198.51.100.8^sport=51515^dport=3333^proto=tcp^action=allow^sent_bytes=54000^received_bytes=61000^sent_packets=300^received_packets=310',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'leef',
    what: 'tabs as rsyslog writes them',
    line: '<134>Nov 20 2026 10:30:00 fw LEEF:1.0|WatchGuard|XTM|12.12.B733447|30000148|host_name=FW#011policy=Out-00#011disp=Deny#011in_if=LAN - 1#011src=10.2.3.4#011srcPort=51515#011dst=198.51.100.8#011dstPort=3333#011proto=tcp#011msg=x',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'query-json',
    what: 'Cloudflare Gateway',
    line: '{"Datetime":"2026-11-20T10:30:00Z","DstIP":"192.0.2.53","DstPort":53,"Protocol":"udp","QueryName":"xmr.pool.example","QueryTypeName":"A","RData":[],"ResolvedIPs":["198.51.100.8"],"SrcIP":"10.2.3.4","SrcPort":42424}',
    flow: null,
    names: [
      ['dns-answer', 'xmr.pool.example', '', '198.51.100.8'],
      ['dns-query', 'xmr.pool.example', '10.2.3.4', ''],
    ],
  },
  {
    id: 'squid',
    what: 'a request that it refused',
    line: '1795170600.000      0 10.2.3.4 TCP_DENIED/403 3868 CONNECT 198.51.100.8:3333 - HIER_NONE/- text/html "-" "-"',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:0', to: '198.51.100.8:3333', sent: [0, 0], received: [-1, 3868] },
      denied: true,
    },
  },
  {
    id: 'w3c-proxy',
    what: 'the columns in a remark, cells in quotes, time and date apart',
    line: '#Software: SGOS 6.7.5.3\n#Version: 1.0\n#Fields: date time time-taken c-ip c-port cs-username cs(User-Agent) sc-filter-result cs-method cs-host cs-uri-port r-ip sc-bytes cs-bytes\n2026-11-20 10:30:00 600000 10.2.3.4 51515 - "Agent of two words" OBSERVED CONNECT xmr.pool.example 3333 198.51.100.8 61000 54000',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'proxysg',
    what: 'keys and values, and the server that it asked',
    line: '<134>1 2026-11-20T10:30:00Z proxy01 bluecoat - access_log - c-ip=10.2.3.4 rs-Content-Type="-" cs-bytes=54000 cs-categories="none" cs-host=xmr.pool.example cs-ip=192.0.2.6 cs-method=CONNECT cs-uri-port=3333 s-action=TCP_TUNNELED s-ip=192.0.2.7 sc-bytes=61000 sc-filter-result=OBSERVED sc-status=200 time-taken=600000 c-url="tcp://xmr.pool.example:3333/" r-ip=198.51.100.8',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: 0 },
      ...{ from: '10.2.3.4:0', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
    names: [['http-host', 'xmr.pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'cef',
    what: 'Infoblox: an answer, whose name is not of the name server',
    line: '<134>Nov 20 2026 10:30:00 ns CEF:0|Infoblox|Data Connector|2.1.3|DNS Response|DNS Response IN A NOERROR|1|dst=192.0.2.53 src=10.2.3.4 spt=46842 proto=UDP app=DNS destinationDnsDomain=xmr.pool.example InfobloxDNSQType=A InfobloxDNSRCode=NOERROR msg="xmr.pool.example. 3600 IN A 198.51.100.8" InfobloxAnCount=1',
    flow: null,
    names: [
      ['dns-answer', 'xmr.pool.example', '', '198.51.100.8'],
      ['dns-query', 'xmr.pool.example', '10.2.3.4', ''],
    ],
  },
  {
    id: 'cef',
    what: 'Deep Security, which counts a packet towards its host as in',
    line: '<142>Nov 20 2026 10:30:00 dsm CEF:0|Trend Micro|Deep Security Agent|20.0.877|21|Unsolicited UDP|5|cn1=34 cn1Label=Host ID dvchost=ws TrendMicroDsTenant=Primary TrendMicroDsTenantId=0 act=Deny dmac=00:00:5E:00:53:01 smac=00:00:5E:00:53:02 TrendMicroDsFrameType=IP src=198.51.100.8 dst=10.2.3.4 in=291 cs3= cs3Label=Fragmentation Bits proto=UDP spt=445 dpt=42 cnt=1',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: UDP },
      ...{ from: '198.51.100.8:445', to: '10.2.3.4:42', sent: [0, 291] },
      denied: true,
    },
  },
  {
    id: 'netscreen',
    what: 'an ended session',
    line: '<134>Nov 20 10:30:00 192.0.2.1 ns25: NetScreen device_id=ns25  [Root]system-notification-00257(traffic): start_time="2026-11-20 10:20:00" duration=600 policy_id=3 service=tcp/port:3333 proto=6 src zone=Trust dst zone=Untrust action=Permit sent=54000 rcvd=61000 src=10.2.3.4 dst=198.51.100.8 src_port=51515 dst_port=3333 src-xlated ip=203.0.113.10 port=1025 dst-xlated ip=198.51.100.8 port=3333 session_id=4060 reason=Close - TCP FIN',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 54_000], received: [-1, 61_000] },
    },
  },
  {
    id: 'kerio',
    what: 'an ended connection',
    line: '[20/Nov/2026 10:30:00] [ID] 613181 [Rule] NAT [Service] HTTP [User] winston [Connection] TCP 10.2.3.4:51515 -> 198.51.100.8:3333 [Duration] 600 sec [Bytes] 54000/61000/115000 [Packets] 300/310/610',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'kerio',
    what: 'a server with its name',
    line: '[20/Nov/2026 10:30:00] [ID] 1024673 [Rule] Internet access (NAT) [Service] HTTPS [Connection] TCP 10.2.3.4:51515 -> pool.example (198.51.100.8):3333 [Iface] NKN [Duration] 600 sec [Bytes] 54000/61000/115000 [Packets] 300/310/610',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
    names: [['http-host', 'pool.example', '10.2.3.4', '198.51.100.8']],
  },
  {
    id: 'symantec',
    what: 'a refused connection of the host',
    line: '<54>Nov 20 10:30:00 SEPM01 SymantecServer: WS1,Local Host: 10.2.3.4,Local Port: 51515,Local Host MAC: 00005E005301,Remote Host IP: 198.51.100.8,Remote Host Name: pool.example,Remote Port: 3333,Remote Host MAC: 00005E005302,TCP,Outbound,Begin: 2026-11-20 10:20:00,End: 2026-11-20 10:30:00,Occurrences: 4,Application: C:/x.exe,Rule: Block mining,Location: Default,User Name: u,Domain Name: d,Action: Blocked,SHA-256: 00,MD-5: ',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
      denied: true,
    },
  },
  {
    id: 'symantec',
    what: 'a connection to the host',
    line: '<54>Nov 20 10:30:00 SEPM01 SymantecServer: WS1,Local Host: 10.2.3.4,Local Port: 3333,Local Host MAC: 00005E005301,Remote Host IP: 198.51.100.8,Remote Host Name: ,Remote Port: 51515,Remote Host MAC: 00005E005302,TCP,Inbound,Begin: 2026-11-20 10:20:00,End: 2026-11-20 10:30:00,Occurrences: 4,Application: ,Rule: B-ALL-B,Location: Default,User: u,Domain: d,Action: Allowed,SHA-256: ,MD-5: ',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '198.51.100.8:51515', to: '10.2.3.4:3333', sent: [0, 0] },
    },
  },
  {
    id: 'calico',
    what: 'counted at the sender',
    line: '{"start_time":1795170000,"end_time":1795170600,"source_ip":"10.2.3.4","source_name":"-","source_name_aggr":"x-*","source_namespace":"d","source_port":51515,"source_type":"wep","source_labels":null,"dest_ip":"198.51.100.8","dest_name":"-","dest_name_aggr":"pub","dest_namespace":"-","dest_port":3333,"dest_type":"net","dest_labels":null,"proto":"tcp","action":"allow","reporter":"src","policies":null,"bytes_in":61000,"bytes_out":54000,"num_flows":1,"num_flows_started":1,"num_flows_completed":0,"packets_in":310,"packets_out":300,"http_requests_allowed_in":0,"http_requests_denied_in":0,"original_source_ips":null,"num_original_source_ips":0,"host":"n1"}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'calico',
    what: 'counted at the receiver, whose in the sender sent',
    line: '{"start_time":1795170000,"end_time":1795170600,"source_ip":"10.2.3.4","source_port":51515,"dest_ip":"10.2.9.9","dest_port":3333,"dest_type":"wep","proto":"tcp","action":"allow","reporter":"dst","bytes_in":54000,"bytes_out":61000,"num_flows":1,"packets_in":300,"packets_out":310,"host":"n1"}',
    flow: {
      ...{ start: '2026-11-20T10:20:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '10.2.9.9:3333', sent: [300, 54_000], received: [310, 61_000] },
    },
  },
  {
    id: 'osquery',
    what: 'a connection of a process',
    line: '{"name":"socket_events","hostIdentifier":"ws1","calendarTime":"Fri Nov 20 10:30:00 2026 UTC","unixTime":1795170600,"columns":{"action":"connect","family":"2","local_address":"10.2.3.4","local_port":"51515","path":"/x","pid":"1","protocol":"6","remote_address":"198.51.100.8","remote_port":"3333","socket":"","success":"1","time":"1795170600"},"action":"added"}',
    flow: {
      ...{ start: '2026-11-20T10:30:00.000000Z', end: '2026-11-20T10:30:00.000000Z', protocol: TCP },
      ...{ from: '10.2.3.4:51515', to: '198.51.100.8:3333', sent: [0, 0] },
    },
  },
];
