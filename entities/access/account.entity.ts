import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { InstantColumn } from '../columns.js';

/** Somebody, or a machine, that can call: what it may do is in its grants, how it proves itself in its tokens. */
@Entity('account')
export class Account {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'varchar', length: 60 })
  name!: string;

  @InstantColumn()
  createdAt!: Date;
}
