import type { VERDICTS as ENGLISH } from '../en/verdicts.ts';
import type { Translation } from '../statement.ts';

export const VERDICTS: Translation<typeof ENGLISH> = {
  'shares-answered': '有任务或登录被接受，并且提交了份额且得到答复',
  'job-stream': '登录被接受，随后出现任务流',
  'cut-shares': '提交了份额且得到答复，但消息被抓包截断',
  'unknown-form': '提交了份额且得到答复，但其 Stratum 形式不属于任何已知协议',
  'common-messages': '多种协议共有的消息，并有挖矿软件的特征',
  'session-not-established': '请求了矿池会话，但未建立',
  'shares-one-sided': '提交了份额，但没有看到会话的双方',
  'job-without-shares': '登录被接受并收到任务，但未见提交份额',
  'running-jobs': '进行中的会话有任务，但未见提交份额',
  'forged-packets': '一端的数据包可能由他人冒名发送',
  'conflicting-data': '同一序列号上出现了不同的数据',
  'echo-server': '向一个原样返回内容的服务器请求了矿池会话',
  'not-a-pool': '向一个并非矿池的服务器请求了矿池会话',
  'server-without-work': '服务器有应答，但从未下发任务或难度',
  'lone-messages': '只有零散的协议消息，没有完整会话',
  'sealed-at-pool': '专用矿池端点，且消息大小符合加密的 Stratum V2，包括份额',
  'sealed-shares': '消息大小符合加密的 Stratum V2，包括份额',
  'sealed-handshake': '消息大小符合加密的 Stratum V2 握手，未见份额',

  'not-answered': '尝试连接，没有应答',
  'pool-and-marks': '专用矿池端点，且时间与大小符合挖矿',
  'pool-and-behaviour': '专用矿池端点，且会话的表现与挖矿相符',
  'pool-for-hours': '专用矿池端点，在抽样记录中持续出现',
  'shared-address': '触及一个带有矿池名称、也带有其他名称的地址',
  'listed-endpoint': '触及名单中的矿池端点',
  'marks-in-step': (p) =>
    `内容无法读取，但时间与大小符合挖矿，且服务器${p.coin === null ? '与另一个此类会话同时推送' : `在出现 ${p.coin} 新区块时推送`}`,
  'marks-alone': '内容无法读取，但时间与大小符合挖矿',
  'looked-up': '查询了该域名',
  'looked-up-missing': '查询了该域名，但该域名不存在',
  'looked-up-alias': ({ alias }) => `以别名 ${alias} 查询了该域名`,
  alert: ({ signature }) => signature,

  'shares-not-judged': '向不作任何评判的服务器提交了份额',
  'one-of-many': '尝试了许多矿池，这是其中之一，未提交任何份额',
  'no-pool-no-shares': '与并非矿池的服务器的会话，没有份额',
  'left-at-once': '建立会话后随即离开，没有份额',

  'steady-reconnecting': '多次连接同一服务器，双向流量细小而稳定',
  'steady-long': '长时间连接同一服务器，双向流量细小而稳定',
  'flow-sampled': ({ interval }) => `每 ${interval} 个包抽样一个`,
  'flow-one-way': '只有一个方向的数据包',
  'flow-no-roles': '无法区分服务器与客户端',
  'flow-no-rhythm': '能显示节奏的记录太少',
};
