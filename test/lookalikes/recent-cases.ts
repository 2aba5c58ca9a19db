/**
 * Harmless relatives of the dialects that came up since 2024: the same words, envelopes and shapes, put to other uses.
 * Written from public descriptions of each kind of service; names and hashes are made up.
 */
import { client, dialogue, post, respond, server } from '../support/dialogue.ts';
import { answers, calls, PREFACE, proto, SERVER_SETTINGS, sends } from '../support/grpc.ts';
import { browser, opening, site } from '../support/websocket.ts';
import type { LookAlike } from './cases.ts';

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';

/** A size, type 0, a list of one and two groups, as a node frames jobs for miners, but a header that is too short for one. */
function sizedFrame(fill: number): Uint8Array {
  const frame = new Uint8Array(4 + 301).fill(fill);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 301);
  frame[4] = 0;
  for (const [at, value] of [1, 2, 3, 99].entries()) view.setUint32(5 + 4 * at, value);
  return frame;
}

export const RECENT_LOOK_ALIKES: readonly LookAlike[] = [
  {
    name: 'a build agent that polls for jobs and reports results',
    like: ['polled-work', 'telemetry'],
    said: [
      post('/api/v4/jobs/request', { token: 'x', info: { name: 'agent-7', version: '17.1' } }),
      respond({ id: 5521, token: 'y', git_info: { sha: H, ref: 'main' }, difficulty: null }),
      post('/api/v4/jobs/5521/result', {
        token: 'y',
        state: 'success',
        checksum: H.slice(0, 8),
        failure_rate: 0,
      }),
      respond({ ok: true }),
      post('/rpc', { id: 1, method: 'scheduler.getJob', params: { worker: 'agent-7' } }),
      respond({ id: 1, result: { id: 'j-1', header: 'build', commit: H } }),
      post('/rpc', { id: 2, method: 'scheduler.sendResult', params: { job: 'j-1', nonce: 'a1b2c3d4' } }),
      respond({ id: 2, result: true }),
    ],
  },
  {
    name: 'a wallet that asks a node of Kaspa for its state and sends a transaction, over gRPC',
    like: ['node-grpc'],
    said: [
      client(PREFACE),
      client(calls(1, '/protowire.RPC/MessageStream')),
      client(sends(1, proto([1063, proto()]))),
      server(Buffer.concat([SERVER_SETTINGS, answers(1)])),
      server(sends(1, proto([1064, proto([1, 'node'], [3, '0.15.2'])]))),
      client(sends(1, proto([1020, proto([1, proto([1, 0], [8, H])])]))),
      server(sends(1, proto([1021, proto([1, H])]))),
      client(calls(3, '/tari.rpc.BaseNode/GetTipInfo')),
      client(sends(3, proto(), true)),
      server(Buffer.concat([answers(3), sends(3, proto([1, proto([1, 90_000], [2, H])]))])),
    ],
  },
  {
    name: 'an explorer that asks a node for its mining info and sends transactions',
    like: ['polled-work'],
    said: [1, 2, 3].flatMap((id) => [
      post('/', { id, method: 'getmininginfo', params: [] }),
      respond({
        id,
        result: { blocks: 900_000 + id, difficulty: 1.1e14, networkhashps: 9e20, chain: 'main' },
      }),
      post('/', { id: 10 + id, method: 'sendrawtransaction', params: [`02000000${H}${H}${H}`] }),
      respond({ id: 10 + id, result: H }),
    ]),
  },
  {
    name: 'a graph service that asks for cycles: login, job and submit with a list of edges',
    like: ['cryptonote'],
    said: dialogue(`
      C {"id":1,"method":"login","params":{"login":"ada","token":"x"}}
      S {"id":1,"result":"ok"}
      S {"method":"job","params":{"job_id":"7","graph":"${H}","proofsize":42}}
      C {"id":2,"method":"submit","params":{"job_id":"7","pow":[3,2,1]}}
      S {"id":2,"result":"ok"}`),
  },
  {
    name: 'a render farm whose jobs have a base64 blob, a decimal target and a height',
    like: ['cryptonote'],
    said: dialogue(`
      S {"method":"job","params":{"job_id":"42","height":1080,"target":"1920","blob":"aW1hZ2U="}}
      C {"id":1,"method":"submit","params":{"id":"w1","job_id":42,"nonce":3,"hash":"d41d8cd98f00b204e9800998ecf8427e"}}
      S {"id":1,"result":{"status":"queued"}}`),
  },
  {
    name: 'a fleet agent that reports capabilities before binary telemetry',
    like: ['btc-agent'],
    said: [
      client('{"id":"caps","method":"agent.capabilities","params":["metrics"]}\n'),
      server('{"id":"caps","result":{"capabilities":["metrics"]}}\n'),
      client(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
      client(Uint8Array.from([0x7f, 0x01, 0x02, 0x00])),
    ],
  },
  {
    name: 'an anti-robot puzzle before a chat',
    like: ['pearl'],
    said: dialogue(`
      S {"method":"chat.challenge","params":{"seed":"${H}","difficulty":20}}
      C {"id":1,"method":"chat.challenge_response","params":{"seed":"${H}","nonce":"85f669d6"}}
      S {"id":1,"result":true}
      C {"id":2,"method":"chat.say","params":["hello"]}`),
  },
  {
    name: 'a trainer of models that negotiates the shape of a matrix product',
    like: ['pearl', 'btx'],
    said: dialogue(`
      S {"method":"trainer.set_params","params":[{"m":4096,"n":4096,"k":512}]}
      C {"id":1,"method":"trainer.submit","params":["w1","step-9","${'QUJD'.repeat(90)}"]}
      S {"id":1,"result":true}`),
  },
  {
    name: 'a scheduler whose jobs list priorities as pairs',
    like: ['epic'],
    said: dialogue(`
      C {"id":"1","method":"login","params":{"login":"ops","agent":"cron"}}
      S {"id":"1","method":"login","result":"accepted"}
      S {"id":"Queue","method":"job","params":{"algorithm":"fifo","height":3,"job_id":6,"difficulty":[["cpu",3],["gpu",8]]}}
      C {"id":"2","method":"submit","params":{"height":3,"job_id":6,"nonce":1,"pow":{"Cpu":[1,2]}}}
      S {"id":"2","method":"submit","result":"done"}`),
  },
  {
    name: 'a block explorer that pushes new jobs for its own workers over WebSocket',
    like: ['xelis-node'],
    said: [
      ...opening('/getwork/updates'),
      site('{"new_job":{"difficulty":"30000","height":7,"title":"index blocks"}}'),
      browser('{"block_template":"default"}'),
      site('{"block_rejected":"unknown template"}'),
    ],
  },
  {
    name: 'a jobs board over WebSocket: job, submit, accepted, rejected',
    like: ['shaicoin'],
    said: [
      ...opening('/board'),
      site('{"type":"job","job_id":"j1","data":"paint the fence","target":"friday"}'),
      browser('{"type":"submit","miner_id":"tom","nonce":"1","job_id":"j1","path":"/uploads/fence.png"}'),
      site('{"type":"accepted"}'),
      site('{"type":"rejected","message":"too late"}'),
    ],
  },
  {
    name: 'a scoreboard over WebSocket with targets and expiry',
    like: ['ton'],
    said: [
      ...opening('/stratum'),
      site('{"id":null,"method":"mining.set_target","params":["team-a","1655500800","north","south"]}'),
      site('{"id":null,"method":"mining.notify","params":["expire","tomorrow"]}'),
    ],
  },
  {
    name: 'a web service with a requestType in its query',
    like: ['signum'],
    said: [
      client('GET /api?requestType=getStatus HTTP/1.1\r\nHost: node.example\r\n\r\n'),
      respond({ numberOfBlocks: 905_123, lastBlock: H }),
      post('/burst?requestType=getBalance&account=13', {}),
      respond({ balanceNQT: '0' }),
    ],
  },
  {
    name: 'a contract explorer that names ctxc in its methods',
    like: ['cortex'],
    said: dialogue(`
      C {"id":1,"jsonrpc":"2.0","method":"ctxc_getBalance","params":["0xed4465beb77a9122de24fa3ca844e062e727a98d","latest"]}
      S {"id":1,"jsonrpc":"2.0","result":"0x1"}
      C {"id":2,"jsonrpc":"2.0","method":"ctxc_blockNumber","params":[]}
      S {"id":2,"jsonrpc":"2.0","result":"0x1234"}`),
  },
  {
    name: 'an oil field’s telemetry under a namespace called mining',
    like: ['aeternity', 'warthog', 'aleo', 'xelis'],
    said: dialogue(`
      S {"id":null,"method":"mining.report","params":["shaft-4",5,"${H}",true]}
      C {"id":1,"method":"mining.depth","params":["${H}","001122334455","692ab1c1","46c35550"]}
      S {"id":1,"result":true}`),
  },
  {
    name: 'a quarry’s message bus: mining.notify and mining.submit without jobs',
    like: ['stratum-other'],
    said: dialogue(`
      S {"method":"mining.notify","params":["blast at noon"]}
      C {"id":1,"method":"mining.submit","params":["report"]}
      S {"id":1,"result":true}`),
  },
  {
    name: 'a task queue whose notices name an algorithm beside their parameters',
    like: ['stratum-v1'],
    said: dialogue(`
      S {"method":"queue.notify","params":["50","${H}","${H}",true],"algo":"lz4"}
      C {"id":10,"method":"queue.submit","params":["w","50","239d276d3736"]}
      S {"id":10,"result":true}`),
  },
  {
    name: 'a contract explorer that asks a node for work, and gets none',
    like: ['cortex'],
    said: dialogue(`
      C {"id":1,"jsonrpc":"2.0","method":"ctxc_getWork","params":{"of":"tasks"}}
      S {"id":1,"jsonrpc":"2.0","result":{"tasks":[]}}
      C {"id":2,"jsonrpc":"2.0","method":"ctxc_submitLogin","params":[]}
      S {"id":2,"jsonrpc":"2.0","error":{"code":-32601,"message":"no such method"}}`),
  },
  {
    name: 'a fleet server that asks its agents for capabilities by name',
    like: ['btc-agent'],
    said: dialogue(`
      C {"id":"caps","method":"agent.get_capabilities","params":{"wanted":["metrics","logs"]}}
      S {"id":"caps","result":{"capabilities":["metrics"]}}
      C {"id":"more","method":"agent.get_capabilities","params":[{"name":"logs"}]}
      S {"id":"more","result":{"capabilities":[]}}`),
  },
  {
    name: 'blocks of a store in sized frames',
    like: ['alephium-node'],
    said: [client(sizedFrame(0x55)), server(sizedFrame(0xaa)), client(sizedFrame(0x33))],
  },
  {
    name: 'a queue of documents over WebSocket with jobs, difficulties and blobs',
    like: ['dero'],
    said: [
      ...opening('/ws/translators'),
      site(`{"jobid":"d1","difficultyuint64":3,"blockhashing_blob":"${H.slice(0, 40)}"}`),
      site('{"jobid":"d2","difficulty":"hard","blockhashing_blob":"chapter two"}'),
      browser(`{"jobid":"d1","mbl_blob":"${H}"}`),
    ],
  },
  {
    name: 'a smart home over WebSocket: register, settings, share',
    like: ['nimiq'],
    said: [
      ...opening('/hub'),
      browser('{"message":"register","mode":"smart","address":"Oak Street 7","deviceId":12}'),
      site('{"message":"settings","target":21.5,"address":"Oak Street 7"}'),
      browser('{"message":"share","block":"kitchen","minerAddrProof":7}'),
      site('{"message":"new-block","bodyHash":"none","accountsHash":"none"}'),
    ],
  },
  {
    name: 'a cloud drive over WebSocket: auth, jobs with blobs, submit',
    like: ['websocket-miner'],
    said: [
      ...opening('/sync'),
      browser('{"type":"auth","params":{"site_key":"x","user":"ada"}}'),
      site('{"type":"job","params":{"job_id":"7","blob":"photo.jpg","target":"album"}}'),
      browser(`{"type":"submit","params":{"job_id":"7","nonce":"1","result":"${H}"}}`),
      site('{"type":"verified","params":{"bytes":9}}'),
    ],
  },
];
