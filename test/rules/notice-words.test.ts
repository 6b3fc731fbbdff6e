import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noticeKinds } from '../../entities/elders/elder-notice.entity.js';
import { attemptsMax, messageIdOf, pauseAfter } from '../../src/access/notices/delivery.rules.js';
import { noticeText } from '../../src/elders/notices/notice-text.rules.js';
import { isUuid } from '../../src/shared/uuid.js';

const at = new Date('2026-03-10T09:05:00+08:00');
const later = new Date('2026-03-12T14:30:00+08:00');
const facts = { name: '欧阳秀英', happensAt: later, insteadOf: at, times: 1 };

it('says what happened in both languages, with the name masked', () => {
  const texts = noticeKinds.map((kind) => noticeText({ ...facts, kind }));
  expect(texts).toMatchInlineSnapshot(`
    [
      {
        "en": "[Yinling] A place is offered to 欧阳**. Sign in and answer until 2026-03-12 14:30; after that it goes to the next in line.",
        "zh": "【银龄】欧阳**轮候的床位有空位。请在3月12日14:30前登录答复，逾期将通知下一位。",
      },
      {
        "en": "[Yinling] The visit to 欧阳** of 2026-03-10 09:05 was moved by the station to 2026-03-12 14:30. Sign in for more.",
        "zh": "【银龄】欧阳**3月10日09:05的上门服务已由服务站改到3月12日14:30。详情请登录查看。",
      },
      {
        "en": "[Yinling] The visit to 欧阳** of 2026-03-12 14:30 was called off by the station. Sign in for more.",
        "zh": "【银龄】欧阳**3月12日14:30的上门服务已由服务站取消。详情请登录查看。",
      },
      {
        "en": "[Yinling] Nobody came to the visit to 欧阳** of 2026-03-12 14:30. Please ring the station or the elder.",
        "zh": "【银龄】欧阳**3月12日14:30的上门服务无人到场，请与服务站或老人联系。",
      },
    ]
  `);
});

it('tells of a series in one message', () => {
  const { zh, en } = noticeText({ ...facts, kind: 'VISIT_CANCELLED', times: 4 });
  expect(zh).toContain('其后 3 次同样处理');
  expect(en).toContain('and 3 after it likewise');
});

it('never says the whole name', () => {
  for (const kind of noticeKinds) {
    const { zh, en } = noticeText({ ...facts, kind });
    expect(`${zh}${en}`).not.toContain('秀英');
  }
});

it('waits longer each time, up to half an hour, and about an hour and a half in all', () => {
  const pauses = Array.from({ length: attemptsMax - 1 }, (_, index) => pauseAfter(index + 1) / 60_000);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 32]);
});

it('every id of a message is a UUID, and another for another delivery', () => {
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
  fc.assert(
    fc.property(hex, (digest) => {
      expect(isUuid(messageIdOf(digest))).toBe(true);
    }),
  );
  expect(messageIdOf('0'.repeat(64))).not.toBe(messageIdOf('1'.repeat(64)));
});
