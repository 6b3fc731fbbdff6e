/** What a change is told with: ids, a version, and words of a fixed list. Never what somebody is called or has. */
export type LivePayload = Readonly<Record<string, number | string>>;

/** What can be listened to, such as the visits of one station; `name` is unique among all topics. */
export interface Topic<Payload extends LivePayload = LivePayload> {
  readonly name: string;
  /** Of two payloads with the same key the newer one makes the older one worthless. */
  readonly keyOf: (payload: Payload) => string;
}

/** That something changed, which whoever wants to know more reads with the rights it has. */
export interface LiveEvent {
  topic: string;
  key: string;
  payload: LivePayload;
}

/**
 * A kind of topics, one for each id.
 *
 * @param kind an area and a word, such as `visits/station`
 * @param keyOf what the payload is about, as where a topic tells of many visits; all are about the same without it
 */
export function topicKind<Payload extends LivePayload>(
  kind: string,
  keyOf: (payload: Payload) => number | string = () => '',
): (id: number) => Topic<Payload> {
  if (!/^[a-z]+\/[a-z-]+$/.test(kind)) throw new Error(`${kind} is no area and word`);
  return (id) => ({ name: `${kind}/${id}`, keyOf: (payload) => String(keyOf(payload)) });
}

/** @throws when the payload holds what could be personal: that is a mistake in the code, whatever the data */
export function liveEvent<Payload extends LivePayload>(
  { name, keyOf }: Topic<Payload>,
  payload: Payload,
): LiveEvent {
  if (!isPayload(payload)) throw new Error(`an event of ${name} holds more than ids and words of a list`);
  return { topic: name, key: keyOf(payload), payload };
}

/** The most that one event may hold; what is written so cannot hold a name, a phone or an address. */
const partsMax = 8;
const word = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z][A-Z_]{0,39})$/;

export function isPayload(given: unknown): given is LivePayload {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  const parts = Object.entries(given);
  return (
    parts.length <= partsMax && parts.every(([name, value]) => /^[a-zA-Z]{1,40}$/.test(name) && isPart(value))
  );
}

function isPart(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && word.test(value);
}

/** True for what another server may have sent: it is not believed to be well formed. */
export function isLiveEvent(given: unknown): given is LiveEvent {
  if (typeof given !== 'object' || given === null) return false;
  const { topic, key, payload } = given as Partial<Record<keyof LiveEvent, unknown>>;
  return (
    typeof topic === 'string' &&
    /^[a-z]+\/[a-z-]+\/\d{1,16}$/.test(topic) &&
    typeof key === 'string' &&
    key.length <= 100 &&
    isPayload(payload)
  );
}
