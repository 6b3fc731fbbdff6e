import type { FastifyInstance } from 'fastify';
import { graphiqlFetcher } from './graphiql-fetcher.js';
import { quiet } from './health.js';

const example = `# 银龄 GraphiQL
#
# 1. 从 data/demo-credentials.json 复制一个令牌。
#    Copy a token from data/demo-credentials.json:
#    "admin" sees everything, a reader swipes.
# 2. 填入下方 Headers 栏。Put it into Headers below:
#    { "authorization": "Bearer <token>" }
# 3. 按 Ctrl-Enter 运行;订阅持续更新。Run it with Ctrl-Enter; a subscription goes on.

query WhoAmI {
  viewer {
    id
    name
    grants {
      role
      facility {
        code
        name
      }
    }
  }
}
`;

/** The browser itself keeps the page from loading anything that this server did not send. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
  'img-src data: blob:',
  'font-src data:',
  "connect-src 'self' blob: data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL at /, out of the package: machines in the field often have no internet. */
export function addGraphiql(app: FastifyInstance): void {
  let page: Promise<string> | undefined;
  app.get('/', quiet, async (_request, reply) => {
    page ??= renderPage();
    reply.type('text/html; charset=utf-8').header('content-security-policy', contentSecurityPolicy);
    return page;
  });
}

/** Nine megabytes of scripts, so the package is read when somebody opens the page. */
async function renderPage(): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const options = {
    title: '银龄 Yinling',
    defaultQuery: example,
    headers: JSON.stringify({ authorization: 'Bearer ' }, null, 2),
    defaultEditorToolsVisibility: 'headers' as const,
    isHeadersEditorEnabled: true,
    // A key that is kept in a browser outlives the person before it.
    shouldPersistHeaders: false,
  };
  const page = renderGraphiQL(options);
  const given = JSON.stringify(options);
  if (!page.includes(given)) throw new Error('the page of GraphiQL takes its options otherwise than it did');
  return page.replace(given, () => `{ ...${given}, fetcher: ${graphiqlFetcher} }`);
}
