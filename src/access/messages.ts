/** A text to a phone. */
export interface Message {
  /** The same however often it is sent: a receiver delivers an id once. */
  id: string;
  phone: string;
  text: string;
}

/** How texts reach phones. */
export interface SendsMessages {
  /** Returns at once; nobody who asks for a code may learn from the time whether one is on its way. */
  send(message: Message): void;
  /**
   * Sends once and waits for what the receiver says: it took the message, or it will never. Rejects when another
   * attempt may do better.
   */
  deliver(message: Message): Promise<'TAKEN' | 'REFUSED'>;
  /** Resolves when what was sent has arrived or was given up, or when the time is over. */
  settledWithin(milliseconds: number): Promise<void>;
}
