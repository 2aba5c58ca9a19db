/**
 * What the names of a miner program and of a worker show about the person who set the machine up (docs/owners.md
 * section 7).
 */

type AgentKind = 'stock-xmrig' | 'firmware' | 'asic-program' | 'rig-system' | 'altered-or-old' | 'other';

/** Firmware of machines that do nothing else: ASICs, and boards that mine for show. */
const FIRMWARE =
  /^(?:bmminer|btminer|bosminer|braiins|vnish|luxminer|luxos|whatsminer|avalon|innominer|antminer|awesome-?miner-asic|hiveon.?asic|epic-?miner|auradine|bitaxe|nerd(?:miner|axe|qaxe)|sgminer-?l\d|goldshell|iceriver|jasminer|bitdeer|sealminer)/i;
/** Programs that drive ASICs, in firmware and from any computer; both ran on graphics cards once. */
const ASIC_PROGRAM = /^(?:cgminer|bfgminer)/i;
const RIG_SYSTEM =
  /nicehash|hiveos|hive os|raveos|minerstat|msos|simplemining|smos|mmpos|awesome ?miner|excavator|nhmp|nhqm/i;
const STOCK_XMRIG = /^xmrig\/\d+\.\d+\.\d+/i;
/** Programs that nobody chooses anew: successors are years old. Malware keeps them. */
const OLD_FORKS =
  /xmr-?stak|xmrig\/[0-4]\.|cpuminer|minerd|claymore|ccminer-cryptonight|wolf|xmrigcc|xmrigdaemon|(?:^|\W)kworker|sysupdate|kinsing|kdevtmpfsi/i;

/** Kind of an agent text as the wire has it; '' is a program that hides its name. */
export function agentKind(agent: string): AgentKind {
  if (agent.trim() === '') return 'altered-or-old';
  if (RIG_SYSTEM.test(agent)) return 'rig-system';
  if (FIRMWARE.test(agent)) return 'firmware';
  if (ASIC_PROGRAM.test(agent)) return 'asic-program';
  if (OLD_FORKS.test(agent)) return 'altered-or-old';
  if (STOCK_XMRIG.test(agent)) return 'stock-xmrig';
  return 'other';
}

type WorkerKind = 'address' | 'random' | 'host-name' | 'rig' | 'other';

const RIG_NAME =
  /^(?:my)?[-_ ]?(?:rig|gpu|miner|worker|farm|asic|antminer|s\d{1,2}[a-z]{0,3}|l[379]|t\d{2}|m\d{2}s?|rtx|gtx|rx|3060|3070|3080|3090|4090|1660|580)[-_. ]?(?:[a-z]{0,6})?[-_. ]?\d{0,5}x?\d*$|gpu[-_]?lab|(?:^|[-_])lab\d*$/i;
const RANDOM = /^(?:[0-9a-f]{8,64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
const ADDRESS = /^(?:\d{1,3}[._-]){3}\d{1,3}$|^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i;
const HOST_NAME =
  /^(?:localhost|ip-\d+-\d+-\d+-\d+|(?:desktop|win|laptop|pc|srv|server|vm|node|web|db|mail|ubuntu|debian|centos|kali|iz)[-_]?[a-z0-9]{2,}|[a-z0-9-]+(?:\.[a-z0-9-]+){1,}\.(?:com|net|org|local|lan|internal|edu|gov|cn))$/i;

/** Kind of a worker name. */
export function workerKind(worker: string): WorkerKind {
  const name = worker.trim();
  if (ADDRESS.test(name)) return 'address';
  // Eight digits in a row are a date or a number as often as chance: only letters make hex random.
  if (RANDOM.test(name) && /[a-f]/i.test(name) && /\d/.test(name)) return 'random';
  if (RIG_NAME.test(name)) return 'rig';
  if (HOST_NAME.test(name)) return 'host-name';
  return 'other';
}
