import { migrate } from '../../server/src/database/migrate.ts'
import { type AlarmCentre, anAlarmCentre } from './alarms.ts'
import type { Cluster } from './cluster.ts'
import { until } from './wait.ts'

const withinMs = 4_000

/** The disk of a cluster, in a test's hands. */
export interface Disk {
  /** From here on a commit waits, as for a disk that is slow: for a standby that is not there. */
  isSlow(slow: boolean): Promise<void>
  /** Resolves when so many of the server's sessions wait for it, neither more nor fewer. */
  waitedForBy(sessions: number): Promise<void>
}

export function diskOf(cluster: Cluster): Disk {
  return {
    async isSlow(slow) {
      await cluster.query(`alter system set synchronous_standby_names = '${slow ? 'nobody' : ''}'`)
      await cluster.query('select pg_reload_conf()')
      const is = async () => {
        const [row] = await cluster.query<{ names: string }>(
          `select current_setting('synchronous_standby_names') as names`,
        )
        return (row?.names === 'nobody') === slow
      }
      await until('the setting', is, { withinMs })
    },
    async waitedForBy(sessions) {
      const wait = async () => {
        const [row] = await cluster.query<{ n: number }>(
          `select count(*)::integer as n from pg_stat_activity where wait_event = 'SyncRep' and usename = 'anju_app'`,
        )
        if (row?.n !== sessions) throw new Error(`${row?.n} wait`)
        return true
      }
      await until(`${sessions} to wait for the disk`, wait, { withinMs })
    },
  }
}

/** The alarm side of a server, on a cluster nobody else is on. */
export async function aCentreOn(cluster: Cluster): Promise<AlarmCentre> {
  const { ownerUrl, appUrl, adminUrl: superUrl } = cluster
  await migrate(ownerUrl, 'anju_app')
  await cluster.query('create database anju_template template anju owner anju_owner')
  return anAlarmCentre({ urls: { superUrl, ownerUrl, appUrl, strategy: 'wal_log' } })
}
