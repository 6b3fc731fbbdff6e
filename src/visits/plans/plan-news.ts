import { topicKind } from '../../shared/live/live-event.js';

/** That the search for a plan came further or ended; whoever wants to know how far reads the plan. */
export type PlanNews = { planId: number };

export const newsOfPlan = topicKind<PlanNews>('visits/plan');
