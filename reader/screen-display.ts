import type { SwipeOutcome } from '../entities/meals/swipe.entity.js';
import { bigDigits } from './big-digits.js';
import { byeText, type Display, type ReaderStatus } from './display.js';
import { headline, mealTexts, menuTexts, modeTexts, stateTexts, yuan } from './reader-texts.rules.js';
import { mayBeGiven } from './tap-desk.js';
import type { ShownReceipt, TapResult, Verdict } from './tap-result.js';

type Colour = 'green' | 'yellow' | 'red' | 'dim';

const codes: Readonly<Record<Colour, number>> = { green: 32, yellow: 33, red: 31, dim: 2 };
const marks: Readonly<Record<Verdict, readonly [string, Colour]>> = {
  TAKEN: ['✔', 'green'],
  STORED: ['✔', 'yellow'],
  REFUSED: ['✘', 'red'],
  UNSURE: ['?', 'yellow'],
};
const uidDigitsMin = 8;

const helpLines = [
  '刷卡即可；先输价格再回车可改价（如 12.5）。每个键后按回车：',
  'Hold a card to the reader. Type a price and Enter to change it (such as 12.5). With Enter:',
  '  y 仍供餐并存储 give the meal anyway    n 不供餐 do not        m 就餐方式 mode    k 餐类 menu',
  '  s 状态 status    u 立即上传 upload now    h 帮助 help    q 退出 leave',
  '  已成功的一笔只能由管理员撤销。 A meal that was taken is voided by a manager alone.',
];

/** A clerk's screen: amounts large enough to be read across the counter, in Chinese and English. */
export class ScreenDisplay implements Display {
  private statusText = '';

  /** @param colours only where the other end is a terminal */
  constructor(
    private readonly print: (text: string) => void,
    private readonly terminal: boolean,
  ) {}

  tap(result: TapResult): void {
    const [mark, colour] = marks[result.verdict];
    const { zh, en } = headline(result);
    const repeated = result.repeated ? '  （同一张卡，刚才的结果 the same card: as before）' : '';
    const lines = ['', '─'.repeat(60), this.inColour(`${mark} ${zh}  ${en}${repeated}`, colour)];
    if (result.receipt) lines.push(...this.amounts(result.receipt, colour), receiptLine(result));
    else lines.push(receiptLine(result));
    if (mayBeGiven(result)) lines.push('y + 回车 仍供餐并存储 give it anyway   n + 回车 不供餐 do not');
    this.lines(lines);
  }

  status(status: ReaderStatus): void {
    const text = statusLine(status);
    if (text === this.statusText) return;
    this.statusText = text;
    this.lines([this.inColour(text, status.state === 'ONLINE' ? 'dim' : 'yellow')]);
  }

  uploaded({ tap, answer, secondSequence }: Parameters<Display['uploaded']>[0]): void {
    const second = secondSequence === null ? '' : ` → #${secondSequence}`;
    this.lines([this.inColour(`  已上传 uploaded #${tap.sequence} ${answer.outcome}${second}`, 'dim')]);
    // Nobody saw it taken, so nothing was handed out.
    if (answer.outcome === 'ACCEPTED' && !tap.mealGiven)
      this.notice(
        `${answer.receipt?.serial} 已扣款但未显示成功，请管理员撤销 / was charged though nothing was shown: have a manager void it`,
      );
    if (isLost(tap.mealGiven, answer.outcome) && secondSequence === null)
      this.notice(
        `#${tap.sequence} 已供餐但服务器不予入账，请报告管理员 / was handed out, but the server refuses it: tell a manager`,
      );
  }

  stuck(tap: { sequence: number }, reason: string): void {
    this.notice(`#${tap.sequence} 服务器无法读取 / the server cannot read it: ${reason}`);
  }

  notice(text: string): void {
    this.lines([this.inColour(`! ${text}`, 'yellow')]);
  }

  /** A uid is nobody's to read over the clerk's shoulder. */
  typing(line: string): void {
    if (!this.terminal) return;
    const shown = line.length >= uidDigitsMin ? '•'.repeat(line.length) : line;
    this.print(`\r\u001b[K› ${shown}`);
  }

  help(): void {
    this.lines(helpLines);
  }

  bye(counts: { waiting: number; stuck: number }): void {
    this.lines([byeText(counts)]);
  }

  private amounts({ selfPaidFen, subsidyFen, discountFen }: ShownReceipt, colour: Colour): string[] {
    const borne = subsidyFen + discountFen;
    return [
      '',
      '  自付 You pay（元 yuan）',
      ...bigDigits(yuan(selfPaidFen)).map((row) => `    ${this.inColour(row, colour)}`),
      '',
      '  补贴及优惠 Subsidised（元 yuan）',
      ...bigDigits(yuan(borne)).map((row) => `    ${row}`),
      '',
    ];
  }

  private inColour(text: string, colour: Colour): string {
    return this.terminal ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
  }

  /** A terminal in raw mode does not go back to the first column by itself. */
  private lines(lines: readonly string[]): void {
    const start = this.terminal ? '\r\u001b[K' : '';
    const end = this.terminal ? '\r\n' : '\n';
    this.print(lines.map((line) => `${start}${line}${end}`).join(''));
    this.typing('');
  }
}

function isLost(mealGiven: boolean, outcome: SwipeOutcome): boolean {
  return mealGiven && outcome !== 'ACCEPTED' && outcome !== 'RECORDED_FOR_REVIEW';
}

function receiptLine(result: TapResult): string {
  const { receipt, sequence, grossFen, mode, swipedAt } = result;
  const time = swipedAt === null ? '' : chinaTime(swipedAt);
  const number = sequence === null ? '' : `#${sequence}`;
  const words = [time, modeTexts[mode].zh, `餐费 price ${yuan(grossFen)}`];
  if (receipt) {
    const { meal, subsidyFen, discountFen, selfPaidFen, balanceFen, elderName, serial } = receipt;
    words.splice(1, 0, elderName ?? '', `${mealTexts[meal].zh} ${mealTexts[meal].en}`);
    words.push(`补贴 subsidy ${yuan(subsidyFen)}`, `优惠 discount ${yuan(discountFen)}`);
    words.push(`自付 paid ${yuan(selfPaidFen)}`);
    if (balanceFen !== null) words.push(`余额 balance ${yuan(balanceFen)}`);
    words.push(serial ?? '');
  }
  return `  ${[...words, number].filter((word) => word !== '').join('  ')}`;
}

function statusLine(status: ReaderStatus): string {
  const { state, canteenName, priceFen, mode, menu, waiting, stuck, trustedUntil } = status;
  const words = [
    `[${canteenName ?? '—'}] ${stateTexts[state].zh} ${stateTexts[state].en}`,
    priceFen === undefined ? '请输入餐价 type the price' : `餐价 price ${yuan(priceFen)}`,
    `${modeTexts[mode].zh} ${menuTexts[menu].zh}`,
    `待上传 waiting ${waiting}${stuck > 0 ? ` (${stuck} ✘)` : ''}`,
  ];
  if (trustedUntil)
    words.push(`名单有效至 list good until ${chinaTime(trustedUntil.toISOString()).slice(0, 16)}`);
  return words.join(' · ');
}

const offsetMs = 8 * 3_600_000;

/** 2026-11-24 12:01:05, in China Standard Time. */
function chinaTime(instant: string): string {
  return new Date(Date.parse(instant) + offsetMs).toISOString().slice(0, 19).replace('T', ' ');
}
