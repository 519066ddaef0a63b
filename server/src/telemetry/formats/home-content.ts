import { DomainError, type HomeId } from '@anju/contract'
import type { Actor, Database } from '../../ports.ts'
import type { TelemetryArchive, TimeRange } from '../archive.ts'
import type { Content } from './format.ts'

/**
 * What a person may take of a home. What another centre measured there before the home came here is not in it, as on every page.
 * @throws DomainError `home-unknown`, `telemetry-unavailable`
 */
export async function homeContent(
  { archive, database }: { readonly archive: TelemetryArchive; readonly database: Database },
  actor: Actor & { readonly kind: 'person' },
  home: HomeId,
  { from, to }: TimeRange,
): Promise<Content> {
  const { centre } = actor
  const [row] = await database.transaction(actor, (tx) =>
    tx.query<{ time_zone: string }>('select time_zone from home where id = $1 and centre = $2', [home, centre]),
  )
  if (!row) throw new DomainError('home-unknown', 'there is no such home')
  const all = await Array.fromAsync(archive.series(home))
  return {
    store: archive.id.split(' ', 1)[0] ?? '',
    centre,
    home,
    timeZone: row.time_zone,
    series: all.filter((series) => series.centre === centre),
    samples: (series) => archive.samples(series, from, to),
  }
}
