import type { StoredPlan } from '@anju/contract/api'
import type { Standard } from './draft.ts'

/** What is being done to a plan: it is written (null: a new one), or taken away. */
export type PlanEditing =
  | { readonly edited: StoredPlan | null; readonly standard: Standard }
  | { readonly unwanted: StoredPlan }

/** Where the centre's plans are kept in the page's memory. */
export const plansKey = ['plans']
export const plansTitleId = 'plans-title'
