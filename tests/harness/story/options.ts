import type { EscalationPolicy } from '@anju/contract/api'
import type { StoryContact, StoryStaff } from './people.ts'

export interface StoryOptions {
  /** When it begins, with its offset: `2026-03-01T02:10:00+08:00`. Time stands still but for `passes`. */
  readonly at: string
  readonly timeZone?: string
  readonly contacts?: readonly StoryContact[]
  readonly staff?: readonly StoryStaff[]
  readonly responders?: readonly string[]
  /** The centre's own; without it the standard one. */
  readonly policy?: EscalationPolicy
  /** Whether `east` has named `west` to stand in for it. */
  readonly nextCentre?: boolean
  /** Those of the first home that are expected to be heard; without any, nobody misses one. */
  readonly gateways?: readonly string[]
  /** Whether the provider of calls listens for answering machines. */
  readonly machineDetection?: boolean
  /** So many homes in one street, `home-1` among them. */
  readonly homes?: number
}
export const STAFF: readonly StoryStaff[] = [
  { name: 'li', role: 'operator' },
  { name: 'chen', role: 'operator' },
  { name: 'zhou', role: 'supervisor' },
  { name: 'wu', role: 'operator', centre: 'west' },
]
