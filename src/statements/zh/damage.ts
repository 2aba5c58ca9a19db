import type { DAMAGE as ENGLISH, Found } from '../en/damage.ts';
import { grouped } from '../figures.ts';
import type { Translation } from '../statement.ts';

const place = ({ count, at }: Found): string =>
  at > 0 ? `，${count > 1 ? '首次' : ''}位于 ${grouped(at)}` : '';
const found =
  (what: string) =>
  (p: Found): string =>
    `${what}${p.count > 1 ? ` ×${grouped(p.count)}` : ''}${place(p)}`;
const number =
  (what: string) =>
  (p: Found): string =>
    `${what}：${grouped(p.count)}${place(p)}`;

export const DAMAGE: Translation<typeof ENGLISH> = {
  'damage-not-found': found('未找到文件'),
  'damage-unreadable': found('无法打开'),
  'damage-read-error': found('读取错误'),
  'damage-access-denied': found('当前凭证无权读取该对象'),
  'damage-archived': found('对象处于归档状态，须先恢复'),
  'damage-replaced': found('对象在列出之后已被替换；其余未读'),
  'damage-short-of-memory': found('内存容纳不下，未读取'),
  'damage-truncated-compression': found('压缩数据提前结束'),
  'damage-compression-error': found('压缩数据损坏'),
  'damage-compression-limit': found('解压后超过允许的大小（--limit unpack-…）；其余未读'),
  'damage-unsupported-compression': found('不支持的压缩格式'),
  'damage-empty': found('空文件'),
  'damage-not-a-capture': found('不是抓包文件，也不是已知日志'),
  'damage-truncated-header': found('文件头不完整'),
  'damage-truncated-record': found('末条记录不完整'),
  'damage-bad-record-length': found('记录长度错误'),
  'damage-bad-wire-length': found('数据包原始长度错误'),
  'damage-bad-block-length': found('块长度错误'),
  'damage-bad-section': found('区段头错误'),
  'damage-unknown-interface': found('接口未定义的数据包'),
  'damage-too-many-interfaces': found('接口过多'),
  'damage-skipped-bytes': number('跳过的字节'),
  'damage-not-a-flow-log': found('不是有效的流日志'),
  'damage-unsupported-version': found('不支持的版本'),
  'damage-encrypted': found('已加密'),
  'damage-anonymised': found('地址已被改写'),
  'damage-truncated-file': found('文件不完整'),
  'damage-bad-block': found('块错误'),
  'damage-bad-compression': found('压缩块损坏'),
  'damage-bad-record': found('记录错误'),
  'damage-bad-template': found('模板错误'),
  'damage-unknown-template': found('缺少模板'),
  'damage-unknown-record': found('未知种类的记录'),
  'damage-absurd-time': found('时间不合理'),
  'damage-no-time': found('没有时间的记录'),
  'damage-assumed-year': found('没有年份的时间'),
  'damage-counter-overflow': found('计数溢出'),
  'damage-lost-flows': number('丢失的流'),
  'damage-lost-datagrams': number('丢失的导出报文'),
  'damage-lost-samples': number('丢失的样本'),
  'damage-lost-records': number('丢失的记录'),
  'damage-trailing-bytes': found('末尾有多余字节的导出报文'),
  'damage-repeated-datagram': found('重复抓到的导出报文'),
  'damage-cut-datagram': found('被抓包截断的导出报文'),
  'damage-unread-flow': found('无法读取的流记录'),
  'damage-late-sampling': found('采样间隔到得太晚'),
  'damage-unknown-sampling': found('缺少采样间隔'),
  'damage-table-full': found('表已满'),
  'damage-other-line': found('不含连接的行'),
  'damage-only-named': found('只有服务器域名、没有服务器地址的行'),
  'damage-bad-row': found('行无法解析'),
  'damage-long-line': found('行过长'),
  'damage-missing-column': found('缺少必要的列'),
  'damage-partial-answer': found('服务器未送出全部行'),
  'damage-message-cut-at-seam': found('两部分之间被截断的消息'),
};
