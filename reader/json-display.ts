import { byeText, type Display } from './display.js';
import { stateTexts } from './reader-texts.rules.js';

/** A line of JSON for each tap on the standard output, and everything else in words on the other. */
export function jsonDisplay(print: (line: string) => void, say: (line: string) => void): Display {
  let lastState = '';
  return {
    tap: (result) => print(JSON.stringify(result)),
    status({ state }) {
      if (state === lastState) return;
      lastState = state;
      say(`${state}: ${stateTexts[state].en}`);
    },
    uploaded: ({ tap, answer, secondSequence }) =>
      say(
        `uploaded ${tap.sequence} ${answer.outcome}${secondSequence === null ? '' : `, again as ${secondSequence}`}`,
      ),
    stuck: (tap, reason) => say(`stuck ${tap.sequence}: ${reason}`),
    notice: say,
    typing: () => undefined,
    help: () => undefined,
    bye: (counts) => say(byeText(counts)),
  };
}
