/**
 * Flows in the words of the programs that write them: tables by their header, JSON by its keys. Each sample is one
 * connection of 10.0.0.5:40000 with 198.51.100.9:3333 from 22:13:20 to 22:14:20.
 */
import { describe, expect, it } from 'vitest';
import { dateOrderOf } from '../../src/readers/date-order.ts';
import type { FlowReadOptions } from '../../src/readers/flow-reading.ts';
import { sniffFlowFormat } from '../../src/readers/index.ts';
import { readFlows } from '../support/flow-reading.ts';

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
const START = '2023-11-14T22:13:20.000000Z';
const END = '2023-11-14T22:14:20.000000Z';
const ENDS = { from: '10.0.0.5:40000', to: '198.51.100.9:3333', protocol: 6, start: START, end: END };

async function read(log: string, options: FlowReadOptions = {}) {
  const format = sniffFlowFormat(Buffer.from(log));
  if (format === null) return expect.fail('no format');
  return { format: format.id, ...(await readFlows(format, log, options)) };
}

interface Sample {
  readonly name: string;
  readonly log: string;
  readonly sent: readonly [packets: number, bytes: number];
  readonly received?: readonly [packets: number, bytes: number];
  readonly format?: string;
  readonly layer?: string;
  readonly isEstimated?: boolean;
}

