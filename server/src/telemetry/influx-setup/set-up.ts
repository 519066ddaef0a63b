import { DomainError, errorMessage } from '@anju/contract'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import type { InfluxAddress } from '../influx/wire.ts'
import { carryOut, type Done } from './carry-out.ts'
import { dashboardShelf } from './dashboard-shelf.ts'
import { organisationShelf } from './organisation.ts'
import { Places } from './places.ts'
import { type Plan, plan } from './plan.ts'
import type { Shelf } from './shelf.ts'
import { bucketShelf, checkShelf, taskShelf, variableShelf } from './shelves.ts'
import { type Found, KINDS, type Kind } from './thing.ts'
import { tokenShelf, type Vault } from './token-shelf.ts'
import { type DashboardFile, type Settings, wanted } from './wanted.ts'

export interface Prepared extends Plan {
  /** Nobody has used this InfluxDB yet. */
  readonly fresh: boolean
  carryOut(): AsyncGenerator<Done>
}

interface SetUp {
  readonly address: Pick<InfluxAddress, 'url' | 'token'>
  readonly settings: Settings
  readonly dashboards: readonly DashboardFile[]
  readonly shorten: boolean
  readonly vault: Vault
}

const answerWithinMs = 30_000

/**
 * Looks at what an InfluxDB has and plans what it lacks; nothing is changed before `carryOut`.
 * @throws DomainError `config-malformed`, `telemetry-unavailable`
 */
export async function prepare({ address, settings, dashboards, shorten, vault }: SetUp): Promise<Prepared> {
  const things = wanted(settings, dashboards)
  const places = new Places()
  const influx = new InfluxDB({ url: address.url, token: address.token, timeout: answerWithinMs })
  const shelves: Readonly<Record<Kind, Shelf>> = {
    organisation: organisationShelf(influx, places, settings, address.token),
    bucket: bucketShelf(influx, places),
    task: taskShelf(influx, places),
    check: checkShelf(influx, places),
    variable: variableShelf(influx, places),
    dashboard: dashboardShelf(influx, places),
    token: tokenShelf(influx, places, vault),
  }
  const planned = plan(things, await look(shelves, places), { shorten })
  return { ...planned, fresh: places.fresh, carryOut: () => carryOut(planned.steps, shelves) }
}

async function look(shelves: Readonly<Record<Kind, Shelf>>, places: Places): Promise<Found[]> {
  try {
    const found: Found[] = []
    // One after the other: the rights of tokens are told by the names of buckets.
    for (const kind of KINDS)
      if (kind === 'organisation' || places.org !== undefined) found.push(...(await shelves[kind].find()))
    return found
  } catch (error) {
    const why =
      error instanceof HttpError && error.statusCode === 401
        ? 'InfluxDB does not know this token (INFLUX_TOKEN)'
        : `InfluxDB cannot be asked: ${errorMessage(error)}`
    throw new DomainError('telemetry-unavailable', why, {}, { cause: error })
  }
}
