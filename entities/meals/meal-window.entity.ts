import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Canteen } from './canteen.entity.js';

export const meals = ['BREAKFAST', 'LUNCH', 'DINNER'] as const;
export type Meal = (typeof meals)[number];

/** When a canteen serves a meal, every day over [fromMinute, toMinute) of China Standard Time. */
@Entity('meal_window')
@Check('ck_window_interval', 'fromMinute >= 0 AND toMinute > fromMinute AND toMinute <= 1440')
export class MealWindow {
  @PrimaryColumn({ type: 'integer' })
  canteenId!: number;

  @PrimaryColumn({ type: 'varchar', length: 12 })
  meal!: Meal;

  @ManyToOne(() => Canteen)
  @JoinColumn({
    name: 'canteenId',
    referencedColumnName: 'facilityId',
    foreignKeyConstraintName: 'fk_window_canteen',
  })
  canteen!: Relation<Canteen>;

  /** Minutes since midnight. */
  @Column({ type: 'integer' })
  fromMinute!: number;

  @Column({ type: 'integer' })
  toMinute!: number;
}
