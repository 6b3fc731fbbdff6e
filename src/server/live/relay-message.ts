import { isLiveEvent, type LiveEvent } from '../../shared/live/live-event.js';

/** What servers send each other. */
export interface RelayMessage {
  /** Which server sends; a new one after each start. */
  from: string;
  /** Counts that server's messages, so that one which did not arrive is noticed. */
  number: number;
  /** A test of the line, from which the server that sent it learns that it hears. */
  hello: boolean;
  /** The sender may have told things that did not arrive. */
  resync: boolean;
  events: readonly LiveEvent[];
}

/** No server sends so many at once. */
const eventsMax = 10_000;

export function writeMessage({ events, ...head }: RelayMessage): string {
  return JSON.stringify({ ...head, events: events.map(({ topic, key, payload }) => [topic, key, payload]) });
}

/** Undefined for what no server of ours would send: anybody who reaches the channel can write to it. */
export function readMessage(text: string): RelayMessage | undefined {
  const { from, number, hello, resync, events } = parsed(text);
  if (typeof from !== 'string' || from.length > 64 || !Number.isSafeInteger(number)) return undefined;
  if (!Array.isArray(events) || events.length > eventsMax) return undefined;
  const read = events.map((parts: unknown) => {
    const [topic, key, payload] = Array.isArray(parts) ? parts : [];
    return { topic, key, payload };
  });
  if (!read.every(isLiveEvent)) return undefined;
  return { from, number: Number(number), hello: hello === true, resync: resync === true, events: read };
}

function parsed(text: string): Partial<Record<keyof RelayMessage, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    // Not ours, so there is nothing in it.
    return {};
  }
}
