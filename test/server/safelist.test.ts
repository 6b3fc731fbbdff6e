import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { SettingsError } from '../../src/config/settings.js';
import { KnownOperations } from '../../src/server/known-operations.js';
import { startTestServer, type TestServer } from '../support/test-server.js';

const folder = mkdtempSync(join(tmpdir(), 'yinling-safelist-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What the command prints and complains about. */
async function safelist(...files: string[]) {
  const out: string[] = [];
  const complaints: string[] = [];
  const program = accessProgram({
    databaseUrl: join(folder, 'no.sqlite'),
    print: (text) => out.push(text),
    complain: (text) => complaints.push(text),
  });
  const failed = await program.parseAsync(['safelist', ...files], { from: 'user' }).then(
    () => false,
    () => true,
  );
  return { failed, out: out.join(''), complaint: complaints.join('') };
}

const me = 'query Me { viewer { ...Who } }';
const who = 'fragment Who on Viewer { id # the number\n name }';

describe('the command', () => {
  it('writes each operation with the fragments that it uses, wherever they stand', async () => {
    const console_ = file('console.graphql', `${me}\nquery Places { facilities { totalCount } }`);
    const { failed, out } = await safelist(console_, file('fragments.graphql', who));
    expect(failed).toBe(false);
    expect(JSON.parse(out)).toEqual({
      Me: 'query Me {\n  viewer {\n    ...Who\n  }\n}\n\nfragment Who on Viewer {\n  id\n  name\n}',
      Places: 'query Places {\n  facilities {\n    totalCount\n  }\n}',
    });
  });

  it.each([
    ['an operation without a name', '{ viewer { id } }', 'Every operation needs a name'],
    ['two of one name', `${me} ${me} ${who}`, 'Two definitions have one name: Me'],
    ['a type', 'type Query { a: Int }', 'Only operations and fragments may stand in the files'],
    ['a mistake', 'query Me {', 'Syntax Error'],
    ['nothing but fragments', who, 'The files hold no operation'],
  ])('refuses %s', async (_what, text, complaint) => {
    const result = await safelist(file('bad.graphql', text));
    expect(result).toMatchObject({ failed: true, out: '' });
    expect(result.complaint).toContain(complaint);
  });

  it('refuses a file that is not there', async () => {
    expect(await safelist(join(folder, 'nowhere'))).toMatchObject({ failed: true, out: '' });
  });
});

describe('a server that was started with a safelist', () => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    const { out } = await safelist(file('me.graphql', `${me}\n${who}`));
    server = await startTestServer({ settings: { safelistFile: file('safelist.json', out) } });
    token = await server.adminToken();
  });
  afterAll(() => server.close());

  it.each([
    ['as it was written', `${me}\n${who}`],
    [
      'with other blanks, commas and comments',
      `query Me{viewer{...Who}}# x\nfragment Who on Viewer{id,name}`,
    ],
    ['with its definitions in another order', `${who} ${me}`],
  ])('answers a known operation: %s', async (_what, query) => {
    for (let time = 0; time < 2; time++) {
      const { body } = await server.post(query, {}, token);
      expect(body).toMatchObject({ data: { viewer: { name: '测试账户' } } });
    }
  });

  it.each([
    ['another operation', '{ viewer { id } }'],
    ['a known one with a field more', `${me.replace('...Who', '...Who grants { role }')} ${who}`],
    ['a known one with another beside it', `${me} ${who} query Other { viewer { id } }`],
    ['another under a known name', 'query Me { viewer { id } }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['no operation at all', 'query Me {'],
  ])('refuses %s, telling nothing of the schema', async (_what, query) => {
    const { status, body } = await server.post(query, {}, token, { 'x-request-id': 'mine' });
    expect(status).toBe(400);
    expect(body).toEqual({
      errors: [
        {
          message: 'This server answers only the operations on its list',
          extensions: { code: 'OPERATION_UNKNOWN', requestId: 'mine' },
        },
      ],
    });
  });
});

it.each([
  ['no JSON', '{', 'is not JSON'],
  ['a list', '["query Me { viewer { id } }"]', 'must hold a JSON object of name and text'],
  ['a broken operation', '{"Me": "query Me {"}', 'texts that are no operations: Me'],
])('a file that holds %s keeps the server from starting', async (_what, text, message) => {
  const read = KnownOperations.read(file('broken.json', text));
  await expect(read).rejects.toThrow(SettingsError);
  await expect(KnownOperations.read(file('broken.json', text))).rejects.toThrow(message);
});
