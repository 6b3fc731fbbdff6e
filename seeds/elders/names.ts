import { choiceOf } from '../deterministic.js';
import type { Identity } from './identity.js';

/** The commonest family names of Henan, with about how many of a thousand bear them. */
const familyName = choiceOf(
  'family name',
  weighted(
    '王98 李88 张90 刘56 陈38 杨36 赵36 郭28 马22 孙20 周18 吴16 徐14 高14 朱13 宋13 胡12 韩12 郑12 冯11 ' +
      '许11 何10 曹10 田9 程9 董9 杜9 贾9 任8 谢8 袁8 崔8 常7 梁7 魏7 丁7 乔7 牛7 石6 范6 郝5 侯5 白5 ' +
      '秦5 江4 余4 汪4 方4 史4 孔4 邓4 靳3 庞3 裴3 岳3 尚3 樊2 齐2 殷2 鲁2 欧阳1 司马1 上官1',
  ),
);

const maleFirst = choiceOf('first character, men', each('国建志文永玉金德保新长春光清振学世万书天明占'));
const maleSecond = choiceOf('second character, men', each('强军华民平林山海生福祥义才成忠良荣顺正安峰周'));
const femaleFirst = choiceOf('first character, women', each('秀桂玉淑凤春兰爱翠金素小红彩月荣改喜'));
const femaleSecond = choiceOf('second character, women', each('英兰珍芳花荣梅云莲香霞琴娥枝仙莉敏巧'));
const single = choiceOf('one character', [
  [true, 17],
  [false, 83],
]);

/** A name of the generation that is sixty and over. Names repeat, as they do. */
export function nameOf(index: number, sex: Identity['sex']): string {
  const [first, second] = sex === 'MALE' ? [maleFirst, maleSecond] : [femaleFirst, femaleSecond];
  return `${familyName(index)}${single(index) ? '' : first(index)}${second(index)}`;
}

function each(characters: string): [string, number][] {
  return characters.split('').map((character) => [character, 1]);
}

/** `王98 李88` as values with weights. */
function weighted(text: string): [string, number][] {
  return text.split(' ').map((word) => {
    const [, name, weight] = /^(\D+)(\d+)$/.exec(word) ?? [];
    return [name ?? word, Number(weight)];
  });
}
