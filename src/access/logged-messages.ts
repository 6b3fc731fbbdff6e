import { maskedPhone } from '../elders/masked-identity.rules.js';
import type { Message, SendsMessages } from './messages.js';

/** Writes messages into the server's log, so that the demonstration needs no phones. Never in production. */
export class LoggedMessages implements SendsMessages {
  /** The server sets it to its log. */
  onMessage: (line: { phone: string; text: string }) => void = () => undefined;

  send({ phone, text }: Message): void {
    this.onMessage({ phone: maskedPhone(phone), text });
  }

  async deliver(message: Message): Promise<'TAKEN'> {
    this.send(message);
    return 'TAKEN';
  }

  async settledWithin(): Promise<void> {
    // What is logged is on its way nowhere.
  }
}
