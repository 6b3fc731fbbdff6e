import { gunzipSync } from 'node:zlib';
import { packed, sealed, sealedByPublicKey, usualHeader } from './page-seal.js';

/** A page that no reader may take, made of the text of a good one. */
export interface BadPage {
  en: string;
  zh: string;
  page: string;
}

const unpackedMax = 16 << 20;

export function badPages(whole: string): Record<string, BadPage> {
  const [head = '', body = '', signature = ''] = whole.split('.');
  const bytes = Buffer.from(body, 'base64url');
  const of = (en: string, zh: string, page: string): BadPage => ({ en, zh, page });
  return {
    'touched-body': of(
      'One letter of the second part differs',
      '第二段改了一个字母',
      [head, touched(body), signature].join('.'),
    ),
    'touched-signature': of(
      'One letter of the signature differs',
      '签名改了一个字母',
      [head, body, touched(signature)].join('.'),
    ),
    'touched-head': of(
      'The header names another content type than was signed',
      '报头的内容类型与签名时不同',
      [
        Buffer.from(JSON.stringify({ ...usualHeader, cty: 'application/json' })).toString('base64url'),
        body,
        signature,
      ].join('.'),
    ),
    'signed-by-another': of(
      'Signed by another key than the header names',
      '签名密钥与报头所称不符',
      sealed(usualHeader, bytes, 'k2'),
    ),
    'kid-unknown': of(
      'Signed by a key that the reader does not have',
      '密钥不在本机',
      sealed({ ...usualHeader, kid: 'k9' }, bytes, 'k2'),
    ),
    'alg-none': of(
      'Not signed, and the header says so',
      '未签名，报头如此声明',
      `${encoded({ ...usualHeader, alg: 'none' })}.${body}.`,
    ),
    'alg-hs256': of(
      'An HMAC with the public key as its secret',
      '以公钥作为 HMAC 密钥',
      sealedByPublicKey({ ...usualHeader, alg: 'HS256' }, bytes, 'k1'),
    ),
    'alg-other': of(
      'Another `alg` over a good signature',
      '签名正确但 alg 不同',
      sealed({ ...usualHeader, alg: 'ES256' }, bytes, 'k1'),
    ),
    'typ-other': of(
      'Another `typ`: signed for another purpose',
      'typ 不同：为他用而签',
      sealed({ ...usualHeader, typ: 'JWT' }, bytes, 'k1'),
    ),
    'two-parts': of('Cut off after the second part', '第二段后截断', `${head}.${body}`),
    'cut-off': of('Cut off in the middle', '中间截断', whole.slice(0, whole.length / 2)),
    'four-parts': of('A fourth part', '多出第四段', `${whole}.${signature}`),
    'not-packed': of(
      'Signed, but not compressed',
      '已签名但未压缩',
      sealed(usualHeader, gunzipSync(bytes), 'k1'),
    ),
    'packed-half': of(
      'Signed, but the compressed text ends too early',
      '已签名但压缩内容不完整',
      sealed(usualHeader, bytes.subarray(0, bytes.length - 20), 'k1'),
    ),
    'too-long': of(
      'Longer than 16 MiB when unpacked',
      '解压后超过 16 MiB',
      sealed(usualHeader, packed(gunzipSync(bytes) + ' '.repeat(unpackedMax)), 'k1'),
    ),
  };
}

function encoded(header: object): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}

/** Another letter in the middle. */
function touched(text: string): string {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}
