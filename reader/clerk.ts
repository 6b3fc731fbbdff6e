import { diningModes, menuKinds } from './choices.js';
import type { Display } from './display.js';
import type { Facts } from './facts.js';
import type { Reader } from './reader.js';
import { yuan } from './reader-texts.rules.js';
import { mayBeGiven } from './tap-desk.js';
import type { TapResult } from './tap-result.js';
import { type Command, readLine, type UidInput } from './uid-input.rules.js';

export interface ClerkOptions {
  reader: Reader;
  facts: Facts;
  display: Display;
  uidInput: UidInput;
  mode: TapResult['mode'];
  menu: TapResult['menu'];
  /** What happens to a card of which the reader knows nothing: the clerk is asked, or nobody is there. */
  unsure: 'ask' | 'store' | 'refuse';
}

/** Does what the lines say that a card reader and a clerk type, one after the other. */
export class Clerk {
  private mode: TapResult['mode'];
  private menu: TapResult['menu'];
  /** What the clerk may still decide on. */
  private open: TapResult | undefined;
  private hasLeft = false;

  constructor(private readonly options: ClerkOptions) {
    this.mode = options.mode;
    this.menu = options.menu;
  }

  get left(): boolean {
    return this.hasLeft;
  }

  async line(text: string): Promise<void> {
    const line = readLine(text, this.options.uidInput);
    switch (line.kind) {
      case 'CARD':
        await this.card(line.uid, line.grossFen);
        break;
      case 'PRICE':
        this.options.facts.set('priceFen', line.grossFen);
        this.options.display.notice(`餐价 price ${yuan(line.grossFen)}`);
        break;
      case 'COMMAND':
        await this.command(line.command);
        break;
      case 'UNREADABLE':
        this.options.display.notice(
          '未能识别，请重刷或重新输入 / Neither a card nor a price was read: do it again; h + 回车 shows help',
        );
        break;
      case 'NOTHING':
        return;
    }
    this.showStatus();
  }

  showStatus(): void {
    const { reader, display, facts } = this.options;
    const { state, canteenName, trustedUntil, counts } = reader;
    const priceFen = facts.get('priceFen');
    display.status({
      state,
      canteenName,
      priceFen,
      mode: this.mode,
      menu: this.menu,
      trustedUntil,
      ...counts,
    });
  }

  private async card(cardUid: string, ownFen: number | undefined): Promise<void> {
    const { reader, display, facts, unsure } = this.options;
    const grossFen = ownFen ?? facts.get('priceFen');
    if (grossFen === undefined) {
      display.notice('请先输入餐价再刷卡 / Type the price first, such as 12.5 and Enter');
      return;
    }
    const { mode, menu } = this;
    let result = await reader.tap({ cardUid, grossFen, mode, menu });
    if (result.verdict === 'UNSURE' && unsure === 'store') result = await reader.giveAnyway(result);
    else if (result.verdict === 'UNSURE' && unsure === 'refuse') result = { ...result, verdict: 'REFUSED' };
    this.open = unsure === 'ask' && mayBeGiven(result) ? result : undefined;
    display.tap(result);
  }

  private async command(command: Command): Promise<void> {
    const { reader, display } = this.options;
    const { open } = this;
    this.open = undefined;
    switch (command) {
      case 'y':
        if (open) display.tap(await reader.giveAnyway(open));
        return;
      case 'n':
        return;
      case 'm':
        this.mode = after(diningModes, this.mode);
        return;
      case 'k':
        this.menu = after(menuKinds, this.menu);
        return;
      case 'u':
        reader.wake();
        return;
      case 'h':
        display.help();
        return;
      case 'q':
        this.hasLeft = true;
        return;
      case 's':
        display.notice(this.clockLine());
    }
  }

  private clockLine(): string {
    const { now } = this.options.reader;
    return now ? `时钟 clock ${now.toISOString()}` : '时钟未知 / the time is not known';
  }
}

function after<Choice>(choices: readonly Choice[], choice: Choice): Choice {
  return choices[(choices.indexOf(choice) + 1) % choices.length] ?? choice;
}
