import { Field, Int, ObjectType } from 'type-graphql';
import type { BedColumn, RowFaultCode } from '../../src/beds/bed-rows.rules.js';
import { enumeration } from '../shared/enumeration.js';

const columnDescriptions: Record<BedColumn, string> = {
  building: 'The building.',
  floor: 'The floor.',
  room: 'The room.',
  gender: 'Who may live in the room.',
  label: 'The bed.',
  type: 'The type of the bed.',
  registeredOn: 'From when it counts as registered.',
  inServiceFrom: 'From when somebody can have it.',
};

export const BedColumnEnum = enumeration<BedColumn>(
  'BedColumn',
  'A column of a list of beds.',
  columnDescriptions,
);

export const RowFaultCodeEnum = enumeration<RowFaultCode>('BedRowFaultCode', 'What is wrong with a row.', {
  FILE_UNREADABLE: 'The file is no CSV in UTF-8 and no XLSX, or too long.',
  FILE_EMPTY: 'The file lists no bed.',
  TOO_MANY_ROWS: 'More than 2000 beds.',
  HEADER_MISSING: 'The first row does not name the column.',
  TEXT_INVALID: 'Nothing, or too long a text.',
  FLOOR_INVALID: 'No whole number of -9 to 99, without 0.',
  GENDER_UNKNOWN: 'None of FEMALE, MALE and ANY.',
  TYPE_UNKNOWN: 'None of the types of beds.',
  DAY_INVALID: 'No day, or one that cannot be.',
  ROOM_CONTRADICTS: 'An earlier row, or the register, says otherwise of the room.',
  ROOM_CLOSED: 'The room is closed for good.',
  BED_TWICE: 'An earlier row brings the bed already.',
  BED_EXISTS: 'The bed is registered already.',
});

@ObjectType('BedRowFault', { simpleResolvers: true, description: 'What is wrong with one row of a list.' })
export class BedRowFaultType {
  @Field(() => Int, { description: 'The row, as a spreadsheet counts: the head is row 1.' })
  row!: number;

  @Field(() => BedColumnEnum, { nullable: true, description: 'The column; null when it is the whole row.' })
  column!: BedColumn | null;

  @Field(() => RowFaultCodeEnum, { description: 'What is wrong, for programs.' })
  code!: RowFaultCode;

  @Field(() => String, { description: 'The same in words, in the language of accept-language.' })
  message!: string;
}

@ObjectType('RegisteredBeds', {
  simpleResolvers: true,
  description: 'What a list of beds brings. With a single fault nothing is written.',
})
export class RegisteredBedsType {
  @Field(() => Boolean, { description: 'Whether the beds are registered now.' })
  written!: boolean;

  @Field(() => Int, { description: 'Beds that the list brings.' })
  beds!: number;

  @Field(() => Int, { description: 'Rooms among them that are new.' })
  rooms!: number;

  @Field(() => [BedRowFaultType], { description: 'Every fault of every row, in the order of the rows.' })
  faults!: BedRowFaultType[];
}
