/**
 * Names of streets, towns and communities. They are made up of words that such names are made of; where one
 * is also the name of a real place, that is chance.
 */
const placeBeginnings = '清石青白龙凤金玉云柳桃松竹梅杏枣槐榆泉溪'.split('');
const placeEndings = ['河', '山', '泉', '岭', '桥', '湾', '坡', '堂', '岗', '滩', '林', '源', '塘'];
const communityBeginnings = '福安康和平永兴文华春光新锦瑞长德祥乐庆丰'.split('');
const communityEndings = ['园', '苑', '里', '居', '庄', '营', '台', '门', '寨', '坊', '桥'];

/** A different name for each number below 260: the two cycles have no common divisor. */
export function placeName(number: number): string {
  return pair(placeBeginnings, placeEndings, number);
}

/** A different name for each number below 220. */
export function communityName(number: number): string {
  return pair(communityBeginnings, communityEndings, number);
}

function pair(beginnings: readonly string[], endings: readonly string[], number: number): string {
  return `${beginnings[number % beginnings.length]}${endings[number % endings.length]}`;
}
