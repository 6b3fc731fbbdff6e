import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { InstantColumn } from '../columns.js';

/** A text that somebody agrees to. Rows are added and never changed; the last one is the current one. */
@Entity('consent_text')
@Index('uq_consent_text_version', ['version'], { unique: true })
export class ConsentText {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 20 })
  version!: string;

  @Column({ type: 'varchar', length: 4000 })
  zh!: string;

  @Column({ type: 'varchar', length: 4000 })
  en!: string;

  @InstantColumn()
  since!: Date;
}
