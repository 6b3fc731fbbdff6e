/** The family names of two characters that are common enough to meet in a canteen. */
const compoundFamilyNames = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '夏侯',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '司徒',
  '端木',
];

/** Family name kept, given name starred: 王小明 becomes 王**, 欧阳修 becomes 欧阳*. */
export function maskedName(name: string): string {
  const characters = [...name];
  const kept = compoundFamilyNames.some((familyName) => name.startsWith(familyName)) ? 2 : 1;
  return characters.slice(0, kept).join('') + '*'.repeat(Math.max(characters.length - kept, 1));
}
