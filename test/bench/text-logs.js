/** Text flow logs of real-looking rows for the benches, the same in every run. */
import { closeSync, openSync, writeSync } from 'node:fs';

const ROWS = 60_000;

let state = 1;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const address = () => `${10 + random(180)}.${random(256)}.${random(256)}.${1 + random(254)}`;
const micros = () => String(random(1e6)).padStart(6, '0');
/** Flows begin in one minute and end in the next. */
const iso = (minute = 13) => `2023-11-14T22:${minute}:${10 + random(49)}.${micros()}`;

/** Numbers of one flow; every row writes them in its own way. */
function flow() {
  const packets = 1 + random(random(10) === 0 ? 100_000 : 40);
  return {
    seconds: 1_700_000_000 + random(86_400),
    span: random(3_600),
    source: address(),
    destination: address(),
    sport: 1024 + random(64_000),
    dport: [443, 3333, 53, 80, 4444][random(5)],
    packets,
    bytes: packets * (60 + random(1400)),
    back: packets * (60 + random(1400)),
    uid: `C${random(2 ** 31).toString(36)}${random(2 ** 31).toString(36)}xyz`.slice(0, 18),
  };
}

const LOGS = {
  zeek: {
    head: '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n',
    row: (f) =>
      `${f.seconds}.${micros()}\t${f.uid}\t${f.source}\t${f.sport}\t${f.destination}\t${f.dport}\ttcp\tssl\t${f.span}.${micros()}\t${f.bytes - 40}\t${f.back - 40}\tSF\tT\tF\t0\tShADadFf\t${f.packets}\t${f.bytes}\t${f.packets}\t${f.back}\t-\n`,
  },
  'aws-vpc': {
    head: 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n',
    row: (f) =>
      `2 123456789010 eni-0a1b2c3d4e5f6789${f.sport % 10} ${f.source} ${f.destination} ${f.sport} ${f.dport} 6 ${f.packets} ${f.bytes} ${f.seconds} ${f.seconds + 60} ACCEPT OK\n`,
  },
  csv: {
    head: 'start,end,srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes,flags,input,output\n',
    row: (f) =>
      `${f.seconds}${micros().slice(3)},${f.seconds + f.span}${micros().slice(3)},${f.source},${f.sport},${f.destination},${f.dport},6,${f.packets},${f.bytes},27,12,14\n`,
  },
  'nfdump-csv': {
    head: 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n',
    row: (f) =>
      `${iso().slice(0, 23).replace('T', ' ')},${f.span}.123,6,${f.source},${f.sport},${f.destination},${f.dport},${f.packets},${f.bytes},1\n`,
  },
  silk: {
    head: '            sIP|            dIP|sPort|dPort|pro|   packets|     bytes|   flags|                  sTime|                  eTime|sen|\n',
    row: (f) =>
      `${f.source.padStart(15)}|${f.destination.padStart(15)}|${String(f.sport).padStart(5)}|${String(f.dport).padStart(5)}|  6|${String(f.packets).padStart(10)}|${String(f.bytes).padStart(10)}|FS PA   |${iso().slice(0, 23).replaceAll('-', '/')}|2023/11/14T23:00:00.000| S0|\n`,
  },
  argus: {
    head: 'StartTime,LastTime,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,SrcPkts,DstPkts,SrcBytes,DstBytes,State\n',
    row: (f) =>
      `${f.seconds}.${micros()},${f.seconds + f.span}.${micros()},tcp,${f.source},${f.sport},   ->,${f.destination},${f.dport},${f.packets},${f.packets},${f.bytes},${f.back},CON\n`,
  },
  eve: {
    head: '',
    row: (f) =>
      `{"timestamp":"${iso()}+0000","flow_id":${random(2 ** 31)}${random(2 ** 21)},"in_iface":"eth0","event_type":"flow","src_ip":"${f.source}","src_port":${f.sport},"dest_ip":"${f.destination}","dest_port":${f.dport},"proto":"TCP","app_proto":"failed","flow":{"pkts_toserver":${f.packets},"pkts_toclient":${f.packets},"bytes_toserver":${f.bytes},"bytes_toclient":${f.back},"start":"${iso()}+0000","end":"${iso(14)}+0000","age":${f.span},"state":"closed","reason":"shutdown","alerted":false},"community_id":"1:abcdefghijklmnopqrstuvwxyz0=","tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,"fin":true,"psh":true,"ack":true,"state":"closed"}}\n`,
  },
  'zeek-json': {
    head: '',
    row: (f) =>
      `{"ts":${f.seconds}.${micros()},"uid":"${f.uid}","id.orig_h":"${f.source}","id.orig_p":${f.sport},"id.resp_h":"${f.destination}","id.resp_p":${f.dport},"proto":"tcp","service":"ssl","duration":${f.span}.5,"orig_bytes":${f.bytes},"resp_bytes":${f.back},"conn_state":"SF","local_orig":true,"local_resp":false,"missed_bytes":0,"history":"ShADadFf","orig_pkts":${f.packets},"orig_ip_bytes":${f.bytes},"resp_pkts":${f.packets},"resp_ip_bytes":${f.back}}\n`,
  },
  'nfdump-json': {
    head: '',
    row: (f) =>
      `{"cnt":1,"type":"FLOW","export_sysid":1,"first":"${iso().slice(0, 23)}","last":"${iso(14).slice(0, 23)}","received":"${iso().slice(0, 23)}","in_packets":${f.packets},"in_bytes":${f.bytes},"proto":6,"tcp_flags":"...AP.SF","src_port":${f.sport},"dst_port":${f.dport},"fwd_status":0,"src_tos":0,"src4_addr":"${f.source}","dst4_addr":"${f.destination}","src4_geo":"","dst4_geo":"","input_snmp":2,"output_snmp":2,"src_mask":0,"dst_mask":0,"direction":0,"ip4_router":"127.0.0.1","sampled":1}\n`,
  },
  'gcp-vpc': {
    head: '',
    row: (f) =>
      `{"insertId":"${f.uid}","jsonPayload":{"bytes_sent":"${f.bytes}","connection":{"dest_ip":"${f.destination}","dest_port":${f.dport},"protocol":6,"src_ip":"${f.source}","src_port":${f.sport}},"end_time":"${iso(14)}789Z","packets_sent":"${f.packets}","reporter":"SRC","rtt_msec":"24","src_instance":{"project_id":"p","region":"us-central1","vm_name":"vm-1","zone":"us-central1-a"},"src_vpc":{"project_id":"p","subnetwork_name":"default","vpc_name":"default"},"start_time":"${iso()}456Z"},"logName":"projects/p/logs/compute.googleapis.com%2Fvpc_flows","receiveTimestamp":"${iso()}Z","timestamp":"${iso()}Z"}\n`,
  },
  azure: {
    head: '{"records":[{"category":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"0","flowGroups":[{"rule":"a","flowTuples":["0"',
    row: (f) =>
      `,"${f.seconds}000,${f.source},${f.destination},${f.sport},${f.dport},6,O,E,NX,${f.packets},${f.bytes},${f.packets},${f.back}"`,
  },
};

export const TEXT_LOGS = Object.keys(LOGS);

/** The head of a log, and a block of its rows. */
export function textLog(id) {
  const { head, row } = LOGS[id];
  return { head, body: Buffer.from(Array.from({ length: ROWS }, () => row(flow())).join('')), rows: ROWS };
}

/** Writes a log of so many megabytes; returns how many rows it has. */
export function writeTextLog(id, file, megabytes) {
  const { head, body, rows } = textLog(id);
  const out = openSync(file, 'w');
  const times = Math.ceil((megabytes * 1e6) / body.length);
  writeSync(out, head);
  for (let i = 0; i < times; i++) writeSync(out, body);
  closeSync(out);
  return times * rows;
}
