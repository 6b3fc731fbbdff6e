import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import type { Text } from '../shared/text.js';
import { securityHeaders } from './browsers.js';
import { languageOf } from './language.js';

/** A refusal that comes before GraphQL, in the shape of a GraphQL error so that a caller needs one reader. */
export interface HttpRefusal {
  status: number;
  code: string;
  text: Text;
}

const notJson: HttpRefusal = {
  status: 400,
  code: 'BAD_REQUEST',
  text: { zh: '请求正文不是有效的 JSON', en: 'The body is not valid JSON' },
};

const badAddress: HttpRefusal = {
  status: 400,
  code: 'BAD_REQUEST',
  text: { zh: '地址无法解读', en: 'The address cannot be read' },
};

const wrongMediaType: HttpRefusal = {
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE',
  text: { zh: '请求正文须为 application/json', en: 'The body must be application/json' },
};

export const notFound: HttpRefusal = {
  status: 404,
  code: 'NOT_FOUND',
  text: { zh: '没有此地址', en: 'There is nothing at this address' },
};

const postOnly: HttpRefusal = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  text: { zh: '只接受 POST', en: 'Only POST is answered here' },
};

const batched: HttpRefusal = {
  status: 400,
  code: 'BAD_REQUEST',
  text: { zh: '一次请求只能有一个操作', en: 'A request holds one operation, not a list of them' },
};

export const unknownOperation: HttpRefusal = {
  status: 400,
  code: 'OPERATION_UNKNOWN',
  text: { zh: '此服务器只受理已登记的操作', en: 'This server answers only the operations on its list' },
};

const tooLong: HttpRefusal = {
  status: 503,
  code: 'OPERATION_TOO_LONG',
  text: {
    zh: '操作耗时过长,已停止;写入是否完成须另行查询',
    en: 'The operation took too long and was stopped; ask whether what it was to write was written',
  },
};

const internal: HttpRefusal = {
  status: 500,
  code: 'INTERNAL_SERVER_ERROR',
  text: { zh: '系统内部错误,请稍后重试', en: 'An internal error; please try again later' },
};

/** Answers what Fastify refuses, and what is not a route, without a word of Fastify's own. */
export function addErrorHandlers(app: FastifyInstance, settings: Settings): void {
  const tooLarge: HttpRefusal = {
    status: 413,
    code: 'BODY_TOO_LARGE',
    text: {
      zh: `请求正文超过 ${settings.bodyLimitBytes} 字节`,
      en: `The body is larger than ${settings.bodyLimitBytes} bytes`,
    },
  };
  const refusals: Record<string, HttpRefusal> = {
    FST_ERR_CTP_BODY_TOO_LARGE: tooLarge,
    FST_ERR_CTP_INVALID_MEDIA_TYPE: wrongMediaType,
  };
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const refusal = refusals[error.code] ?? ((error.statusCode ?? 500) < 500 ? notJson : internal);
    if (refusal === internal) {
      app.log.error({ err: error, requestId: reply.request.id }, 'unexpected error');
    }
    return refuse(reply, refusal);
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, notFound));
}

/** Fastify's frameworkErrors: an address that it cannot read, for which no hook of ours runs. */
export function addressRefuser({ nodeEnv }: Pick<Settings, 'nodeEnv'>) {
  const headers = securityHeaders(nodeEnv);
  return (_error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    refuse(reply.headers({ ...headers, 'x-request-id': request.id }), badAddress);
}

export function refuseMethod(reply: FastifyReply): FastifyReply {
  return refuse(reply.header('allow', 'POST'), postOnly);
}

export function refuseBatch(reply: FastifyReply): FastifyReply {
  return refuse(reply, batched);
}

export function refuseUnknownOperation(reply: FastifyReply): FastifyReply {
  return refuse(reply, unknownOperation);
}

export function refuseTooLong(reply: FastifyReply): FastifyReply {
  return refuse(reply, tooLong);
}

/** The answers of Node to what is no request: it has no headers to tell a language by, and no route. */
const connectionRefusals: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Fastify's clientErrorHandler: bytes that are no request, headers or bodies that take too long or are too large. */
export function connectionRefuser({ nodeEnv }: Pick<Settings, 'nodeEnv'>) {
  const headers = {
    ...securityHeaders(nodeEnv),
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = connectionRefusals[error.code ?? ''] ?? '400 Bad Request';
    const message = status.slice(4);
    const body = JSON.stringify({
      errors: [{ message, extensions: { code: 'BAD_REQUEST', requestId: randomUUID() } }],
    });
    const length = `content-length: ${Buffer.byteLength(body)}`;
    socket.end(`HTTP/1.1 ${status}\r\n${head.join('')}${length}\r\n\r\n${body}`);
  };
}

/** The answer with the request's id in each error that has none yet: Apollo refuses some before it knows of it. */
export function withRequestIds(answer: string, requestId: string): string {
  const parsed = JSON.parse(answer) as { errors?: { extensions?: Record<string, unknown> }[] };
  for (const error of parsed.errors ?? []) error.extensions = { requestId, ...error.extensions };
  return JSON.stringify(parsed);
}

export function refuse(reply: FastifyReply, { status, code, text }: HttpRefusal): FastifyReply {
  const { id: requestId, headers } = reply.request;
  const message = text[languageOf(headers['accept-language'])];
  return reply.code(status).send({ errors: [{ message, extensions: { code, requestId } }] });
}
