import type { InfluxDB } from '@influxdata/influxdb-client'
import { AuthorizationsAPI, type Permission } from '@influxdata/influxdb-client-apis'
import type { Places } from './places.ts'
import { SUPERSEDED } from './plan.ts'
import type { Shelf } from './shelf.ts'
import type { Thing } from './thing.ts'

/** Where a new token's secret is put. */
export interface Vault {
  /** @throws DomainError when it cannot be written: then no token is made. */
  open(): Promise<void>
  put(name: string, secret: string): Promise<void>
}

/**
 * InfluxDB cannot change what a token may do, so one with other rights is superseded: a new one is made, and the old one goes on
 * until somebody revokes it, because the server holds it until it is started again. A token that was switched off is superseded
 * too and never switched on: whoever did that may have had a reason.
 */
export function tokenShelf(influx: InfluxDB, places: Places, vault: Vault): Shelf {
  const api = new AuthorizationsAPI(influx)

  async function create({ name, body }: Thing): Promise<void> {
    await vault.open()
    const { orgID } = places
    const permissions = (body['permissions'] as readonly string[]).map((right) => permissionOf(right, places))
    const { id = '', token = '' } = await api.postAuthorizations({ body: { orgID, description: name, permissions } })
    try {
      await vault.put(name, token)
    } catch (error) {
      // Nobody would ever know its secret.
      await api.deleteAuthorizationsID({ authID: id })
      throw error
    }
  }

  return {
    async find() {
      const { authorizations } = await api.getAuthorizations({ orgID: places.orgID })
      return (authorizations ?? []).map(({ id = '', description = '', status = '', permissions }) => ({
        kind: 'token',
        name: description,
        id,
        body: { status, permissions: (permissions ?? []).map((one) => rightOf(one, places)).sort() },
      }))
    },
    create,
    async change(authID, thing) {
      await create(thing)
      const body = { description: thing.name + SUPERSEDED }
      await api.patchAuthorizationsID({ authID, body })
    },
  }
}

/** `read buckets anju` is one bucket; `read tasks` is every task of the organisation. */
function permissionOf(right: string, places: Places): Permission {
  const [action, type, bucket] = right.split(' ')
  const resource = { type, orgID: places.orgID, ...(bucket ? { id: places.bucketId(bucket) } : {}) }
  return { action, resource } as Permission
}
const rightOf = ({ action, resource: { type, id } }: Permission, places: Places): string =>
  [action, type, ...(id ? [type === 'buckets' ? places.bucketName(id) : id] : [])].join(' ')
