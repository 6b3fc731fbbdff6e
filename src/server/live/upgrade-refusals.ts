import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Settings } from '../../config/settings.js';
import { securityHeaders } from '../browsers.js';
import { type HttpRefusal, notFound } from '../http-errors.js';
import { languageOf } from '../language.js';

export { notFound };

export const foreignOrigin: HttpRefusal = {
  status: 403,
  code: 'FORBIDDEN',
  text: { zh: '此来源的页面不得连接', en: 'Pages of this origin may not connect' },
};

export const tooManyConnections: HttpRefusal = {
  status: 429,
  code: 'RATE_LIMITED',
  text: { zh: '连接过多,请稍后重试', en: 'Too many connections; try again later' },
};

export const noRoom: HttpRefusal = {
  status: 503,
  code: 'UNAVAILABLE',
  text: { zh: '服务器暂不接受连接,请稍后重试', en: 'No connections are taken now; try again later' },
};

const retryAfterSeconds = 5;

/** Answers a request for a WebSocket that is not granted, in the shape of every other refusal, and hangs up. */
export function upgradeRefuser({ nodeEnv }: Pick<Settings, 'nodeEnv'>) {
  const constant = securityHeaders(nodeEnv);
  return (
    socket: Duplex,
    { headers }: IncomingMessage,
    requestId: string,
    { status, code, text }: HttpRefusal,
  ): void => {
    const message = text[languageOf(headers['accept-language'])];
    const body = JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
    const lines = Object.entries({
      ...constant,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'x-request-id': requestId,
      connection: 'close',
      ...(status === 429 || status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {}),
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  };
}
