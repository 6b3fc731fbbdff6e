import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why a stay may end, as it is offered to whoever ends one. */
@Entity('discharge_reason')
export class DischargeReason {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  code!: string;

  @Column({ type: 'varchar', length: 40 })
  nameZh!: string;

  @Column({ type: 'varchar', length: 80 })
  nameEn!: string;

  /** Whether the elder's file ends with the stay, as by a death. */
  @Column({ type: 'boolean' })
  endsFile!: boolean;
}
