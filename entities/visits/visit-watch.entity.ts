import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn } from '../columns.js';

/** Which server looks for visits that nobody began, and until when: whoever changes the row first has the turn. */
@Entity('visit_watch')
export class VisitWatch {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  name!: string;

  @InstantColumn()
  leasedUntil!: Date;

  /** A UUID of the server. */
  @Column({ type: 'varchar', length: 36 })
  holder!: string;
}