const TABLES: readonly Sample[] = [
  {
    name: 'nProbe',
    log: lines(
      'IPV4_SRC_ADDR|IPV4_DST_ADDR|L4_SRC_PORT|L4_DST_PORT|PROTOCOL|TCP_FLAGS|IN_PKTS|IN_BYTES|OUT_PKTS|OUT_BYTES|FIRST_SWITCHED|LAST_SWITCHED',
      '10.0.0.5|198.51.100.9|40000|3333|6|27|10|1000|12|2000|1700000000|1700000060',
    ),
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'source and destination, the words of this program',
    log: lines(
      'source,destination,source port,destination port,protocol,start,end,packets,bytes',
      '10.0.0.5,198.51.100.9,40000,3333,tcp,1700000000,1700000060,10,1000',
    ),
    sent: [10, 1000],
  },
  {
    name: 'FortiGate, with a date and a time of day apart',
    log: lines(
      'date,time,srcip,srcport,dstip,dstport,proto,sentbyte,rcvdbyte,sentpkt,rcvdpkt,duration',
      '2023-11-14,22:13:20,10.0.0.5,40000,198.51.100.9,3333,6,1000,2000,10,12,60',
    ),
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'dates and times of day apart for start and end',
    log: lines(
      'Start Date,Start Time,End Date,End Time,Src IP,Src Port,Dst IP,Dst Port,Protocol,Packets,Bytes',
      '14.11.2023,22:13:20,14.11.2023,22:14:20,10.0.0.5,40000,198.51.100.9,3333,TCP,10,1000',
    ),
    sent: [10, 1000],
  },
  {
    name: 'CICFlowMeter: days first, durations in microseconds, payload',
    log: lines(
      'Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Tot Fwd Pkts,Tot Bwd Pkts,TotLen Fwd Pkts,TotLen Bwd Pkts,Flow Byts/s,Label',
      'x,10.0.0.5,40000,198.51.100.9,3333,6,14/11/2023 10:13:20 PM,60000000,10,12,600,1400,33,Benign',
    ),
    ...{ sent: [10, 600], received: [12, 1400], layer: 'payload' },
  },
  {
    name: 'Palo Alto, with totals beside both directions',
    log: lines(
      'Generate Time,Source address,Destination address,Source Port,Destination Port,IP Protocol,Action,Bytes,Bytes Sent,Bytes Received,Packets,Start Time,Elapsed Time (sec),Packets Sent,Packets Received',
      '2023/11/14 22:14:25,10.0.0.5,198.51.100.9,40000,3333,tcp,allow,3000,1000,2000,22,2023/11/14 22:13:20,60,10,12',
    ),
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'NFStream',
    log: lines(
      'src_ip,src_port,dst_ip,dst_port,protocol,bidirectional_first_seen_ms,bidirectional_last_seen_ms,bidirectional_duration_ms,bidirectional_packets,bidirectional_bytes,src2dst_packets,src2dst_bytes,dst2src_packets,dst2src_bytes',
      '10.0.0.5,40000,198.51.100.9,3333,6,1700000000000,1700000060000,60000,22,3000,10,1000,12,2000',
    ),
    ...{ sent: [10, 1000], received: [12, 2000], layer: 'link' },
  },
  {
    name: 'ndpiReader',
    log: lines(
      '#flow_id|protocol|first_seen|last_seen|duration|src_ip|src_port|dst_ip|dst_port|c_to_s_pkts|c_to_s_bytes|c_to_s_goodput_bytes|s_to_c_pkts|s_to_c_bytes',
      '1|6|1700000000.000|1700000060.000|60.000|10.0.0.5|40000|198.51.100.9|3333|10|1000|400|12|2000',
    ),
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'flow-tools, whose dpkts is no way back',
    log: lines(
      '#:unix_secs,unix_nsecs,sysuptime,exaddr,dpkts,doctets,first,last,engine_type,engine_id,srcaddr,dstaddr,srcport,dstport,prot',
      '1700000060,0,3600000,192.0.2.1,10,1000,3540000,3600000,0,0,10.0.0.5,198.51.100.9,40000,3333,6',
    ),
    sent: [10, 1000],
  },
  {
    name: 'Argus by its short names',
    log: lines(
      'stime,ltime,flgs,proto,saddr,sport,dir,daddr,dport,state,pkts,bytes,spkts,dpkts,sbytes,dbytes',
      '1700000000,1700000060,e,tcp,10.0.0.5,40000,->,198.51.100.9,3333,CON,22,3000,10,12,1000,2000',
    ),
    ...{ sent: [10, 1000], received: [12, 2000], format: 'argus', layer: 'link' },
  },
  {
    name: 'Argus with totals and the half of the source',
    log: lines(
      'StartTime,LastTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,SrcPkts,TotBytes,SrcBytes',
      '1700000000,1700000060,tcp,10.0.0.5,40000,->,198.51.100.9,3333,CON,22,10,3000,1000',
    ),
    ...{ sent: [10, 1000], received: [12, 2000], format: 'argus', layer: 'link' },
  },
  {
    name: 'Argus with totals of an answered connection',
    log: lines(
      'StartTime,LastTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes',
      '1700000000,1700000060,tcp,10.0.0.5,40000,->,198.51.100.9,3333,FSPA_FSPA,22,3000',
    ),
    ...{ sent: [11, 1500], received: [11, 1500], format: 'argus', layer: 'link', isEstimated: true },
  },
  {
    name: 'Argus with totals of a connection without an answer',
    log: lines(
      'StartTime,LastTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes',
      '1700000000,1700000060,tcp,10.0.0.5,40000,->,198.51.100.9,3333,S_,3,180',
    ),
    ...{ sent: [3, 180], format: 'argus', layer: 'link' },
  },
  {
    name: 'SiLK with commas, whole numbers for addresses, and legacy times',
    log: lines(
      'sIP,dIP,sPort,dPort,pro,packets,bytes,flags,sTime,dur,eTime,sen',
      '167772165,3325256713,40000,3333,6,10,1000,FS PA,11/14/2023 22:13:20,60.000,11/14/2023 22:14:20,S0',
    ),
    ...{ sent: [10, 1000], format: 'silk' },
  },
  {
    name: 'Zeek as CSV, payload beside bytes of IP',
    log: lines(
      'ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,duration,orig_bytes,resp_bytes,orig_pkts,orig_ip_bytes,resp_pkts,resp_ip_bytes',
      '1700000000,C1,10.0.0.5,40000,198.51.100.9,3333,tcp,60,500,1500,10,1000,12,2000',
    ),
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'compact times, and durations as h:mm:ss',
    log: lines(
      'time,duration,src,sport,dst,dport,proto,packets,bytes',
      '20231114221320,0:01:00,10.0.0.5,40000,198.51.100.9,3333,6,10,1000',
    ),
    sent: [10, 1000],
  },
];

