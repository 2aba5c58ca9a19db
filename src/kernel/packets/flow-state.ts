/** What a flow is to the kernel, and what is known of it: the state byte and the bits of `seen` in its row. */

export const PROBING = 0; // nothing decided: payload is looked at in place
export const CANDIDATE = 1; // may be mining: the driver has a stream for it
export const DISMISSED = 2; // not mining so far: counters, and a glance at the first byte of each payload
export const WATCHED = 3; // dismissed, opaque and lasting: the sizes of what it says are kept
export const UNWATCHED = 4; // dismissed, and not to be watched: short of slots, or bulk
export const MINING = 5; // a candidate that turned out to mine
export const ASKING = 6; // asked a name server over TCP, and waits for its answer

export const SYN_SEEN = 1; // direction 0 opened the connection
export const SYN_ACK_SEEN = 2; // direction 1 answered
export const FIN_0 = 4;
export const FIN_1 = 8;
export const RST_SEEN = 16;
export const ISN_0_KNOWN = 32; // `isn0` holds a number, from a SYN or assumed from the first payload
export const ISN_1_KNOWN = 64;
export const OPAQUE = 128; // encrypted from its first payload byte on
export const NAMED = 256; // said a host name in clear that no pool claims
export const WEB = 512; // offered the protocols of the web (ALPN), or spoke HTTP in clear
export const WANTED = 1024; // is to be watched before others, whatever it offers
export const KEPT = 2048; // the driver knows more of it than its row says, and is told when it ends
export const CLAIM_OF_1 = 4096; // the SYN that waits for its answer came on direction 1
export const HOLDS = 8192; // its first segments are held (held.ts)
export const VEILED = 16384; // each direction began with bytes that nobody can read: joined in mid-session, or not captured
export const GAUGED = 32768; // it says more than miners do, or in too many sizes: it is not watched
export const PASSED = 1 << 16; // a part of what it said was not looked at: it has had its looks
export const CROWDED = 1 << 17; // nobody read on: there was no room
export const HTTP = 1 << 18; // the server answered in clear as one of the web
export const NOT_JSON = 1 << 19; // one side does not open with JSON
export const SEALED = 1 << 20; // a tunnel that is not opened
export const OPENED = 1 << 21; // packets in it were read: what is left are its own headers
export const QUIC = 1 << 22; // one connection of QUIC
export const JOINED = 1 << 23; // a part of a connection that takes several ways (MPTCP)
export const BEGUN = 1 << 24; // it began in this run, as what opens it shows
export const ONE_WAY = 1 << 25; // to a group of receivers: nobody answers
export const SSH = 1 << 26; // opened as SSH
export const SKIMMED = 1 << 28; // a part of its text was not searched, as it came at first
export const CLAIMED = 1 << 29; // a SYN waits for its answer
export const HAS_NAME = 1 << 30; // its client named the server in clear
export const DENSE = 1 << 31; // printable, and no text in words
export const WORDS = 1 << 27; // both sides use words of mining, again and again, in text that nobody frames

/** What a flow has said of a protocol that carries texts of others (payload/service.ts), in bits. */
export const HAS_ASKED = 1; // a side began with a command
export const HAS_ANSWERED = 2; // a side began with an answer
export const HAS_TEXT = 4; // a request of HTTP sent a body of text
export const HAS_QUOTED = 8; // pages that are asked for, a chat: what stands there others have written

/** Why a conversation is judged beside others between the same ends (run/ledger.ts). */
export const REPEATS_NOT = -1;
export const REPEATS_SHORT = 0; // shorter than a minute
export const REPEATS_SPARSE = 1; // longer, and hardly anything was said behind its first half minute
export const REPEATS_VISIT = 2; // requests of a web client that were read
export const REPEATS_MONOLOGUE = 3; // only one side ever said anything

/** What a flow opens with; of a new candidate the driver is told. */
export const OPENS_PLAIN = 0;
export const OPENS_DNS = 1; // from or to port 53
export const OPENS_TLS = 2; // a hello that names nobody of ours: the driver hears of it if it turns out otherwise

/** What the driver says of a candidate. */
export const STAYS = 0;
export const IS_FOREIGN = 1;
export const IS_OTHER = 2;
export const IS_MINING = 3;

/** What is found in the bytes of a direction of JSON (objects.ts). */
export const OBJECT_WHOLE = 0;
export const OBJECT_CUT = 1; // its end was not captured
export const OBJECT_AGENT = 2; // a binary message of BTCAgent

/** What speaks against the packets of a flow (doubts.ts). */
export const DOUBT_RESET = 0;
export const DOUBT_CONFLICT = 1;
export const DOUBT_STALL = 2;

/** What a client hello means for its flow. */
export const HELLO_STAYS = 0; // the server's answer may tell more
export const HELLO_IS_WEB = 1; // in the manner of the web, to a server that is not a pool's: the rest tells nothing
export const HELLO_CONCERNS = 2; // to a server that may be a pool's

/** What a DNS message says. */
export const DNS_IS_NOTHING = 0;
export const DNS_CONCERNS = 1; // a name of ours
export const DNS_FITS = 2; // the same, in a question that can be answered, or in the first answer to one

/** What the head of an HTTP request is. */
export const NO_HEAD = 0;
export const PART_OF_HEAD = 1; // its end has not come
export const PLAIN_VISIT = 2; // nobody needs to read it
export const OTHER_HEAD = 3;
export const TUNNEL_HEAD = 4; // asks a proxy for a tunnel, and says nothing more
