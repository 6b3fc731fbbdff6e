import { Entity, PrimaryColumn } from 'typeorm';
import { AssignedIdReference } from '../columns.js';

/** Up to where the ids that servers hand out themselves are reserved. */
@Entity('id_sequence')
export class IdSequence {
  @PrimaryColumn({ type: 'varchar', length: 32 })
  name!: string;

  @AssignedIdReference()
  nextId!: number;
}