const OBJECTS: readonly Sample[] = [
  {
    name: 'AWS VPC Flow Logs as JSON lines',
    log: lines(
      '{"version":2,"interface_id":"eni-1","srcaddr":"10.0.0.5","dstaddr":"198.51.100.9","srcport":40000,"dstport":3333,"protocol":6,"packets":10,"bytes":1000,"start":1700000000,"end":1700000060,"action":"ACCEPT","log_status":"OK"}',
      '{"version":2,"interface_id":"eni-1","srcaddr":null,"dstaddr":null,"start":1700000000,"end":1700000060,"log_status":"NODATA"}',
    ),
    sent: [10, 1000],
  },
  {
    name: 'goflow2',
    log: '{"type":"IPFIX","time_received_ns":1700000061000000000,"sampling_rate":0,"sampler_address":"192.0.2.1","time_flow_start_ns":1700000000000000000,"time_flow_end_ns":1700000060000000000,"bytes":1000,"packets":10,"src_addr":"10.0.0.5","dst_addr":"198.51.100.9","proto":"TCP","src_port":40000,"dst_port":3333}\n',
    sent: [10, 1000],
  },
  {
    name: 'pmacct',
    log: '{"event_type":"purge","ip_src":"10.0.0.5","ip_dst":"198.51.100.9","port_src":40000,"port_dst":3333,"ip_proto":"tcp","timestamp_start":"2023-11-14 22:13:20.000000","timestamp_end":"2023-11-14 22:14:20.000000","packets":10,"bytes":1000}\n',
    sent: [10, 1000],
  },
  {
    name: 'Elastic Common Schema, in the source of a search',
    log: '{"_index":"flows","_source":{"@timestamp":"2023-11-14T22:14:30Z","event":{"start":"2023-11-14T22:13:20Z","duration":60000000000},"source":{"ip":["10.0.0.5"],"port":40000,"bytes":1000,"packets":10},"destination":{"ip":"198.51.100.9","port":3333,"bytes":2000,"packets":12},"network":{"transport":"tcp","bytes":3000}}}\n',
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'OCI',
    log: '[{"data":{"version":"2","action":"ACCEPT","sourceAddress":"10.0.0.5","destinationAddress":"198.51.100.9","sourcePort":40000,"destinationPort":3333,"protocol":6,"packets":10,"bytesOut":1000,"startTime":1700000000,"endTime":1700000060,"status":"OK"}}]\n',
    sent: [10, 1000],
  },
  {
    name: 'nProbe, by field numbers',
    log: '{"8":"10.0.0.5","12":"198.51.100.9","7":40000,"11":3333,"4":6,"6":27,"2":10,"1":1000,"24":12,"23":2000,"22":1700000000,"21":1700000060,"57590":7}\n',
    ...{ sent: [10, 1000], received: [12, 2000] },
  },
  {
    name: 'vflow of IPFIX, each record a list of fields',
    log: '{"AgentID":"192.0.2.1","Header":{"Version":10,"Length":420,"ExportTime":1700000062,"SequenceNo":1,"DomainID":1},"DataSets":[[{"I":8,"V":"10.0.0.5"},{"I":12,"V":"198.51.100.9"},{"I":7,"V":40000},{"I":11,"V":3333},{"I":4,"V":6},{"I":6,"V":"0x1b"},{"I":1,"V":1000},{"I":2,"V":10},{"I":152,"V":1700000000000},{"I":153,"V":1700000060000}]]}\n',
    sent: [10, 1000],
  },
  {
    name: 'vflow of NetFlow v9, with times since the boot of the router',
    log: '{"AgentID":"192.0.2.1","Header":{"Version":9,"Count":1,"SysUpTime":1000000,"UNIXSecs":1700000100,"SeqNum":1,"SrcID":1},"DataSets":[[{"I":8,"V":"10.0.0.5"},{"I":12,"V":"198.51.100.9"},{"I":7,"V":40000},{"I":11,"V":3333},{"I":4,"V":6},{"I":1,"V":1000},{"I":2,"V":10},{"I":22,"V":900000},{"I":21,"V":960000}]]}\n',
    sent: [10, 1000],
  },
  {
    name: 'AWS VPC Flow Logs in CloudWatch Logs',
    log: '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination"}]}{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"vpc","logStream":"eni-1","subscriptionFilters":["all"],"logEvents":[{"id":"3","timestamp":1700000062000,"message":"2 123456789012 eni-1 10.0.0.5 198.51.100.9 40000 3333 6 10 1000 1700000000 1700000060 ACCEPT OK"},{"id":"4","timestamp":1700000062000,"message":"2 123456789012 eni-1 - - - - - - - 1700000000 1700000060 - NODATA"}]}',
    sent: [10, 1000],
  },
  {
    name: 'Zeek with underscores',
    log: '{"ts":1700000000.0,"uid":"C","id_orig_h":"10.0.0.5","id_orig_p":40000,"id_resp_h":"198.51.100.9","id_resp_p":3333,"proto":"tcp","duration":60.0,"conn_state":"SF","orig_pkts":10,"orig_ip_bytes":1000,"resp_pkts":12,"resp_ip_bytes":2000}\n',
    ...{ sent: [10, 1000], received: [12, 2000], format: 'zeek-json' },
  },
];

