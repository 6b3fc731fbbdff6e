import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A proof of a key that encrypts identities in this database, by which another key of its name is told from it. */
@Entity('identity_key')
export class IdentityKey {
  /** The id of the key in IDENTITY_KEYS, or LOOKUP. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  keyId!: string;

  /** A known text, encrypted or hashed with the key. */
  @Column({ type: 'varchar', length: 200 })
  checkValue!: string;
}
