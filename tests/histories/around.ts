import type { Reach } from './reach.ts'
import type { Row } from './rows.ts'
import type { Track } from './track.ts'

/** What a track cannot know of itself. */
export interface Around {
  readonly reach: Reach
  /** The first moment from this one on at which a server is there. */
  servedFrom(at: number): number
  /** The families' tracks of all alarms of a home. */
  families(home: string): readonly Track[]
  /** Who goes to a home by an alarm whose policy asks no family: they said so in the app. */
  goingUnasked(home: string): readonly Row[]
}
