/**
 * Every kind of evidence an audit can cite: how strong it is, where the rule comes from, and what innocent thing
 * looks alike. The verdict rests on sessions (verdict.ts); this table says what each cited fact is worth alone.
 */

export interface EvidenceKind {
  readonly strength: 'proof' | 'strong' | 'weak' | 'hint';
  readonly title: string;
  /** Where the rule comes from. */
  readonly rule: string;
  /** The innocent, or different, thing that shows the same. */
  readonly lookAlike: string;
}

export const EVIDENCE_KINDS = {
  session: {
    strength: 'proof',
    title: 'pool session parsed from both sides',
    rule: 'a login accepted or a job received, and work handed in and answered; or a job stream behind a login',
    lookAlike: 'a laboratory or honeypot that plays a pool',
  },
  'share-hash': {
    strength: 'proof',
    title: 'a share recomputed: its hash meets the difficulty',
    rule: 'the block header is built again and hashed (Stratum v1 of Slush’s pool, BIP 310)',
    lookAlike: 'replay of a recorded session',
  },
  share: {
    strength: 'strong',
    title: 'work handed in',
    rule: 'the dialect’s submit message, every field typed',
    lookAlike: 'a simulator',
  },
  answer: {
    strength: 'strong',
    title: 'work accepted by the pool',
    rule: 'answer paired with its submit by id and order',
    lookAlike: 'a simulator',
  },
  rejection: {
    strength: 'strong',
    title: 'work refused by the pool',
    rule: 'answer paired with its submit; reason by text, then code',
    lookAlike: 'a simulator',
  },
  job: {
    strength: 'strong',
    title: 'work handed out by the pool',
    rule: 'the dialect’s job message, every field typed',
    lookAlike: 'a page or chat that quotes one, never as a message of its own',
  },
  admission: {
    strength: 'strong',
    title: 'login accepted',
    rule: 'answer paired with the login',
    lookAlike: 'other services accept logins too: counts with a job only',
  },
  refusal: {
    strength: 'weak',
    title: 'login refused',
    rule: 'answer paired with the login',
    lookAlike: 'other services refuse logins too',
  },
  denial: {
    strength: 'weak',
    title: 'the server does not know the method: it is no pool',
    rule: 'error of the answer: JSON-RPC codes -32601, -32600, -32700, or words for them',
    lookAlike: 'a pool that lacks an optional method',
  },
  echo: {
    strength: 'strong',
    title: 'the server sends back what it is sent: it is no pool',
    rule: 'the server says half as many logins and shares as the client, or more',
    lookAlike: 'none is known',
  },
  conflict: {
    strength: 'strong',
    title: 'different data at the same sequence numbers: one of the two was injected',
    rule: 'a segment that starts where an earlier one did, with other bytes (RFC 9293 3.10.7)',
    lookAlike: 'a middlebox that changes what it passes on; a miner that sends noise to hide',
  },
  reset: {
    strength: 'strong',
    title: 'the host resets the connection and sends on in it: somebody else may speak in its name',
    rule: 'a reset with the sequence number that the other end expects, then data (RFC 9293 3.5.2)',
    lookAlike: 'a device on the way that resets connections without effect',
  },
  stall: {
    strength: 'strong',
    title: 'the host acknowledges nothing of what it answers: somebody else may speak in its name',
    rule: 'three segments and more with one acknowledgement, and no packet or unacknowledged data of the other end',
    lookAlike: 'a capture of one direction in which the other end said nothing',
  },
  login: {
    strength: 'weak',
    title: 'login to a pool',
    rule: 'the dialect’s login or authorize message',
    lookAlike: 'games, chats and device consoles with a login method',
  },
  request: {
    strength: 'weak',
    title: 'opening of a pool session',
    rule: 'the dialect’s subscribe, hello or poll message',
    lookAlike: 'crawlers that look for pools',
  },
  service: {
    strength: 'weak',
    title: 'a pool’s message',
    rule: 'messages that only a pool sends',
    lookAlike: 'a honeypot',
  },
  difficulty: {
    strength: 'weak',
    title: 'difficulty set by the pool',
    rule: 'set_difficulty, set_target or the job’s target',
    lookAlike: 'a honeypot',
  },
  agent: {
    strength: 'weak',
    title: 'mining software names itself',
    rule: 'names that mining programs send, by their sources and by captures of them',
    lookAlike: 'any name can be set by the user',
  },
  account: {
    strength: 'weak',
    title: 'account is a coin address with a valid checksum',
    rule: 'address formats of the coins: Base58Check, Bech32, CashAddr, Keccak of CryptoNote, EIP-55',
    lookAlike: 'payments and block explorers carry addresses too',
  },
  algorithm: {
    strength: 'weak',
    title: 'algorithm named',
    rule: 'in this order: share hash, shape of the job, account, software, catalogue',
    lookAlike: 'what software, account or pool are usually for, which this session need not be',
  },
  coin: {
    strength: 'weak',
    title: 'coin named',
    rule: 'the job or login',
    lookAlike: 'a sister coin with the same job; a pool that pays in another coin than is mined',
  },
  'self-reported': {
    strength: 'weak',
    title: 'hashrate claimed by the miner',
    rule: 'the dialect’s hashrate report',
    lookAlike: 'the figure is the miner’s own and can be set',
  },
  counter: {
    strength: 'strong',
    title: 'nonces count up with the time since their job',
    rule: 'Bayes factor of 1,000 or more against random nonces',
    lookAlike: 'a simulator that counts as a miner does',
  },
  'counter-disagrees': {
    strength: 'hint',
    title: 'the rate from nonces and the rate from shares exclude each other',
    rule: '95 % intervals without overlap',
    lookAlike: 'pauses, refused shares, threads or machines that were not told apart',
  },
  reconnect: {
    strength: 'weak',
    title: 'pool sends the miner elsewhere',
    rule: 'client.reconnect',
    lookAlike: 'somebody between the two who diverts the work',
  },
  target: {
    strength: 'hint',
    title: 'host name that the miner asks for',
    rule: 'subscribe or hello parameters, HTTP Host',
    lookAlike: 'any name can be sent',
  },
  'pool-name': {
    strength: 'weak',
    title: 'endpoint carries a pool’s name',
    rule: 'pool catalogue, by TLS server name, HTTP host or DNS answer',
    lookAlike: 'a shared address; a look at the pool’s pages through the same name',
  },
  'pool-address': {
    strength: 'weak',
    title: 'endpoint is on the operator’s list',
    rule: '--pools',
    lookAlike: 'an address that has changed hands',
  },
  'dns-lookup': {
    strength: 'hint',
    title: 'a pool’s host name was looked up',
    rule: 'pool catalogue, names that serve miners',
    lookAlike: 'resolvers, mail scanners and researchers look names up',
  },
  'sensor-alert': {
    strength: 'hint',
    title: 'a rule of the sensor fired',
    rule: 'alerts of mining rules in the log',
    lookAlike: 'rules match words and addresses, and fire on pages that quote them',
  },
  behaviour: {
    strength: 'hint',
    title: 'connection behaves like mining',
    rule: 'duration, pushes and bytes each way, as DeCrypto (2022) measures them',
    lookAlike: 'chats, push channels, message queues',
  },
  'mining-marks': {
    strength: 'weak',
    title: 'conversation that nobody can read bears every mark of mining',
    rule: 'sizes and times of messages: shares by chance, short answers, jobs unasked, as in captures of miners',
    lookAlike: 'a program that reports events of one size to a server that answers each and sends its own',
  },
  'noise-handshake': {
    strength: 'weak',
    title: 'handshake of encrypted Stratum V2, by the sizes and order of its messages',
    rule: '64 random bytes, 234 back, a setup, 44 back (Stratum V2 specification, 04)',
    lookAlike: 'another protocol over Noise with messages of the same four sizes',
  },
  'sealed-share': {
    strength: 'weak',
    title: 'message of the size of a share',
    rule: '62 bytes, or 63 and one extranonce throughout, behind the handshake (Stratum V2 specification, 05)',
    lookAlike: 'any message as long; what it says nobody sees',
  },
  'tls-hello': {
    strength: 'hint',
    title: 'opening of an encrypted connection',
    rule: 'client hello: server name, ALPN, JA3, JA4; a server name may be absent or hidden (ECH)',
    lookAlike: 'every program with the same TLS library opens alike',
  },
  certificate: {
    strength: 'weak',
    title: 'certificate of the server names a pool',
    rule: 'subject and alternative names up to TLS 1.2, those of one owner only',
    lookAlike: 'a pool’s web site; anybody can sign a certificate of any name himself',
  },
  scan: {
    strength: 'hint',
    title: 'many pools asked, and no work handed in at any',
    rule: '5 endpoints or more, each left soon or all held at once, and no share seen',
    lookAlike: 'a miner that no pool takes, or that never finds a share',
  },
  honeypot: {
    strength: 'hint',
    title: 'strangers are answered like by a pool, and their work is never judged',
    rule: 'a server of --local, 5 foreign clients of 3 networks or more, no share answered, no pool of its own',
    lookAlike: 'a pool of one’s own that nobody has mined at yet',
  },
  unanswered: {
    strength: 'hint',
    title: 'connection attempt without an answer',
    rule: 'SYN without SYN+ACK',
    lookAlike: 'a port scan',
  },
} as const satisfies Record<string, EvidenceKind>;

export type EvidenceKindId = keyof typeof EVIDENCE_KINDS;
