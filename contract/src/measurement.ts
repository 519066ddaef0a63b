import type { PlacementId, PointId } from './ids.ts'
import type { Quantity } from './quantity.ts'
import type { Reading } from './reading.ts'
import type { Instant } from './time.ts'

/** A reading with its point, its time and its canonical unit (the quantity's). */
export interface Measurement {
  readonly placement: PlacementId
  readonly point: PointId
  readonly quantity: Quantity
  readonly at: Instant
  readonly reading: Reading
}
