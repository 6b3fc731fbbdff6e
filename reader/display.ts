import type { ReaderState } from './reader-state.rules.js';
import type { TapResult } from './tap-result.js';
import type { StoredTap } from './tap-store.js';
import type { Uploaded } from './uploader.js';

/** What else a display says about the reader as a whole. */
export interface ReaderStatus {
  state: ReaderState;
  canteenName: string | undefined;
  priceFen: number | undefined;
  mode: TapResult['mode'];
  menu: TapResult['menu'];
  waiting: number;
  stuck: number;
  trustedUntil: Date | undefined;
}

/** Where a reader says what happens: a screen before a clerk, or lines for a program. */
export interface Display {
  tap(result: TapResult): void;
  status(status: ReaderStatus): void;
  uploaded(uploaded: Uploaded): void;
  stuck(tap: StoredTap, reason: string): void;
  notice(text: string): void;
  /** What is being typed. */
  typing(line: string): void;
  help(): void;
  /** The last words. */
  bye(counts: { waiting: number; stuck: number }): void;
}

export function byeText({ waiting, stuck }: { waiting: number; stuck: number }): string {
  const also =
    stuck > 0 ? `，其中 ${stuck} 笔服务器无法读取 (${stuck} of them cannot be read by the server)` : '';
  return waiting === 0
    ? '全部已上传 / Everything is uploaded.'
    : `尚有 ${waiting} 笔待上传，已存盘 / ${waiting} taps wait for upload; they are on the disk${also}.`;
}
