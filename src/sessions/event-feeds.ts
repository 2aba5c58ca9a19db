/**
 * Responses that go on as server-sent events, by who asks whom: what such a client says in requests of other connections is one
 * conversation with the events, and goes to the stream that reads them.
 */
import type { Direction, Message } from '../framing/message.ts';

/** Feeds that are open at once; the oldest is forgotten for a new one. */
const MOST_FEEDS = 4096;

/** The stream that reads the events of a feed. */
interface Feed {
  /** Direction of who asked for them. */
  readonly asker: Direction;
  /** Takes a message of another connection between the same ends. */
  adopt(message: Message): void;
}

export class EventFeeds {
  private readonly feeds = new Map<string, Feed>();

  open(key: string, feed: Feed): void {
    if (this.feeds.size >= MOST_FEEDS) {
      const [oldest] = this.feeds.keys();
      this.feeds.delete(oldest);
    }
    this.feeds.set(key, feed);
  }

  close(key: string, feed: Feed): void {
    if (this.feeds.get(key) === feed) this.feeds.delete(key);
  }

  /** The feed between these ends that another stream than this one reads; undefined if there is none. */
  beside(key: string, self: Feed): Feed | undefined {
    if (this.feeds.size === 0) return undefined;
    const feed = this.feeds.get(key);
    return feed === self ? undefined : feed;
  }

  get isEmpty(): boolean {
    return this.feeds.size === 0;
  }
}