describe.each([
  { kind: 'csv', samples: TABLES },
  { kind: 'json', samples: OBJECTS },
])('$kind', ({ kind, samples }) => {
  it.each(samples)('reads $name', async ({ log, sent, received, layer, format, isEstimated }) => {
    const { flows, damage, result, format: found } = await read(log);
    expect(found).toBe(format ?? kind);
    const [flow] = flows;
    // flow-tools tells when the router exported, and Zeek who opened.
    const times = log.startsWith('#:unix') ? { start: END, end: END } : {};
    expect(flow).toMatchObject({ ...ENDS, ...times, sent });
    expect([flow?.received, flow?.layer]).toEqual([received, layer]);
    expect([flows.length, damage]).toEqual([1, {}]);
    expect([result.isEstimated ?? false, result.lacksBytes ?? false]).toEqual([isEstimated ?? false, false]);
  });
});

it('adds up flows that are told while they last, each time with all that they counted', async () => {
  const told = (isFinal: boolean, end: string, bytes: number, packets: number): string =>
    JSON.stringify({
      event: { start: '2023-11-14T22:13:20Z', end },
      ...{ flow: { id: 'EQ', final: isFinal }, network: { transport: 'tcp' } },
      source: { ip: '10.0.0.5', port: 40000, bytes, packets },
      destination: { ip: '198.51.100.9', port: 3333, bytes: 2 * bytes, packets },
    });
  const { flows } = await read(
    lines(
      told(false, '2023-11-14T22:13:30Z', 100, 1),
      told(false, '2023-11-14T22:13:40Z', 150, 2),
      told(true, '2023-11-14T22:14:20Z', 1000, 10),
      told(true, '2023-11-14T22:13:30Z', 7, 1),
    ),
  );
  expect(flows.map(({ sent }) => sent)).toEqual([
    [1, 100],
    [1, 50],
    [8, 850],
    [1, 7],
  ]);
  expect(flows[2]?.start).toBe('2023-11-14T22:13:40.000000Z');
});

