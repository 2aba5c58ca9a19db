/**
 * Server ports of services whose long quiet connections look like mining in flow records: mail, remote shells,
 * directories, databases, messengers, push channels, peers of blockchains. Behaviour on them says nothing; a listed
 * endpoint still does. Web ports are not among them, because pools use them too.
 */
export const ORDINARY_PORTS: readonly number[] = [
  20, 21, 22, 23, 25, 49, 53, 88, 110, 111, 113, 119, 123, 135, 137, 138, 139, 143, 161, 162, 179, 194, 201,
  389, 445, 465, 500, 502, 514, 515, 523, 524, 543, 544, 548, 554, 563, 587, 593, 631, 636, 646, 655, 673,
  691, 749, 848, 853, 860, 873, 902, 989, 990, 992, 993, 994, 995, 1080, 1194, 1433, 1434, 1494, 1521, 1701,
  1720, 1723, 1812, 1813, 1863, 1883, 1935, 2049, 2195, 2196, 2197, 2375, 2376, 2379, 2380, 2404, 2598, 3128,
  3260, 3268, 3269, 3306, 3389, 3478, 3479, 3544, 4244, 4369, 4500, 4505, 4506, 4840, 5050, 5060, 5061, 5190,
  5222, 5223, 5228, 5229, 5230, 5269, 5349, 5432, 5671, 5672, 5900, 5901, 5985, 5986, 6000, 6379, 6443, 6514,
  6667, 6697, 7680, 8009, 8081, 8088, 8200, 8300, 8301, 8530, 8531, 8883, 9000, 9092, 9093, 9100, 9200, 9300,
  9418, 10050, 10051, 10250, 11211, 15672, 19305, 25565, 27017, 32400, 50001, 50002, 6881, 8332, 8333, 9333,
  18080, 18333, 22556, 26656, 30303,
];

/** Ports of the web, on which pools listen to pass where other ports are closed. */
export const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443];

const ordinary = new Set(ORDINARY_PORTS);

export function isOrdinaryPort(port: number): boolean {
  return ordinary.has(port);
}

export function isWebPort(port: number): boolean {
  return WEB_PORTS.includes(port);
}
