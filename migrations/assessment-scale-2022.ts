type Indicator = readonly [
  code: string,
  group: string | null,
  zh: string,
  en: string,
  scoreMax: number | null,
];

/** GB/T 42195-2022: four indicators of the first level, and beneath them twenty-six of the second. */
export const indicators: readonly Indicator[] = [
  ['SELF_CARE', null, '自理能力', 'Self-care', null],
  ['EATING', 'SELF_CARE', '进食', 'Eating', 4],
  ['GROOMING', 'SELF_CARE', '修饰', 'Grooming', 4],
  ['BATHING', 'SELF_CARE', '洗澡', 'Bathing', 4],
  ['UPPER_DRESSING', 'SELF_CARE', '穿/脱上衣', 'Dressing the upper body', 4],
  ['LOWER_DRESSING', 'SELF_CARE', '穿/脱裤子和鞋袜', 'Trousers, socks and shoes', 4],
  ['BLADDER', 'SELF_CARE', '小便控制', 'Bladder control', 4],
  ['BOWEL', 'SELF_CARE', '大便控制', 'Bowel control', 4],
  ['TOILET', 'SELF_CARE', '如厕', 'Using the toilet', 4],
  ['MOVEMENT', null, '基础运动能力', 'Basic movement', null],
  ['TURNING', 'MOVEMENT', '床上体位转移', 'Moving in bed', 4],
  ['TRANSFER', 'MOVEMENT', '床椅转移', 'From bed to chair', 4],
  ['WALKING', 'MOVEMENT', '平地行走', 'Walking on level ground', 4],
  ['STAIRS', 'MOVEMENT', '上下楼梯', 'Stairs', 4],
  ['MIND', null, '精神状态', 'State of mind', null],
  ['TIME', 'MIND', '时间定向', 'Orientation in time', 4],
  ['SPACE', 'MIND', '空间定向', 'Orientation in space', 4],
  ['PEOPLE', 'MIND', '人物定向', 'Knowing people', 4],
  ['MEMORY', 'MIND', '记忆', 'Memory', 4],
  ['UNDERSTANDING', 'MIND', '理解能力', 'Understanding', 3],
  ['EXPRESSION', 'MIND', '表达能力', 'Expression', 3],
  ['AGGRESSION', 'MIND', '攻击行为', 'Aggressive behaviour', 1],
  ['DEPRESSION', 'MIND', '抑郁症状', 'Signs of depression', 1],
  ['CONSCIOUSNESS', 'MIND', '意识水平', 'Consciousness', 2],
  ['PERCEPTION', null, '感知觉与社会参与', 'Perception and taking part', null],
  ['SIGHT', 'PERCEPTION', '视力', 'Sight', 2],
  ['HEARING', 'PERCEPTION', '听力', 'Hearing', 2],
  ['DAILY_AFFAIRS', 'PERCEPTION', '执行日常事务', 'Daily affairs', 4],
  ['TRANSPORT', 'PERCEPTION', '使用交通工具外出', 'Getting about by transport', 4],
  ['SOCIAL', 'PERCEPTION', '社会交往能力', 'Dealing with others', 4],
];

/** Each level with the least score that reaches it. */
export const levels: readonly (readonly [level: number, scoreMin: number, zh: string, en: string])[] = [
  [0, 90, '能力完好', 'Able'],
  [1, 66, '能力轻度受损（轻度失能）', 'Slightly disabled'],
  [2, 46, '能力中度受损（中度失能）', 'Moderately disabled'],
  [3, 30, '能力重度受损（重度失能）', 'Severely disabled'],
  [4, 0, '能力完全丧失（完全失能）', 'Fully disabled'],
];