describe('what may count bytes and is not read', () => {
  const header = 'ts,src_ip,src_port,dst_ip,dst_port,proto';
  const row = '1700000000,10.0.0.5,40000,198.51.100.9,3333,tcp';
  it('is said, by the names of the columns', async () => {
    const { result } = await read(lines(`${header},weird_bytes,VolumeKB,hops`, `${row},5,6,7`));
    expect(result).toMatchObject({ lacksBytes: true, unreadColumns: ['weird_bytes', 'VolumeKB'] });
  });

  it('is nothing where columns count something else, or the same again', async () => {
    const others = 'Flow Bytes/s,missed_bytes,src_pkts,src_bytes,dst_bytes,mean_bytes,total_bytes';
    const { result } = await read(lines(`${header},${others}`, `${row},1,2,3,100,200,5,300`));
    expect(result).toMatchObject({ lacksBytes: false, unreadColumns: [] });
  });

  it('is said of keys, too', async () => {
    const keys = { ts: 1700000000, src_ip: '10.0.0.5', src_port: 1, dst_ip: '10.0.0.6', dst_port: 2 };
    const { result } = await read(`${JSON.stringify({ ...keys, volume: 7 })}\n`);
    expect(result).toMatchObject({ lacksBytes: true, unreadColumns: ['volume'] });
  });
});

describe('times near 1970', () => {
  const header = 'start,end,src,sport,dst,dport,proto,packets,bytes';
  const row = (start: string, end: string): string => `${start},${end},10.0.0.5,1,198.51.100.9,2,6,1,60`;
  it('are times where a clock begins there', async () => {
    const { flows, damage } = await read(lines(header, row('0.000000', '60.5'), row('61', '62')));
    expect(flows.map(({ start, end }) => [start, end])).toEqual([
      ['1970-01-01T00:00:00.000000Z', '1970-01-01T00:01:00.500000Z'],
      ['1970-01-01T00:01:01.000000Z', '1970-01-01T00:01:02.000000Z'],
    ]);
    expect(damage).toEqual({});
  });

  it('are none among those of a clock that is set', async () => {
    const { flows, damage } = await read(lines(header, row('1700000000', '1700000060'), row('17', '17')));
    expect(flows[1]).toMatchObject({ start: 'unknown' });
    expect(damage).toMatchObject({ 'absurd-time': 1, 'no-time': 1 });
  });
});

it('reads dates that begin with the month or the day as others of the table tell', async () => {
  const header = 'time,src,sport,dst,dport,proto,packets,bytes';
  const row = (time: string): string => `${time},10.0.0.5,1,198.51.100.9,2,6,1,60`;
  const daysOf = async (options: object, ...days: string[]) => {
    const { flows, result } = await read(
      lines(header, ...days.map((day) => row(`${day} 10:00:00`))),
      options,
    );
    return [result.hasUnclearDates, ...flows.map(({ start }) => start?.slice(0, 10))];
  };
  expect(await daysOf({}, '14/04/2023', '03/04/2023')).toEqual([false, '2023-04-14', '2023-04-03']);
  expect(await daysOf({}, '04/14/2023', '04/03/2023')).toEqual([false, '2023-04-14', '2023-04-03']);
  // Nothing tells, or nothing yet, or two dates tell different orders.
  expect(await daysOf({}, '03/04/2023', '04/04/2023')).toEqual([true, 'unknown', '2023-04-04']);
  expect(await daysOf({}, '03/04/2023', '04/14/2023', '04/03/2023')).toEqual([
    ...[true, 'unknown', '2023-04-14', '2023-04-03'],
  ]);
  expect(await daysOf({}, '14/04/2023', '04/14/2023', '04/03/2023')).toEqual([
    ...[true, '2023-04-14', '2023-04-14', 'unknown'],
  ]);
  expect(await daysOf({ dateOrder: 'day-first' }, '03/04/2023')).toEqual([false, '2023-04-03']);
  expect(await daysOf({ dateOrder: 'month-first' }, '03/04/2023')).toEqual([false, '2023-03-04']);
  const head = (text: string) => dateOrderOf(Buffer.from(text));
  expect(head('3/4/2023,a\n14/4/2023,a\n')).toBe('day-first');
  expect(head('"3/4/23 10:00","4/14/23 10:00"')).toBe('month-first');
  expect(head('3/4/2023 14/4/2023 4/14/2023')).toBe(null);
  // Paths, addresses and versions are no dates.
  expect(head('GET /14/04/2023/ 10.14.04.2023 1-14-2 2023-14-04 14/04/20231')).toBe(null);
});

