import { absent, DomainError, type Reading } from '@anju/contract'
import type { Dlt645Data } from '../../protocols/dlt645/exchange.ts'
import { identifierOf, readValues } from '../../protocols/dlt645/identifiers.ts'
import type { Decoded, Measures } from '../../src/profile.ts'

/** Points are called as the standard's table calls its values, so blocks and single identifiers read alike. */
export const phaseValues =
  (measures: Measures) =>
  ({ di, data }: Dlt645Data): Decoded => {
    const identifier = identifierOf('2007', di)
    const points = identifier?.points.filter((point) => Object.hasOwn(measures, point)) ?? []
    if (!identifier || points.length === 0)
      throw new DomainError('frame-unknown', `data identifier ${di} is none of this meter's`, { di })
    const said = new Map(readValues(identifier, data).values.map(({ point, reading }) => [point, reading]))
    // A meter may end a block before its last phase; what it leaves out is not 0.
    const readings = points.map((point): [string, Reading] => [point, said.get(point) ?? absent('not-reported')])
    return { readings: Object.fromEntries(readings), events: [] }
  }