it('reads the web gateways of Skyhigh and McAfee', async () => {
  const header =
    '"user_id","username","source_ip","http_action","server_to_client_bytes","client_to_server_bytes","requested_host","request_timestamp_epoch","request_timestamp","uri_scheme","client_ip","destination_ip","destination_port"';
  const row =
    '"-1","alice","10.20.30.40","CONNECT","61000","54000","www.example.com","1795170600","2026-11-20 10:30:00","https","10.20.30.40","203.0.113.77","443"';
  const { format, flows, damage } = await read(lines(header, row));
  expect([format, damage]).toEqual(['csv', {}]);
  expect(flows).toMatchObject([
    {
      ...{ from: '10.20.30.40:0', to: '203.0.113.77:443', end: '2026-11-20T10:30:00.000000Z' },
      ...{ sent: [0, 54_000], received: [-1, 61_000] },
    },
  ]);
});

describe('names of receivers in a table of flows', () => {
  const header =
    'src_ip,src_port,dst_ip,dst_port,proto,start,bytes_sent,bytes_received,dst_hostname,sni,"url"';
  const row = (names: string): string => `10.0.0.5,40000,198.51.100.9,3333,tcp,1700000000,1000,2000,${names}`;
  const told = async (names: string) => {
    const { format, names: said, flows, damage } = await read(lines(header, row(names)));
    expect(format).toBe('csv');
    expect(damage).toEqual({});
    expect(flows).toMatchObject([{ to: '198.51.100.9:3333', sent: [0, 1000], received: [-1, 2000] }]);
    return said.map(({ kind, name, client, server, serverPort }) => [kind, name, client, server, serverPort]);
  };
  const pool = [['http-host', 'pool.example', '10.0.0.5', '198.51.100.9', 3333]];

  it.each([
    ['a host name', 'pool.example,,', pool],
    ['a quoted SNI', ',"pool.example",-', pool],
    ['a URL with a port of its own and a comma', '-,-,"https://pool.example:443/a,b"', pool],
    ['a URL at the end of the line', ',,http://pool.example/a', pool],
    ['the last of several', 'edge.cdn.example,pool.example,', pool],
    ['words that name nobody', 'Not Available,-,(empty)', []],
    ['an address in its place', '198.51.100.77,,https://198.51.100.78/', []],
  ])('are %s', async (_, names, expected) => {
    expect(await told(names)).toEqual(expected);
  });

  it('are told of a table with ports whose columns have names of their own, which is no table of names', async () => {
    const { format, names } = await read(
      lines(
        'Time,Source IP,Source Port,Destination IP,Destination Port,Bytes Sent,Domain',
        '2023-11-14T22:13:20Z,10.0.0.5,40000,198.51.100.9,3333,1000,pool.example',
      ),
    );
    expect([format, names.map(({ name }) => name)]).toEqual(['csv', ['pool.example']]);
  });

  it('are hosts of URLs in JSON as well', async () => {
    const flow = { src_ip: '10.0.0.5', src_port: 4, dst_ip: '198.51.100.9', dst_port: 3333, ts: 1700000000 };
    const { names } = await read(`${JSON.stringify({ ...flow, url: 'https://Pool.example:443/x?y' })}\n`);
    expect(names.map(({ name, server, serverPort }) => [name, server, serverPort])).toEqual([
      ['pool.example', '198.51.100.9', 3333],
    ]);
  });
});
